"""Who may do what with a case: the rated agency, a neighbour, the level above, an auditor, another Sở or province."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from survey.feedback.flow import Decision, Holder, handle
from survey.feedback.follow.contacts import leave_contact
from survey.feedback.models import FeedbackCase
from survey.foundation.storage.database import db, writing
from survey.registry.models import Agency
from tests.attacks.test_complaints import database_url, settings
from tests.channels.conftest import Visitor
from tests.channels.world import HEALTH
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database

__all__ = ["database_url", "settings"]
NOON, SOON, LATER = "2026-11-02T05:12:00+00:00", "2026-11-02T06:12:00+00:00", "2026-12-02T05:00:00+00:00"
WORDS = {"service": "Phòng khám thiếu ghế cho người già", "conduct": "Bác sĩ mắng tôi trước mặt mọi người"}
PEOPLE = {
    "own manager": ("agency_manager", {"agency": "bv-vung"}),
    "own officer": ("officer", {"agency": "bv-vung"}),
    "neighbour": ("agency_manager", {"agency": "ubnd-ea-kao"}),
    "level above": ("method_owner", {"sector": "health"}),
    "its officer": ("officer", {"sector": "health"}),
    "auditor": ("auditor", {}),
    "another Sở": ("method_owner", {"sector": "education"}),
    "another province": ("administrator", {"province": "son-la"}),
}
FORMS = {
    "classify": {"kind": "service", "holder": "above", "version": "999"},
    "answer": {"answer": "Đã kê ghế.", "version": "999"},
    "note": {"note": "Đã gọi."},
    "contact": {},
    "propose": {"said": "Thiếu ghế", "reply": "Đã kê ghế."},
    "publish": {},
    "withdraw": {},
    "close": {},
}
NOT_THERE = dict.fromkeys(("view", *FORMS), 404)
ONLY_READ = NOT_THERE | {"view": 200} | dict.fromkeys(FORMS, 403)
# A change that comes too late is told so (409): whoever is told so may make it.
ALL = {"view": 200, "classify": 409, "answer": 409} | dict.fromkeys(("note", "propose", "publish", "withdraw"), 302)
ALL |= {"close": 302, "contact": 200}
NO_CONTACT = ALL | {"contact": 403}


def written(app: Flask, kind: str) -> int:
    with time_machine.travel(NOON, tick=False):
        for number in range(12):
            other = Visitor(app.test_client(), HEALTH)
            other.send(other.open(), overall_health="4", comment=f"Ý kiến {number}")
        citizen = Visitor(app.test_client(), HEALTH)
        citizen.send(citizen.open(), overall_health="1", comment=WORDS[kind], reply="1")
        with app.app_context():
            case = db.session.scalars(select(FeedbackCase)).one()
            assert case.kind == kind
            leave_contact(case.id, "0912345678")
            return int(case.id)


def handed(app: Flask, case_id: int, agency: str, kind: str) -> None:
    with app.app_context():
        agency_id = db.session.scalars(select(Agency.id).where(Agency.code == agency)).one()
        handle(case_id, Decision(kind), Holder(agency_id))


def tried(client: FlaskClient, case_id: int) -> dict[str, int]:
    """What each action answers."""
    address = f"/desk/feedback/{case_id}"
    statuses = {name: client.post(f"{address}/{name}", data=fields).status_code for name, fields in FORMS.items()}
    return {"view": client.get(address).status_code} | statuses


Told = dict[str, dict[str, int]]
ABOVE = {"level above": ALL, "its officer": ONLY_READ, "auditor": ONLY_READ}


def _rest(people: Told) -> Told:
    return {name: people.get(name, NOT_THERE) for name in PEOPLE}


@pytest.mark.parametrize(
    ("kind", "at", "prepare", "may"),
    [
        pytest.param("service", SOON, None, _rest(ABOVE), id="not told yet"),
        pytest.param(
            "service",
            LATER,
            None,
            _rest(ABOVE | {"own manager": NO_CONTACT, "own officer": ONLY_READ}),
            id="told: the rated agency, too, but never the contact",
        ),
        pytest.param("conduct", LATER, None, _rest(ABOVE), id="conduct: never the rated agency"),
        pytest.param(
            "conduct",
            LATER,
            lambda app, id_: handed(app, id_, "ubnd-ea-kao", "conduct"),
            _rest(ABOVE | {"level above": NO_CONTACT, "neighbour": ALL}),
            id="handed to a neighbour, who now reads the contact",
        ),
    ],
)
def test_each_person_may_do_with_a_case_what_their_place_allows(
    app: Flask, kind: str, at: str, prepare: Callable[[Flask, int], None] | None, may: Told
) -> None:
    case_id = written(app, kind)
    if prepare:
        with time_machine.travel(SOON, tick=False):
            prepare(app, case_id)
    app.config["WTF_CSRF_ENABLED"] = False
    with time_machine.travel(at, tick=False):
        statuses, listed = {}, {}
        for name, (role, scope) in PEOPLE.items():
            client = signed_in(app, name.replace(" ", "-").replace("ở", "o"), role, **scope)
            statuses[name] = tried(client, case_id)
            listed[name] = WORDS[kind] in client.get("/desk/feedback").text
    # Withdrawing and closing what is not there change nothing and say so.
    assert statuses == may
    assert listed == {name: statuses_of["view"] == 200 for name, statuses_of in may.items()}


@pytest.mark.parametrize("kind", WORDS)
def test_files_and_the_interface_show_no_more_than_the_pages(app: Flask, kind: str) -> None:
    case_id = written(app, kind)
    files = ("comments.csv?period=2026-11", "exports/responses.csv?period=2026-11&comments=1")
    with time_machine.travel(LATER, tick=False):
        for name, (role, scope) in PEOPLE.items():
            client = signed_in(app, name.replace(" ", "-").replace("ở", "o"), role, **scope)
            for file in files:
                agency = f"&agency={scope['agency']}" if "agency" in scope else ""
                answer = client.get(f"/desk/dak-lak/health/{file}{agency}")
                assert "0912" not in answer.text
                if WORDS[kind] in answer.text:
                    assert name == "level above", f"{name} reads {kind} in {file}"
        for public in ("/api/v1/provinces/dak-lak/feedback", "/results/dak-lak/replies/"):
            text = app.test_client().get(public).text
            assert WORDS[kind] not in text
            assert str(case_id) not in text


@pytest.mark.parametrize("kind", WORDS)
def test_the_department_of_a_sector_is_not_the_level_above_itself(app: Flask, kind: str) -> None:
    case_id = written(app, kind)
    with app.app_context(), writing() as session:
        agency = session.scalars(select(Agency).where(Agency.code == "bv-vung")).one()
        agency.name, agency.level = "Sở Y tế", "province"
    app.config["WTF_CSRF_ENABLED"] = False
    address = f"/desk/feedback/{case_id}"
    with time_machine.travel(SOON, tick=False):
        owner = signed_in(app, "so-y-te", "method_owner", sector="health")
        province = signed_in(app, "ubnd-tinh", "administrator")
        assert [client.get(address).status_code for client in (owner, province)] == [404, 200]
        assert WORDS[kind] not in owner.get("/desk/dak-lak/health/comments").text
        assert WORDS[kind] not in owner.get("/desk/feedback").text
        handed_to = {"kind": kind, "holder": "sector:health", "reason": "", "version": "1"}
        answer = province.post(f"{address}/classify", data=handed_to)
        assert answer.status_code == (302 if kind == "service" else 422)
    with time_machine.travel(LATER, tick=False):
        owner = signed_in(app, "so-y-te-2", "method_owner", sector="health")
        page = owner.get(address)
        assert page.status_code == (200 if kind == "service" else 404)
        assert "Rất không hài lòng" not in page.text
        assert owner.post(f"{address}/contact").status_code == (403 if kind == "service" else 404)
