"""A complaint is not read by those it accuses, still less at the minute its writer stood before them."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from survey.feedback.models import FeedbackCase
from survey.foundation.configuration.settings import Settings
from survey.foundation.storage.database import db
from tests.channels.conftest import Visitor
from tests.channels.world import HEALTH, make_world
from tests.registry.pages import fields_of, open_page
from tests.support.databases import SECRET_KEY
from tests.support.staff import signed_in
from tests.support.worlds import stored_world

pytestmark = pytest.mark.one_database

database_url = stored_world("counters_of_every_kind", make_world, "app")
NOON = dt.datetime(2026, 11, 20, 5, 12, 44, tzinfo=dt.UTC)
COMMENT = "Chờ bốn tiếng mà phòng khám chỉ có một bác sĩ"
SCOLDED = "Bác sĩ mắng tôi trước mặt mọi người"
HELD = "phản ánh mới được cấp trên xem trước"


@pytest.fixture
def settings(database_url: str) -> Settings:
    """As an installation has them."""
    return Settings(secret_key=SECRET_KEY, database_url=database_url, testing=True)


def complain(app: Flask, comment: str) -> None:
    citizen = Visitor(app.test_client(), HEALTH)
    citizen.send(citizen.open(), overall_health="1", comment=comment, reply="1")


def read(client: FlaskClient, path: str) -> tuple[int, str]:
    page = client.get(path)
    return page.status_code, page.text


def test_those_it_accuses_do_not_see_it_before_ten_answers_and_the_level_above_does_at_once(app: Flask) -> None:
    with time_machine.travel(NOON, tick=False):
        complain(app, COMMENT)
        with app.app_context():
            case = db.session.scalars(select(FeedbackCase)).one()
            agency, address = case.agency.code, f"/desk/feedback/{case.id}"
        accused = signed_in(app, "benh-vien", "agency_manager", agency=agency)
        above = signed_in(app, "so-y-te", "method_owner", sector="health")
        assert COMMENT not in read(accused, "/desk/feedback")[1]
        assert HELD in read(accused, "/desk/feedback")[1].replace("\n", " ")
        assert read(accused, address)[0] == 404
        assert COMMENT in read(above, "/desk/feedback")[1]
        status, text = read(above, address)
        assert (status, COMMENT in text) == (200, True)
        assert "Rất không hài lòng" not in text, "not even the level above reads the ballot beside it"
    with time_machine.travel(NOON + dt.timedelta(days=1), tick=False):
        for number in range(12):
            complain(app, f"Ý kiến {number}")
    with time_machine.travel(dt.datetime(2026, 12, 2, tzinfo=dt.UTC), tick=False):
        accused = signed_in(app, "truong-khoa", "agency_manager", agency=agency)
        assert COMMENT in read(accused, "/desk/feedback")[1]
        assert read(accused, address)[0] == 200


def test_how_somebody_behaved_is_never_told_to_those_it_accuses_and_they_cannot_be_handed_it(app: Flask) -> None:
    with time_machine.travel(NOON, tick=False):
        complain(app, SCOLDED)
        with app.app_context():
            case = db.session.scalars(select(FeedbackCase)).one()
            agency, address = case.agency.code, f"/desk/feedback/{case.id}"
            assert case.kind == "conduct"
        for number in range(12):
            complain(app, f"Ý kiến {number}")
    with time_machine.travel(dt.datetime(2026, 12, 2, tzinfo=dt.UTC), tick=False):
        accused = signed_in(app, "benh-vien", "agency_manager", agency=agency)
        above = signed_in(app, "so-y-te", "method_owner", sector="health")
        assert "Ý kiến 3" in read(accused, "/desk/feedback")[1]
        assert SCOLDED not in read(accused, "/desk/feedback")[1]
        assert HELD in read(accused, "/desk/feedback")[1].replace("\n", " ")
        assert read(accused, address)[0] == 404
        fields = fields_of(open_page(above, address), "kind")
        assert (fields["kind"], fields["holder"]) == ("conduct", "above")
        refused = above.post(f"{address}/classify", data=fields | {"holder": agency})
        assert refused.status_code == 422
        assert "không giao cho chính đơn vị bị phản ánh" in refused.text
        assert above.post(f"{address}/classify", data=fields).status_code == 302
        assert read(accused, address)[0] == 404


def test_numbers_of_cases_do_not_count_up(app: Flask) -> None:
    with time_machine.travel(NOON, tick=False):
        for number in range(6):
            complain(app, f"Ý kiến {number}")
    with app.app_context():
        ids = [case.id for case in db.session.scalars(select(FeedbackCase))]
    assert max(ids) - min(ids) > 1000
