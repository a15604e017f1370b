"""Whatever came when: two looks at an agency at any two moments differ by no answer or by at least ten."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.periods.release_steps import AgencyMonth, cut_while_running, cuts_of_year
from survey.foundation.clock import local_day, month_of, start_of_day
from survey.foundation.periods import Period

STEP = 10
FIRST, LAST = dt.datetime(2026, 9, 1, tzinfo=dt.UTC), dt.datetime(2027, 2, 20, tzinfo=dt.UTC)
HOURS = int((LAST - FIRST) / dt.timedelta(hours=1))
moments = st.integers(0, HOURS).map(lambda hours: FIRST + dt.timedelta(hours=hours))
# (when it was answered, how many hours later it arrived, how many came together)
arrivals = st.lists(st.tuples(moments, st.sampled_from((0, 0, 0, 0, 30, 400, 1500)), st.integers(1, 12)), max_size=60)
Histories = Mapping[str, AgencyMonth]


def histories(came: list[tuple[dt.datetime, int, int]]) -> Histories:
    months: dict[str, Counter[dt.datetime]] = {}
    for answered, late, count in came:
        month = month_of(local_day(answered))
        months.setdefault(month, Counter())[answered + dt.timedelta(hours=late)] += count
    return {
        month: AgencyMonth(sorted(counts.items()), Period.parse(month).ends_at)
        for month, counts in sorted(months.items())
    }


def told(months: Histories, moment: dt.datetime) -> dict[str, int]:
    """How many answers of each month an official who looks at this moment is told of."""
    until = start_of_day(local_day(moment))
    cuts = {m: cut_while_running(month, until, STEP) for m, month in months.items() if month.ended_at > until}
    for year in {month[:4] for month in months}:
        ended = {m: month for m, month in months.items() if m[:4] == year and m not in cuts}
        year_end = Period.parse(year).ends_at
        cuts |= dict(zip(ended, cuts_of_year(list(ended.values()), until, STEP, year_end), strict=True))
    return {month: history.received(min(cuts[month], until)) for month, history in months.items()}


@settings(max_examples=300, deadline=None)
@given(arrivals, moments, moments)
def test_two_looks_differ_by_nothing_or_by_ten_answers(
    came: list[tuple[dt.datetime, int, int]], look: dt.datetime, other: dt.datetime
) -> None:
    months = histories(came)
    before, after = told(months, min(look, other)), told(months, max(look, other))
    changes = {month: after[month] - before[month] for month in months}
    assert all(change >= 0 for change in changes.values()), "what was told is told for ever"
    for year in {month[:4] for month in months}:
        whole = sum(change for month, change in changes.items() if month[:4] == year)
        assert whole == 0 or whole >= STEP
        if not min(look, other) < Period.parse(year).ends_at <= max(look, other):
            # At the end of the year what still waits in its months comes together, ten or more of the agency.
            assert all(change == 0 or change >= STEP for m, change in changes.items() if m[:4] == year)


@settings(max_examples=100, deadline=None)
@given(arrivals, moments)
def test_within_a_day_nothing_moves(came: list[tuple[dt.datetime, int, int]], moment: dt.datetime) -> None:
    months = histories(came)
    midnight = start_of_day(local_day(moment))
    assert told(months, midnight) == told(months, midnight + dt.timedelta(hours=23, minutes=59))


def one_by_one(count: int, first: dt.datetime) -> AgencyMonth:
    minutes = [first + dt.timedelta(minutes=minute) for minute in range(count)]
    month = month_of(local_day(first))
    return AgencyMonth([(at, 1) for at in minutes], Period.parse(month).ends_at)


def test_of_a_running_month_the_newest_ten_to_nineteen_answers_are_held_back() -> None:
    first = dt.datetime(2026, 10, 5, 2, tzinfo=dt.UTC)
    for count in range(60):
        month = one_by_one(count, first)
        held = count - month.received(cut_while_running(month, first + dt.timedelta(days=1), STEP))
        assert held == count if count < 20 else 10 <= held <= 19


def test_the_end_of_a_month_tells_all_that_came_in_time() -> None:
    month = one_by_one(37, dt.datetime(2026, 10, 30, 2, tzinfo=dt.UTC))
    (cut,) = cuts_of_year([month], month.ended_at, STEP, Period.parse("2026").ends_at)
    assert month.received(cut) == 37


def test_late_answers_wait_until_they_are_ten_or_for_the_end_of_the_year() -> None:
    in_time = one_by_one(30, dt.datetime(2026, 10, 5, 2, tzinfo=dt.UTC))
    late = [(dt.datetime(2026, 11, day, 3, tzinfo=dt.UTC), 1) for day in range(2, 15)]
    december = AgencyMonth([(dt.datetime(2026, 12, 7, 3, tzinfo=dt.UTC), 25)], Period.parse("2026-12").ends_at)
    october = AgencyMonth([*in_time.arrivals, *late], in_time.ended_at)

    def seen(day: dt.date) -> int:
        return told({"2026-10": october, "2026-12": december}, start_of_day(day))["2026-10"]

    assert seen(dt.date(2026, 11, 11)) == 30  # nine came late
    assert seen(dt.date(2026, 11, 12)) == 40
    assert seen(dt.date(2026, 12, 31)) == 40  # three more wait
    assert seen(dt.date(2027, 1, 1)) == 43


def test_an_agency_with_a_few_answers_in_all_its_year_is_not_told_of() -> None:
    few = AgencyMonth([(dt.datetime(2026, 10, 5, 3, tzinfo=dt.UTC), 4)], Period.parse("2026-10").ends_at)
    more = AgencyMonth([(dt.datetime(2026, 11, 5, 3, tzinfo=dt.UTC), 6)], Period.parse("2026-11").ends_at)
    new_year = dt.datetime(2027, 1, 1, 12, tzinfo=dt.UTC)
    assert sum(told({"2026-10": few}, new_year).values()) == 0
    assert sum(told({"2026-10": few, "2026-11": more}, new_year).values()) == 10
