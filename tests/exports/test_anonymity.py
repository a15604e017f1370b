"""Nobody is alone with what a file tells of them, whatever the answers were."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from analysis.exports.anonymity import (
    AGENCY_ONLY,
    DAY,
    HELD_BACK,
    MONTH,
    SERVICE_ONLY,
    TOGETHER,
    TOLD,
    Circumstances,
    levels,
)

ROWS = st.lists(
    st.builds(
        Circumstances, st.integers(1, 3), st.integers(1, 2), st.sampled_from("kq"), st.sampled_from("io"), st.just("vi")
    ),
    max_size=150,
)


def row(day: int = 1, service: int = 1, channel: str = "qr", kind: str = "individual", language: str = "vi"):
    return Circumstances(day, service, channel, kind, language)


@given(ROWS)
def test_whatever_is_told_is_shared_by_ten_rows_told_alike(rows) -> None:
    told = Counter(
        (level, TOLD[level](row)) for row, level in zip(rows, levels(rows), strict=True) if level < HELD_BACK
    )
    assert all(count >= TOGETHER for count in told.values())
    assert levels(rows).count(HELD_BACK) < TOGETHER


def test_ten_alike_keep_their_day() -> None:
    assert levels([row()] * 10) == [DAY] * 10


def test_nine_are_held_back() -> None:
    assert levels([row()] * 9) == [HELD_BACK] * 9


def test_days_with_few_answers_tell_the_month_only() -> None:
    assert levels([row(day=day) for day in range(10)]) == [MONTH] * 10


def test_rare_kinds_of_respondents_tell_the_service_only() -> None:
    rows = [row(day=day, channel=channel) for day in range(5) for channel in ("qr", "kiosk")]
    assert levels(rows) == [SERVICE_ONLY] * 10


def test_rare_services_tell_the_agency_only() -> None:
    assert levels([row(service=service) for service in range(10)]) == [AGENCY_ONLY] * 10


def test_one_among_many_takes_the_smallest_group_along() -> None:
    """Forty-two told by their day would leave one person's answers to whoever knows what all forty-three said."""
    assert levels([*[row()] * 30, *[row(day=2)] * 12, row(day=3)]) == [*[DAY] * 30, *[MONTH] * 13]
    assert levels([*[row()] * 30, *[row(service=2)] * 12, row(service=3)]) == [*[DAY] * 30, *[AGENCY_ONLY] * 13]
    assert levels([*[row()] * 30, row(kind="organisation")]) == [SERVICE_ONLY] * 31


@given(ROWS)
def test_what_is_known_of_a_group_leaves_nobody_or_ten_beside_the_rows_told_of_it(rows) -> None:
    for level in range(DAY, AGENCY_ONLY + 1):
        known = Counter(TOLD[level](row) for row in rows)
        told = Counter(TOLD[level](row) for row, own in zip(rows, levels(rows), strict=True) if own <= level)
        for group, count in told.items():
            assert known[group] - count == 0 or known[group] - count >= TOGETHER
