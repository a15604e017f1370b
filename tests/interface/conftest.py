"""The public interface on 20 November 2026: the small province's October published, with an empty ranking."""

from __future__ import annotations

import pytest
from flask import Flask

from analysis.results.closing.service import close_period, publish_period, publish_ranking
from survey.foundation.periods import Period
from survey.foundation.storage.database import writing
from tests.desk.filled import database_url, frozen_clock, world

__all__ = ["database_url", "frozen_clock", "world"]


@pytest.fixture
def published(world: Flask) -> Flask:
    with world.app_context():
        close_period("dak-lak", Period.parse("2026-10"))
        closing = publish_period("dak-lak", Period.parse("2026-10"))
        with writing() as session:
            publish_ranking(session, closing.id, [], None)
    return world
