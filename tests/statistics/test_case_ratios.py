"""Counts and ratios of how citizens' reports were handled, as Quyết định 766/QĐ-TTg defines them."""

from __future__ import annotations

from analysis.statistics.case_ratios import HandledCase, content_dossiers, figures_of

IN_TIME = HandledCase(answered=True)
LATE = HandledCase(answered=True, late=True)
OVERDUE = HandledCase(late=True)
RUNNING = HandledCase()
REDIRECTED = HandledCase(redirected=True, late=True)


def test_on_time_is_handled_by_the_day_of_those_within_competence() -> None:
    figures = figures_of([IN_TIME, IN_TIME, LATE, OVERDUE, RUNNING, REDIRECTED])
    assert (figures.received, figures.competent, figures.in_time, figures.late, figures.overdue) == (6, 5, 2, 2, 1)
    assert figures.running == 1
    assert figures.on_time_share == 2 / 5


def test_who_says_nothing_counts_as_content_and_late_or_unhelpful_does_not_and_each_case_counts_once() -> None:
    said_no = HandledCase(answered=True, helped=False, reopened=True)
    late_and_no = HandledCase(answered=True, late=True, helped=False)
    figures = figures_of([IN_TIME, HandledCase(answered=True, helped=True), LATE, said_no, late_and_no, REDIRECTED])
    assert (figures.unhappy, figures.content_share) == (3, 2 / 5)
    assert (figures.helped, figures.not_helped, figures.reopened, figures.helped_share) == (1, 2, 1, 1 / 3)


def test_nothing_to_divide_by_is_no_share() -> None:
    figures = figures_of([REDIRECTED])
    assert (figures.on_time_share, figures.content_share, figures.helped_share) == (None, None, None)


def test_dossiers_are_content_between_all_three_wrongs_in_one_and_each_in_another() -> None:
    assert content_dossiers(100, (10, 10), (4, 4), (6, 6)) == (0.80, 0.90)
    assert content_dossiers(100, (0, 4), (0, 0), (0, 0)) == (0.96, 1.0)
    assert content_dossiers(10, (8, 8), (9, 9), (7, 7)) == (0.0, 0.1)
    assert content_dossiers(3, (5, 5), (9, 9), (0, 0)) == (0.0, 0.0), "more ratings and reports than dossiers"
    assert content_dossiers(0, (0, 4), (0, 0), (0, 0)) == (None, None)
    assert content_dossiers(100, (0, 4), (0, 4), (6, 6)) == (0.86, 0.94), "reports that may be none or four"
    assert content_dossiers(100, (0, 0), (0, 0), (6, 16)) == (0.84, 0.94), "ten dossiers that nobody says were late"
