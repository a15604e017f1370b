"""A month of three units and of three hundred with long names: how many pages, what stands on them, how full they are.

`python -m benchmarks.documents` makes the same provinces larger, with a picture of every page, for eyes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest
import time_machine

from analysis.reports import pdf
from analysis.reports.document import Report
from benchmarks.reports_data import LONG_NAMES, Unit, fill
from survey.foundation.settings import Settings
from tests.desk.world import NOW
from tests.reports.making import make
from tests.reports.pages import pictures_of, squashed, text_of
from tests.support.applications import application
from tests.support.databases import SECRET_KEY, DatabaseFactory

MONTHS = ("2026-09", "2026-10")
DPI = 50
PER_MM = DPI / 25.4
PAGES = {3: 8, 300: 49}  # of the whole document


@dataclass(frozen=True)
class Made:
    """A month's summary of so many units."""

    units: int
    report: Report
    content: bytes


@pytest.fixture(scope="module", params=PAGES)
def made(request: pytest.FixtureRequest, sqlite_databases: DatabaseFactory) -> Iterator[Made]:
    """The health department's month, over units that are all its own."""
    units = [
        Unit(f"dv-{n:03d}", LONG_NAMES["health"].format(n=n), "health", 12, lateness=True)
        for n in range(1, request.param + 1)
    ]
    with (
        sqlite_databases.migrated() as url,
        time_machine.travel(NOW, tick=False),
        application(Settings(secret_key=SECRET_KEY, database_url=url, testing=True, release_step=0)) as app,
    ):
        with app.app_context():
            fill(units, MONTHS)
        report = make(app, "so-y-te")
        yield Made(request.param, report, pdf.render(report))


def annexes_begin(pages: list[str]) -> list[int]:
    """Which pages begin an annex."""
    return [place for place, page in enumerate(pages) if page.lstrip().startswith("Phụ lục")]


def filled(picture: np.ndarray) -> float:
    """How far down between its margins a page is used, 0 to 1."""
    body = picture[int(20 * PER_MM) : -int(22 * PER_MM)]
    dark = np.flatnonzero((body < 160).any(axis=1))
    return float(dark[-1] + 1) / len(body) if dark.size else 0.0


def test_the_summary_is_two_pages_however_many_units_there_are(made: Made) -> None:
    pages = text_of(made.content)
    assert annexes_begin(pages)[0] == 2
    assert len(pages) == PAGES[made.units]


def test_page_one_says_it_in_a_minute_and_the_signature_stands_below_the_proposals(made: Made) -> None:
    first, second = map(squashed, text_of(made.content)[:2])
    for words in ("BÁO CÁO", "Y tế:", "so với mốc > 80 %", "Hình 1.", "So với tháng 9/2026:"):
        assert squashed(words) in first
    order = ("PHẢN ÁNH, KIẾN NGHỊ", "TỒN TẠI, NGUYÊN NHÂN", "ĐỀ XUẤT, KIẾN NGHỊ", "Trên đây là", "Nơi nhận:")
    places = [(first + second).index(squashed(words)) for words in order]
    assert places == sorted(places)
    for words in (*order[-3:], "GIÁM ĐỐC"):
        assert squashed(words) in second


def test_every_page_is_used_but_the_last_of_an_annex(made: Made) -> None:
    starts = annexes_begin(text_of(made.content))
    pictures = pictures_of(made.content, DPI)
    last = {*(place - 1 for place in starts), len(pictures) - 1}
    thin = [(place + 1, filled(picture)) for place, picture in enumerate(pictures) if place not in last]
    assert [page for page in thin if page[1] < 0.55] == []
    assert filled(pictures[0]) > 0.6
    assert filled(pictures[1]) > 0.15


def test_no_row_of_a_table_is_cut_between_pages(made: Made) -> None:
    """Each unit's name stands whole on one page of the table that lists all of them."""
    pages = [squashed(page) for page in text_of(made.content)]
    for n in (1, made.units // 2, made.units):
        name = squashed(LONG_NAMES["health"].format(n=n))
        assert any(name in page for page in pages[2:])
