"""An installation of a released version is upgraded: every figure it showed stands as it was."""

from __future__ import annotations

from typing import Any

import flask_migrate
import pytest
from flask import Flask

from analysis.figures.query import FigureQuery
from analysis.figures.service import answer
from survey.foundation.caching.weighted_lru import forget_everything
from survey.foundation.clock import today
from survey.foundation.periods import Period
from survey.foundation.storage.database import db
from tests.guards.test_migrations import RELEASED

SUBJECTS = ("agency_service", "procedures", "health_service", "education_service")


@pytest.mark.parametrize("version", RELEASED)
def test_every_figure_of_a_released_version_stands_after_the_upgrade(
    demonstration_on_each: Flask, version: str
) -> None:
    """The demonstration's answers as the released version kept them."""
    with demonstration_on_each.app_context():
        before = figures()
        flask_migrate.downgrade(revision=RELEASED[version])
        flask_migrate.upgrade()
        after = figures()
    assert len(before) > 80
    assert {where: (figure, after.get(where)) for where, figure in before.items() if after.get(where) != figure} == {}
    assert after.keys() == before.keys()


def figures() -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Answers and estimates of the year by agency, month and channel, made from what is stored now."""
    db.session.rollback()
    forget_everything()
    asked = [(subject, by) for subject in SUBJECTS for by in ("agency", "month", "channel")]
    shown = {
        (subject, by, figure.domain): (figure.answers, figure.estimate)
        for subject, by in asked
        for figure in answer(
            FigureQuery(province="dak-lak", subject=subject, period=Period.parse(str(today().year)), by=by)
        ).figures
    }
    db.session.rollback()
    return shown
