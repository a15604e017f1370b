"""How many answers came beside those that a country's published figures use: told of none, or of thirty and more.

They name no service, mostly. A row tells them by `received` minus `n`, a table's total minus its rows those of the
others: what provinces hold back of themselves (`publication/joint_hiding.py`) their country's table must not tell.
"""

from __future__ import annotations

from typing import Any

from analysis.statistics.disclosure.complementary import complement
from analysis.statistics.disclosure.primary import FEWEST_PUBLIC

Row = dict[str, Any]


def without_few_unused(entry: Row) -> Row:
    """One subject, its rows without `received` where that would tell of 1-29 answers that are not used."""
    total = _unused(entry["total"])
    tables = {by: _table(rows, total) for by, rows in entry["by"].items()}
    return {
        **entry,
        "total": _held(entry["total"]) if 0 < (total or 0) < FEWEST_PUBLIC else entry["total"],
        "by": tables,
    }


def _table(rows: list[Row], total: int | None) -> list[Row]:
    counts = {row["domain"]: unused for row in rows if (unused := _unused(row)) is not None}
    untold = 0 if total is None else total - sum(counts.values())
    few = [domain for domain, count in counts.items() if 0 < count < FEWEST_PUBLIC]
    gone = complement(counts, few, untold=untold)
    secret = [counts[domain] for domain in gone] + ([untold] if untold > 0 else [])
    if secret and (sum(secret) < FEWEST_PUBLIC or (len(secret) == 1 and gone)):
        gone = frozenset(counts)  # nothing else is left to hide beside them
    return [_held(row) if row["domain"] in gone else row for row in rows]


def _unused(row: Row) -> int | None:
    return None if row["n"] is None or row["received"] is None else row["received"] - row["n"]


def _held(row: Row) -> Row:
    return {**row, "received": None, "unweighted": None}
