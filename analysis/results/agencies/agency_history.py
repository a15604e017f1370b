"""One agency through all that was published: each period's figure as it was published, and the promise beside it.

Nothing is computed here: a figure held back in a publication is held back on these pages too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from analysis.periods.models import Closing
from analysis.results.publication.publication_builder import marked_messages
from survey.foundation.periods import Period
from survey.foundation.text.vietnamese import fold, sort_key

ABOVE, BELOW, BESIDE = "above", "below", "beside"


@dataclass(frozen=True)
class PeriodLine:
    """One period: the agency's row as published, and the promise it is set beside (None: none speaks then).

    `position`: where the 90 % interval lies: wholly `above` or `below` the promise, or `beside` it; None without one.
    `marked`: what of all the province's answers came by file or beyond what counters can serve, in words.
    """

    period: Period
    row: dict[str, Any]
    target: dict[str, Any] | None
    position: str | None
    marked: tuple[str, ...] = ()

    @property
    def is_own(self) -> bool:
        """Whether the promise is the agency's own, not the whole province's."""
        return self.target is not None and bool(self.target.get("agency"))


@dataclass(frozen=True)
class History:
    """One subject of an agency: whole years, the latest first, then the shorter periods."""

    subject: str
    years: tuple[PeriodLine, ...]
    shorter: tuple[PeriodLine, ...]


def agencies_in(closings: Iterable[Closing], asked: str = "") -> list[tuple[str, str]]:
    """(code, name as last published) of every agency in a publication whose name holds what was asked, by name."""
    wanted = fold(asked)
    names: dict[str, str] = {}
    for closing in closings:  # the latest first
        for rows in _tables(closing):
            for row in rows:
                names.setdefault(row["domain"], row["label"])
    return sorted(
        ((code, name) for code, name in names.items() if wanted in fold(name)), key=lambda agency: sort_key(agency[1])
    )


def history_of(closings: Sequence[Closing], code: str) -> list[History]:
    """What was published of an agency, by subject in the order of the publications."""
    lines: dict[str, list[PeriodLine]] = {}
    for closing in closings:
        figures = closing.figures or {}
        for subject, entry in figures.get("subjects", {}).items():
            row = next(
                (agency_row for agency_row in entry["by"].get("agency", []) if agency_row["domain"] == code), None
            )
            if row is not None:
                lines.setdefault(subject, []).append(
                    _line(Period.parse(closing.period), row, _promise(figures, subject, code), marked_messages(entry))
                )
    return [
        History(
            subject,
            tuple(line for line in years if line.period.kind == "year"),
            tuple(line for line in years if line.period.kind != "year"),
        )
        for subject, years in lines.items()
    ]


def _tables(closing: Closing) -> Iterable[list[dict[str, Any]]]:
    subjects = (closing.figures or {}).get("subjects", {})
    return (entry["by"].get("agency", []) for entry in subjects.values())


def _promise(figures: dict[str, Any], subject: str, code: str) -> dict[str, Any] | None:
    """The agency's own promise, else the province's that is due last."""
    spoken = [
        figure for figure in figures["targets"] if figure["subject"] == subject and figure.get("agency") in (None, code)
    ]
    return max(spoken, key=lambda target: (bool(target.get("agency")), target["due_year"]), default=None)


def _line(period: Period, row: dict[str, Any], target: dict[str, Any] | None, marked: tuple[str, ...]) -> PeriodLine:
    return PeriodLine(period, row, target, _position(row["interval_90"], target), marked)


def _position(interval: dict[str, Any] | None, target: dict[str, Any] | None) -> str | None:
    if target is None or interval is None:
        return None
    threshold = float(Fraction(target["threshold"]))
    if interval["low"] > threshold:
        return ABOVE
    return BELOW if interval["high"] < threshold else BESIDE
