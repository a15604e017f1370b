"""The summary that somebody signs: two pages, each used, the signature never alone, annexes behind."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from analysis.presentation.charts.model import Chart, Mark
from analysis.reports.calendar import CALENDARS
from analysis.reports.document import Bullets, Paragraph, Report, Subheading
from analysis.reports.grounds import GROUNDS, merger_words
from analysis.reports.parts.letter_125 import CLAUSES
from analysis.reports.recipients import departments, find_recipient
from analysis.reports.rendering import pdf
from analysis.reports.versions import METHOD
from survey.foundation.periods import Period
from survey.foundation.storage.database import db
from survey.registry.models import Agency, Province
from tests.desk.world import answer
from tests.reports.making import charts, make, paragraphs, table
from tests.reports.pages import pictures_of, squashed, strings_of, text_of

pytestmark = pytest.mark.one_database

DOCUMENTS = Path(__file__).parents[1] / "data" / "documents"
FILES = {"dak-lak": "dak-lak-323.txt", "son-la": "son-la-210.txt", "an-giang": "an-giang-930.txt"}
DPI = 50
PER_MM = DPI / 25.4


def body_pages(content: bytes) -> list[str]:
    """The pages before the first annex."""
    pages = text_of(content)
    return pages[: next(index for index, page in enumerate(pages) if page.lstrip().startswith("Phụ lục"))]


@pytest.mark.parametrize("recipient", [*departments(), "bv-tinh", "tyt-xa", "ubnd-ea-tam"])
def test_the_body_is_two_pages_and_the_signature_stands_below_text(world: Flask, recipient: str) -> None:
    content = pdf.render(make(world, recipient))
    pages = body_pages(content)
    assert len(pages) == 2
    assert "Nơi nhận:" in pages[1]
    assert squashed("ĐỀ XUẤT, KIẾN NGHỊ") in squashed(pages[1])


def test_two_pages_hold_all_that_a_whole_province_has_to_say(demonstration: Flask) -> None:
    """Five targets, what lowers the result, reports that are late, dossiers on time, what the merger changes."""
    assert len(body_pages(pdf.render(make(demonstration, "so-noi-vu")))) == 2


def test_page_one_has_room_for_targets_picture_causes_and_change_of_a_whole_province(demonstration: Flask) -> None:
    """As long as a province of five targets and services with long names once said it."""
    report = make(demonstration, "so-noi-vu")
    body = report.document.sections[0]
    (drawn,) = [block for block in body.blocks if isinstance(block, Chart)]
    months = tuple(Mark(f"{month}/26", "n = 749", "86,0 %", 0.86, 0.83, 0.89) for month in (8, 9, 10))
    picture = replace(drawn, marks=months, levels=(0.8,) * 3, counts=(("dưới 30 phiếu", 8), ("chưa đủ căn cứ", 8)))
    mark, turned = "mốc > 80 %", "sẽ là chưa đạt nếu người không trả lời kém hài lòng hơn"
    lasting = f"{mark}: đạt, trọng số tạm tính, chưa kết luận; {turned}"
    in_full = f"so với {mark} (mục III.2): số ước tính đạt, trọng số tạm tính, chưa kết luận; {turned}"
    targets = (
        f"Sự phục vụ của cơ quan hành chính: 86,3 % hài lòng (khoảng 90 %: 83,7-88,6 %), {in_full} 8,1 điểm.",
        f"Thủ tục hành chính: 79,8 % (76,5-82,7 %), {lasting} 0,3 điểm.",
        f"Y tế: 83,1 % (76,4-88,5 %), {lasting} 3,2 điểm.",
        f"Giáo dục: 89,9 % (86,4-92,8 %), {lasting} 6,7 điểm.",
        f"Y tế và giáo dục (gộp): 86,5 % (83,0-89,6 %), {lasting} 6,8 điểm.",
    )
    causes = (
        "Đăng ký biến động quyền sử dụng đất: 2,0 điểm (71,0 % hài lòng, 24,1 % hồ sơ);",
        "Cấp giấy phép xây dựng nhà ở riêng lẻ: 0,5 điểm (74,7 % hài lòng, 10,5 % hồ sơ);",
        "Cấp giấy chứng nhận quyền sử dụng đất lần đầu: 0,3 điểm (74,1 % hài lòng, 4,5 % hồ sơ).",
    )
    changed = (
        "sự phục vụ của cơ quan hành chính -0,7 điểm (khoảng 95 %: -4,8 đến +3,3 điểm); thủ tục hành chính -0,9 điểm "
        "(khoảng 95 %: -5,9 đến +3,9 điểm): chưa đủ căn cứ nói là tăng hay giảm."
    )
    lead = Paragraph("Kéo giảm kết quả nhiều nhất:", style="lead")
    last = Paragraph(changed, lead="So với tháng 9/2026:")
    blocks = (body.blocks[0], Bullets(targets), picture, lead, Bullets(causes), last)
    full = replace(report.document, sections=(replace(body, blocks=blocks), *report.document.sections[1:]))
    first = squashed(body_pages(pdf.render(replace(report, document=full)))[0])
    assert [text for text in (*targets, *causes, changed) if squashed(text) not in first] == []


def test_of_many_targets_the_first_says_what_the_others_leave_out(demonstration: Flask) -> None:
    blocks = make(demonstration, "so-noi-vu").document.sections[0].blocks
    sentences = next(block.items for block in blocks if isinstance(block, Bullets))
    marked = [sentence for sentence in sentences if "mốc > 80 %" in sentence]
    assert ["khoảng 90 %" in sentence for sentence in marked] == [True] + [False] * (len(marked) - 1)
    assert len(marked) > 1


def test_receivers_stand_in_the_documents_that_name_them() -> None:
    asked = {
        "dak-lak": ("dak-lak-125.txt", "báo cáo cải cách hành chính quý, 6 tháng và năm trình UBND tỉnh, Bộ Nội vụ"),
        "son-la": ("son-la-210.txt", "báo cáo UBND tỉnh, HĐND tỉnh, Tỉnh uỷ và Bộ Nội vụ"),
        "an-giang": ("an-giang-930.txt", "gửi Chủ tịch Ủy ban nhân dân tỉnh và Bộ Nội vụ"),
    }
    for province, (file, words) in asked.items():
        assert words in folded((DOCUMENTS / file).read_text(encoding="utf-8"))
        to = find_recipient(province, 0, "", "so-noi-vu", Period.parse("2026-Q3")).addressees
        assert len(to) == len(re.split(", | và ", words.partition("tỉnh")[2])) == (4 if province == "son-la" else 2)


@pytest.mark.parametrize(
    ("period", "receivers"),
    [("2026-10", 1), ("2026-Q3", 4), ("2026-H2", 4), ("2026", 4), ("2026-09-10..2026-10-05", 4)],
)
def test_a_month_goes_to_the_province_and_what_210_asks_for_to_all_it_names(period: str, receivers: int) -> None:
    to = find_recipient("son-la", 0, "Sơn La", "so-noi-vu", Period.parse(period, days=True)).addressees
    named = ("Ủy ban nhân dân tỉnh", "Hội đồng nhân dân tỉnh", "Tỉnh uỷ", "Bộ Nội vụ")[:receivers]
    assert len(to) == receivers
    assert all(name.startswith(start) for name, start in zip(to, named, strict=True))


def test_no_agency_writes_to_itself(demonstration: Flask) -> None:
    with demonstration.app_context():
        province_id, name = db.session.execute(select(Province.id, Province.name).filter_by(key="dak-lak")).one()
        codes = db.session.scalars(select(Agency.code).where(Agency.province_id == province_id)).all()
        for code in codes:
            agency = find_recipient("dak-lak", province_id, name, code, Period.parse("2026-10"))
            assert agency.name not in agency.addressees


@pytest.mark.parametrize("recipient", departments())
def test_page_one_is_used_to_its_last_quarter(world: Flask, recipient: str) -> None:
    first = pictures_of(pdf.render(make(world, recipient)), DPI)[0]
    third_quarter = first[int(150 * PER_MM) : int(220 * PER_MM)]
    assert (third_quarter < 128).sum() > 150


def test_page_one_has_the_sentence_the_picture_the_causes_and_what_changed(world: Flask) -> None:
    first = squashed(body_pages(pdf.render(make(world)))[0])
    for words in (
        "Y tế: 6",
        "so với mốc > 80 % (mục III.2)",
        "Hình 1.",
        "Kéo giảm kết quả nhiều nhất:",
        "So với tháng 9/2026:",
    ):
        assert squashed(words) in first


def test_the_picture_has_the_months_and_the_units_by_their_standing(world: Flask) -> None:
    picture = charts(make(world).document)[0]
    assert picture.form == "summary"
    assert picture.levels == (0.8, 0.8)
    assert sum(count for _name, count in picture.counts) == 2


def test_each_recipient_has_its_own_ground(world: Flask) -> None:
    clauses = {"so-y-te": "mục VI.8", "so-gddt": "mục VI.9", "so-noi-vu": "mục VI.2", "bv-tinh": "mục II.3"}
    for recipient, clause in clauses.items():
        said = paragraphs(make(world, recipient).document)[0]
        assert clause in said
        assert "một cửa" not in said
    said = " ".join(paragraphs(make(world, "ubnd-ea-tam").document))
    assert "“Tăng cường các hoạt động giám sát, đánh giá, thu thập ý kiến công dân tại Bộ phận tiếp nhận" in said


def test_headings_of_an_annex_count_once_from_one(world: Flask) -> None:
    for recipient in ("so-y-te", "so-noi-vu", "bv-tinh"):
        for annex in make(world, recipient).document.annexes:
            numbered = [block.text for block in annex.blocks if isinstance(block, Subheading) and block.level == 2]
            assert [text.split(".")[0] for text in numbered] == [str(n) for n in range(1, len(numbered) + 1)]


def named_by_code(report: Report) -> list[str]:
    return [text for text in strings_of(report.document) if re.search(r"top2|E3/|item_pooled|all_items", text)]


def test_the_method_is_named_by_its_code_in_the_box_of_sources_alone(world: Flask) -> None:
    report = make(world)
    box = [cell for row in table(report.document, "Nguồn gốc").rows for cell in row]
    assert named_by_code(report) == [cell for cell in box if METHOD in cell]
    (line,) = named_by_code(make(world, "so-noi-vu", "2026", "2026-11-10", kind="scoring"))
    assert line.startswith("Nguồn gốc số liệu: ")
    assert named_by_code(make(world, "so-noi-vu", "2026", kind="coverage")) == []


def test_a_month_without_answers_is_itself_what_was_lacking_and_lists_no_empty_rows(world: Flask) -> None:
    document = make(world, period="2026-11").document
    assert paragraphs(document)[1].startswith("Y tế: chưa có kết quả, vì chưa có phiếu được tính, hoặc có dưới 10")
    assert any(text.startswith("Kiểm tra kiosk, mã QR tại các quầy") for text in paragraphs(document))
    assert not any("đủ số hồ sơ" in text for text in strings_of(document))  # a hospital counts visits
    assert [annex.title for annex in document.annexes if "chi tiết" in annex.title] == []


def test_no_table_calls_few_answers_none(world: Flask) -> None:
    with world.app_context():
        answer("bv-tinh", "kham-benh", "2026-11-03", 1, 5)
    shown = strings_of(make(world, "bv-tinh", "2026-11").document)
    assert not [text for text in shown if text in ("0", "không có phiếu")]


def test_running_text_carries_no_mark_whose_note_stands_elsewhere(world: Flask) -> None:
    body = [text for part in make(world).document.sections for text in strings_of(part)]
    assert not [text for text in body if "†" in text or "‡" in text]


def test_after_its_last_year_a_programme_is_only_where_the_report_comes_from(world: Flask) -> None:
    said = paragraphs(make(world).document)[0]
    assert said.startswith("Theo chế độ báo cáo nội bộ, tiếp nối mục VI.8")
    assert "đến hết năm 2020" in said


def test_figures_after_the_merger_say_so_in_one_line(world: Flask) -> None:
    lines = [text for text in strings_of(make(world).document) if "tỉnh Phú Yên trước đây" in text]
    assert len(lines) == 1
    assert merger_words("dak-lak", "Đắk Lắk", Period.parse("2025-06")) == ""
    for across in ("2025", "2025-Q3", "2025-06-20..2025-07-10"):
        assert "tỉnh Phú Yên trước đây" in merger_words("dak-lak", "Đắk Lắk", Period.parse(across, days=True))
    assert merger_words("son-la", "Sơn La", Period.parse("2026-06")) == ""


@pytest.mark.parametrize("province", FILES)
def test_grounds_are_quoted_word_for_word(province: str) -> None:
    source = folded((DOCUMENTS / FILES[province]).read_text(encoding="utf-8"))
    own = json.loads(GROUNDS.read_text(encoding="utf-8"))[province]
    quotes = [clause["quote"] for clause in own.values() if isinstance(clause, dict)]
    assert len(quotes) == (8 if province == "dak-lak" else 6)  # 323 alone: remote areas, the work sheet
    assert [quote for quote in quotes if folded(quote) not in source] == []


def test_letter_125_is_quoted_word_for_word_with_the_days_the_calendar_counts_from() -> None:
    source = folded((DOCUMENTS / "dak-lak-125.txt").read_text(encoding="utf-8"))
    own = json.loads(CLAUSES.read_text(encoding="utf-8"))["dak-lak"]
    rules = json.loads(CALENDARS.read_text(encoding="utf-8"))["dak-lak"]["rules"]
    for kind in ("scoring", "plan"):
        assert folded(own[kind]["quote"]) in source
        (rule,) = [rule for rule in rules if rule.get("report") == kind]
        assert f"trước ngày {rule['before_day']}/{rule['month']} " in own[kind]["quote"]
    for words in ("trước ngày 08 tháng cuối cùng của quý", "trước ngày 08 tháng 6", "trước ngày 03/12"):
        assert words in source
    assert [(rule["kind"], rule["month"], rule["before_day"]) for rule in rules if "report" not in rule] == [
        ("quarter", 3, 8),
        ("half", 6, 8),
        ("year", 12, 3),
    ]


def folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
