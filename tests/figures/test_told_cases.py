"""How reports were handled is told by kind and by agency, but of no few, nor what would tell a few by subtraction."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from analysis.figures.suppression.told_cases import told_tables
from analysis.statistics.case_ratios import CaseFigures, HandledCase, figures_of

IN_TIME = HandledCase(answered=True)
HELPED = HandledCase(answered=True, helped=True)
LATE = HandledCase(answered=True, late=True)
SAID_NO = HandledCase(answered=True, helped=False)


def told(**groups: list[HandledCase]) -> tuple[dict[str, object], object]:
    figures = {name: figures_of(cases) for name, cases in groups.items()}
    everything = figures_of([case for cases in groups.values() for case in cases])
    tables, total = told_tables({"kind": figures}, everything)
    return dict(tables["kind"]), total


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


GROUPS = st.lists(
    st.tuples(st.sampled_from([0, 3, 6, 40]), st.sampled_from([0, 0, 1, 2, 4, 5, 9])), min_size=1, max_size=5
)


@given(st.lists(GROUPS, min_size=1, max_size=2))
def test_no_content_shares_tell_together_what_fewer_than_five_writers_said(tables: list[list[tuple[int, int]]]) -> None:
    """A share and the counts beside it give back how many said no; the total minus the other groups, what one hides."""
    named = [{str(place): group for place, group in enumerate(groups)} for groups in tables]
    whole = (max(sum(g[0] for g in groups) for groups in tables), max(sum(g[1] for g in groups) for groups in tables))
    for groups in named:  # both tables are of the same cases
        content, said_no = (whole[at] - sum(group[at] for group in groups.values()) for at in (0, 1))
        groups["rest"] = (content, said_no)
    figures = {str(place): {k: made_of(*group) for k, group in groups.items()} for place, groups in enumerate(named)}
    rows, total = told_tables(figures, made_of(*whole))
    for place, groups in enumerate(named):
        told_no = {k: groups[k][1] for k, row in rows[str(place)].items() if row.content is not None}
        assert all(said_no == 0 or said_no >= 5 for said_no in told_no.values())
        hidden = [said_no for k, (_content, said_no) in groups.items() if k not in told_no and said_no]
        if total is not None and total.content is not None and hidden:
            assert sum(hidden) >= 5
            assert len(hidden) > 1 or hidden[0] >= 5


def made_of(content: int, said_no: int) -> CaseFigures:
    return figures_of([IN_TIME] * content + [SAID_NO] * said_no)
