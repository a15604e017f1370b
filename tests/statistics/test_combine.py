"""A country put together from its provinces is what estimating all of it at once gives."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.statistics import Cells, estimate
from analysis.statistics.combine import combine
from analysis.statistics.verdicts.verdict import Threshold, judge

PROVINCES = ("an-giang", "dak-lak", "son-la")
FIGURES = (
    *("estimate", "variance", "standard_error", "n_eff", "df_effective", "kappa", "sum_of_weights"),
    *("caseload", "response_rate", "coverage", "coverage_adequate", "unweighted"),
)


def rows(seed: int, province: str, *, clustered: bool, silent: bool = False) -> list[dict[str, object]]:
    """Random cells of a province: agencies as design strata, their services as post-strata, days as sampling units."""
    chance = np.random.default_rng([seed, PROVINCES.index(province)])
    cells = []
    for agency in range(int(chance.integers(2, 6))):
        for service in range(int(chance.integers(1, 4))):
            caseload = int(chance.integers(200, 90_000))
            for day in range(int(chance.integers(2, 9))):
                responses = 0 if silent else int(chance.integers(1, 30))
                stratum, post_stratum = f"{province}/{agency}", f"{province}/{agency}/{service}"
                cells.append(
                    {
                        "stratum": stratum if clustered else post_stratum,
                        "post_stratum": post_stratum,
                        "psu": str(day) if clustered else "",
                        "domain": "",
                        "responses": responses,
                        "satisfied": int(chance.integers(0, responses + 1)),
                        "caseload": caseload,
                    }
                )
    return cells


def cells(rows: list[dict[str, object]]) -> Cells:
    return Cells.from_columns(**{name: [row[name] for row in rows] for name in rows[0]})


@pytest.mark.parametrize("clustered", [False, True])
@pytest.mark.parametrize("seed", range(20))
def test_combining_provinces_equals_estimating_all_at_once(seed: int, clustered: bool) -> None:
    parts = [rows(seed, province, clustered=clustered) for province in PROVINCES]
    at_once = estimate(cells([row for part in parts for row in part]))[""]
    combined = combine([estimate(cells(part))[""] for part in parts], "cả nước")
    for name in FIGURES:
        expected, ours = getattr(at_once, name), getattr(combined, name)
        assert ours == (None if expected is None else pytest.approx(expected, rel=1e-13)), name
    assert (combined.n, combined.responses, combined.satisfied) == (at_once.n, at_once.responses, at_once.satisfied)
    assert (combined.domain, combined.converged, combined.df) == ("cả nước", at_once.converged, at_once.df)
    for name in ("interval", "interval_90"):
        ours, expected = getattr(combined, name), getattr(at_once, name)
        assert (ours.level, ours.low, ours.high) == pytest.approx((expected.level, expected.low, expected.high))
    assert combined.exact_estimate == at_once.exact_estimate
    threshold = Threshold.parse(">60")
    assert judge(combined, threshold).evidence is judge(at_once, threshold).evidence


def test_a_silent_province_weighs_nothing_and_lowers_the_coverage() -> None:
    parts = [rows(1, "an-giang", clustered=True), rows(1, "son-la", clustered=True, silent=True)]
    answered, silent = (estimate(cells(part))[""] for part in parts)
    combined = combine([answered, silent], "")
    assert combined.estimate == answered.estimate
    assert combined.caseload == (answered.caseload or 0) + (silent.caseload or 0)
    assert combined.coverage is not None
    assert combined.coverage < 1
    at_once = estimate(cells(parts[0] + parts[1]))[""]
    assert combined.coverage == pytest.approx(at_once.coverage, rel=1e-13)
    assert combined.estimate == pytest.approx(at_once.estimate, rel=1e-13)


def test_nothing_is_made_of_nothing() -> None:
    silent = estimate(cells(rows(1, "son-la", clustered=True, silent=True)))[""]
    whole = combine([silent], "")
    assert (whole.estimate, whole.standard_error, whole.n, whole.exact_estimate) == (None, None, 0, None)
    assert whole.response_rate == 0
    with pytest.raises(ValueError, match="nothing"):
        combine([], "")
