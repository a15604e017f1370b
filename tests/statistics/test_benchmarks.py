"""The benchmarks run, and the simulated proof of the verdict rule holds in small."""

from itertools import dropwhile, takewhile

import numpy as np
import pytest

from benchmarks import estimation, joined_equations, verdict_errors
from benchmarks.verdict_cases import Case, cases
from survey.foundation.configuration.settings import ROOT


def test_the_speed_benchmark_prints_both_cases(capsys: pytest.CaptureFixture[str]) -> None:
    estimation.main(["--quick"])
    shown = capsys.readouterr().out
    assert "300 agencies, verdicts" in shown
    assert "the same, days" in shown


def test_the_attack_on_joined_selections_prints_a_line_for_each_mean(capsys: pytest.CaptureFixture[str]) -> None:
    joined_equations.main(["--worlds", "1"])
    _head, *lines = capsys.readouterr().out.splitlines()
    assert [int(line.split()[0]) for line in lines] == list(joined_equations.MEANS)
    assert all(int(line.split()[1]) >= int(line.split()[2]) for line in lines)


def case_named(name: str) -> Case:
    return next(case for case in cases() if case.name == name)


@pytest.mark.parametrize("percent", [60, 90])
@pytest.mark.parametrize(
    "name",
    [
        "one day of 200 holds 94 %, 20 days the rest",
        "one day of 300 among 19 of 7",
        "80 % service seen on 2 of 20 days",
        "8 counters that share their days",
        "1 answer in a 94 % stratum, 300 elsewhere",
        "40 strata of 1 to 4, strata differ",
        "20 days of 15, ICC 0.05",
        "60 tiny communes, 1 to 4 days of 3 answers",
    ],
)
def test_verdicts_on_the_target_are_seldom_wrong(name: str, percent: int) -> None:
    rates = verdict_errors.errors(case_named(name), percent, 400, seed=1)
    assert not verdict_errors.excess(rates["ours"].met, 400)
    assert not verdict_errors.excess(rates["ours"].not_met, 400)


def test_quarters_hold_a_year_of_roll_out_and_drift_that_one_heap_does_not() -> None:
    quarters, heap = (
        verdict_errors.errors(case_named(f"year, roll-out, drift; {name}, weeks"), 80, 200, seed=1)["ours"]
        for name in ("quarters", "one heap")
    )
    assert not verdict_errors.excess(quarters.met, 200)
    assert heap.met > 0.2


def rows_of(page: str, heading: str) -> list[list[str]]:
    """The rows of a page's table of false verdicts, cell by cell."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    lines = text[text.index(heading) :].splitlines()
    table = takewhile(lambda line: line.startswith("|"), dropwhile(lambda line: not line.startswith("|"), lines))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table if not line.startswith("|---")]


def test_the_table_for_statisticians_is_the_one_last_measured() -> None:
    measured = rows_of("measurements.md", "\n## verdict_errors")
    assert len(measured) > 200
    assert rows_of("statistics.md", "\n## How often verdicts are wrong") == measured


def test_the_usual_rules_fail_where_ours_does_not() -> None:
    rates = verdict_errors.errors(case_named("1 answer in a 94 % stratum, 300 elsewhere"), 60, 400, seed=1)
    assert all(rates[rule].met > 0.4 for rule in ("mean", "logit", "Wilson", "beta"))


def test_the_rule_is_of_use_five_points_from_the_target() -> None:
    right = verdict_errors.power(case_named("400 answers, one stratum"), 80, 400, seed=1)
    assert right.met > 0.5
    assert right.not_met > 0.5


def test_the_truth_of_every_case_is_the_target() -> None:
    """Offsets have mean 0 over all dossiers, or a false verdict would be a true one."""
    for case in cases():
        offsets = case.offset if len(case.offset) else np.zeros(len(case.responses))
        if case.name.startswith("year"):
            months = {
                (int(a), int(day) % 240 // 20): o for a, day, o in zip(case.stratum, case.day, offsets, strict=True)
            }
            seen = [value for (agency, _), value in months.items() if agency == 0]
            assert len(seen) in (9, 12)
            assert len(seen) == 9 or sum(seen) == pytest.approx(0)
        elif "wrong by 30" not in case.name:
            of_post = np.zeros(len(case.caseload))
            of_post[case.post] = offsets
            assert case.caseload @ of_post == pytest.approx(0, abs=1e-6)


def test_the_rule_fails_once_answering_depends_on_satisfaction() -> None:
    rates = [verdict_errors.volunteer_errors(odds, 1_600, 80, 400, seed=1) for odds in (1.0, 1.2, 2.0)]
    assert rates[0] < 0.1 < rates[1] < rates[2]
