"""The plain mean of health and education, guarded as one figure."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from analysis.statistics import Cells, DomainEstimate, Threshold, estimate, judge, mean_of
from analysis.statistics.variance.effective import clustered_sample_size
from analysis.statistics.verdicts.shifted import verdicts_at


def without_days(satisfied: int, responses: int, caseload: int) -> DomainEstimate:
    columns = {"stratum": ["a"], "post_stratum": ["a"], "caseload": [caseload]}
    return estimate(Cells.from_columns(**columns, responses=[responses], satisfied=[satisfied]), fpc=False).domains[0]


def days(stratum: str, counts: list[tuple[int, int]], caseload: int = 90_000) -> DomainEstimate:
    cells = Cells.from_columns(
        stratum=[stratum] * len(counts),
        post_stratum=[stratum] * len(counts),
        psu=[str(i) for i in range(len(counts))],
        caseload=[caseload] * len(counts),
        responses=[n for n, _ in counts],
        satisfied=[s for _, s in counts],
    )
    return estimate(cells).domains[0]


HEALTH = [(12, 10), (9, 7), (20, 13), (7, 7), (15, 12), (11, 9)]
SCHOOLS = [(30, 26), (25, 20), (28, 27), (31, 22)]


def test_sectors_without_days_are_the_plain_mean() -> None:
    health, education = without_days(300, 400, 1_000_000), without_days(45, 50, 2_000)
    mean = mean_of([health, education], "health_and_education")
    assert mean.exact_estimate == (Fraction(3, 4) + Fraction(9, 10)) / 2
    assert mean.variance == pytest.approx((health.variance + education.variance) / 4)
    assert (mean.n, mean.df, mean.caseload) == (450, 448, None)
    spread = 450 / 449 * 0.825 * 0.175
    assert mean.n_eff == pytest.approx(min(450, spread / mean.variance, 4 / (1 / 400 + 1 / 50)))
    assert (mean.df_effective, mean.kappa) == (None, None)
    assert mean_of([health, replace(education, estimate=None)], "x").estimate is None


def test_the_parts_variances_under_the_model_add_up() -> None:
    """Section by section: A, E and Gamma halved twice, Satterthwaite over the parts, the guard of one figure."""
    health, schools = days("h", HEALTH), days("s", SCHOOLS)
    mean = mean_of([health, schools], "")
    seen = health.model_seen + schools.model_seen
    df = seen**2 / (health.model_seen**2 / health.df_effective + schools.model_seen**2 / schools.df_effective)
    assert mean.df_effective == pytest.approx(df, rel=1e-12)
    assert mean.kappa == pytest.approx(max(1, seen / (health.model_expected + schools.model_expected)), rel=1e-12)
    assert mean.model_total == pytest.approx((health.model_total + schools.model_total) / 4, rel=1e-12)
    size = clustered_sample_size(
        n=np.array([188.0]),
        p=np.array([(health.estimate + schools.estimate) / 2]),
        variance=np.array([(health.variance + schools.variance) / 4]),
        design_based=np.array([4 / (1 / health.design_based_size + 1 / schools.design_based_size)]),
        df=np.array([df]),
        bias=np.array([mean.kappa]),
        alike=np.array([mean.model_total]),
    )
    assert mean.n_eff == pytest.approx(float(size[0]), rel=1e-12)
    assert judge(mean, Threshold.parse(">60")).evidence == "met"


def test_one_day_in_one_sector_is_one_answer_and_no_degree_of_freedom() -> None:
    mean = mean_of([days("h", HEALTH), days("s", [(400, 320)])], "")
    assert mean.df_effective == pytest.approx(days("h", HEALTH).df_effective)
    assert mean.n_eff < 4
    assert judge(mean, Threshold.parse(">60")).evidence == "insufficient"


def test_a_sector_without_days_counts_each_answer_as_one() -> None:
    health, schools = days("h", HEALTH), without_days(300, 400, 90_000)
    mean = mean_of([health, schools], "")
    assert mean.clustered
    assert mean.model_total == pytest.approx((health.model_total + 1 / 400) / 4)
    assert health.df_effective < mean.df_effective < health.df_effective + 399


def test_a_mean_has_no_interval_where_a_part_has_none() -> None:
    silent_variance = replace(days("s", SCHOOLS), n_eff=None)
    assert mean_of([days("h", HEALTH), silent_variance], "").n_eff is None
    assert mean_of([days("h", HEALTH), silent_variance], "").interval_90 is None


def test_the_points_that_overturn_a_mean_move_both_sectors_alike() -> None:
    health, schools = replace(days("h", HEALTH), response_rate=0.2), replace(days("s", SCHOOLS), response_rate=0.6)
    mean = mean_of([health, schools], "")
    assert mean.response_rate is None  # visits and pupils are no population together
    verdict = judge(mean, Threshold.parse(">80"))
    assert verdict.overturn is not None
    assert verdict.overturn.rho is None
    moved = [part.estimate - (1 - part.response_rate) * verdict.overturn.of_point for part in (health, schools)]
    assert sum(moved) / 2 == pytest.approx(0.8)
    at_five = next(shift for shift in verdicts_at(mean, verdict) if abs(shift.points) == 0.05)
    assert (at_five.point is verdict.point) == (abs(verdict.overturn.of_point) >= 0.05)
    assert mean_of([health, replace(schools, response_rate=None)], "").mean_rate is None
