"""What a revision keeps of the one before, so that no difference gives a small group away."""

from __future__ import annotations

from typing import Any

from analysis.statistics.disclosure.complementary import complement, is_safe_difference

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
