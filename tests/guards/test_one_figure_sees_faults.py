"""The comparison of figures sees a fault planted in each kind of place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import get_locale

from analysis.figures.figure import Figures
from analysis.figures.query import FigureQuery
from analysis.figures.service import answer
from analysis.reports.builder import build_report
from analysis.reports.document import DocumentTable, Report
from survey.foundation.periods import Period
from tests.guards import figure_claims, test_one_figure
from tests.guards.figure_claims import Claim
from tests.guards.test_one_figure import DESK, PROVINCE, PUBLISHED, YEAR, body, disagreements, reviewer

__all__ = ["reviewer"]
EXPLORE_PUBLISHED = f"{DESK}/administration/explore?subject=agency_service&period={PUBLISHED}"
EXPLORE = f"{DESK}/administration/explore?subject=agency_service&period={YEAR}"
Planting = Callable[[pytest.MonkeyPatch], None]


def told_by(app: Flask, by: str | None, audience: str = "staff") -> list[Claim]:
    """What the command tells of a year: of the whole and of channels that whose figures are published."""
    period = PUBLISHED if by in (None, "channel") else YEAR
    asked = [f"--province={PROVINCE}", f"--period={period}", "--subject=agency_service"]
    return list(
        test_one_figure.estimated(
            app.test_cli_runner(), [*asked, *([f"--by={by}"] if by else []), f"--audience={audience}"]
        )
    )


def more(question: FigureQuery, *rest: Any) -> Figures:
    """The right answer with one answer more in every figure."""
    figures = answer(question, *rest)
    return replace(
        figures,
        figures=tuple(replace(figure, n=None if figure.n is None else figure.n + 1) for figure in figures.figures),
    )


def planted_in(name: str, by: str | None, audience: str = "staff") -> Planting:
    """One answer more in one breakdown, as the module at `name` asks for it."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        def wrong(question: FigureQuery, *rest: Any) -> Figures:
            asked = (question.by, question.audience) == (by, audience)
            return more(question, *rest) if asked else answer(question, *rest)

        patch.setattr(f"{name}.answer", wrong)

    return plant


def planted_at(name: str, wrong: Callable[[Any], Any]) -> Planting:
    """What the function at `name` gives, made wrong."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        module, _dot, attribute = name.rpartition(".")
        right = getattr(import_module(module), attribute)
        patch.setattr(name, lambda *given, **named: wrong(right(*given, **named)))

    return plant


def one_more(told: Any) -> Any:
    """A row, a sentence or a list of rows, its n one higher than it is."""
    if isinstance(told, list):
        return [one_more(row) for row in told]
    if isinstance(told, dict):
        return {**told, "n": told["n"] + 1} if told.get("n") else told
    count = re.compile(r"(n = )([\d.,]+)(?= of| trong|\))")
    return count.sub(lambda said: f"{said[1]}{int(re.sub('[.,]', '', said[2])) + 1}", str(told))


def in_its_figure(part: Any) -> Any:
    return replace(part, figure=replace(part.figure, n=(part.figure.n or 0) + 1))


def in_english_alone(told: str) -> str:
    return one_more(told) if get_locale() and str(get_locale()) == "en" else told


def rolled(table: DocumentTable) -> DocumentTable:
    """A table whose rows kept their names and took the numbers of the row below."""
    lower = (*table.rows[1:], table.rows[0])
    return replace(table, rows=tuple((row[0], *other[1:]) for row, other in zip(table.rows, lower, strict=True)))


def with_tables_rolled(report: Report) -> Report:
    def part(section: Any) -> Any:
        blocks = (
            rolled(block) if isinstance(block, DocumentTable) and block.keys else block for block in section.blocks
        )
        return replace(section, blocks=tuple(blocks))

    document = report.document
    sections, annexes = tuple(map(part, document.sections)), tuple(map(part, document.annexes))
    return replace(report, document=replace(document, sections=sections, annexes=annexes))


def rendered_rolled(name: str) -> Planting:
    """The engine at `name` lays out other numbers than the report holds."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        module, _dot, attribute = name.rpartition(".")
        right = getattr(import_module(module), attribute)
        patch.setattr(name, lambda report: right(with_tables_rolled(report)))

    return plant


def as_quarter(patch: pytest.MonkeyPatch) -> None:
    """Where a month is asked for, its quarter answers."""

    def wrong(question: FigureQuery, *rest: Any) -> Figures:
        figures = answer(question, *rest)
        if question.by != "month":
            return figures
        quarter = answer(replace(question, by=None, period=Period.parse(f"{YEAR}-Q3")), *rest).total
        told = (
            replace(quarter, domain=figure.domain, label=figure.label, key=figure.key) for figure in figures.figures
        )
        return replace(figures, figures=tuple(told))

    patch.setattr("analysis.desk.explore.answer", wrong)


def test_a_fault_planted_in_any_kind_of_place_is_seen(
    demonstration: Flask, reviewer: FlaskClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def page(address: str) -> Iterator[Claim]:
        return figure_claims.of_page("page", body(reviewer, address))

    explore, command = "analysis.desk.explore", "analysis.presentation.commands"
    right = [
        *(claim for by in (None, "area", "agency", "channel") for claim in told_by(demonstration, by)),
        *test_one_figure.workbook(reviewer),
        *page(f"{EXPLORE}&by=month"),
        *page(f"{DESK}/administration?year={PUBLISHED}"),
        *test_one_figure.published(demonstration.test_client()),
    ]
    assert disagreements(right) == []
    faults: dict[str, tuple[Planting, Callable[[], Iterator[Claim]]]] = {
        "districts": (planted_in(explore, "area"), lambda: page(f"{EXPLORE}&by=area")),
        "months of a quarter": (as_quarter, lambda: page(f"{EXPLORE}&by=month")),
        "a workbook's n": (
            planted_in("analysis.exports.estimates", "agency"),
            lambda: test_one_figure.workbook(reviewer),
        ),
        "agencies by command": (planted_in(command, "agency"), lambda: iter(told_by(demonstration, "agency"))),
        "channels by command": (planted_in(command, "channel"), lambda: iter(told_by(demonstration, "channel"))),
        "the public's figure by command": (
            planted_in(command, None, "public"),  # of so small a demonstration no row is told to everybody
            lambda: iter(told_by(demonstration, None, "public")),
        ),
        "channels on the page": (planted_in(explore, "channel"), lambda: page(f"{EXPLORE_PUBLISHED}&by=channel")),
        "contributions": (
            planted_at("analysis.presentation.gap_contributions._shown", in_its_figure),
            lambda: page(f"{DESK}/administration?year={PUBLISHED}"),
        ),
        "an English page": (
            planted_at("analysis.results.phrases.figure_sentence", in_english_alone),
            lambda: test_one_figure.in_english(demonstration.test_client()),
        ),
        "a picture's numbers": (
            planted_at(
                "analysis.results.picture_files._numbers", lambda told: [*told[:4], (told[4] or 0) + 1, told[5]]
            ),
            lambda: test_one_figure.pictures(demonstration.test_client()),
        ),
        "a command's export": (
            planted_in("analysis.exports.estimates", None),
            lambda: test_one_figure.written_by_command(demonstration, Path(mkdtemp(dir=tmp_path))),
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
        right = list(figure_claims.of_attachment("attachment", report.figures))
        forms = {
            "analysis.reports.html.render": lambda: test_one_figure.in_html(report),
            "analysis.reports.word.render": lambda: test_one_figure.in_word(report),
            "analysis.reports.pdf.render": lambda: test_one_figure.in_pdf(report),
        }
        for name, look in forms.items():
            assert seen(right, look) == [], name
            with monkeypatch.context() as patch:
                rendered_rolled(name)(patch)
                assert seen(right, look), name
        with monkeypatch.context() as patch:  # a sentence that tells another n than its table
            planted_at("analysis.reports.parts.results.two_sentences", one_more)(patch)
            wrong = build_report(PROVINCE, "so-noi-vu", Period.parse(YEAR))
            for look in (test_one_figure.in_html, test_one_figure.in_word, test_one_figure.in_pdf):
                assert seen(right, partial(look, wrong)), look.__name__


def seen(right: list[Claim], look: Callable[[], Iterator[Claim]]) -> list[str]:
    """What the comparison finds wrong; a table that is not in the Word file as it should be counts too."""
    try:
        return disagreements([*right, *look()])
    except AssertionError as error:
        return [str(error)]
