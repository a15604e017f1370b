"""What citizens wrote stands in themes with counts; nobody's words and no small count leave the desk."""

from __future__ import annotations

import pytest
from flask import Flask

from analysis.reports.recorded_queries import Shared
from analysis.reports.rendering import html, pdf, word
from tests.desk.world import answer
from tests.reports.making import differences, make, paragraphs, table
from tests.reports.pages import squashed, words_of

pytestmark = pytest.mark.one_database

PHONE = "0905 123 456"


def write(app: Flask, text: str, count: int, value: int, agency: str = "bv-tinh") -> None:
    with app.app_context():
        answer(agency, "kham-benh", "2026-10-15", count, value, comment=text)


def test_themes_are_counted_in_every_form_and_verified(world: Flask) -> None:
    write(world, f"Chờ lâu, gọi tôi số {PHONE}", 14, 2)
    write(world, "Không phải chờ", 6, 5)
    write(world, "Nhà vệ sinh bẩn", 2, 1)
    report = make(world)
    rows = {row[0]: row[1:] for row in table(report.document, "Ý kiến góp ý").rows}
    assert rows == {"Thời gian chờ, thời hạn giải quyết": ("20", "14")}
    assert any("có 22 ý kiến góp ý bằng lời, trong đó 16 của người" in text for text in paragraphs(report.document))
    made = pdf.render(report)
    assert squashed("Thời gian chờ, thời hạn giải quyết 20 14") in words_of(made)
    with world.app_context():
        page = html.render(report).decode()
    assert "Thời gian chờ, thời hạn giải quyết" in page
    assert PHONE not in page
    assert word.render(report).startswith(b"PK")
    assert report.figures["themes"][0]["by_theme"]["facilities"] == [None, None]
    assert differences(world, report) == []
    write(world, "Đợi lâu quá", 1, 2)
    assert "themes health 2026-10 2026-10-31, comments" in differences(world, report)


def test_a_few_comments_are_not_split(world: Flask) -> None:
    write(world, "Chờ lâu", 4, 2)
    document = make(world).document
    assert any("có dưới 5 ý kiến góp ý bằng lời" in text for text in paragraphs(document))
    assert not [paragraph for paragraph in paragraphs(document) if "Chờ" in paragraph]


def test_nobody_wrote(world: Flask) -> None:
    assert any("không có ý kiến góp ý bằng lời nào" in text for text in paragraphs(make(world).document))


def test_one_of_many_reports_says_the_same_as_one_alone(world: Flask) -> None:
    from analysis.reports.builder import build_report
    from survey.foundation.caching.transaction_cache import read_whole_provinces
    from survey.foundation.periods import Period

    write(world, "Chờ lâu", 14, 2)
    write(world, "Sạch sẽ", 8, 5, agency="tyt-xa")
    shared = Shared()
    for recipient in ("bv-tinh", "tyt-xa", "so-y-te"):
        with world.app_context():
            read_whole_provinces()
            among_many = build_report("dak-lak", recipient, Period.parse("2026-10"), shared=shared)
        assert among_many == make(world, recipient)
