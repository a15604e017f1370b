"""Several questionnaires of one sector at once: by counter, by service, in waves."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kiosk.api.configuration import configuration_of
from survey.devices.models import Device, DeviceAssignment
from survey.foundation.clock import now, start_of_day, today
from survey.foundation.identifiers import new_id
from survey.foundation.storage.database import db, writing
from survey.questionnaires.models import QuestionnaireUse, QuestionnaireVersion
from survey.registry.models import Agency, Counter, Province, Service
from survey.responses.models import Rating, Response
from tests.channels.world import HEALTH, TWO_SECTORS, make_world
from tests.support.staff import signed_in

OUT, IN = "byt-outpatient", "byt-inpatient"
DAY = dt.timedelta(days=1)


@pytest.fixture
def world(app: Flask) -> Flask:
    """The counters; at the hospital's one, outpatients and inpatients."""
    make_world(app)
    with app.app_context(), writing() as session:
        service = Service(code="noi-tru", name="Điều trị nội trú", sector="health", field="Khám bệnh")
        session.add(service)
        counter = session.scalars(select(Counter).where(Counter.code == HEALTH)).one()
        counter.services.append(service)
    return app


def use(app: Flask, key: str, counter: str = "", service: str = "", agency: str = "", **days: dt.date | None) -> None:
    """Ask a questionnaire somewhere."""
    with app.app_context(), writing() as session:

        def id_of(model: type[Counter] | type[Service] | type[Agency], code: str) -> int | None:
            return session.scalar(select(model.id).where(model.code == code)) if code else None

        session.add(
            QuestionnaireUse(
                province_id=session.scalar(select(Province.id).where(Province.key == "dak-lak")),
                questionnaire_key=key,
                counter_id=id_of(Counter, counter),
                service_id=id_of(Service, service),
                agency_id=id_of(Agency, agency),
                wave="",
                since=days.get("since") or today(),
                until=days.get("until"),
            )
        )


def page_of(client: FlaskClient, counter: str = HEALTH, **query: str) -> str:
    return client.get(f"/c/{counter}", query_string=query).text


def asks(page: str) -> str:
    """Which form a page is: of those whose questions all stand there the one with the most."""
    names = set(re.findall(r'name="([a-z0-9_]+)"', page))
    query = select(QuestionnaireVersion.questionnaire_key, QuestionnaireVersion.definition)
    codes = {key: {item["code"] for item in definition["items"]} for key, definition in db.session.execute(query)}
    return max((key for key in codes if codes[key] <= names), key=lambda key: len(codes[key]))


def form_of(world: Flask, counter: str = HEALTH, **query: str) -> str:
    with world.app_context():
        return asks(page_of(world.test_client(), counter, **query))


def test_the_short_form_is_asked_where_nothing_else_was_chosen(world: Flask) -> None:
    assert form_of(world) == "health"


def test_a_counter_asks_its_own_form_and_others_go_on_as_before(world: Flask) -> None:
    use(world, IN, counter=HEALTH)
    assert form_of(world) == IN
    assert form_of(world, TWO_SECTORS, sector="health") == "health"


def test_outpatients_and_inpatients_of_one_counter_choose_their_form_and_its_services_alone(world: Flask) -> None:
    use(world, OUT, service="kham-benh")
    use(world, IN, service="noi-tru")
    page = page_of(world.test_client(), form=IN)
    with world.app_context():
        assert asks(page) == IN
    assert f"form={OUT}" in page
    assert "kham-benh" not in page
    assert form_of(world, form=OUT) == OUT
    assert form_of(world, service="noi-tru") == IN


def test_the_counters_use_goes_before_its_agencys_and_that_before_the_services(world: Flask) -> None:
    use(world, OUT, service="kham-benh")
    use(world, IN, agency="bv-vung")
    assert form_of(world) == IN
    use(world, OUT, counter=HEALTH)
    assert form_of(world) == OUT


def test_a_wave_begins_and_ends_by_itself(world: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    day, moment = today(), now()
    use(world, OUT, counter=HEALTH, since=day + DAY, until=day + 2 * DAY)
    asked_there = []
    for later in range(4):
        monkeypatch.setattr("survey.foundation.clock.now", lambda later=later: moment + later * DAY)
        asked_there.append(form_of(world))
    assert asked_there == ["health", OUT, OUT, "health"]


def test_what_was_shown_before_a_wave_ended_is_still_taken_as_it_was_asked(
    world: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    tomorrow = start_of_day(today() + DAY)
    use(world, OUT, counter=HEALTH, until=today())
    client = world.test_client()
    token = re.search(r'name="token" value="([^"]+)"', page_of(client))[1]
    monkeypatch.setattr("survey.foundation.clock.now", lambda: tomorrow)
    answer = client.post(f"/c/{HEALTH}?sent=1", data={"token": token, "overall_health": "4", "service": "noi-tru"})
    assert answer.status_code == 200
    with world.app_context():
        query = select(QuestionnaireVersion.questionnaire_key, Rating.subject, Rating.value).select_from(Response)
        query = query.join(Rating).join(QuestionnaireVersion)
        assert db.session.execute(query).all() == [(OUT, "health_service", 4)]


def test_a_kiosk_is_given_each_form_with_its_services(world: Flask) -> None:
    use(world, IN, service="noi-tru")
    with world.app_context(), writing() as session:
        counter = session.scalar(select(Counter.id).where(Counter.code == HEALTH))
        moment = dt.datetime.now(dt.UTC)
        device = Device(id=new_id(), name="K", key_digest="d", public_key="p", paired_at=moment)
        session.add(device)
        session.flush()
        session.add(DeviceAssignment(device_id=device.id, counter_id=counter, since=moment))
        session.flush()
        given = configuration_of(session, device.id)["questionnaires"]
    assert [(questionnaire["key"], questionnaire["services"]) for questionnaire in given] == [
        ("health", ["kham-benh"]),
        (IN, ["noi-tru"]),
    ]
    assert given[1]["definition"]["items"]


def test_the_desk_puts_a_form_to_use_and_ends_it(world: Flask) -> None:
    client = signed_in(world, "chu-phuong-phap", "method_owner")
    address = f"/desk/questionnaires/{IN}/uses/dak-lak"
    offered = re.findall(r'<option value="([^"]*)"', client.get(address).text)
    assert {HEALTH, "bv-vung", "noi-tru"} <= set(offered)  # nobody has to know a code
    days = {"since": today().isoformat(), "wave": "Đợt 1", "until": (today() + DAY).isoformat()}
    client.post(address, data={"counter": HEALTH, "service": "", **days, **token_of(client, address)})
    page = client.get(address).text
    assert "Đợt 1" in page
    assert form_of(world) == IN
    end = re.search(r'action="(/desk/[^"]+/end)"', page)[1]
    client.post(end, data=token_of(client, address))
    assert form_of(world) == "health"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"counter": "KHONG-CO"}, "Không có quầy KHONG-CO"),
        ({"agency": "khong-co"}, "Không có cơ quan khong-co"),
        ({"since": "2020-01-01"}, "Chọn hôm nay hoặc một ngày sau"),
        ({"wave": "Đợt 1"}, "phải có ngày cuối"),
    ],
)
def test_what_cannot_be_asked_so_is_said_and_nothing_is_lost(world: Flask, wrong: dict[str, str], said: str) -> None:
    client = signed_in(world, "chu-phuong-phap", "method_owner")
    address = f"/desk/questionnaires/{IN}/uses/dak-lak"
    sent = {"since": today().isoformat(), **wrong, **token_of(client, address)}
    answer = client.post(address, data=sent)
    assert answer.status_code == 422
    assert said in answer.text
    assert next(iter(wrong.values())) in answer.text
    with world.app_context():
        assert db.session.scalars(select(QuestionnaireUse)).all() == []


def token_of(client: FlaskClient, address: str) -> dict[str, str]:
    return {"csrf_token": re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(address).text)[1]}
