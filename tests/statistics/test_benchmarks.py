"""The benchmarks run, and the simulated proof of the verdict rule holds in small."""

import pytest

from benchmarks import estimation, verdict_errors


def test_the_speed_benchmark_prints_both_cases(capsys: pytest.CaptureFixture[str]) -> None:
    estimation.main(["--quick"])
    shown = capsys.readouterr().out
    assert "300 agencies, verdicts" in shown
    assert "counter-days" in shown


@pytest.mark.parametrize("percent", [60, 90])
@pytest.mark.parametrize(
    "name",
    [
        "one counter-day of 200 holds 94 %, 20 days the rest",
        "1 answer in a 94 % stratum, 300 elsewhere",
        "5 of 100 answers in a 66 % stratum",
        "40 strata of 1 to 4 answers",
        "20 counter-days of 15, ICC 0.05",
    ],
)
def test_verdicts_on_the_target_are_seldom_wrong(name: str, percent: int) -> None:
    case = next(one for one in verdict_errors.cases() if one.name == name)
    found = verdict_errors.errors(case, percent, 400, seed=1)
    assert not verdict_errors.excess(found["ours"].met, 400)
    assert not verdict_errors.excess(found["ours"].not_met, 400)


def test_the_usual_rules_fail_where_ours_does_not() -> None:
    case = next(one for one in verdict_errors.cases() if one.name.startswith("1 answer in a 94 %"))
    found = verdict_errors.errors(case, 60, 400, seed=1)
    assert all(found[rule].met > 0.4 for rule in ("Wald", "logit", "Wilson", "beta"))


def test_the_rule_fails_once_answering_depends_on_satisfaction() -> None:
    rates = [verdict_errors.volunteer_errors(odds, 1_600, 80, 400, seed=1) for odds in (1.0, 1.2, 2.0)]
    assert rates[0] < 0.1 < rates[1] < rates[2]
