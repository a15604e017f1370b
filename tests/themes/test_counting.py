"""Comments counted by theme: the cut-off and the closing hold, small counts are held back and cannot be worked out."""

from __future__ import annotations

import datetime as dt

from flask import Flask

from analysis.themes.queries import CommentScope
from analysis.themes.service import Counted, count_by_agency, count_themes, shown
from tests.desk.world import EARLIER, answer


def write(text: str, count: int, value: int, day: str = "2026-10-15", agency: str = "bv-tinh") -> None:
    answer(agency, "kham-benh", day, count, value, comment=text)


def scope(**narrowing: object) -> CommentScope:
    from analysis.figures.register import fetch_province

    return CommentScope(province_id=fetch_province("dak-lak").id, months=("2026-10",), sector="health", **narrowing)


def test_a_theme_is_counted_with_those_who_were_not_satisfied(world: Flask) -> None:
    with world.app_context():
        write("Chờ lâu, thái độ chưa tốt.", 12, 2)
        write("Không phải chờ lâu.", 6, 5)
        write("Không có ý kiến", 9, 5)
        counts = count_themes(scope())
    assert (counts.comments, counts.wanting) == (18, 12)
    themes = {theme.key: (theme.comments, theme.wanting) for theme in counts.themes}
    assert themes["waiting"] == (18, 12)
    assert themes["attitude"] == (12, None)  # 12 of 12: the other count is 0
    assert themes["fees"] == (None, None)
    assert counts.themes[0].key == "waiting"
    assert counts.themes[-1].key == "unsorted"


def test_a_small_count_is_held_back_with_what_would_tell_it() -> None:
    counted = Counted()
    for _ in range(20):
        counted.add("Chờ lâu", wanting=True)
    for _ in range(3):
        counted.add("Chờ lâu", wanting=False)
    for _ in range(4):
        counted.add("Thái độ tốt", wanting=False)
    counts = shown([counted])
    themes = {theme.key: (theme.comments, theme.wanting) for theme in counts.themes}
    assert themes["waiting"] == (23, None)  # 23 - 20 would tell the 3
    assert themes["attitude"] == (None, None)
    assert (counts.comments, counts.wanting) == (27, 20)


def test_the_cut_off_and_an_earlier_closing_leave_comments_out(world: Flask) -> None:
    with world.app_context():
        write("Chờ lâu", 6, 2, day="2026-10-10")
        write("Chờ lâu", 7, 2, day="2026-10-20")
        assert count_themes(scope()).comments == 13
        assert count_themes(scope(until=dt.date(2026, 10, 15))).comments == 6
        assert count_themes(scope(received_before=EARLIER)).silent
        # Of when it was received the hour is kept (survey/responses/kept_times.py).
        assert count_themes(scope(received_before=EARLIER + dt.timedelta(hours=1))).comments == 13


def test_agencies_counted_in_one_pass_add_up_to_the_province(world: Flask) -> None:
    with world.app_context():
        write("Chờ lâu", 6, 2)
        write("Sạch sẽ", 8, 5, agency="tyt-xa")
        by_agency = count_by_agency(scope())
        assert sorted(theme.comments for theme in by_agency.values()) == [6, 8]
        assert shown(by_agency.values()) == count_themes(scope())
        (first, *_rest) = by_agency
        assert count_themes(scope(agencies=frozenset({first}))) == shown([by_agency[first]])


def test_nobody_wrote(world: Flask) -> None:
    with world.app_context():
        assert count_themes(scope()).silent
