"""After two years citizens' words and settled reports are dropped: figures stay, and nobody is told that none came."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask

from analysis.reports.document import Report
from analysis.reports.rendering.pdf import figures_json
from tests.reports.making import make, paragraphs
from tests.reports.pages import strings_of
from tests.reports.test_comments import write
from tests.reports.test_handled import dossiers_line, reported, say_late
from tests.support.races import Abreast
from tests.support.staff import signed_in

LATER = dt.datetime(2028, 10, 16, 3, tzinfo=dt.UTC)  # of October 2026 the words of its first half are gone
RECIPIENT = "so-noi-vu"


@pytest.fixture
def before(world: Flask) -> Report:
    """What was told at the time."""
    write(world, "Chờ lâu", 20, 2, agency="ubnd-ea-tam")
    reported(world, "ubnd-ea-tam", "service", 20, late=5)
    say_late(world, 1)
    with world.app_context():
        from survey.feedback.models import FeedbackCase
        from survey.foundation.storage.database import writing

        with writing() as session:
            session.query(FeedbackCase).update({"state": "closed", "closed_at": FeedbackCase.answered_at})
    return make(world, RECIPIENT)


@pytest.fixture
def dropped(world: Flask, before: Report) -> Iterator[None]:
    """Two years later the job has run."""
    with time_machine.travel(LATER, tick=False):
        with world.app_context():
            from survey.retention.service import apply_rules

            assert apply_rules()["comments"] == 20 + 20
        yield


def test_no_figure_of_a_past_month_moves(world: Flask, before: Report, dropped: None) -> None:
    assert make(world, RECIPIENT).figures["answers"] == before.figures["answers"]


def test_a_report_made_anew_says_that_they_are_not_kept(world: Flask, before: Report, dropped: None) -> None:
    assert any("tiếp nhận 20 phản ánh" in text for text in strings_of(before.document))
    assert dossiers_line(before)
    after = make(world, RECIPIENT)
    told = [text for text in strings_of(after.document) if "chỉ được giữ hai năm" in text]
    assert sorted({text.split(" ")[0] for text in told}) == ["Phản", "Ý"]
    assert not [text for text in paragraphs(after.document) if "không có ý kiến" in text]
    assert not dossiers_line(after)
    assert (after.figures["themes"], after.figures["cases"]) == ([], [])


def test_what_cannot_be_counted_again_is_no_difference(world: Flask, before: Report, dropped: None) -> None:
    from analysis.reports.verify import recompute

    with world.app_context():
        result = recompute(json.loads(figures_json(before)))
    assert result.differences == ()
    assert result.not_kept > 10


def test_pages_of_a_span_of_which_some_are_gone_tell_no_rest_as_the_whole(world: Flask, dropped: None) -> None:
    reported(world, "ubnd-ea-tam", "conduct", 6)  # still open, and of the year
    client = signed_in(world, "quan-tri", "administrator")
    for address in ("/desk/dak-lak/all/cases?year=2026", "/desk/dak-lak/all/themes?period=2026-10"):
        assert "chỉ được giữ hai năm" in client.get(address, follow_redirects=True).text, address
    told = world.test_client().get("/api/v1/provinces/dak-lak/feedback?year=2026").get_json()
    assert "6" not in json.dumps({**told, "year": None})


def test_two_servers_drop_them_at_once_and_neither_fails(world: Flask, before: Report) -> None:
    def drop() -> int:
        with world.app_context():
            from survey.retention.service import apply_rules

            return apply_rules()["comments"]

    with time_machine.travel(LATER, tick=False), Abreast(world) as both:
        assert sorted(both.run(drop, drop)) == [0, 40]


def test_while_nothing_was_dropped_everything_is_told(world: Flask, before: Report) -> None:
    from analysis.reports.verify import recompute

    with time_machine.travel(LATER, tick=False), world.app_context():
        assert recompute(json.loads(figures_json(before))).not_kept == 0
