"""What is published is rounded as pages print it, in every file too.

A share told to the last bit is an equation: the total's, times its caseload, minus those of the rows that are told is
the sum of the hidden ones, and few whole numbers of answers and of satisfied ones make that very sum. Rounded to a
tenth of a percent, thousands do (`tests/attacks/test_shares_as_equations.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from analysis.presentation.phrases import deciding_decimals
from survey.foundation.formatting import as_printed

Row = dict[str, Any]
POINT = 3  # decimals of a share, 0-1: a tenth of a percent
EXACT = "late"  # of a verdict: the share of all who answered one question, not a sum of rows


def rounded_publication(figures: Row) -> Row:
    """A publication, each subject's shares beside the levels of its targets."""
    targets = [target for target in figures["targets"] if "figure" in target]
    levels: dict[str, set[float]] = defaultdict(set)
    for target in targets:
        levels[target["subject"]].add(float(target["threshold"]))
    for target in targets:
        target["figure"] = rounded_row(target["figure"], levels[target["subject"]])
        target["verdict"] = rounded_verdict(target["verdict"])
    for subject, entry in figures["subjects"].items():
        entry["total"] = rounded_row(entry["total"], levels[subject])
        entry["by"] = {by: [rounded_row(row, levels[subject]) for row in rows] for by, rows in entry["by"].items()}
    return figures


def rounded_row(row: Row, levels: Collection[float]) -> Row:
    """A row with its shares to a tenth of a percent and `n_eff` whole; rates of told counts stay as they are.

    Beside `levels` (0-1), what targets ask, a share has as many decimals as show on which side of them it lies.
    """
    shares = {name: _beside(levels, row[name]) for name in ("estimate", "unweighted")}
    intervals = {name: _interval(row[name], levels) for name in ("interval_90", "interval_95")}
    size = row["n_eff"]
    return {**row, **shares, **intervals, "n_eff": None if size is None else as_printed(size, 0)}


def rounded_verdict(verdict: Row | None) -> Row | None:
    """A verdict with what stands beside it to tenths of points."""
    return None if verdict is None else {name: _rounded(name, part) for name, part in verdict.items()}


def _rounded(name: str, value: Any) -> Any:
    match value:
        case float() if name != EXACT:
            return as_printed(value, POINT)
        case dict() if name != EXACT:
            return rounded_verdict(value)
        case list():
            return [_rounded(name, part) for part in value]
        case _:
            return value


def _interval(interval: Row | None, levels: Collection[float]) -> Row | None:
    """Both ends with the same decimals."""
    if interval is None:
        return None
    low, high = interval["low"], interval["high"]
    decimals = _decimals(levels, low, high)
    return {**interval, "low": as_printed(low, decimals), "high": as_printed(high, decimals)}


def _beside(levels: Collection[float], share: float | None) -> float | None:
    return None if share is None else as_printed(share, _decimals(levels, share))


def _decimals(levels: Collection[float], *shares: float) -> int:
    """As many as decide, and more where to print fewer of them would round twice: 0,7505 of 0,75049."""
    decimals = max((deciding_decimals(share, level) + 2 for share in shares for level in levels), default=POINT)
    while not all(_rounds_once(share, decimals) for share in shares):
        decimals += 1
    return decimals


def _rounds_once(share: float, decimals: int) -> bool:
    told = as_printed(share, decimals)
    return all(as_printed(told, fewer) == as_printed(share, fewer) for fewer in range(POINT, decimals))
