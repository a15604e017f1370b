"""A province's whole years side by side: for each promise the published figures of its years, and what was promised.

Nothing is computed anew: every figure stands in a publication, and one held back there is held back here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from analysis.periods.models import Closing
from survey.foundation.periods import Period

RISEN, FALLEN, UNSURE = "risen", "fallen", "unsure"


@dataclass(frozen=True)
class YearCell:
    """One subject in one published year; `targets` that speak then, the one due last at the end.

    `row`: the figure as published; None of a promise about units, which has no answers.
    """

    year: int
    targets: tuple[dict[str, Any], ...]
    row: dict[str, Any] | None = None
    revision: int = 1

    @property
    def levels(self) -> list[float]:
        """The promised shares (0-1) it is held to."""
        return [float(Fraction(target["threshold"])) for target in self.targets]

    @property
    def interval(self) -> dict[str, Any] | None:
        """The 90 % interval; None where no figure was published."""
        interval: dict[str, Any] | None = (self.row or {}).get("interval_90")
        return interval


@dataclass(frozen=True)
class Step:
    """One promised level over time: promised up to `due_year`, after it a mark up to `last` (both included)."""

    target: dict[str, Any]
    first: int
    last: int

    @property
    def level(self) -> float:
        """The promised share, 0-1."""
        return float(Fraction(self.target["threshold"]))

    @property
    def due_year(self) -> int:
        """The year by which it was promised."""
        return int(self.target["due_year"])


@dataclass(frozen=True)
class PromiseYears:
    """What one subject's promises ask, and what its published years say; years ascend."""

    subject: str | None
    coverage_of: str | None
    cells: tuple[YearCell, ...]
    steps: tuple[Step, ...]

    @property
    def code(self) -> str:
        """Its name in addresses."""
        return str(self.subject or self.coverage_of)

    @property
    def by_year(self) -> dict[int, YearCell]:
        """Its cells by year."""
        return {cell.year: cell for cell in self.cells}

    @property
    def latest(self) -> YearCell:
        """The last published year."""
        return self.cells[-1]

    @property
    def drawn(self) -> tuple[YearCell, ...]:
        """The years with a figure."""
        return tuple(cell for cell in self.cells if cell.interval is not None)

    @property
    def of_two(self) -> YearCell | None:
        """The latest year in which two promises spoke at once; None where none did."""
        return next((cell for cell in reversed(self.cells) if len(cell.targets) > 1), None)

    @property
    def trend(self) -> str | None:
        """From the year before to the last: `risen` or `fallen` where the 90 % intervals do not touch.

        That is more careful than a test of the difference; None with fewer than two figures.
        """
        if len(self.drawn) < 2:
            return None
        before, now = (cell.interval or {} for cell in self.drawn[-2:])
        if now["low"] > before["high"]:
            return RISEN
        return FALLEN if now["high"] < before["low"] else UNSURE


def promise_years(closings: Iterable[Closing]) -> list[PromiseYears]:
    """The whole province's promises in the order of its latest publications, over the whole years among `closings`."""
    kept: dict[tuple[str | None, str | None], list[YearCell]] = {}
    for year, closing in _whole_years(closings):
        spoken: dict[tuple[str | None, str | None], list[dict[str, Any]]] = {}
        for target in (closing.figures or {}).get("targets", []):
            if not target.get("agency"):
                spoken.setdefault((target["subject"], target["coverage_of"]), []).append(target)
        for about, targets in spoken.items():
            in_order = _by_due_year(targets)
            cell = YearCell(year, in_order, in_order[-1].get("figure"), closing.revision)
            kept.setdefault(about, []).append(cell)
    return [_of(subject, coverage_of, cells) for (subject, coverage_of), cells in kept.items()]


def agency_years(closings: Iterable[Closing], code: str) -> list[PromiseYears]:
    """One agency's published years by subject, beside its own promises and the province's."""
    kept: dict[str, list[YearCell]] = {}
    for year, closing in _whole_years(closings):
        figures = closing.figures or {}
        for subject, entry in figures.get("subjects", {}).items():
            spoken = [
                target
                for target in figures["targets"]
                if target["subject"] == subject and target.get("agency") in (None, code)
            ]
            for row in entry["by"].get("agency", []):
                if row["domain"] == code:
                    cell = YearCell(year, _by_due_year(spoken), row, closing.revision)
                    kept.setdefault(subject, []).append(cell)
    return [_of(subject, None, cells) for subject, cells in kept.items()]


def _whole_years(closings: Iterable[Closing]) -> list[tuple[int, Closing]]:
    """The latest first."""
    periods = [(Period.parse(closing.period), closing) for closing in closings]
    years = [(period.year, closing) for period, closing in periods if period.kind == "year"]
    return sorted(years, key=lambda published: published[0], reverse=True)


def _by_due_year(targets: Iterable[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    return tuple(sorted(targets, key=lambda target: int(target["due_year"])))


def _of(subject: str | None, coverage_of: str | None, cells: Sequence[YearCell]) -> PromiseYears:
    ascending = tuple(reversed(cells))
    return PromiseYears(subject, coverage_of, ascending, tuple(_steps(ascending)))


def _steps(cells: Sequence[YearCell]) -> Iterable[Step]:
    spoken: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    for cell in cells:
        for target in cell.targets:
            spoken.setdefault(target["id"], []).append((cell.year, target))
    before: int | None = None
    for standings in sorted(spoken.values(), key=lambda standings: int(standings[0][1]["due_year"])):
        (first, _target), (last, target) = standings[0], standings[-1]
        due = int(target["due_year"])
        start = first if before is None else min(first, before)
        yield Step(target, min(start, due), max(last, due))
        before = due
