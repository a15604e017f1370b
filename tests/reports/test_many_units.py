"""A month of three units and of three hundred with long names: how many pages, what stands on them, how full they are.

`python -m benchmarks.documents` makes the same provinces larger, with a picture of every page, for eyes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest
import time_machine
from flask import Flask

from analysis.presentation.charts import drawing
from analysis.presentation.charts.canvas import text_width
from analysis.presentation.charts.model import Chart
from analysis.reports.document import DocumentTable, Report
from analysis.reports.rendering import pdf
from benchmarks.reports_data import LONG_NAMES, Unit, fill
from survey.foundation.configuration.settings import Settings
from tests.desk.world import NOW
from tests.reports.making import make
from tests.reports.pages import lines_on, pictures_of, squashed, text_of
from tests.support.applications import application
from tests.support.databases import SECRET_KEY, DatabaseFactory

MONTHS = ("2026-09", "2026-10")
DPI = 50
PER_MM = DPI / 25.4
PAGES = {3: 7, 300: 38}  # of the whole document
UPRIGHT, ACROSS = 160.0, 247.0  # mm: the text's width on either page
FEW_COLUMNS, MANY_COLUMNS = (10.5, 1.6), (9.5, 1.1)  # pt, and mm left and right in a cell, as document.typ sets them
CUT_OFF = "2026-11-10"
OTHERS = {  # recipient, period, kind: pages of the whole document and before its first annex, of 3 and of 300 units
    ("so-y-te", "2026-Q4", "satisfaction"): {3: (7, 2), 300: (38, 2)},
    ("so-y-te", "2026", "satisfaction"): {3: (8, 2), 300: (39, 2)},
    ("so-noi-vu", "2026-10", "satisfaction"): {3: (6, 2), 300: (6, 2)},
    ("so-noi-vu", "2026", "coverage"): {3: (3, 2), 300: (14, 2)},
    ("so-y-te", "2026", "scoring"): {3: (1, 1), 300: (1, 1)},
    ("so-y-te", "2026", "plan"): {3: (1, 1), 300: (1, 1)},
}


@dataclass(frozen=True)
class Made:
    """A month's summary of so many units."""

    app: Flask
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
        yield Made(app, request.param, report, pdf.render(report))


def annexes_begin(pages: list[str]) -> list[int]:
    """Which pages begin an annex."""
    return [place for place, page in enumerate(pages) if page.lstrip().startswith("Phụ lục")]


def filled(picture: np.ndarray) -> float:
    """How far down between its margins a page is used, 0 to 1."""
    body = picture[int(20 * PER_MM) : -int(22 * PER_MM)]
    dark = np.flatnonzero((body < 160).any(axis=1))
    return float(dark[-1] + 1) / len(body) if dark.size else 0.0


def too_wide(block: DocumentTable, width: float) -> list[str]:
    """Words that do not fit into their column where the table is so many mm wide."""
    size, inset = MANY_COLUMNS if len(block.columns) > 7 else FEW_COLUMNS
    whole = sum(column.width for column in block.columns)
    rooms = [width * column.width / whole - 2 * inset for column in block.columns]
    words = [(word, room) for row in block.rows for cell, room in zip(row, rooms, strict=True) for word in cell.split()]
    return [word for word, room in words if text_width(word, size) > room]


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
    assert min(map(lines_on, text_of(made.content))) >= 6


def test_pages_of_each_annex_are_numbered_from_its_first_on(made: Made) -> None:
    """The first has no number (Decree 30/2020/NĐ-CP), the second is the second."""
    pages = text_of(made.content)
    starts = [0, *annexes_begin(pages), len(pages)]
    for first, end in pairwise(starts):
        numbers = [(re.match(r"(\d+)\n", page) or ["", ""])[1] for page in pages[first:end]]
        assert numbers == ["", *map(str, range(2, end - first + 1))]


def test_no_word_of_a_table_is_wider_than_its_column(made: Made) -> None:
    """Or numbers of neighbours run into each other."""
    for annex in made.report.document.annexes:
        for block in (block for block in annex.blocks if isinstance(block, DocumentTable)):
            assert too_wide(block, ACROSS if annex.landscape else UPRIGHT) == []


def test_the_names_of_a_chart_can_be_told_apart(made: Made) -> None:
    for annex in made.report.document.annexes:
        for chart in (block for block in annex.blocks if isinstance(block, Chart) and block.form == "rows"):
            names = [tuple(drawing.wrap_name(mark.label, drawing.LABELS, drawing.SIZE)) for mark in chart.marks]
            assert len(set(names)) == len(names)


@pytest.mark.parametrize(("recipient", "period", "kind"), OTHERS)
def test_every_kind_has_its_number_of_pages(made: Made, recipient: str, period: str, kind: str) -> None:
    cut_off = None if period == "2026-10" else CUT_OFF
    pages = text_of(pdf.render(make(made.app, recipient, period, cut_off, kind=kind)))
    body = next(iter(annexes_begin(pages)), len(pages))
    assert (len(pages), body) == OTHERS[recipient, period, kind][made.units]


def test_no_row_of_a_table_is_cut_between_pages(made: Made) -> None:
    """Each unit's name stands whole on one page of the table that lists all of them."""
    pages = [squashed(page) for page in text_of(made.content)]
    for n in (1, made.units // 2, made.units):
        name = squashed(LONG_NAMES["health"].format(n=n))
        assert any(name in page for page in pages[2:])
