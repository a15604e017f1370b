"""The summary that somebody signs: two pages, each used, the signature never alone, annexes behind."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

import pytest
from flask import Flask

from analysis.reports import pdf
from analysis.reports.calendar import CALENDARS
from analysis.reports.document import Report, Subheading
from analysis.reports.grounds import GROUNDS, merger_words
from analysis.reports.parts.letter_125 import CLAUSES
from analysis.reports.recipients import departments
from analysis.reports.versions import METHOD
from survey.foundation.periods import Period
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
    (line,) = named_by_code(make(world, "so-noi-vu", "2026", kind="coverage"))
    assert line.startswith("Nguồn gốc số liệu: ")


def test_a_month_without_answers_is_itself_what_was_lacking_and_lists_no_empty_rows(world: Flask) -> None:
    document = make(world, period="2026-11").document
    assert paragraphs(document)[1].startswith("Y tế: chưa có kết quả, vì không có phiếu, hoặc có dưới 10 phiếu")
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
