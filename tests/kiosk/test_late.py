"""Answers that a kiosk held back while the month was closed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Flask

from survey.foundation.clock import now
from survey.foundation.storage.database import db
from tests.kiosk.conftest import PairedDevice, answer


def test_answers_received_after_the_closing_are_counted_for_the_period_they_belong_to(
    device: PairedDevice, world: Flask, time_machine: Any
) -> None:
    from survey.foundation.clock import local_day, month_of
    from survey.registry.models import Agency
    from survey.responses.late_queries import Closed, count_late, count_late_of_each

    start = now()
    in_time, kept = answer(), answer(answered_at=(start + dt.timedelta(minutes=1)).isoformat())
    device.send(in_time)
    closed_at = start + dt.timedelta(days=20)
    time_machine.move_to(closed_at + dt.timedelta(days=1))
    device.send(kept)

    month = month_of(local_day(start))
    with world.app_context():
        agency = db.session.query(Agency).filter_by(code="ubnd-ea-tam").one()
        assert count_late(agency.province_id, [month], closed_at) == 1
        closed = {month: Closed([month], closed_at)}
        assert count_late_of_each(agency.province_id, closed, agency_ids=[agency.id]) == {month: 1}
        assert count_late_of_each(agency.province_id, closed, agency_ids=[]) == {month: 0}
        assert count_late(agency.province_id, ["2020-01"], closed_at) == 0
