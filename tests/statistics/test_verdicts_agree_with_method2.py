"""method2/: 30 designs whose figures an independent program in R (`method2.R`) worked out answer by answer.

Estimate and variance there are those of R's `survey`; degrees of freedom, bias, n_eff, bounds and verdicts are that
program's own, from the formulas. It shares no code with ours.
"""

from pathlib import Path
from typing import Any

import pytest

from analysis.statistics import DomainEstimate, Estimation, Threshold, estimate, judge
from analysis.statistics.cells.cells_csv import read_cells
from tests.statistics.survey_data import DATA, close, expected

EXPECTED = {name: want for name, want in expected("../method2/expected").items() if name != "_meta"}
FILES = sorted(path.name for path in (DATA / "method2").glob("*.csv"))


def figures(name: str) -> Estimation:
    return estimate(read_cells(Path(DATA / "method2" / name))[0])


def same(ours: float | None, want: float | None) -> bool:
    return ours == close(want) if want is not None else ours is None


def test_every_design_has_its_expected_figures() -> None:
    assert sorted(EXPECTED) == FILES
    assert len(FILES) == 30


@pytest.mark.parametrize("name", FILES)
def test_every_figure_of_a_design_agrees(name: str) -> None:
    want, ours = EXPECTED[name], figures(name)
    assert ours.method == want["method"]
    assert [domain.domain for domain in ours.domains] == [domain["domain"] for domain in want["domains"]]
    for domain, figure in zip(ours.domains, want["domains"], strict=True):
        assert (domain.n, domain.df) == (figure["n"], figure["df"])
        for key in ("estimate", "variance", "df_effective", "kappa", "n_eff"):
            assert same(getattr(domain, key), figure[key]), (key, getattr(domain, key), figure[key])
        assert same(domain.model_total, figure["gamma"])
        assert same(domain.interval_90 and domain.interval_90.low, figure["lower"])
        assert same(domain.interval_90 and domain.interval_90.high, figure["upper"])
        for target, verdict in figure["verdicts"].items():
            assert_same_verdict(domain, target, verdict)


def assert_same_verdict(domain: DomainEstimate, target: str, want: dict[str, Any]) -> None:
    verdict = judge(domain, Threshold.parse(target))
    assert (verdict.point, verdict.evidence) == (want["point"], want["evidence"])
    assert same(verdict.p_above, want["p_above"])
    assert same(verdict.p_below, want["p_below"])
    assert verdict.responses_needed == want["responses_needed"]
