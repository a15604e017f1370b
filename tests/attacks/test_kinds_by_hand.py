"""Of each kind of respondent those count who say none: one kind subtracted from all must not tell the other."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from analysis.figures.query import FigureQuery
from analysis.figures.service import answer as figures_of
from analysis.figures.suppression import by_hand
from survey.foundation.periods import Period
from tests.desk.filled import database_url, frozen_clock
from tests.desk.world import answer

pytestmark = pytest.mark.one_database

__all__ = ["database_url", "frozen_clock"]
ALL = FigureQuery(province="dak-lak", subject="procedures", period=Period.parse("2026-11"))
ONE = replace(ALL, respondent_kinds=("individual",), kind_by_hand=True)


@pytest.fixture
def world(app: Flask) -> Flask:
    """Of 113 in November five say no kind, and eight are organisations."""
    with app.app_context():
        for kind, count in (("individual", 100), ("organisation", 8), (None, 5)):
            for place in range(count):
                answer("ubnd-ea-tam", "ho-tich", f"2026-11-{place % 9 + 2:02d}", 1, 4, respondent_kind=kind)
    return app


def test_one_kind_and_all_of_them_tell_nothing_of_the_other(world: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the table by kind, where the individuals alone are shown; what other months hide is another test's."""
    monkeypatch.setattr(by_hand, "_teller", lambda *_asked: lambda _domain: True)
    with world.test_request_context():
        whole, individuals = figures_of(ALL).total, figures_of(ONE).total
    assert (whole.received, individuals.n, individuals.received) == (113, 100, None)
    assert set(individuals.left_out.values()) <= {None}
