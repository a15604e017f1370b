"""Closing and publishing at the desk: what one sees before pressing the button, and who may press it."""

from __future__ import annotations

import datetime as dt
import re
import uuid

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.desk.test_overview import open_page
from tests.desk.world import NOW, answer
from tests.support.cases import in_one_world
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database

LIST = "/desk/closing/dak-lak/"
OCTOBER = "/desk/closing/dak-lak/2026-10"


@pytest.fixture
def administrator(world: Flask) -> FlaskClient:
    return signed_in(world, "quan-tri", "administrator")


def press(client: FlaskClient, address: str, page: str = OCTOBER, **fields: str):
    """Press the button of a form on a page: the form's own hidden fields go along."""
    shown = client.get(page).text
    form = re.search(rf'<form method="post" action="{re.escape(address)}[^"]*">(.*?)</form>', shown, re.DOTALL)
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form[1] if form else shown)
    return client.post(address, data={**dict(hidden), **fields}, follow_redirects=True)


def test_a_period_is_previewed_closed_and_published(administrator: FlaskClient, client: FlaskClient) -> None:
    page = open_page(administrator, OCTOBER)
    assert "Kỳ này chưa chốt." in page
    assert "Cứ 100 lượt phục vụ thì khoảng 69 lượt người dân hài lòng" in page
    assert "Dịch vụ y tế công, theo cơ quan, đơn vị: 0 dòng hiện, 2 dòng giữ lại" in page
    assert "Đã chốt tháng 10/2026, bản 1." in press(administrator, f"{OCTOBER}/close").text
    assert client.get("/results/dak-lak/2026-10").status_code == 404
    assert "Đã công bố tháng 10/2026, bản 1." in press(administrator, f"{OCTOBER}/publish").text
    assert client.get("/results/dak-lak/2026-10").status_code == 200
    assert "Đã công bố bản 1" in open_page(administrator, LIST)


def test_late_answers_are_counted_and_wait(world: Flask, administrator: FlaskClient) -> None:
    press(administrator, f"{OCTOBER}/close")
    with world.app_context():
        answer("thpt-1", "giao-duc", "2026-10-20", 7, 5, received_at=NOW + dt.timedelta(minutes=5))
    assert "7 phiếu của kỳ này đến sau khi chốt." in open_page(administrator, OCTOBER)


def test_missing_caseloads_and_kiosks_are_named_before_closing(world: Flask, administrator: FlaskClient) -> None:
    from survey.devices.models import Device, DeviceAssignment
    from survey.foundation.clock import now
    from survey.foundation.storage.database import writing
    from survey.registry.models import Agency, Caseload, Counter

    assert "Đủ số hồ sơ; không kiosk nào còn giữ phiếu hoặc mất liên lạc." in open_page(administrator, OCTOBER)
    with world.app_context(), writing() as session:
        hospital = session.query(Agency.id).filter_by(code="bv-tinh").scalar()
        session.query(Caseload).filter_by(agency_id=hospital, month="2026-10").delete()
        counter_id = session.query(Counter.id).filter_by(code="quay-bv-tinh").scalar()
        device = Device(
            id=uuid.uuid4(), name="Kiosk A", key_digest="x", paired_at=now(), last_contact_at=now(), queue_depth=12
        )
        session.add(device)
        session.flush()
        session.add(DeviceAssignment(device_id=device.id, counter_id=counter_id, since=now()))
    page = open_page(administrator, OCTOBER)
    assert "Bệnh viện đa khoa tỉnh : tháng 10/2026" in page  # a link ends before the colon
    assert "Kiosk A ( Quầy Bệnh viện đa khoa tỉnh ), 12 phiếu chưa gửi" in page


def test_an_unfinished_period_has_no_button(administrator: FlaskClient) -> None:
    page = open_page(administrator, "/desk/closing/dak-lak/2026")
    assert "Kỳ này chưa kết thúc nên chưa chốt được." in page
    assert "Chốt kỳ" not in page
    refused = press(administrator, "/desk/closing/dak-lak/2026/close")
    assert "chưa kết thúc" in refused.text


def test_a_page_that_another_closing_has_overtaken_changes_nothing(
    administrator: FlaskClient, client: FlaskClient
) -> None:
    press(administrator, f"{OCTOBER}/close")
    press(administrator, f"{OCTOBER}/close")
    late = press(administrator, f"{OCTOBER}/publish", revision="1").text
    assert "Tháng 10/2026 nay ở bản 2, không phải bản 1 như khi xem" in late
    assert client.get("/results/dak-lak/2026-10").status_code == 404
    assert administrator.post(f"{OCTOBER}/publish", data={}).status_code == 400


def test_every_revision_is_listed_and_the_published_ones_stay_retrievable(
    administrator: FlaskClient, client: FlaskClient
) -> None:
    for _revision in (1, 2):
        press(administrator, f"{OCTOBER}/close")
        press(administrator, f"{OCTOBER}/publish")
    press(administrator, f"{OCTOBER}/close")
    page = administrator.get(OCTOBER).text
    links = re.findall(r'<a href="(/results/dak-lak/2026-10\?revision=\d)">', page)
    assert links == ["/results/dak-lak/2026-10?revision=2", "/results/dak-lak/2026-10?revision=1"]
    assert [client.get(link).status_code for link in links] == [200, 200]
    assert client.get("/results/dak-lak/2026-10?revision=3").status_code == 404
    assert "chưa công bố" in page


@in_one_world(
    ("who", "status"),
    [
        ({"role": "administrator"}, 200),
        ({"role": "method_owner"}, 200),
        ({"role": "officer"}, 403),
        ({"role": "auditor"}, 403),
        ({"role": "method_owner", "sector": "health"}, 404),
        ({"role": "administrator", "province": "son-la"}, 404),
    ],
)
def test_owner_colleague_and_stranger(world: Flask, who: dict[str, str], status: int) -> None:
    client = signed_in(world, f"{who}", **who)
    assert [client.get(page).status_code for page in (LIST, OCTOBER)] == [status, status]
    menu = client.get("/desk/reports/").text  # a page of the same group
    assert ("Chốt và công bố" in menu) == (who["role"] in ("administrator", "method_owner") and "sector" not in who)


@in_one_world("button", ["2026-10/close", "2026-10/publish"])
def test_a_stranger_presses_nothing(world: Flask, button: str) -> None:
    stranger = signed_in(world, button, "administrator", "son-la")
    token = re.search(r'name="csrf_token" value="([^"]+)"', stranger.get("/desk/closing/son-la/").text)
    assert token
    assert stranger.post(f"/desk/closing/dak-lak/{button}", data={"csrf_token": token[1]}).status_code == 404
    assert stranger.post(f"/desk/closing/dak-lak/{button}").status_code == 400


def test_a_revision_follows_late_answers(world: Flask, administrator: FlaskClient) -> None:
    press(administrator, f"{OCTOBER}/close")
    press(administrator, f"{OCTOBER}/publish")
    with time_machine.travel(NOW + dt.timedelta(hours=2), tick=False):
        page = press(administrator, f"{OCTOBER}/close").text
        assert "Đã chốt tháng 10/2026, bản 2." in page
        assert "Công bố bản 2" in page


def test_what_is_no_period_is_not_found(administrator: FlaskClient) -> None:
    assert administrator.get("/desk/closing/dak-lak/2026-13").status_code == 404
    assert administrator.get("/desk/closing/nowhere/").status_code == 404
