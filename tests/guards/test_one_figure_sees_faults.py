"""The comparison of figures sees a fault planted in each kind of place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from analysis.figures.figure import Figures
from analysis.figures.query import FigureQuery
from analysis.figures.service import answer
from survey.foundation.periods import Period
from tests.guards import figure_claims, test_one_figure
from tests.guards.figure_claims import Claim
from tests.guards.test_one_figure import DESK, PROVINCE, YEAR, body, disagreements, reviewer

__all__ = ["reviewer"]
EXPLORE = f"{DESK}/administration/explore?subject=agency_service&period={YEAR}"
Planting = Callable[[pytest.MonkeyPatch], None]


def told_by(app: Flask, by: str, audience: str = "staff", subject: str = "agency_service") -> list[Claim]:
    """What the command tells of a subject of the year."""
    asked = [f"--province={PROVINCE}", f"--period={YEAR}", f"--subject={subject}", f"--by={by}"]
    return list(test_one_figure.estimated(app.test_cli_runner(), [*asked, f"--audience={audience}"]))


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
    demonstration: Flask, reviewer: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def page(address: str) -> Iterator[Claim]:
        return figure_claims.of_page("page", body(reviewer, address))

    explore, command = "analysis.desk.explore", "analysis.presentation.commands"
    right = [
        *(claim for by in ("area", "agency", "channel") for claim in told_by(demonstration, by)),
        *test_one_figure.workbook(reviewer),
        *page(f"{EXPLORE}&by=month"),
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
    }
    for name, (plant, look) in faults.items():
        assert seen(right, look) == [], name  # nothing is wrong before
        with monkeypatch.context() as patch:
            plant(patch)
            assert seen(right, look), name


def seen(right: list[Claim], look: Callable[[], Iterator[Claim]]) -> list[str]:
    """What the comparison finds wrong; a table that is not in the Word file as it should be counts too."""
    try:
        return disagreements([*right, *look()])
    except AssertionError as error:
        return [str(error)]
