"""The comparison of figures sees a fault planted in each kind of place, and a figure shown where nothing compares."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import mkdtemp

import pytest
from flask import Flask
from flask.testing import FlaskClient

from analysis.reports.builder import build_report
from survey.accounts.models import User
from survey.foundation.periods import Period
from survey.foundation.storage.database import db
from tests.guards.one_figure import commands, files, pages
from tests.guards.one_figure.claims import Claim, Loose, disagreements, unknown
from tests.guards.one_figure.documents import in_html, in_pdf, in_word
from tests.guards.one_figure.planting import (
    Planting,
    as_quarter,
    in_english_alone,
    in_its_figure,
    one_more,
    planted_at,
    planted_in,
    rendered_rolled,
)
from tests.guards.one_figure.reading import Reader, Unread
from tests.guards.test_one_figure import DESK, PROVINCE, PUBLISHED, RESULTS, YEAR
from tests.support.html import parse_html
from tests.support.staff import client_of

EXPLORE = f"{DESK}/administration/explore?subject=agency_service"
OVERVIEW = f"{DESK}/administration?year={PUBLISHED}"
WORKBOOK = f"{DESK}/all/exports/estimates.xlsx?period={PUBLISHED}"


@pytest.fixture
def reviewer(demonstration: Flask) -> FlaskClient:
    with demonstration.app_context():
        user_id = db.session.query(User).filter_by(username="quan-tri").one().id
    return client_of(demonstration, user_id)


def told_by(app: Flask, by: str | None, audience: str = "staff") -> list[Claim]:
    """What the command tells of a year: of the whole and of channels that whose figures are published."""
    period = PUBLISHED if by in (None, "channel") else YEAR
    asked = [f"--province={PROVINCE}", f"--period={period}", "--subject=agency_service"]
    by_what = [f"--by={by}"] if by else []
    return list(commands.estimated(app.test_cli_runner(), [*asked, *by_what, f"--audience={audience}"]))


def read(app: Flask, client: FlaskClient, *addresses: str) -> Iterator[Claim]:
    """What pages and files tell."""
    for address in addresses:
        answer = client.get(address, buffered=True)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        if answer.mimetype == "text/html":
            yield from pages.of_page(address, parse_html(answer.text))
        else:
            yield from Reader(app, client).of_file(address, address, answer)


def pictures(client: FlaskClient) -> list[str]:
    """The addresses of the numbers of the province's pictures."""
    return sorted(set(re.findall(r'href="([^"]*/pictures/[^"]*\.csv)"', client.get(f"{RESULTS}/").text)))


def test_a_fault_planted_in_any_kind_of_place_is_seen(
    demonstration: Flask, reviewer: FlaskClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    public = demonstration.test_client()
    desk, results = partial(read, demonstration, reviewer), partial(read, demonstration, public)
    explore, command = "analysis.desk.explore", "analysis.presentation.commands"
    right = [
        *(claim for by in (None, "area", "agency", "channel") for claim in told_by(demonstration, by)),
        *desk(WORKBOOK, f"{EXPLORE}&period={YEAR}&by=month", OVERVIEW),
        *results(f"{RESULTS}/{PUBLISHED}", f"{RESULTS}/{PUBLISHED}/data.json", f"{RESULTS}/"),
    ]
    assert disagreements(right) == []
    written = partial(commands.written, demonstration, PROVINCE, YEAR)
    faults: dict[str, tuple[Planting, Callable[[], Iterator[Claim]]]] = {
        "districts": (planted_in(explore, "area"), lambda: desk(f"{EXPLORE}&period={YEAR}&by=area")),
        "months of a quarter": (as_quarter, lambda: desk(f"{EXPLORE}&period={YEAR}&by=month")),
        "a workbook's n": (planted_in("analysis.exports.estimates", "agency"), lambda: desk(WORKBOOK)),
        "agencies by command": (planted_in(command, "agency"), lambda: iter(told_by(demonstration, "agency"))),
        "channels by command": (planted_in(command, "channel"), lambda: iter(told_by(demonstration, "channel"))),
        "the public's figure by command": (
            planted_in(command, None, "public"),  # of so small a demonstration no row is told to everybody
            lambda: iter(told_by(demonstration, None, "public")),
        ),
        "channels on the page": (
            planted_in(explore, "channel"),
            lambda: desk(f"{EXPLORE}&period={PUBLISHED}&by=channel"),
        ),
        "contributions": (
            planted_at("analysis.presentation.gap_contributions._shown", in_its_figure),
            lambda: desk(OVERVIEW),
        ),
        "an English page": (
            planted_at("analysis.results.publication.phrases.figure_sentence", in_english_alone),
            lambda: results(f"{RESULTS}/{PUBLISHED}?lang=en", f"{RESULTS}/?lang=en"),
        ),
        "a picture's numbers": (
            planted_at(
                "analysis.results.years.picture_files._numbers", lambda told: [*told[:4], (told[4] or 0) + 1, told[5]]
            ),
            lambda: results(*pictures(public)),
        ),
        "a command's export": (
            planted_in("analysis.exports.estimates", None),
            lambda: written(Path(mkdtemp(dir=tmp_path))),
        ),
    }
    for name, (plant, look) in faults.items():
        assert seen(right, look) == [], name  # nothing is wrong before
        with monkeypatch.context() as patch:
            plant(patch)
            assert seen(right, look), name


def test_a_fault_planted_in_any_form_of_a_document_is_seen(
    demonstration: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with demonstration.app_context():
        report = build_report(PROVINCE, "so-noi-vu", Period.parse(YEAR))
        right = list(files.of_attachment("attachment", report.figures))
        forms = {
            "analysis.reports.rendering.html.render": lambda: in_html(report),
            "analysis.reports.rendering.word.render": lambda: in_word(report),
            "analysis.reports.rendering.pdf.render": lambda: in_pdf(report),
        }
        for name, look in forms.items():
            assert seen(right, look) == [], name
            with monkeypatch.context() as patch:
                rendered_rolled(name)(patch)
                assert seen(right, look), name
        with monkeypatch.context() as patch:  # a sentence that tells another n than its table
            planted_at("analysis.reports.parts.results.two_sentences", one_more)(patch)
            wrong = build_report(PROVINCE, "so-noi-vu", Period.parse(YEAR))
            for form in (in_html, in_word, in_pdf):
                assert seen(right, partial(form, wrong)), form.__name__


def seen(right: list[Claim], look: Callable[[], Iterator[Claim]]) -> list[str]:
    """What the comparison finds wrong; a table that is not in the Word file as it should be counts too."""
    try:
        return disagreements([*right, *look()])
    except AssertionError as error:
        return [str(error)]


@pytest.mark.parametrize("address", [f"{EXPLORE}&period={PUBLISHED}&by=agency", f"{DESK}/all?year={PUBLISHED}"])
def test_a_page_that_shows_figures_without_saying_whose_is_seen(
    demonstration: Flask, reviewer: FlaskClient, address: str
) -> None:
    text = reviewer.get(address).text
    assert list(pages.unread(parse_html(text))) == []
    unmarked = re.sub(r' data-(figure|sentence)="[^"]*"', "", text)
    assert list(pages.unread(parse_html(unmarked)))


def test_a_share_in_running_words_that_was_worked_out_elsewhere_is_seen(demonstration: Flask) -> None:
    public = demonstration.test_client()
    known = list(read(demonstration, public, f"{RESULTS}/{PUBLISHED}/data.json"))
    text = public.get(f"{RESULTS}/{PUBLISHED}").text

    def said(page: str) -> list[Loose]:
        return list(pages.loose_on("page", parse_html(page)))

    assert said(text)
    assert unknown(said(text), known) == []
    first = said(text)[0]
    assert unknown(said(text.replace(first.low, "1,1")), known)


def test_a_file_of_a_kind_that_nobody_reads_is_named(demonstration: Flask) -> None:
    reader = Reader(demonstration, demonstration.test_client())
    row = {"domain": "x", "estimate": 0.8, "n": 30, "received": 31}
    with pytest.raises(Unread, match="1 figures, 0 of them read"):
        list(reader.of_json("interface", {"agencies": [row]}))
    with pytest.raises(Unread, match="satisfied_share"):
        list(reader.of_table("file", "/x.csv", "place,satisfied_share,n\nx,0.8,30\n"))
    assert list(reader.of_table("file", "/x.csv", "place,dossiers\nx,30\n")) == []
