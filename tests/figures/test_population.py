"""How many dossiers stand behind a figure."""

from __future__ import annotations

from fractions import Fraction

from survey.registry.queries import CaseloadRow


def rows(*counts: tuple[str, int], unit: str = "dossier", kind: str = "") -> list[CaseloadRow]:
    return [CaseloadRow(1, 7, month, kind, unit, count) for month, count in counts]


def population(given: list[CaseloadRow], months: tuple[str, ...], asking: tuple[str, ...] = ()):
    from analysis.figures.weighting.population import populations

    return populations(given, months, {1: frozenset(asking)}).get((1, 7))


def test_flows_are_summed_and_stocks_averaged() -> None:
    months = ("2026-08", "2026-09")

    assert population(rows(("2026-08", 100), ("2026-09", 50)), months).total == 150
    assert population(rows(("2026-08", 100), ("2026-09", 50), unit="pupil"), months).total == 75


def test_a_period_with_under_half_of_its_asking_months_counts_as_none() -> None:
    months = tuple(f"2026-{month:02d}" for month in range(1, 7))
    asking = ("2026-01", "2026-02", "2026-03", "2026-04", "2026-05")

    assert population(rows(("2026-01", 10), ("2026-02", 10)), months, asking) is None
    assert population(rows(("2026-01", 10), ("2026-02", 10), ("2026-03", 10)), months, asking).total == 30


def test_a_late_month_borrows_the_latest_of_the_three_before_and_says_so() -> None:
    borrowed = population(rows(("2026-07", 70), ("2026-08", 80)), ("2026-10",), ("2026-10",))

    assert (borrowed.total, borrowed.provisional) == (80, True)
    assert population(rows(("2026-06", 60)), ("2026-10",), ("2026-10",)) is None


def test_of_a_month_that_is_cut_flows_count_in_part_and_stocks_in_the_mean() -> None:
    from analysis.figures.weighting.population import populations

    months, half = ("2026-08", "2026-09"), {"2026-09": Fraction(1, 2)}
    flow = populations(rows(("2026-08", 100), ("2026-09", 50)), months, {}, half)[1, 7]
    stock = populations(rows(("2026-08", 90), ("2026-09", 60), unit="pupil"), months, {}, half)[1, 7]

    assert (flow.total, flow.in_proportion) == (125, True)
    assert (stock.total, stock.in_proportion) == (80, False)


def test_a_cut_month_borrows_the_same_part_of_an_earlier_one() -> None:
    from analysis.figures.weighting.population import populations

    borrowed = populations(rows(("2026-09", 80)), ("2026-10",), {}, {"2026-10": Fraction(1, 4)})[1, 7]

    assert (borrowed.total, borrowed.provisional, borrowed.in_proportion) == (20, True, True)


def test_a_month_that_has_its_file_borrows_nothing() -> None:
    own = population(rows(("2026-09", 90), ("2026-10", 100)), ("2026-10",), ("2026-10",))

    assert (own.total, own.provisional) == (100, False)


def test_kinds_are_told_apart_only_where_every_row_tells_them() -> None:
    split = rows(("2026-10", 60), kind="individual") + rows(("2026-10", 40), kind="organisation")

    assert population(split, ("2026-10",)).quarters == {"": {"individual": 60, "organisation": 40}}
    assert population(split + rows(("2026-10", 5)), ("2026-10",)).quarters == {"": {"": 105}}


YEAR = tuple(f"2026-{month:02d}" for month in range(1, 13))


def test_a_longer_period_is_counted_by_quarter_and_one_of_three_months_is_not() -> None:
    counts = [("2026-01", 10), ("2026-02", 20), ("2026-04", 40), ("2026-12", 5)]

    assert population(rows(*counts), YEAR).quarters == {"2026-Q1": {"": 30}, "2026-Q2": {"": 40}, "2026-Q4": {"": 5}}
    assert population(rows(*counts), YEAR[:3]).quarters == {"": {"": 30}}
    assert population(rows(*counts), YEAR[:4]).quarters == {"2026-Q1": {"": 30}, "2026-Q2": {"": 40}}


def test_the_quarters_of_a_stock_add_up_to_its_mean_over_the_reported_months() -> None:
    pupils = population(rows(*[(month, 100 + place) for place, month in enumerate(YEAR[:7])], unit="pupil"), YEAR)

    mean = Fraction(sum(range(100, 107)), 7)
    assert pupils.quarters["2026-Q1"] == {"": Fraction(303, 7)}
    assert pupils.quarters["2026-Q3"] == {"": Fraction(106, 7)}
    assert pupils.total == mean
    assert sum(pupils.by_month(None).values()) == mean
