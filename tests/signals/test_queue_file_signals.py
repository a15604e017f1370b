"""A queue file taken in by hand always leaves a task: one a counter and month it brought answers of, never twice."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

import pytest
from flask import Flask
from sqlalchemy import select

from analysis.signals.models import Signal
from analysis.signals.queue_file_signals import open_for_file
from survey.devices.models import Device
from survey.devices.queue_files import TakenIn
from survey.foundation.storage.database import db, writing
from survey.responses.models import Response
from tests.desk.filled import database_url, world
from tests.desk.world import NOW, answer, make_silent_kiosk

__all__ = ["database_url", "world"]  # the desk's small province instead of the honest one

DIGEST = "d" * 64


@pytest.fixture
def device(world: Flask) -> uuid.UUID:
    """A kiosk of the hospital's counter, with answers of two months."""
    make_silent_kiosk(world, "Kiosk", "quay-bv-tinh")
    with world.app_context():
        answer("bv-tinh", "kham-benh", "2026-09-07", 3, 5, channel="kiosk")
        answer("bv-tinh", "kham-benh", "2026-10-07", 2, 1, channel="kiosk")
        return db.session.scalars(select(Device.id)).one()


def answers_on(*days: str) -> list[uuid.UUID]:
    chosen = [dt.date.fromisoformat(day) for day in days]
    return list(db.session.scalars(select(Response.id).where(Response.day.in_(chosen), Response.channel == "kiosk")))


def take_in(device: uuid.UUID, stored: Collection[uuid.UUID], *, is_new: bool = True) -> list[Signal]:
    counts = {"stored": len(stored)}
    taken = TakenIn(device, DIGEST, NOW, stored, counts, is_revoked=False, is_new=is_new)
    with writing() as session:
        open_for_file(session, taken)
    return list(db.session.scalars(select(Signal).order_by(Signal.month)))


def test_each_month_the_file_brought_answers_of_gets_its_task(world: Flask, device: uuid.UUID) -> None:
    with world.app_context():
        stored = answers_on("2026-09-07", "2026-10-07")
        first, second = take_in(device, stored)
        assert (first.month, second.month) == ("2026-09", "2026-10")
        assert [signal.evidence["episodes"][0]["answers"] for signal in (first, second)] == [3, 2]
        named = {response for signal in (first, second) for response in signal.evidence["episodes"][0]["responses"]}
        assert named == {str(id_) for id_ in stored}


def test_a_file_that_brought_nothing_new_is_a_task_of_its_own_the_first_time_only(
    world: Flask, device: uuid.UUID
) -> None:
    with world.app_context():
        (signal,) = take_in(device, [])
        assert (signal.month, signal.evidence["episodes"]) == ("2026-11", [])
        assert take_in(device, [], is_new=False) == [signal]


def test_the_same_file_again_opens_no_second_task(world: Flask, device: uuid.UUID) -> None:
    with world.app_context():
        stored = answers_on("2026-10-07")
        assert len(take_in(device, stored)) == 1
        assert len(take_in(device, stored, is_new=False)) == 1
