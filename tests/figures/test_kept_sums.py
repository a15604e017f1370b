"""Kept sums change no figure: whatever happens after they were made, figures are those of the ratings themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, func, select, update

from analysis.figures import codebook
from analysis.figures.query import FigureQuery
from analysis.figures.service import answer
from analysis.figures.store.commands import keep_sums
from analysis.figures.store.models import RatingSums
from survey.foundation.caching.weighted_lru import forget_everything
from survey.foundation.periods import Period
from survey.foundation.storage.database import db, writing
from survey.registry.models import Agency, AgencySuccession, Caseload
from survey.responses.models import Rating
from tests.desk import world
from tests.support.worlds import stored_world

SUBJECTS = ("health_service", "agency_service", "procedures_and_service")
BY = (None, "agency", "service", "month", "channel", "respondent_kind")
CUT = dt.date(2026, 10, 7)


def make_random_world(app: Flask) -> None:
    """The small world with random days, channels, kinds and ratings on top, some without counter or service."""
    world.make_world(app)
    random = Random(20261120)
    places = [(a, s) for a, s in world.ANSWERS if a != "thpt-1"]
    everything: list[Any] = []
    for _ in range(60):
        agency, service = random.choice(places)
        more: dict[str, Any] = {"channel": random.choice(["qr", "kiosk", "paper"])}
        if world.SERVICES[service][1] == "administration":
            more["respondent_kind"] = random.choice(["individual", "organisation", None])
        day = f"{random.choice(world.MONTHS)}-{random.randrange(1, 29):02d}"
        named, times, value = random.random() < 0.95, random.randrange(1, 6), random.randrange(1, 6)
        given = world.submissions(agency, service, day, times, value, named=named, **more)
        nowhere = random.random() < 0.2
        everything += [replace(submission, counter=None, agency=agency) for submission in given] if nowhere else given
    with app.app_context():
        world.hand_in(everything)


database_url = stored_world("random_world", make_random_world, "random_world", at=world.NOW)


@pytest.fixture
def random_world(app: Flask) -> Flask:
    return app


def questions() -> list[FigureQuery]:
    asked = [
        FigureQuery(province="dak-lak", subject=subject, period=Period.parse(period), by=by, boundaries=boundaries)
        for subject in SUBJECTS
        for period in ("2026", "2026-10")
        for by in BY
        for boundaries in ("then", "today")
        if not (by == "month" and period != "2026") and not (boundaries == "today" and by not in (None, "agency"))
    ]
    october = Period.parse("2026-10")
    narrow: list[dict[str, Any]] = [
        {"until": CUT},
        {"period": Period.parse("2026-09-04..2026-10-07", days=True)},
        {"received_before": world.EARLIER},
        {"received_before": world.NOW},
        {"channels": frozenset({"qr"})},
        {"respondent_kinds": ("individual",)},
    ]
    return asked + [
        FigureQuery(province="dak-lak", subject=s, **{"period": october, **more}) for s in SUBJECTS for more in narrow
    ]


def figures() -> list[Any]:
    """Every figure with every number in it, and its notes."""
    db.session.rollback()
    shares = []
    for question in questions():
        given = answer(question)
        rows = [
            (figure.domain, figure.shown, figure.answers, figure.provisional, figure.estimate)
            for figure in given.figures
        ]
        shares.append((rows, [note.message for note in given.notes]))
    return shares


def from_sums() -> list[Any]:
    forget_everything()
    return figures()


def from_ratings() -> list[Any]:
    with writing() as session:
        session.execute(delete(RatingSums))
    forget_everything()
    return figures()


def kept() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(RatingSums)) or 0


def hospital() -> Any:
    return select(Agency.id).where(Agency.code == "bv-tinh").scalar_subquery()


def merge_the_station_into_the_hospital() -> None:
    with writing() as session:
        ids = {code: id_ for id_, code in session.execute(select(Agency.id, Agency.code))}
        session.execute(update(Agency).where(Agency.code == "tyt-xa").values(valid_to=dt.date(2026, 10, 31)))
        session.add(AgencySuccession(predecessor_id=ids["tyt-xa"], successor_id=ids["bv-tinh"], kind="merge"))


def change(statement: Any) -> Callable[[], None]:
    def run() -> None:
        with writing() as session:
            assert session.execute(statement).rowcount

    return run


# One after the other on the same database; what destroys most comes last.
CHANGES: dict[str, Callable[[], Any]] = {
    "nothing": lambda: None,
    "late answers": lambda: world.answer("bv-tinh", "kham-benh", "2026-09-03", 7, 1, received_at=world.NOW),
    "another caseload": change(update(Caseload).where(Caseload.agency_id == hospital()).values(count=1234)),
    "ratings deleted": change(delete(Rating).where(Rating.agency_id == hospital(), Rating.month == "2026-10")),
    "ratings corrected by hand": change(update(Rating).where(Rating.agency_id == hospital()).values(value=2)),
    "a merger": merge_the_station_into_the_hospital,
    "a caseload withdrawn": change(delete(Caseload).where(Caseload.agency_id == hospital())),
}


def test_figures_are_those_of_the_ratings_whatever_happens_after_the_sums_were_made(random_world: Flask) -> None:
    with random_world.app_context():
        before = figures()
        for name, happens in CHANGES.items():
            assert keep_sums(running=True) > 0
            happens()
            remembered, kept_only, afterwards = figures(), from_sums(), from_ratings()
            assert remembered == kept_only == afterwards, name
            assert (before == afterwards) == (name == "nothing"), f"{name} changes a figure"
            before = afterwards


def test_sums_are_made_once_and_again_only_where_something_changed(random_world: Flask) -> None:
    with random_world.app_context():
        first = keep_sums(running=True)
        assert first == kept()
        assert keep_sums(running=True) == 0
        world.answer("bv-tinh", "kham-benh", "2026-09-03", 1, 5)
        assert keep_sums(running=True) == 1  # one agency's month
        assert kept() == first


def test_the_running_month_is_kept_only_when_asked(random_world: Flask) -> None:
    with time_machine.travel(world.NOW, tick=False), random_world.app_context():
        world.answer("bv-tinh", "kham-benh", "2026-11-03", 1, 5)
        keep_sums()
        assert set(db.session.scalars(select(RatingSums.month))) == set(world.MONTHS)


def test_another_channel_and_another_respondent_kind_relabel_nothing(
    random_world: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with random_world.app_context():
        before = figures()
        first = keep_sums(running=True)
        assert first > 0
        monkeypatch.setattr(codebook, "CHANNELS", {"email": "Thư điện tử", **codebook.CHANNELS})
        monkeypatch.setattr(codebook, "RESPONDENT_KINDS", {"household": "Hộ", **codebook.RESPONDENT_KINDS})
        assert figures() == before, "what a process remembers from before stands for nothing now"
        assert from_sums() == before, "what was kept from before is counted anew"
        assert keep_sums(running=True) == first, "and kept again"
        assert from_sums() == from_ratings() == before


def test_the_command_says_how_much_it_kept(random_world: Flask) -> None:
    result = random_world.test_cli_runner().invoke(args=["analysis", "sums"])
    assert result.exit_code == 0, result.output
    assert "Đã cộng sẵn" in result.output
