"""Two people who publish two periods at the same time: neither is held against less than all that is published."""

from __future__ import annotations

import pytest
from flask import Flask

from analysis.figures.register import fetch_province
from analysis.results.closing import service
from analysis.results.closing.service import (
    NotPossible,
    close_period,
    draft,
    preview,
    publish,
    publish_period,
    to_publish,
)
from survey.foundation.clock import now
from survey.foundation.periods import Period
from survey.foundation.storage.database import writing
from tests.desk import world as desk

OCTOBER, SEPTEMBER = Period.parse("2026-10"), Period.parse("2026-09")


@pytest.fixture
def closed(world: Flask) -> Flask:
    """Two months that wait to be published."""
    with world.app_context():
        for month in ("2026-09", "2026-10"):
            desk.answer("bv-tinh", "kham-benh", f"{month}-05", 60, 5)
        for period in (SEPTEMBER, OCTOBER):
            close_period("dak-lak", period)
    return world


def test_what_was_prepared_before_another_period_was_published_is_not_published(closed: Flask) -> None:
    with closed.app_context():
        province = fetch_province("dak-lak")
        closing = to_publish(province, OCTOBER)
        closing_id, prepared = closing.id, draft(province, OCTOBER, closing)
        publish_period("dak-lak", SEPTEMBER)
        with pytest.raises(NotPossible, match="Một kỳ khác vừa được công bố"), writing() as session:
            publish(session, closing_id, prepared, None)
        assert to_publish(province, OCTOBER).id == closing_id, "nothing was changed"
        assert publish_period("dak-lak", OCTOBER).published_at is not None


def test_a_page_looked_at_again_hides_nothing_anew_and_any_change_does(
    closed: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    times: list[str] = []
    hide = service.hide_jointly
    monkeypatch.setattr(service, "hide_jointly", lambda new, before: times.append("hidden") or hide(new, before))
    with closed.app_context():
        province = fetch_province("dak-lak")

        def look() -> dict[str, object]:
            return preview(province, OCTOBER, to_publish(province, OCTOBER))

        first = look()
        first["subjects"] = {}  # what a reader does with it is theirs
        again = look()
        assert again["subjects"]
        assert len(times) == 1
        desk.answer("bv-tinh", "kham-benh", "2026-10-06", 40, 2, received_at=now())
        look()
        assert len(times) == 2, "answers that came since"
        publish_period("dak-lak", SEPTEMBER)
        asked = len(times)
        look()
        assert len(times) == asked + 1, "another publication beside it"
