"""The Word files opened by LibreOffice, as an office without Word does: whole, and the signature not alone."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from analysis.reports.document import Report
from analysis.reports.rendering import word
from survey.foundation.configuration.settings import Settings
from tests.desk.world import NOW, make_world
from tests.reports.making import make, tables
from tests.reports.pages import ink_outside, pictures_of, squashed, strings_of, text_of
from tests.support import libreoffice
from tests.support.applications import application
from tests.support.databases import SECRET_KEY, DatabaseFactory

KINDS = {
    "month": ("so-y-te", "2026-10", None, "satisfaction"),
    "consolidated": ("so-noi-vu", "2026-10", None, "satisfaction"),
    "coverage": ("so-noi-vu", "2026-H1", "2026-06-04", "coverage"),
    "scoring": ("bv-tinh", "2026", "2026-11-11", "scoring"),
    "plan": ("so-noi-vu", "2026", "2026-07-24", "plan"),
    "work-sheet": ("ubnd-ea-tam", "2026-10", None, "work-sheet"),
}


@dataclass(frozen=True)
class Laid:
    """A report and its Word file as pages."""

    report: Report
    pages: bytes


@pytest.fixture(scope="module")
def laid_out(sqlite_databases: DatabaseFactory, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Laid]:
    """Each kind laid out, in one run of LibreOffice."""
    if not libreoffice.is_there():
        assert "CI" not in os.environ, "LibreOffice is missing: run deploy/install-test-tools"
        pytest.skip("LibreOffice is not installed")
    folder = tmp_path_factory.mktemp("word")
    with (
        sqlite_databases.migrated() as url,
        time_machine.travel(NOW, tick=False),
        application(Settings(secret_key=SECRET_KEY, database_url=url, testing=True, release_step=0)) as app,
    ):
        made = _made(app)
    files = [_written(folder / f"{name}.docx", report) for name, report in made.items()]
    pages = libreoffice.pdf_of(files, folder)
    return {name: Laid(report, content) for (name, report), content in zip(made.items(), pages, strict=True)}


def _made(app: Flask) -> dict[str, Report]:
    make_world(app)
    return {name: make(app, who, period, cut, kind=kind) for name, (who, period, cut, kind) in KINDS.items()}


def _written(path: Path, report: Report) -> Path:
    path.write_bytes(word.render(report))
    return path


@pytest.fixture(params=KINDS)
def laid(request: pytest.FixtureRequest, laid_out: dict[str, Laid]) -> Laid:
    """One kind after the other."""
    return laid_out[request.param]


def body_of(laid: Laid) -> list[str]:
    """The pages before the first annex."""
    pages = text_of(laid.pages)
    first = next((place for place, page in enumerate(pages) if "(Kèm theo Báo cáo số" in page), len(pages))
    return pages[:first]


def between_feet(laid: Laid) -> str:
    """The words of all pages without what stands at the head and foot of each, where a paragraph may run on."""
    document = laid.report.document
    foot = squashed(" · ".join(document.marks) + document.footer)
    pages = [squashed(page).replace(foot, "") for page in text_of(laid.pages)]
    return "".join(re.sub(r"^\d", "", page) for page in pages)


def test_every_word_and_every_table_stands_on_its_pages(laid: Laid) -> None:
    said = between_feet(laid).lower()
    assert [text for text in strings_of(laid.report.document, drawn=False) if squashed(text).lower() not in said] == []
    for block in tables(laid.report.document):
        assert squashed(block.caption).lower() in said


def test_the_signature_stands_below_text_and_the_body_is_as_short_as_on_paper(laid: Laid) -> None:
    pages = body_of(laid)
    last = squashed(pages[-1])
    before, _sign, _after = last.partition(squashed("Nơi nhận:"))
    assert squashed("Trên đây là") in before
    assert len(pages) <= 3


def test_the_head_of_the_first_page_stands_in_its_lines(laid: Laid) -> None:
    lines = text_of(laid.pages)[0].splitlines()
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in [" ".join(line.split()) for line in lines]


def test_nothing_runs_over_the_margins_and_no_page_is_empty(laid: Laid) -> None:
    for picture in pictures_of(laid.pages):
        assert ink_outside(picture, left=27, right=17) == 0
        assert (picture[50:-50] < 128).sum() > 60
