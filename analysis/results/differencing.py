"""Holding a new publication against what is public already, so that no difference gives a small group away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from analysis.results.publication_builder import HIDDEN, hide_promises
from analysis.statistics.disclosure.complementary import (
    complement,
    complement_of_all,
    is_safe_difference,
    unsafe_beside_parts,
)
from survey.foundation.periods import Period

Figures = dict[str, Any]
COUNTS = ("n", "received")


def carry_small_changes(new: Figures, previous: Figures | None) -> Figures:
    """A revision: rows whose answers changed by 1-29 keep the figures of the revision before, and say so.

    Otherwise the few late answers could be worked out. Where one row alone would be kept while the total moves,
    the row with the next smallest change is kept too.
    """
    if previous is None:
        return new
    for subject, entry in new["subjects"].items():
        before = previous["subjects"].get(subject)
        if before is None:
            continue
        _carry(entry, "total", before["total"])
        for by, rows in entry["by"].items():
            _carry_rows(rows, {row["domain"]: row for row in before["by"].get(by, [])})
    for target in new["targets"]:
        _carry_target(target, previous["targets"])
    return new


def _carry_rows(rows: list[dict[str, Any]], before: dict[str, dict[str, Any]]) -> None:
    changes = {row["domain"]: _change(row, before.get(row["domain"])) for row in rows}
    small = [domain for domain, change in changes.items() if not is_safe_difference(change)]
    kept = complement({domain: abs(change) for domain, change in changes.items()}, small)
    for position, row in enumerate(rows):
        if row["domain"] in kept and row["domain"] in before:
            rows[position] = {**before[row["domain"]], "kept": True}


def _carry(entry: dict[str, Any], name: str, before: dict[str, Any]) -> None:
    if not is_safe_difference(_change(entry[name], before)):
        entry[name] = {**before, "kept": True}


def _carry_target(target: dict[str, Any], earlier: list[dict[str, Any]]) -> None:
    before = next((figures_then for figures_then in earlier if figures_then["id"] == target["id"]), None)
    if before is None or "figure" not in target or is_safe_difference(_change(target["figure"], before["figure"])):
        return
    target["figure"] = {**before["figure"], "kept": True}
    target["verdict"] = before["verdict"]


def _change(row: dict[str, Any], before: dict[str, Any] | None) -> int:
    """By how many answers a row moved; of its two counts the one that would give away more."""
    moved = [_moved(row.get(name), (before or {}).get(name)) for name in COUNTS]
    return next((change for change in moved if not is_safe_difference(change)), moved[0])


def _moved(now: int | None, before: int | None) -> int:
    return 0 if now is None or before is None else now - before


def hide_remainders(new: Figures, period: Period, others: Iterable[tuple[Period, Figures]]) -> Figures:
    """Hide the rows from which, beside published periods inside or around this one, a small remainder would follow."""
    published = list(others)
    for subject, entry in new["subjects"].items():
        for by, rows in entry["by"].items():
            for row in rows:
                if row["n"] is not None and _leaks(row, period, _rows_of(published, subject, by, row["domain"])):
                    row.update(HIDDEN, suppressed=True)
            _complete(rows, entry["total"])
    return hide_promises(new)


def _complete(rows: list[dict[str, Any]], total: dict[str, Any]) -> None:
    measures = []
    for name in COUNTS:
        counts = {row["domain"]: row[name] if row[name] is not None else int(row["suppressed"]) for row in rows}
        whole = total.get(name)
        measures.append((counts, 0 if whole is None else whole - sum(counts.values())))
    hidden = complement_of_all(measures, [row["domain"] for row in rows if row["suppressed"]])
    for row in rows:
        if row["domain"] in hidden:
            row.update(HIDDEN, suppressed=True)


def _rows_of(
    published: list[tuple[Period, Figures]], subject: str, by: str, domain: str
) -> list[tuple[Period, dict[str, Any]]]:
    rows_then = []
    for period, figures in published:
        rows = figures["subjects"].get(subject, {}).get("by", {}).get(by, [])
        rows_then += [(period, row) for row in rows if row["domain"] == domain and row["n"] is not None]
    return rows_then


def _leaks(row: dict[str, Any], period: Period, others: list[tuple[Period, dict[str, Any]]]) -> bool:
    return any(
        _leaks_by(
            name, row, period, [(other, other_row) for other, other_row in others if other_row.get(name) is not None]
        )
        for name in COUNTS
        if row[name] is not None
    )


def _leaks_by(name: str, row: dict[str, Any], period: Period, others: list[tuple[Period, dict[str, Any]]]) -> bool:
    inside = [(other, other_row) for other, other_row in others if _contains(period, other)]
    if unsafe_beside_parts(row[name], (other_row[name] for _, other_row in _disjoint(inside))):
        return True
    for around, other_row in others:
        if _contains(around, period):
            siblings = [(other, o) for other, o in others if _contains(around, other) and not _overlaps(other, period)]
            parts = [o[name] for _, o in _disjoint(siblings)]
            if unsafe_beside_parts(other_row[name], [*parts, row[name]]):
                return True
    return False


def _contains(outer: Period, inner: Period) -> bool:
    return outer.first <= inner.first and inner.last <= outer.last and outer.months != inner.months


def _overlaps(first: Period, other: Period) -> bool:
    return first.first <= other.last and other.first <= first.last


def _disjoint(rows: list[tuple[Period, dict[str, Any]]]) -> Iterator[tuple[Period, dict[str, Any]]]:
    """The longest periods first, each month at most once."""
    taken: list[Period] = []
    for period, row in sorted(rows, key=lambda pair: (-len(pair[0].months), pair[0].first)):
        if not any(_overlaps(period, other) for other in taken):
            taken.append(period)
            yield period, row
