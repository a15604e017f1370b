"""Published tables as a page shows them: named, sorted, searched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from analysis.presentation.charts.axis import axis_from
from analysis.results.publication.phrases import subject_name
from analysis.results.publication.publication_builder import BREAKDOWNS, marked_messages
from survey.foundation.text.vietnamese import fold, sort_key


@dataclass(frozen=True)
class TableRow:
    """A row for the macros of components/charts.html."""

    label: str
    url: str | None
    domain: dict[str, Any]
    key: str = ""


@dataclass(frozen=True)
class PublishedTable:
    """One subject by agency or by service. `held_back`: those whose figure is not shown; `untold`: without an answer
    that may be told. `about`: the code of the subject that `subject` names.

    `marked`: what of all the subject's answers came by file or beyond what counters can serve, in words.
    """

    id: str
    about: str
    subject: str
    by: str
    rows: tuple[TableRow, ...]
    held_back: tuple[TableRow, ...]
    untold: tuple[TableRow, ...]
    without_caseload: tuple[TableRow, ...]
    low: float
    marked: tuple[str, ...] = ()


def tables(
    figures: dict[str, Any],
    asked: str,
    agency_url: Callable[[str], str],
    key_of: Callable[[str, dict[str, Any], str], str],
) -> list[PublishedTable]:
    """Every table with at least one row whose name contains what was asked for, with or without diacritics.

    `agency_url`: the address of an agency's own page; `key_of` subject, row and breakdown: what the row is about.
    """
    wanted = fold(asked)
    shown_tables = [
        replace(
            _table(subject, by, [row for row in rows if wanted in fold(row["label"])], agency_url, key_of),
            marked=marked_messages(entry),
        )
        for subject, entry in figures["subjects"].items()
        for by in BREAKDOWNS  # each agency's services stand on its own page
        if (rows := entry["by"].get(by))
    ]
    return [table for table in shown_tables if table.rows or table.held_back or table.untold or table.without_caseload]


def domain_of(row: dict[str, Any]) -> dict[str, Any]:
    """A row as the drawing macros take it, with the interval that stands beside a verdict."""
    return {
        "suppressed": row["suppressed"],
        "estimate": row["estimate"],
        "interval": row["interval_90"],
        "n": row["n"],
        "received": row.get("received"),
        "partial": bool(row.get("partial")),
        "verdict": None,
    }


def _table(
    subject: str,
    by: str,
    rows: list[dict[str, Any]],
    agency_url: Callable[[str], str],
    key_of: Callable[[str, dict[str, Any], str], str],
) -> PublishedTable:
    def as_row(row: dict[str, Any]) -> TableRow:
        url = agency_url(row["domain"]) if by == "agency" else None
        return TableRow(row["label"], url, domain_of(row), key_of(subject, row, by))

    ordered = sorted(rows, key=lambda row: sort_key(row["label"]))
    shown = [row for row in ordered if row["estimate"] is not None]
    others = [row for row in ordered if row["estimate"] is None and not row["suppressed"]]
    return PublishedTable(
        id=f"{subject}-{by}",
        about=subject,
        subject=subject_name(subject),
        by=by,
        rows=tuple(map(as_row, shown)),
        held_back=tuple(as_row(row) for row in ordered if row["suppressed"]),
        untold=tuple(as_row(row) for row in others if row["n"] is None),
        without_caseload=tuple(as_row(row) for row in others if row["n"] is not None),
        low=axis_from(row["interval_90"]["low"] for row in shown if row["interval_90"]),
    )
