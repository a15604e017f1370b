"""A clerk who knows that three families named no service subtracts every figure, file and document from every other.

The school has one service: what its three unnamed forms said is the plain share minus the weighted one, wherever both
stand. So two towns that differ in nothing but what these three said must read the same, and open the same signals.
"""

from __future__ import annotations

from contextlib import ExitStack
from itertools import chain

import pytest
import time_machine

from analysis.signals.service import detect
from survey.foundation.configuration.settings import Settings
from survey.foundation.storage.database import writing
from survey.registry.models import Caseload
from tests.desk.world import NOW, answer, make_world
from tests.guards.looks import Look, addresses_about, differing, look
from tests.support.applications import application
from tests.support.clocks import frozen_at
from tests.support.databases import SECRET_KEY, DatabaseFactory
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database

AGENCY, MONTH, YEAR = "thpt-1", "2026-10", "2026"
WORLD = {"province": "dak-lak", "sector": "education", "recipient": AGENCY, "ending": "pdf", "month": MONTH}
FEW, SOME = 3, 12
DETAIL = "access_information"  # a question under which counts of each level stand
WHY = "để phép trừ không làm lộ chúng"
frozen_clock = frozen_at(NOW)


def read(databases: DatabaseFactory, value: int, unnamed: int) -> Look:
    """All that the school's manager reads where so many who name no service gave this rating."""

    with ExitStack() as stack:
        url = stack.enter_context(databases.filled("town_with_signals", make_town))
        settings = Settings(secret_key=SECRET_KEY, database_url=url, log_level="ERROR", testing=True, release_step=0)
        app = stack.enter_context(application(settings))
        with app.app_context():
            for count, face, named in ((40, 2, True), (unnamed, value, False)):
                said = {"overall_education": face, DETAIL: face}
                answer(AGENCY, "giao-duc", f"{MONTH}-14", count, face, named=named, channel="paper", answers=said)
            signals = {signal.kind: signal.id for signal in detect("dak-lak", [MONTH])}
        assert signals.keys() >= {"chart", "channel_gap"}, "the month is off its chart, and one channel off the others"
        client = signed_in(app, "hieu-truong", "agency_manager", sector="education", agency=AGENCY)
        addresses = addresses_about(app, WORLD | {"code": AGENCY, "counter": f"quay-{AGENCY}"}, MONTH, YEAR)
        return look(client, addresses + [f"/desk/signals/{number}" for number in signals.values()])


def make_town(url: str) -> None:
    settings = Settings(secret_key=SECRET_KEY, database_url=url, testing=True, release_step=0)
    with time_machine.travel(NOW, tick=False), application(settings) as app:
        make_world(app)
        with app.app_context():
            with writing() as session:
                told = session.query(Caseload).filter(Caseload.unit == "pupil", Caseload.month == MONTH).one()
                where = {"agency_id": told.agency_id, "service_id": told.service_id, "unit": told.unit}
                session.add_all(Caseload(**where, month=f"{YEAR}-{month:02d}", count=1500) for month in range(1, 9))
            for month in range(1, 10):
                for channel, came in (("qr", 60), ("paper", 30)):
                    for face, count in ((5, came - 3 - month % 2), (2, 3 + month % 2)):
                        answer(AGENCY, "giao-duc", f"2026-{month:02d}-14", count, face, channel=channel)


def test_what_a_few_said_who_named_no_service_is_told_nowhere(databases: DatabaseFactory) -> None:
    content = read(databases, 5, FEW)
    assert len(content) > 60
    assert differing(content, read(databases, 1, FEW)) == {}
    assert any(WHY in line for page in content.values() for line in page)
    assert any("ngoài giới hạn" in line for line in chain(*content.values())), "a signal is among what was read"


def test_what_more_than_nine_said_counts_in_plain_shares(databases: DatabaseFactory) -> None:
    """So the test above looks at what would tell."""
    telling = {
        address.partition("?")[0].rpartition("/")[2]
        for address in differing(read(databases, 5, SOME), read(databases, 1, SOME))
    }
    assert telling >= {"explore", "explain", "estimates.csv", "signals"}
