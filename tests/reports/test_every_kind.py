"""Every kind of report, every page of it: what the model says stands there, once in each form, and can be verified."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

import docx
import pytest
import time_machine
from flask import Flask

from analysis.reports.document import Report
from analysis.reports.rendering import html, pdf, word
from survey.foundation.configuration.settings import Settings
from tests.desk.world import NOW, answer, make_world
from tests.reports.making import make, tables
from tests.reports.pages import (
    fonts_of,
    ink_outside,
    lines_on,
    pictures_of,
    squashed,
    strings_of,
    tags_of,
    text_of,
    words_of,
)
from tests.reports.samples import LONG_NAME
from tests.reports.test_measures import take
from tests.support.applications import application
from tests.support.databases import SECRET_KEY, DatabaseFactory
from tests.support.html import assert_valid_html

KINDS = {
    # name: recipient, period, cut-off, kind
    "month of a department": ("so-y-te", "2026-10", None, "satisfaction"),
    "month of an agency": ("bv-tinh", "2026-10", None, "satisfaction"),
    "month of an agency with a long name": ("tyt-xa", "2026-10", None, "satisfaction"),
    "month without an answer": ("so-gddt", "2026-08", None, "satisfaction"),
    "month with too few answers": ("thpt-1", "2026-11", None, "satisfaction"),
    "quarter": ("so-noi-vu", "2026-Q3", None, "satisfaction"),
    "quarter with its legal cut-off": ("so-y-te", "2026-Q4", "2026-11-05", "satisfaction"),
    "half-year": ("so-gddt", "2026-H2", None, "satisfaction"),
    "year with ranking": ("so-noi-vu", "2026", None, "satisfaction"),
    "at need": ("so-noi-vu", "2026-09..2026-10", None, "satisfaction"),
    "at need by day": ("so-noi-vu", "2026-09-04..2026-10-05", None, "satisfaction"),
    "coverage of the half-year": ("so-noi-vu", "2026-H1", "2026-06-04", "coverage"),
    "coverage": ("so-noi-vu", "2026", None, "coverage"),
    "scoring file": ("so-noi-vu", "2026", "2026-11-11", "scoring"),
    "scoring file of an agency": ("bv-tinh", "2026", "2026-11-11", "scoring"),
    "plan": ("so-noi-vu", "2026", "2026-07-24", "plan"),
    "work sheet": ("ubnd-ea-tam", "2026-10", None, "work-sheet"),
}
DPI = 50
PER_MM = DPI / 25.4


@dataclass(frozen=True)
class Made:
    """One report with its PDF."""

    report: Report
    content: bytes


@pytest.fixture(scope="module")
def province(sqlite_databases: DatabaseFactory) -> Iterator[Flask]:
    """One small province for all kinds: a long name, measures, comments, and an agency with too few answers."""
    from survey.foundation.storage.database import writing
    from survey.registry.models import Agency

    with (
        sqlite_databases.migrated() as url,
        time_machine.travel(NOW, tick=False),
        application(Settings(secret_key=SECRET_KEY, database_url=url, testing=True, release_step=0)) as app,
    ):
        make_world(app)
        with app.app_context():
            with writing() as session:
                session.query(Agency).filter_by(code="tyt-xa").one().name = LONG_NAME
            answer("bv-tinh", "kham-benh", "2026-10-15", 14, 2, comment="Chờ lâu, thiếu ghế")
            answer("thpt-1", "giao-duc", "2026-11-03", 6, 5)
        take(app, "Mở thêm một quầy lấy máu từ 6 giờ 30.", dt.date(2026, 10, 1))
        yield app


@pytest.fixture(scope="module")
def made(province: Flask) -> dict[str, Made]:
    """All kinds, made once."""
    differences = {}
    with time_machine.travel(NOW, tick=False):
        for name, (recipient, period, cut_off, kind) in KINDS.items():
            report = make(province, recipient, period, cut_off, kind=kind)
            differences[name] = Made(report, pdf.render(report))
    return differences


@pytest.fixture(params=KINDS)
def kind_made(request: pytest.FixtureRequest, made: dict[str, Made]) -> Made:
    """One kind after the other."""
    return made[request.param]


def missing(report: Report, said: str, *, drawn: bool = True) -> list[str]:
    lower = squashed(said).lower()
    return [text for text in strings_of(report.document, drawn=drawn) if squashed(text).lower() not in lower]


def test_every_string_of_the_model_stands_on_the_pages_of_the_pdf(kind_made: Made) -> None:
    cut = {LONG_NAME}  # in a chart a name too long ends in an ellipsis; the tables give it whole
    assert [text for text in missing(kind_made.report, words_of(kind_made.content)) if text not in cut] == []


def test_no_page_is_empty_and_nothing_runs_over_its_margins(kind_made: Made) -> None:
    pictures = pictures_of(kind_made.content, DPI)
    assert len(pictures) >= 1
    for picture in pictures:
        assert ink_outside(picture, left=29, right=19, dpi=DPI) == 0
        body = picture[int(20 * PER_MM) : -int(22 * PER_MM)]
        assert (body < 128).sum() > 100
        between = picture[-int(21 * PER_MM) : -int(17.5 * PER_MM)]  # nothing of the body reaches the foot
        assert (between < 128).sum() == 0


def test_no_page_holds_a_few_lines_alone(kind_made: Made) -> None:
    assert min(map(lines_on, text_of(kind_made.content))) >= 6


def test_the_fonts_are_embedded_and_one_family(kind_made: Made) -> None:
    fonts = fonts_of(kind_made.content)
    assert all(fonts.values())
    assert {name.split("+")[1].split("-")[0] for name in fonts} == {"Tinos"}


def test_it_is_tagged_with_headings_tables_and_words_for_each_chart(kind_made: Made) -> None:
    tags = tags_of(kind_made.content)
    roles = [role for role, _ in tags]
    assert roles.count("/H1") == len(kind_made.report.document.sections) + len(kind_made.report.document.annexes)
    assert roles.count("/Table") == len(tables(kind_made.report.document))
    assert all(alt for role, alt in tags if role == "/Figure")


def test_word_says_the_same(kind_made: Made) -> None:
    document = docx.Document(io.BytesIO(word.render(kind_made.report)))
    said = "".join(node.text or "" for node in document.element.body.iter() if node.tag.endswith("}t"))
    said += "".join(row.text for part in document.sections for row in part.first_page_footer.paragraphs)
    assert missing(kind_made.report, said, drawn=False) == []


def test_the_page_says_the_same_and_is_valid(kind_made: Made, province: Flask) -> None:
    with province.app_context():
        page = html.render(kind_made.report).decode()
    (style,) = re.findall(r"<style>(.*)</style>", page, flags=re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert_valid_html(page, f"style-src 'sha256-{digest}'")
    said = unescape(re.sub(r"<[^>]+>", "", page))
    assert missing(kind_made.report, said, drawn=False) == []


def test_verify_recomputes_every_figure_and_finds_none_changed(kind_made: Made, province: Flask) -> None:
    from analysis.reports.verify import verify

    with time_machine.travel(NOW + dt.timedelta(days=40), tick=False), province.app_context():
        result = verify(kind_made.content)
    assert result.differences == ()
    assert result.figures >= 2


def test_what_verify_compares_holds_numbers_and_keys_but_no_sentence(kind_made: Made) -> None:
    """A sentence may be put otherwise by a later version: verify would take that for another figure."""
    from analysis.reports.verify import RECOUNTS

    compared = [kind_made.report.figures.get(part) for part in ("answers", "derived", *RECOUNTS)]
    assert [text for text in texts(json.loads(json.dumps(compared))) if " " in text] == []


def texts(value: Any) -> list[str]:
    """Every text in a part of the attachment but labels, which verify does not compare."""
    if isinstance(value, dict):
        return [text for key, part in value.items() if key != "label" for text in texts(part)]
    if isinstance(value, list):
        return [text for part in value for text in texts(part)]
    return [value] if isinstance(value, str) else []


def test_a_figure_changed_in_any_part_of_the_attachment_is_found(made: dict[str, Made], province: Flask) -> None:
    from analysis.reports.verify import recompute

    content = json.loads(pdf.figures_json(made["year with ranking"].report))
    changes = {
        "ranking": lambda figures: figures["derived"]["ranking"]["so-y-te"].__setitem__(2, 9.99),
        "pulling": lambda figures: figures["derived"]["pulling procedures agency"]["so-y-te"].__setitem__(0, 0.5),
        "bounds": lambda figures: figures["derived"]["bounds procedures"].__setitem__(0, 0.1),
        "tipping": lambda figures: figures["derived"].__setitem__("tipping_share procedures", 0.1),
        "tipping as words": lambda figures: figures["derived"].__setitem__("tipping_share procedures", "dưới 10 %"),
        "shifted": lambda figures: figures["derived"]["shifted procedures"][1].__setitem__(2, "met"),
        "shifted points": lambda figures: figures["derived"]["shifted procedures"][1].__setitem__(0, 0.2),
        "coverage": lambda figures: figures["coverage"][0].__setitem__("reached", 99),
        "themes": lambda figures: figures["themes"][0].__setitem__("comments", 99),
        "official": lambda figures: figures["official"][0]["figures"].__setitem__("2020 own", ["0.9", None]),
        "answers": lambda figures: figures["answers"][0]["figures"][0].__setitem__("estimate", 0.123),
    }
    for name, change in changes.items():
        changed = json.loads(json.dumps(content))
        change(changed)
        with time_machine.travel(NOW, tick=False), province.app_context():
            differences = recompute(changed).differences
        assert len(differences) == 1, name
