"""The fixtures made with R's `survey` package (4.1-1), as cells; see tests/data/survey/README.md.

Left out of every figure, because the product shows none of them: `deff_replace` (against sampling with replacement),
svyciprop's intervals other than "beta", and `tests` (svyttest, also on the logit scale: verdicts rest on "beta").
"""

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
import scipy

from analysis.statistics import Cells, DomainEstimate, Ratio
from analysis.statistics.variance.effective import lower_bound, upper_bound

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
    """Relative 1e-9, as promised, of the smallest p-value too."""
    return pytest.approx(value, rel=1e-9, abs=0)


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
    for record in records("a_month_micro"):
        answers[record["unit"], record["service"], record["kind"]].append(record)
    for record in rows:
        caseload[post(record)] += int(record["N"])
    groups = [answers[row["unit"], row["service"], row["kind"]] for row in rows]
    sums = [np.array(column) for column in zip(*map(ratio, groups), strict=True)] if ratio else None
    return Cells.from_columns(
        stratum=[stratum(row) for row in rows],
        post_stratum=[post(row) for row in rows],
        caseload=[caseload[post(row)] for row in rows],
        domain=[domain(row) for row in rows],
        responses=[len(group) for group in groups],
        satisfied=[sum(map(satisfied, group)) for group in groups],
        base_weight=[base_weight(row) for row in rows] if base_weight else None,
        margins={name: [row[name] for row in rows] for name in margins},
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
    score: str = "",
) -> Cells:
    """Answers grouped to cells; `stratum` and `psu` name columns ("" = none), `caseload` is by post-stratum.

    `score` names a column of whole numbers up to 1000, whose mean over 1000 is then the figure.
    """

    def key(record: Record) -> tuple[str, ...]:
        given = [
            record[stratum] if stratum else "",
            post(record),
            record[psu] if psu else "",
            domain(record),
            base_weight(record),
        ]
        return (*given, *(record[name] for name in margins))

    n, s, z, zz = (Counter[tuple[str, ...]]() for _ in range(4))
    for group in micro:
        value = int(group[score]) if score else 0
        for sums, more in ((n, 1), (s, hit(group)), (z, value), (zz, value * value)):
            sums[key(group)] += more
    return Cells.from_columns(
        stratum=[cell[0] for cell in n],
        post_stratum=[cell[1] for cell in n],
        caseload=[caseload[cell[1]] for cell in n],
        psu=[cell[2] for cell in n],
        domain=[cell[3] for cell in n],
        base_weight=[float(cell[4]) for cell in n],
        responses=list(n.values()),
        satisfied=[s[cell] for cell in n],
        margins={name: [cell[5 + i] for cell in n] for i, name in enumerate(margins)},
        ratio=Ratio.mean_rescaled(list(n.values()), list(z.values()), list(zz.values()), top=1000) if score else None,
    )


def unit_service(record: Record) -> str:
    return f"{record['unit']}|{record['service']}"


def assert_same_figure(domain: DomainEstimate, want: dict[str, Any]) -> None:
    """Every number of R's result that ours has too."""
    assert domain.estimate == close(want["est"])
    assert domain.standard_error == close(want["se"])
    assert domain.variance == close(want["var"])
    assert (domain.df, domain.n) == (want["df"], want["n"])
    assert domain.sum_of_weights == close(want["sum_w"])
    if want["deff"] in ("NaN", "NA", 0):
        assert domain.design_effect is None
    else:
        assert domain.design_effect == close(want["deff"])
    assert domain.kish_design_effect == close(want["kish_deff"])
    if want["var"]:
        for level in (0.95, 0.90):
            assert beta_bounds(want, level) == close(want["ci"][f"level{level * 100:.0f}"]["beta"])


def beta_bounds(want: dict[str, Any], level: float) -> list[float]:
    """svyciprop(method = "beta"): our bounds with p(1-p)/V (t_n-1 / t_df)^2 as sample size, n of the whole design."""
    alpha = (1 - level) / 2
    ratio = scipy.stats.t.ppf(alpha, want["n_rows_design"] - 1) / scipy.stats.t.ppf(alpha, want["df"])
    n_eff = want["est"] * (1 - want["est"]) / want["var"] * ratio**2
    return [lower_bound(want["est"], n_eff, alpha), upper_bound(want["est"], n_eff, alpha)]


def assert_same_domains(domains: Iterable[DomainEstimate], covariance: Any, want: dict[str, Any]) -> None:
    """`svyby(..., covmat = TRUE)`: estimates, errors, design effects, covariances and each domain's own figures."""
    by_level = {domain.domain: domain for domain in domains}
    for level, est, se, deff in zip(*(want[name] for name in ("levels", "est", "se", "deff")), strict=True):
        alone = want["per_level"][level]
        assert_same_figure(by_level[level], alone)
        assert_same_figure(by_level[level], alone | {"est": est, "se": se, "deff": deff})
    scale = np.sqrt(np.outer(want["se"], want["se"]))
    assert list(by_level) == want["levels"]
    np.testing.assert_allclose(covariance, want["vcov_ratio"], rtol=1e-9, atol=1e-12 * float(scale.max()) ** 2)
