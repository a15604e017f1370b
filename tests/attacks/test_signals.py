"""What a signal says of the few: a month of four answers, the nine beside eighty that are suspected."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from analysis.signals.level_detectors import find_off_chart
from analysis.signals.stuffing import four_figures
from analysis.signals.told import MonthCount
from survey.foundation.storage.database import db
from survey.registry.models import Agency, Province
from survey.responses.models import Response
from tests.desk.filled import database_url, frozen_clock, world

pytestmark = pytest.mark.one_database

__all__ = ["database_url", "frozen_clock", "world"]
MONTHS = tuple(f"2026-{month:02d}" for month in range(1, 11))
SUBJECT = "health_service"


def months_with(last: int) -> list[MonthCount]:
    """Nine good months that differ a little, and a last one in which nobody is satisfied."""
    before = [MonthCount(1, SUBJECT, month, 60, 57 + place % 3) for place, month in enumerate(MONTHS[:-1])]
    return [*before, MonthCount(1, SUBJECT, MONTHS[-1], last, 0)]


def test_no_signal_tells_the_share_of_a_month_of_fewer_than_ten() -> None:
    assert [len(list(find_off_chart(months_with(last), MONTHS))) for last in (4, 9, 10, 40)] == [0, 0, 1, 1]


def suspecting_all_but(left: int) -> Any:
    """A signal of the hospital's month that suspects every answer but so many."""
    province = db.session.query(Province).filter_by(key="dak-lak").one()
    agency = db.session.query(Agency).filter_by(code="bv-tinh").one()
    ids = [id_ for (id_,) in db.session.query(Response.id).filter_by(agency_id=agency.id, month="2026-10")]
    evidence = {"episodes": [{"responses": [str(id_) for id_ in ids[left:]]}]}
    about = {"province_id": province.id, "agency_id": agency.id, "month": "2026-10", "sector": "health"}
    return SimpleNamespace(province=province, agency=agency, evidence=evidence, **about)


def test_four_ways_of_counting_do_not_tell_the_few_that_are_not_suspected(world: Flask) -> None:
    """Counted as dissatisfied, the suspected leave the others' satisfied answers alone in the share."""
    with world.app_context():
        assert four_figures(suspecting_all_but(9)) == []
        assert len(four_figures(suspecting_all_but(10))) == 1
        assert len(four_figures(suspecting_all_but(0))) == 1
