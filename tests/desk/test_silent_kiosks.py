"""Beside figures of a counter whose kiosk is silent stands that it is silent, not that the week was quiet."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask

from tests.desk.test_overview import open_page
from tests.desk.world import NOW, make_silent_kiosk
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database

EXPLORE = "/desk/dak-lak/health/explore?subject=health_service"
SILENT = "1 kiosk mất liên lạc: Kiosk cổng A"


def test_an_explored_figure_tells_of_kiosks_that_fell_silent_before_its_period_was_over(world: Flask) -> None:
    desk = signed_in(world, "so-y-te", "method_owner", sector="health")
    assert "mất liên lạc" not in open_page(desk, EXPLORE)
    make_silent_kiosk(world, "Kiosk cổng A", "quay-bv-tinh")

    page = open_page(desk, f"{EXPLORE}&period=2026")
    assert SILENT in page
    assert "còn giữ 37 phiếu" in page
    assert SILENT in open_page(desk, f"{EXPLORE}&period=2026-11&agency=bv-tinh")
    assert "mất liên lạc" not in open_page(desk, f"{EXPLORE}&period=2026-10")
    assert "mất liên lạc" not in open_page(desk, f"{EXPLORE}&period=2026&agency=tyt-xa")


def test_a_signal_about_a_counter_tells_of_its_silent_kiosk_until_it_is_closed(world: Flask) -> None:
    from analysis.signals.finding import QUIET
    from analysis.signals.models import CLOSED, Signal
    from survey.foundation.storage.database import writing
    from survey.registry.models import Counter

    make_silent_kiosk(world, "Kiosk cổng A", "quay-bv-tinh")
    evidence = {"since": "2026-11-10", "days": 8, "earlier": 60, "earlier_quiet": 1, "usual": 2.5, "p": 1e-6}
    with world.app_context(), writing() as session:
        counter = session.query(Counter).filter_by(code="quay-bv-tinh").one()
        signal = Signal(
            province_id=counter.agency.province_id,
            sector="health",
            agency_id=counter.agency_id,
            counter_id=counter.id,
            kind=QUIET,
            about="x",
            month="2026-11",
            evidence=evidence,
            opened_at=NOW - dt.timedelta(hours=1),
        )
        session.add(signal)
        session.flush()
        address = f"/desk/signals/{signal.id}"
    desk = signed_in(world, "so-y-te", "method_owner", sector="health")
    assert SILENT in open_page(desk, address)

    with world.app_context(), writing() as session:
        session.query(Signal).update({"status": CLOSED, "outcome": "harmless", "closed_at": NOW, "closed_by_id": 1})
    assert "mất liên lạc" not in open_page(desk, address)
