"""How reports were handled is told by kind and by agency, but of no few, nor what would tell a few by subtraction."""

from __future__ import annotations

from analysis.figures.told_cases import told_groups
from analysis.statistics.case_ratios import HandledCase, figures_of

IN_TIME = HandledCase(answered=True)
HELPED = HandledCase(answered=True, helped=True)
LATE = HandledCase(answered=True, late=True)
SAID_NO = HandledCase(answered=True, helped=False)


def told(**groups: list[HandledCase]) -> tuple[dict[str, object], object]:
    figures = {name: figures_of(cases) for name, cases in groups.items()}
    return told_groups(figures, figures_of([case for cases in groups.values() for case in cases]))  # type: ignore[return-value]


def test_a_small_group_is_left_out_with_a_second_one_that_would_tell_it() -> None:
    rows, total = told(service=[IN_TIME] * 30, conduct=[IN_TIME] * 3, thanks=[IN_TIME] * 8)
    assert set(rows) == {"service"}
    assert total is not None


def test_groups_that_are_all_large_are_all_told_and_of_few_altogether_nothing() -> None:
    rows, total = told(service=[IN_TIME] * 9 + [LATE], thanks=[IN_TIME] * 8)
    assert {name: vars(row)["on_time"] for name, row in rows.items()} == {"service": 0.9, "thanks": 1.0}
    assert total is not None
    assert told(service=[IN_TIME] * 4) == ({}, None)


def test_what_fewer_than_five_writers_said_is_held_back() -> None:
    _rows, few = told(service=[IN_TIME] * 20 + [HELPED] * 4 + [SAID_NO])
    assert vars(few)["helped"] is None
    assert vars(few)["content"] is None, "one who said no would be told by it"
    _rows, more = told(service=[IN_TIME] * 20 + [HELPED] * 6 + [SAID_NO] * 5)
    assert (vars(more)["helped"], vars(more)["content"]) == (6, 26 / 31)


def test_of_several_groups_none_tells_what_was_said_that_the_whole_and_the_others_would_tell_of_a_small_one() -> None:
    rows, total = told(service=[HELPED] * 20, thanks=[HELPED] * 20, conduct=[HELPED] * 2)
    assert all(vars(row)["helped"] is None for row in rows.values())
    assert vars(total)["helped"] == 42
