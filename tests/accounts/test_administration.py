"""An administrator makes accounts and gives roles in their own province, and leaves a trace of each change."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.foundation.changes import audit
from survey.foundation.storage.database import writing
from tests.accounts.test_signing_in import sign_in
from tests.desk.filled import database_url, frozen_clock, world
from tests.support.cases import in_one_world
from tests.support.html import assert_valid_html, parse_html
from tests.support.staff import client_of, make_user, signed_in

pytestmark = pytest.mark.one_database

__all__ = ["database_url", "frozen_clock", "world"]

INDEX = "/desk/users/dak-lak/"
LOG = "/desk/audit/dak-lak/"


@pytest.fixture
def administrator_id(world: Flask) -> int:
    return make_user(world, "quan-tri", "administrator")


@pytest.fixture
def administrator(world: Flask, administrator_id: int) -> FlaskClient:
    return client_of(world, administrator_id)


def post(client: FlaskClient, address: str, page: str = INDEX, **fields: str):
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(page).text)
    assert token
    return client.post(address, data={"csrf_token": token[1], **fields}, follow_redirects=True)


def page(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert_valid_html(answer.text, answer.headers["Content-Security-Policy"])
    return answer.text


def create(client: FlaskClient, username: str = "moi") -> tuple[str, str]:
    """Make an account; returns the address of its page and its first password."""
    made = post(client, INDEX, username=username, name="Người mới").text
    password = re.search(r"<code>([A-Z0-9-]{14})</code>", made)
    number = re.search(r"/desk/users/dak-lak/(\d+)/password", made)
    assert password
    assert number
    return f"{INDEX}{number[1]}", password[1]


def test_a_new_account_signs_in_with_the_password_shown_once(world: Flask, administrator: FlaskClient) -> None:
    address, password = create(administrator, " Moi ")
    assert sign_in(world.test_client(), "moi", password).status_code == 302
    assert password not in page(administrator, address)
    assert "Chưa có vai trò" in page(administrator, address)


def test_a_taken_name_is_refused(administrator: FlaskClient) -> None:
    refused = post(administrator, INDEX, username="QUAN-TRI", name="Người khác")
    assert refused.status_code == 422
    assert "Tên đăng nhập “quan-tri” đã có" in refused.text


def test_a_role_opens_its_scope_and_no_more(world: Flask, administrator: FlaskClient) -> None:
    address, password = create(administrator)
    assert '<option value="bv-tinh">Bệnh viện đa khoa tỉnh (bv-tinh)</option>' in page(administrator, address)
    post(administrator, f"{address}/grants", address, role="officer", sector="health", agency="bv-tinh")
    client = world.test_client()
    sign_in(client, "moi", password)
    first = client.get("/desk/dak-lak/health?agency=bv-tinh")
    assert first.location == "/desk/account/password?next=/desk/dak-lak/health?agency%3Dbv-tinh"
    assert "do người khác cấp" in page(client, first.location)
    own = {"current": password, "new": "câu riêng của tôi", "again": "câu riêng của tôi"}
    assert post(client, first.location, first.location, **own).request.path == "/desk/dak-lak/health"
    assert client.get("/desk/dak-lak/health?agency=bv-tinh").status_code == 200
    assert client.get("/desk/dak-lak/health").status_code == 404
    assert "Cán bộ xem số liệu: Y tế, Bệnh viện đa khoa tỉnh" in page(administrator, address)
    again = post(administrator, f"{address}/grants", address, role="officer", sector="health", agency="bv-tinh")
    assert "Tài khoản đã có vai trò này." in again.text


def test_a_role_taken_back_closes_its_scope_at_once(world: Flask, administrator: FlaskClient) -> None:
    user_id = make_user(world, "can-bo", "officer", sector="health")
    client = client_of(world, user_id)
    assert client.get("/desk/dak-lak/health").status_code == 200
    shown = page(administrator, f"{INDEX}{user_id}")
    grant = re.search(r"/grants/(\d+)/remove", shown)
    assert grant
    post(administrator, f"{INDEX}{user_id}/grants/{grant[1]}/remove")
    assert client.get("/desk/dak-lak/health").status_code == 302  # signed out, with the roles of before
    assert client_of(world, user_id).get("/desk/dak-lak/health").status_code == 404


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"role": "officer", "sector": "", "agency": "khong-co"}, "Tỉnh không có cơ quan “khong-co”."),
        ({"role": "king", "sector": "", "agency": ""}, "lựa chọn không hợp lệ"),
    ],
)
def test_a_role_that_cannot_be_is_refused(administrator: FlaskClient, fields: dict[str, str], message: str) -> None:
    address, _password = create(administrator)
    assert message in post(administrator, f"{address}/grants", address, **fields).text


def test_switching_off_ends_every_session(world: Flask, administrator: FlaskClient) -> None:
    user_id = make_user(world, "can-bo", "officer", sector="health")
    client = client_of(world, user_id)
    assert "Đã khóa tài khoản" in post(administrator, f"{INDEX}{user_id}/active", to="off").text
    assert "Tài khoản đã khóa." in post(administrator, f"{INDEX}{user_id}/active", to="off").text
    assert client.get("/desk/dak-lak/health").status_code == 302
    assert sign_in(world.test_client(), "can-bo").status_code == 401
    assert "Đã mở tài khoản." in post(administrator, f"{INDEX}{user_id}/active", to="on").text
    assert sign_in(world.test_client(), "can-bo").status_code == 302


def test_a_reset_password_replaces_the_old_one(world: Flask, administrator: FlaskClient) -> None:
    user_id = make_user(world, "can-bo", "officer", sector="health")
    shown = post(administrator, f"{INDEX}{user_id}/password").text
    password = re.search(r"<code>([A-Z0-9-]{14})</code>", shown)
    assert password
    assert sign_in(world.test_client(), "can-bo").status_code == 401
    assert sign_in(world.test_client(), "can-bo", password[1]).status_code == 302


def test_nobody_locks_themselves_out(administrator: FlaskClient, administrator_id: int) -> None:
    own = f"{INDEX}{administrator_id}"
    assert "Không thể tự khóa" in post(administrator, f"{own}/active", to="off").text
    grant = re.search(r"/grants/(\d+)/remove", page(administrator, own))
    assert grant
    assert "Không thể tự bỏ vai trò quản trị" in post(administrator, f"{own}/grants/{grant[1]}/remove").text


def test_an_account_of_another_province_too_is_not_taken_over(world: Flask, administrator: FlaskClient) -> None:
    from survey.accounts.models import RoleGrant
    from survey.registry.models import Province

    both = make_user(world, "hai-tinh", "officer")
    with world.app_context(), writing() as session:
        elsewhere = session.query(Province.id).filter_by(key="son-la").scalar()
        session.add(RoleGrant(user_id=both, role="administrator", province_id=elsewhere))
    refused = "Tài khoản này còn có vai trò ở tỉnh khác"
    assert refused in post(administrator, f"{INDEX}{both}/password").text
    assert refused in post(administrator, f"{INDEX}{both}/active", to="off").text
    assert "Có vai trò ở tỉnh Sơn La" in page(administrator, f"{INDEX}{both}")


def test_accounts_of_other_provinces_are_not_there(world: Flask, administrator: FlaskClient) -> None:
    other = make_user(world, "son-la-1", "officer", "son-la")
    assert "son-la-1" not in page(administrator, INDEX)
    assert administrator.get(f"{INDEX}{other}").status_code == 404
    assert post(administrator, f"{INDEX}{other}/password").status_code == 404


def test_an_account_without_a_role_stays_with_the_province_that_made_it_or_gave_it_one(
    world: Flask, administrator: FlaskClient
) -> None:

    made, _password = create(administrator)
    left = make_user(world, "da-nghi-viec", "officer")
    grant = re.search(r"/grants/(\d+)/remove", page(administrator, f"{INDEX}{left}"))
    assert grant
    post(administrator, f"{INDEX}{left}/grants/{grant[1]}/remove")
    for user_id in (int(made.rpartition("/")[2]), left):
        neighbour = client_of(world, make_user(world, f"son-la-{user_id}", "administrator", "son-la"))
        elsewhere = "/desk/users/son-la/"
        assert re.findall("Người mới|da-nghi-viec", page(neighbour, elsewhere)) == []
        assert neighbour.get(f"{elsewhere}{user_id}").status_code == 404
        for action in ("password", "grants", "active"):
            answer = post(neighbour, f"{elsewhere}{user_id}/{action}", elsewhere, role="officer", to="off")
            assert answer.status_code == 404
        assert administrator.get(f"{INDEX}{user_id}").status_code == 200
    assert "da-nghi-viec" in page(administrator, INDEX)


@in_one_world(
    ("who", "status"),
    [({"role": "officer"}, 403), ({"role": "method_owner", "sector": "health"}, 404), ({"province": "son-la"}, 404)],
)
def test_owner_colleague_and_stranger(world: Flask, who: dict[str, str], status: int) -> None:
    client = signed_in(world, f"{who}", **{"role": "administrator", **who})
    assert [client.get(address).status_code for address in (INDEX, f"{INDEX}1", LOG)] == [status] * 3


def test_an_auditor_reads_the_log_but_not_the_accounts(world: Flask) -> None:
    auditor = signed_in(world, "thanh-tra", "auditor")
    assert "Nhật ký" in page(auditor, LOG)
    assert auditor.get(INDEX).status_code == 403
    assert "/desk/users/" not in auditor.get(LOG).text


def rows_of(text: str) -> list[list[str]]:
    """The fields of all entries: name, before, after."""
    rows = (row.iter("td") for row in parse_html(text).iter("tr"))
    return [["".join(cell.itertext()) for cell in list(cells)[-3:]] for cells in rows]


def test_every_change_is_in_the_log_with_before_and_after(administrator: FlaskClient) -> None:
    address, _password = create(administrator)
    post(administrator, f"{address}/grants", address, role="officer", sector="health", agency="")
    text = page(administrator, LOG)
    rows = rows_of(text)
    assert ["Vai trò", "", "Cán bộ xem số liệu"] in rows
    assert ["Ngành", "", "Y tế"] in rows
    assert rows.index(["Ngành", "", "Y tế"]) < rows.index(["Tên đăng nhập", "", "moi"])
    assert f'<a href="{address}">Người mới (moi)</a>' in text
    post(administrator, f"{address}/active", address, to="off")
    assert ["Được đăng nhập", "có", "không"] in rows_of(page(administrator, f"{LOG}?action=switch_active"))
    assert ["Vai trò", "", "Cán bộ xem số liệu"] not in rows_of(page(administrator, f"{LOG}?action=create"))
    assert "Không có dòng nhật ký nào khớp." in page(administrator, f"{LOG}?username=khong-ai")
    assert "Người mới (moi)" in page(administrator, f"{LOG}?since=2026-11-20&until=2026-11-20")
    assert "Không có dòng nhật ký nào khớp." in page(administrator, f"{LOG}?until=2026-11-19")
    assert administrator.get(f"{LOG}?since=yesterday").status_code == 400


def test_the_log_of_another_province_stays_there(world: Flask, administrator: FlaskClient) -> None:
    create(administrator)
    other = signed_in(world, "son-la-1", "administrator", "son-la")
    assert "(moi)" not in page(other, "/desk/audit/son-la/")
    assert other.get(LOG).status_code == 404


def test_the_log_is_read_page_by_page(world: Flask, administrator: FlaskClient) -> None:
    from survey.registry.models import Province

    with world.app_context(), writing() as session:
        here = session.query(Province.id).filter_by(key="dak-lak").scalar()
        for number in range(150):
            audit.record(session, "close_period", "closing", f"no-{number:03d}", province_id=here)
    first = page(administrator, LOG)
    assert first.count("Kỳ: no-") == 100
    older = re.search(r'href="([^"]+)" rel="next"', first)
    assert older
    assert page(administrator, older[1].replace("&amp;", "&")).count("Kỳ: no-") == 50


def test_the_whole_log_is_a_file_for_programs_and_taking_it_is_logged(administrator: FlaskClient) -> None:
    create(administrator)
    lines = list(
        csv.DictReader(io.StringIO(administrator.get(f"{LOG}log.csv?action=create").text.removeprefix("\ufeff")))
    )
    assert [(line["username"], line["action"], json.loads(line["after"])["username"]) for line in lines] == [
        ("quan-tri", "create", "moi")
    ]
    assert "Tải nhật ký" in page(administrator, f"{LOG}?action=export_audit")


def test_what_the_command_line_did_is_seen_where_it_matters_and_names_nobody(
    world: Flask, administrator: FlaskClient, administrator_id: int
) -> None:
    stranger = make_user(world, "son-la-2", "officer", "son-la")
    with world.app_context(), writing() as session:
        for user_id in (administrator_id, stranger):
            audit.record(session, "set_password", "user", user_id, before={"locked": True}, after={"locked": False})
        audit.record(session, "create", "services", "KB", user_id=stranger, after={"name": "Khám bệnh"})
    text = page(administrator, LOG)
    assert text.count("dòng lệnh trên máy chủ") == 1
    assert "son-la-2" not in text
    assert "tài khoản của tỉnh khác" in text
    about_it = page(administrator, f"{LOG}?object_type=user&object_id={administrator_id}")
    assert "Chỉ các dòng về một mục." in about_it
    assert ["Tạm khóa", "có", "không"] in rows_of(about_it)
