"""Comments: found with and without diacritics, filtered, masked by default, exported only by those who may."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from survey.foundation.changes.audit_entry import AuditEntry
from survey.foundation.storage.database import db
from survey.responses.ingest import receive
from survey.responses.masking import mask
from survey.responses.models import Response
from tests.desk.test_overview import open_page
from tests.desk.world import hand_in, submissions
from tests.support.cases import in_one_world
from tests.support.staff import signed_in

PAGE = "/desk/dak-lak/health/comments"


@pytest.fixture
def commented(world: Flask) -> Flask:
    comment_on(
        world,
        ("bv-tinh", "kham-benh", "2026-10-12", 1, "Chờ lâu quá. Gọi tôi số 0912 345 678."),
        ("bv-tinh", "noi-tru", "2026-10-13", 5, "Điều dưỡng Nguyễn Thị Hoa rất tận tình"),
        ("tyt-xa", "kham-benh", "2026-09-14", 4, "=SUM(1;1) trạm sạch sẽ"),
        ("thpt-1", "giao-duc", "2026-10-14", 4, "Trường ở xa quá"),
    )
    return world


def comment_on(world: Flask, *given: tuple[str, str, str, int, str]) -> None:
    """Agency, service, day, rating and words of each."""
    with world.app_context():
        hand_in(
            [
                submission
                for agency, service, day, value, words in given
                for submission in submissions(agency, service, day, 1, value, comment=words)
            ]
        )


@pytest.fixture
def owner(commented: Flask) -> FlaskClient:
    return signed_in(commented, "so-y-te", "method_owner", sector="health")


def test_comments_of_ones_own_sector_come_newest_first(owner: FlaskClient) -> None:
    page = open_page(owner, PAGE)
    assert page.index("Chờ lâu quá") < page.index("rất tận tình") < page.index("trạm sạch sẽ")  # praise is folded
    assert "Trường ở xa quá" not in page
    assert "Bệnh viện đa khoa tỉnh Điều trị nội trú 13/10/2026" in page
    assert "2 lời khen (mặt 4-5)" in page
    assert "Dịch vụ y tế công: 5 (Rất hài lòng)" in page


def test_the_oldest_come_first_where_one_asks_so_and_only_they_lead_on(owner: FlaskClient) -> None:
    page = open_page(owner, f"{PAGE}?order=old&rating=4")
    assert "trạm sạch sẽ" in page
    page = open_page(owner, f"{PAGE}?order=old&q=a")
    assert page.index("Chờ lâu quá") < page.index("trạm sạch sẽ") < page.index("rất tận tình")


def test_the_saddest_faces_come_first_page_after_page_where_one_asks_so(commented: Flask, owner: FlaskClient) -> None:
    faces = [1 + n % 5 for n in range(80)]
    comment_on(
        commented,
        *(("bv-tinh", "kham-benh", "2026-10-20", face, f"mặt {face}, lời {n}") for n, face in enumerate(faces)),
    )
    first = owner.get(f"{PAGE}?order=worst&q=mặt&rating=1-3")
    last = owner.get(f"{PAGE}?order=worst&q=mặt")
    place = last.text.split("after=")[1].split('"')[0].replace("&amp;", "&")
    pages = last.text + owner.get(f"{PAGE}?order=worst&q=mặt&after={place}").text
    assert re.findall(r"mặt (\d), lời", first.text) == ["1"] * 16 + ["2"] * 16 + ["3"] * 16
    assert re.findall(r"mặt (\d), lời", pages) == sorted(map(str, faces))
    assert len(set(re.findall(r"lời (\d+)", pages))) == 80


@in_one_world("asked", ["chờ lâu", "cho lau", "CHO LÂU"])
def test_words_are_found_with_and_without_diacritics(owner: FlaskClient, asked: str) -> None:
    page = open_page(owner, f"{PAGE}?q={asked}")
    assert "Chờ lâu quá" in page
    assert "rất tận tình" not in page


WRITTEN_AND_ASKED = (
    ("Ghế ngồi\nrất   ít", "ghe ngoi rat it"),
    ("Giảm 50% thời gian", "50% thời"),
    ("mã a_b", "A_B"),
    ("Đường ĐÔNG quá", "duong dong"),
    ("được giúp", unicodedata.normalize("NFD", "được giúp")),
    ("ghi ' OR 1=1 -- thế", "' OR 1=1 --"),
    (r"ổ C:\\temp \' và \"", r"\' và \""),
    ("%(x)s :x ? {x} $1 %s", "%(x)s :x ? {x} $1 %s"),
    ("một/hai /% ba", "một/hai /%"),
)


def test_line_breaks_signs_and_decomposed_letters_do_not_hide_a_comment(
    commented: Flask, owner: FlaskClient, subtests: pytest.Subtests
) -> None:
    there = (*(written for written, _asked in WRITTEN_AND_ASKED), "Giảm 5 0 thời gian, axb")
    comment_on(commented, *(("bv-tinh", "kham-benh", "2026-10-21", 4, comment) for comment in there))
    for written, asked in WRITTEN_AND_ASKED:
        with subtests.test(written):
            page = owner.get(PAGE, query_string={"q": asked}).text
            (match,) = re.findall('<span class="words">(.*?)</span>', page, flags=re.DOTALL)
            assert unescape(match).split() == written.split()


def test_a_character_no_text_can_hold_is_not_searched_for(commented: Flask, owner: FlaskClient) -> None:
    comment_on(commented, ("bv-tinh", "kham-benh", "2026-10-21", 4, "chờ lâu ngoài hành lang"))
    assert owner.get(f"{PAGE}?q=hành%00 lang").text.count('class="words"') == 1


def test_an_answer_sent_twice_is_found_once(commented: Flask, owner: FlaskClient) -> None:
    sent = submissions("bv-tinh", "kham-benh", "2026-10-21", 1, 3, comment="gửi hai lần")
    with commented.app_context():
        assert [receipt.status for receipt in receive(sent)] == ["stored"]
        assert [receipt.status for receipt in receive(sent)] == ["duplicate"]
    assert owner.get(f"{PAGE}?q=gui hai lan").text.count('class="words"') == 1


@in_one_world(
    ("query", "kept", "gone"),
    [
        ("rating=1", "Chờ lâu quá", "tận tình"),
        ("rating=1-3", "Chờ lâu quá", "tận tình"),
        ("service=noi-tru", "tận tình", "Chờ lâu quá"),
        ("period=2026-09", "trạm sạch sẽ", "Chờ lâu quá"),
        ("agency=tyt-xa", "trạm sạch sẽ", "Chờ lâu quá"),
    ],
)
def test_filters_stand_in_the_address(owner: FlaskClient, query: str, kept: str, gone: str) -> None:
    page = open_page(owner, f"{PAGE}?{query}")
    assert kept in page
    assert gone not in page


def test_personal_data_is_masked_until_someone_who_may_asks_and_that_is_logged(
    owner: FlaskClient, database: SQLAlchemy
) -> None:
    page = open_page(owner, PAGE)
    assert "0912" not in page
    assert "Nguyễn Thị Hoa" not in page
    assert "Gọi tôi số [số]." in page
    assert "Điều dưỡng [họ tên] rất tận tình" in page
    assert database.session.scalars(select(AuditEntry)).all() == []
    database.session.rollback()
    assert "0912 345 678" in open_page(owner, f"{PAGE}?reveal=1")
    assert [entry.action for entry in database.session.scalars(select(AuditEntry))] == ["reveal_comments"]


def test_an_officer_cannot_unmask_nor_export(commented: Flask) -> None:
    officer = signed_in(commented, "officer", "officer", sector="health")
    assert "0912" not in open_page(officer, f"{PAGE}?reveal=1")
    assert officer.get("/desk/dak-lak/health/comments.csv").status_code == 403


def test_the_export_is_masked_harmless_to_spreadsheets_and_logged(owner: FlaskClient, database: SQLAlchemy) -> None:
    text = owner.get("/desk/dak-lak/health/comments.csv").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["comment"] for row in rows] == [
        "Điều dưỡng [họ tên] rất tận tình",
        "Chờ lâu quá. Gọi tôi số [số].",
        "'=SUM(1;1) trạm sạch sẽ",
    ]
    assert [entry.action for entry in database.session.scalars(select(AuditEntry))] == ["export_comments"]


def test_pages_follow_each_other_without_gap_or_repeat(commented: Flask, owner: FlaskClient) -> None:
    comment_on(commented, *(("bv-tinh", "kham-benh", "2026-10-20", 4, f"ý kiến số {n:02d}.") for n in range(60)))
    first = owner.get(f"{PAGE}?q=ý kiến số")
    assert first.text.count("ý kiến số ") == 50
    with commented.app_context():
        answers = db.session.scalars(select(Response.id)).all()
    assert not [answer for answer in answers if str(answer) in first.text]
    assert not re.search(r"2026-10-20T", first.text)  # the day is said, never the instant
    place = first.text.split("after=")[1].split('"')[0].replace("&amp;", "&")
    second = owner.get(f"{PAGE}?q=ý kiến số&after={place}")
    assert second.text.count("ý kiến số ") == 10
    assert "Ý kiến cũ hơn" not in second.text
    for n in range(60):
        assert (f"ý kiến số {n:02d}." in first.text) != (f"ý kiến số {n:02d}." in second.text)


def test_comments_are_counted_by_theme_and_each_theme_leads_to_its_comments(
    commented: Flask, owner: FlaskClient
) -> None:
    waiting = ((4 if n < 6 else 2, f"Phải chờ rất lâu, lần {n}") for n in range(12))
    comment_on(commented, *(("bv-tinh", "kham-benh", "2026-10-20", *comment) for comment in waiting))
    page = open_page(owner, "/desk/dak-lak/health/themes?period=2026-10")
    assert "14 ý kiến bằng lời, trong đó 7 của người chọn mức 1-3." in page
    row = re.search(
        r'theme=waiting">[^<]*</a></th><td class="number">(\d+)</td><td class="number">(\d+)</td>',
        owner.get("/desk/dak-lak/health/themes?period=2026-10").text,
    )
    assert row
    assert row.groups() == ("13", "7")
    assert "không nêu" in page  # one comment about the attitude of staff: not told
    about = open_page(owner, f"{PAGE}?period=2026-10&theme=attitude")
    assert "rất tận tình" in about
    assert "Phải chờ rất lâu" not in about
    assert "Thời gian chờ" not in open_page(owner, "/desk/dak-lak/health/themes?period=2026-10&lang=en")


def test_pages_of_one_theme_follow_each_other_without_gap_or_repeat(commented: Flask, owner: FlaskClient) -> None:
    words = (f"phải chờ lâu {n:03d}." if n % 2 else f"nhà vệ sinh bẩn {n:03d}." for n in range(120))
    comment_on(commented, *(("bv-tinh", "kham-benh", "2026-10-20", 4, word) for word in words))
    first = owner.get(f"{PAGE}?period=2026-10&theme=waiting").text
    assert first.count("phải chờ lâu ") == 50
    after = first.split("after=")[1].split('"')[0].split("&")[0]
    second = owner.get(f"{PAGE}?period=2026-10&theme=waiting&after={after}").text
    assert second.count("phải chờ lâu ") == 10
    assert "vệ sinh" not in re.sub(r"<select.*?</select>", "", first + second, flags=re.S)
    assert "Ý kiến cũ hơn" not in second


@in_one_world("query", ["rating=9", "period=x", "after=here", "theme=x"])
def test_what_cannot_be_read_is_refused(owner: FlaskClient, query: str) -> None:
    assert owner.get(f"{PAGE}?{query}").status_code == 400


@in_one_world("who", [{"sector": "education"}, {"province": "son-la"}])
def test_a_stranger_finds_nothing(commented: Flask, who: dict[str, str]) -> None:
    stranger = signed_in(commented, f"{who}", "method_owner", **who)
    assert stranger.get(PAGE).status_code == 404
    assert stranger.get("/desk/dak-lak/health/comments.csv").status_code == 404


def test_no_comments_no_page_of_them(world: Flask) -> None:
    owner = signed_in(world, "so-y-te", "method_owner", sector="health")
    assert "Chưa có ý kiến nào trong lựa chọn này." in open_page(owner, PAGE)
    assert "Không có ý kiến nào chứa “abc”." in open_page(owner, f"{PAGE}?q=abc")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Gọi 0912.345.678 nhé", "Gọi [số] nhé"),
        ("CCCD 066 199 001 234", "CCCD [số]"),
        ("+84 912 345 678", "[số]"),
        ("thư: a.b@mail.vn", "thư: [thư điện tử]"),
        ("xe 47B1-123.45 đỗ ngoài", "xe [số] đỗ ngoài"),
        ("chị H'Hen Niê giúp", "chị [họ tên] giúp"),
        ("anh Trần Văn Bình.", "anh [họ tên]."),
        ("Sở Y tế làm tốt", "Sở Y tế làm tốt"),
        ("chờ 45 phút, 3 lần, năm 2026", "chờ 45 phút, 3 lần, năm 2026"),
        ("lệ phí 1.200.000 đồng", "lệ phí 1.200.000 đồng"),
        ("SĐT0912345678, (0262) 385 2123", "SĐT[số], [số]"),
        ("0912/345/678 hay +84(0)912 – 345 – 678", "[số] hay [số]"),
        ("số ០៩១២៣៤៥៦៧៨", "số [số]"),
        ("gọi không chín một hai, ba bốn năm, sáu bảy tám", "gọi [số]"),
        ("từ 01/12/2026 - 5.12.2026, kỳ 2021 - 2025", "từ 01/12/2026 - 5.12.2026, kỳ 2021 - 2025"),
        ("1.000.000 - 1.500.000 đồng, ba bốn năm nay", "1.000.000 - 1.500.000 đồng, ba bốn năm nay"),
        ("gọi 09l2345678 hoặc O9I2.345.67o", "gọi [số] hoặc [số]"),
        ("0912,345,678 hay 0262\n385\n2123 hay 0912|34|56|78", "[số] hay [số] hay [số]"),
        ("sđt 0⃣9⃣1⃣2⃣3⃣4⃣5⃣6⃣7⃣8.", "sđt [số]."),
        ("quầy 01, 02, 03, 04, 05, chờ 05,10,15,20 phút", "quầy 01, 02, 03, 04, 05, chờ 05,10,15,20 phút"),
        ("Tôi tên Hoa, tên em là Lan Anh", "Tôi tên [họ tên], tên em là [họ tên]"),
        ("tên tôi ghi sai, con tên gì", "tên tôi ghi sai, con tên gì"),
        ("gửi an.nguyen @ gmail.com", "gửi [thư điện tử]"),
        ("NGUYỄN VĂN AN CHƯA GIẢI QUYẾT", "[họ tên] CHƯA GIẢI QUYẾT"),
        ("anh nguyễn văn an và tran thi hoa", "anh [họ tên] và [họ tên]"),
        ("bà Nguyen Thi Hoa, ông LÊ HOÀNG NAM", "bà [họ tên], ông [họ tên]"),
        ("chị Hoa quầy 3, bác sĩ Hùng", "chị [họ tên] quầy 3, bác sĩ [họ tên]"),
        ("Thạch Sô Phép, Néang Sóc, Vi Văn Bình, H'Hoa", "[họ tên], [họ tên], [họ tên], [họ tên]"),
        ("Quản lý thị trường, xử lý văn bản", "Quản lý thị trường, xử lý văn bản"),
        ("Ông Bà, ông Chủ tịch, bà Phó Giám đốc", "Ông Bà, ông Chủ tịch, bà Phó Giám đốc"),
        ("THÁI ĐỘ PHỤC VỤ TỐT, SỞ Y TẾ", "THÁI ĐỘ PHỤC VỤ TỐT, SỞ Y TẾ"),
    ],
)
def test_masking(text: str, masked: str) -> None:
    assert mask(text) == masked
