"""The fixtures made with R's `survey` package (4.1-1), as cells; see tests/data/survey/README.md."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis.statistics import Cells, DomainEstimate, Ratio

DATA = Path(__file__).parents[1] / "data" / "survey"
Record = dict[str, str]


@cache
def expected(name: str) -> dict[str, Any]:
    return json.loads((DATA / "expected" / f"{name}.json").read_text())


@cache
def records(name: str) -> tuple[Record, ...]:
    with (DATA / f"{name}.csv").open(newline="") as file:
        return tuple(csv.DictReader(file))


def close(value: Any) -> Any:
    """Relative 1e-9, as promised; expected zeros may be rounding (1e-15)."""
    return pytest.approx(value, rel=1e-9, abs=1e-15)


def satisfied(record: Record) -> bool:
    return int(record["rating"]) >= 4


def month_cells(
    stratum: Callable[[Record], str],
    post: Callable[[Record], str],
    *,
    domain: Callable[[Record], str] = lambda _: "",
    base_weight: Callable[[Record], float] | None = None,
    margins: Iterable[str] = (),
    ratio: Callable[[list[Record]], tuple[int, int, int, int, int]] | None = None,
    scale: int = 1,
) -> Cells:
    """One month, 24 units x 12 services x 2 respondent kinds: one cell each, silent ones included.

    `ratio` gives sum z, sum a, sum z^2, sum z a, sum a^2 of a cell's answers.
    """
    answers: dict[tuple[str, ...], list[Record]] = defaultdict(list)
    caseload: Counter[str] = Counter()
    rows = records("a_month_caseload")
    for one in records("a_month_micro"):
        answers[one["unit"], one["service"], one["kind"]].append(one)
    for one in rows:
        caseload[post(one)] += int(one["N"])
    groups = [answers[one["unit"], one["service"], one["kind"]] for one in rows]
    sums = [np.array(column) for column in zip(*map(ratio, groups), strict=True)] if ratio else None
    return Cells.from_columns(
        stratum=[stratum(one) for one in rows],
        post_stratum=[post(one) for one in rows],
        caseload=[caseload[post(one)] for one in rows],
        domain=[domain(one) for one in rows],
        responses=[len(group) for group in groups],
        satisfied=[sum(map(satisfied, group)) for group in groups],
        base_weight=[base_weight(one) for one in rows] if base_weight else None,
        margins={name: [one[name] for one in rows] for name in margins},
        ratio=Ratio(*sums, scale=scale) if sums else None,
    )


def clustered_cells(
    micro: Iterable[Record],
    *,
    stratum: str,
    psu: str,
    post: Callable[[Record], str],
    caseload: Mapping[str, float],
    domain: Callable[[Record], str] = lambda _: "",
    base_weight: Callable[[Record], str] = lambda _: "1",
    margins: Iterable[str] = (),
    hit: Callable[[Record], bool] = satisfied,
) -> Cells:
    """Answers grouped to cells; `stratum` and `psu` name columns ("" = none), `caseload` is by post-stratum."""

    def key(one: Record) -> tuple[str, ...]:
        given = [one[stratum] if stratum else "", post(one), one[psu] if psu else "", domain(one), base_weight(one)]
        return (*given, *(one[name] for name in margins))

    n, s = Counter[tuple[str, ...]](), Counter[tuple[str, ...]]()
    for one in micro:
        n[key(one)] += 1
        s[key(one)] += hit(one)
    return Cells.from_columns(
        stratum=[one[0] for one in n],
        post_stratum=[one[1] for one in n],
        caseload=[caseload[one[1]] for one in n],
        psu=[one[2] for one in n],
        domain=[one[3] for one in n],
        base_weight=[float(one[4]) for one in n],
        responses=list(n.values()),
        satisfied=[s[one] for one in n],
        margins={name: [one[5 + i] for one in n] for i, name in enumerate(margins)},
    )


def unit_service(record: Record) -> str:
    return f"{record['unit']}|{record['service']}"


def assert_same_figure(found: DomainEstimate, want: dict[str, Any]) -> None:
    """Every number of R's result that ours has too."""
    assert found.estimate == close(want["est"])
    assert found.standard_error == close(want["se"])
    assert found.variance == close(want["var"])
    assert (found.df, found.n) == (want["df"], want["n"])
    assert found.sum_of_weights == close(want["sum_w"])
    if want["deff"] in ("NaN", "NA", 0):
        assert found.design_effect is None
    else:
        assert found.design_effect == close(want["deff"])
    assert found.kish_design_effect == close(want["kish_deff"])


def assert_same_domains(domains: Iterable[DomainEstimate], covariance: Any, want: dict[str, Any]) -> None:
    """`svyby(..., covmat = TRUE)`: estimates, errors, design effects, covariances and each domain's own figures."""
    found = {one.domain: one for one in domains}
    for level, estimate, error in zip(want["levels"], want["est"], want["se"], strict=True):
        assert found[level].estimate == close(estimate)
        assert found[level].standard_error == close(error)
        if level in want["per_level"]:
            assert_same_figure(found[level], want["per_level"][level])
    scale = np.sqrt(np.outer(want["se"], want["se"]))
    assert list(found) == want["levels"]
    np.testing.assert_allclose(covariance, want["vcov_ratio"], rtol=1e-9, atol=1e-12 * float(scale.max()) ** 2)
