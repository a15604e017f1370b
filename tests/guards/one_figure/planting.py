"""Faults, each planted in one kind of place: another n, numbers of another row, another question answered."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import Any

import pytest
from flask_babel import get_locale

from analysis.figures.figure import Figures
from analysis.figures.query import FigureQuery
from analysis.figures.service import answer
from analysis.reports.document import DocumentTable, Report
from survey.foundation.periods import Period

Planting = Callable[[pytest.MonkeyPatch], None]


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
        quarter = answer(replace(question, by=None, period=Period.parse(f"{question.period.code}-Q3")), *rest).total
        told = (
            replace(quarter, domain=figure.domain, label=figure.label, key=figure.key) for figure in figures.figures
        )
        return replace(figures, figures=tuple(told))

    patch.setattr("analysis.desk.explore.answer", wrong)
