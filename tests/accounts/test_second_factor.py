"""The second factor: a password alone opens nothing, a code opens once, and who lost the phone has a way in."""

from __future__ import annotations

import datetime as dt
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select
from werkzeug.test import TestResponse

from survey.accounts import second_factor, sessions
from survey.accounts.models import RecoveryCode, SecondFactor
from survey.accounts.second_factor_rule import ROLES
from survey.foundation.changes.audit_entry import AuditEntry
from survey.foundation.configuration.settings import Settings
from survey.foundation.storage.database import writing
from tests.accounts.test_held_forms import FORM, HERE, WRITTEN, fields_in
from tests.accounts.test_signing_in import sign_in, token_in
from tests.support.applications import application
from tests.support.cases import in_one_world
from tests.support.html import assert_valid_html
from tests.support.second_factors import PAGE, Phone, codes_in, enrol, fields_of_form
from tests.support.staff import PASSWORD, client_of, make_user

NOON = dt.datetime(2030, 5, 6, 5, 0, tzinfo=dt.UTC)  # after what the phone showed when it was enrolled
SECOND = "/login/code"
RULE = "/desk/proposals/dak-lak/second-factor"


@pytest.fixture(autouse=True)
def owner(app: Flask) -> int:
    return make_user(app, "can-bo", "administrator")


@pytest.fixture
def phone(app: Flask, owner: int) -> Phone:
    return enrol(client_of(app, owner))


def give(client: FlaskClient, asked: TestResponse, code: str, address: str = SECOND) -> TestResponse:
    """Type a code into the page of the second step."""
    return client.post(address, data=fields_of_form(asked.text, SECOND) | {"code": code})


def press(client: FlaskClient, page: str, action: str, **fields: str) -> TestResponse:
    return client.post(action, data=fields_of_form(client.get(page).text, action) | fields)


def is_in(client: FlaskClient) -> bool:
    return client.get("/desk/account").status_code == 200


def actions(database: SQLAlchemy) -> list[str]:
    database.session.rollback()
    return list(database.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_a_password_alone_opens_nothing_and_a_code_opens_the_page_that_was_asked_for(app: Flask, phone: Phone) -> None:
    client = app.test_client()
    asked = sign_in(client, "can-bo", address="/login?next=/desk/account")
    assert asked.status_code == 200
    assert_valid_html(asked.text, asked.headers["Content-Security-Policy"])
    assert not is_in(client)
    answer = give(client, asked, phone.code(), f"{SECOND}?next=/desk/account")
    assert (answer.status_code, answer.location) == (302, "/desk/account")
    assert is_in(client)


def test_a_code_opens_once_and_none_before_it_opens_afterwards(app: Flask, phone: Phone) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        for later, status in ((0, 302), (0, 401), (-1, 401), (1, 302), (1, 401)):
            client = app.test_client()
            assert give(client, sign_in(client, "can-bo"), phone.code(later)).status_code == status, later
        clock.shift(dt.timedelta(minutes=1))
        client = app.test_client()
        assert give(client, sign_in(client, "can-bo"), phone.code()).status_code == 302


def test_a_phone_whose_clock_is_half_a_minute_off_opens_and_a_minute_off_does_not(app: Flask, phone: Phone) -> None:
    for hours, later, status in ((1, -2, 401), (2, -1, 302), (3, 2, 401), (4, 1, 302)):
        with time_machine.travel(NOON + dt.timedelta(hours=hours), tick=False):
            client = app.test_client()
            assert give(client, sign_in(client, "can-bo"), phone.code(later)).status_code == status, later


def test_of_many_who_send_one_code_at_once_one_gets_in(app: Flask, phone: Phone, settings: Settings) -> None:
    with time_machine.travel(NOON, tick=False), application(settings) as other, ThreadPoolExecutor(4) as pool:
        clients = [(app, other)[number % 2].test_client() for number in range(4)]
        asked = [sign_in(client, "can-bo") for client in clients]
        answers = list(pool.map(lambda pair: give(pair[0], pair[1], phone.code()), zip(clients, asked, strict=True)))
    assert sorted(answer.status_code for answer in answers) == [302, 401, 401, 401]


def test_who_knows_the_password_guesses_ten_codes_an_hour_over_all_processes(
    app: Flask, phone: Phone, settings: Settings
) -> None:
    with time_machine.travel(NOON, tick=False) as clock, application(settings) as other:
        for number in range(second_factor.ACCOUNT.most):
            thief = (app, other)[number % 2].test_client()
            thief.environ_base["REMOTE_ADDR"] = f"198.51.100.{number}"
            assert give(thief, sign_in(thief, "can-bo"), "000000").status_code == 401
        late = app.test_client()
        refused = give(late, sign_in(late, "can-bo"), phone.code())
        assert refused.status_code == 401
        assert "chờ một giờ" in refused.text
        clock.shift(second_factor.ACCOUNT.within)
        assert give(late, sign_in(late, "can-bo"), phone.code()).status_code == 302


def test_a_thief_with_the_password_does_not_keep_the_owner_out_of_a_known_browser(app: Flask, phone: Phone) -> None:
    with time_machine.travel(NOON, tick=False):
        home = app.test_client()
        give(home, sign_in(home, "can-bo"), phone.code(-1))
        home.delete_cookie("hai_long")
        thief = app.test_client()
        asked = sign_in(thief, "can-bo")
        for _number in range(second_factor.ACCOUNT.most + 1):
            give(thief, asked, "000000")
        assert give(home, sign_in(home, "can-bo"), phone.code()).status_code == 302


def test_each_recovery_code_opens_once_and_is_stored_as_a_digest(
    app: Flask, phone: Phone, database: SQLAlchemy
) -> None:
    stored = str(list(database.session.execute(select(RecoveryCode.code_digest))))
    assert not any(code in stored or code.replace("-", "") in stored for code in phone.codes)
    for code, status in ((phone.codes[3].lower(), 302), (phone.codes[3], 401), (phone.codes[4].replace("-", " "), 302)):
        client = app.test_client()
        assert give(client, sign_in(client, "can-bo"), code).status_code == status
    assert actions(database).count("use_recovery_code") == 2
    assert "Còn 8 mã dự phòng" in client.get(PAGE).text


def test_the_stored_secret_cannot_be_read_without_the_servers_key_nor_put_to_another_account(
    app: Flask, phone: Phone, database: SQLAlchemy
) -> None:
    factor = database.session.scalars(select(SecondFactor)).one()
    assert phone.secret not in factor.sealed_secret
    other = make_user(app, "nguoi-khac", "administrator")
    moved = {"sealed_secret": factor.sealed_secret, "last_step": 0, "since": factor.since}
    with app.app_context(), writing() as session:
        session.add(SecondFactor(user_id=other, **moved))
    client = app.test_client()
    assert give(client, sign_in(client, "nguoi-khac"), phone.code()).status_code == 401
    key = app.config["SECRET_KEY"]
    app.config.update(SECRET_KEY="another key entirely, of good length")
    try:
        client = app.test_client()
        assert give(client, sign_in(client, "can-bo"), phone.code()).status_code == 401
        app.config["SECRET_KEY_FALLBACKS"] = [key]
        assert give(client, sign_in(client, "can-bo"), phone.code()).status_code == 302
    finally:
        app.config.update(SECRET_KEY=key, SECRET_KEY_FALLBACKS=[])


def test_the_page_of_the_second_step_is_worth_nothing_after_ten_minutes_or_a_new_password(
    app: Flask, phone: Phone
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        client = app.test_client()
        asked = sign_in(client, "can-bo")
        clock.shift(dt.timedelta(minutes=10, seconds=1))
        late = give(client, asked, phone.code())
        assert late.status_code == 401
        assert "Đã quá 10 phút" in late.text
        assert_valid_html(late.text, late.headers["Content-Security-Policy"])
        asked = sign_in(client, "can-bo")
        app.test_cli_runner().invoke(args=["staff", "set-password", "can-bo"], input=f"{PASSWORD} mới\n")
        assert give(client, asked, phone.code()).status_code == 401
    assert not is_in(client)


def test_the_second_step_goes_on_at_a_server_whose_clock_is_behind_that_of_the_first(app: Flask, phone: Phone) -> None:
    client = app.test_client()
    with time_machine.travel(NOON + dt.timedelta(minutes=5), tick=False):
        asked = sign_in(client, "can-bo")
    with time_machine.travel(NOON, tick=False):
        assert give(client, asked, phone.code()).status_code == 302
        assert is_in(client)


def test_turning_it_on_ends_other_sessions_and_needs_a_right_code(app: Flask, owner: int, database: SQLAlchemy) -> None:
    here, elsewhere = client_of(app, owner), client_of(app, owner)
    shown = here.get(PAGE)
    assert_valid_html(shown.text, shown.headers["Content-Security-Policy"])
    refused = here.post(PAGE, data=fields_of_form(shown.text, PAGE) | {"code": "000000"})
    assert refused.status_code == 422
    assert_valid_html(refused.text, refused.headers["Content-Security-Policy"])
    [before, after] = [re.findall(r"<code>([^<]+)</code>", page.text)[0] for page in (shown, refused)]
    assert before == after, "who mistyped need not take another secret into the application"
    assert database.session.scalar(select(SecondFactor)) is None
    enrol(here)
    assert (is_in(here), is_in(elsewhere)) == (True, False)


def test_whoever_finds_a_session_open_binds_the_account_to_no_phone_of_theirs(app: Flask, owner: int) -> None:
    thief = app.test_client()
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in(thief, "can-bo")
        clock.shift(sessions.FRESH)
        shown = thief.get(PAGE)
        assert_valid_html(shown.text, shown.headers["Content-Security-Policy"])
        secret = re.search(r"<code>([A-Z2-7 ]{39})</code>", shown.text)
        assert secret
        code = Phone(secret[1].replace(" ", ""), []).code()
        fields = fields_of_form(shown.text, PAGE) | {"code": code}
        for typed in ("", "đoán bừa một câu"):
            refused = thief.post(PAGE, data=fields | {"current": typed})
            assert (refused.status_code, codes_in(refused.text)) == (422, [])
        del fields["current"]
        assert thief.post(PAGE, data=fields).status_code == 422
        assert len(codes_in(thief.post(PAGE, data=fields | {"current": PASSWORD}).text)) == 10


def test_turning_it_off_and_new_recovery_codes_need_a_code(app: Flask, owner: int, database: SQLAlchemy) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        client = client_of(app, owner)
        phone = enrol(client)
        for language in ("", "?lang=en"):
            shown = client.get(PAGE + language)
            assert_valid_html(shown.text, shown.headers["Content-Security-Policy"])
        assert press(client, PAGE, f"{PAGE}/codes", code="000000").status_code == 422
        renewed = press(client, PAGE, f"{PAGE}/codes", code=phone.code())
        assert len(set(codes_in(renewed.text)) - set(phone.codes)) == 10
        clock.shift(dt.timedelta(minutes=1))
        for current, code in ((PASSWORD, phone.codes[0]), ("sai", phone.code()), (PASSWORD, "000000")):
            assert press(client, PAGE, f"{PAGE}/off", current=current, code=code).status_code == 422
        elsewhere = client_of(app, owner)
        assert press(client, PAGE, f"{PAGE}/off", current=PASSWORD, code=phone.code()).status_code == 302
        assert (is_in(client), is_in(elsewhere)) == (True, False)
    database.session.rollback()
    assert database.session.scalar(select(RecoveryCode)) is None
    assert sign_in(app.test_client(), "can-bo").status_code == 302
    assert [action for action in actions(database) if "factor" in action] == ["switch_own_second_factor"] * 2


@in_one_world("role", ["administrator", "method_owner", "auditor", "agency_manager", "officer"])
def test_where_the_province_asks_those_who_can_do_much_get_one_before_anything_else(
    app: Flask, owner: int, role: str
) -> None:
    head = client_of(app, owner)
    if head.get("/desk/proposals/dak-lak/").status_code == 200:  # the first case: from then on it is led away itself
        assert press(head, "/desk/proposals/dak-lak/", RULE).status_code == 302
    client = client_of(app, make_user(app, f"ai-do-{role}", role))
    asked = [client.get(path) for path in ("/desk/", "/desk/account", "/desk/account/password", "/desk/no-such-page")]
    if role not in ROLES:
        assert asked[1].status_code == 200
        return
    assert {answer.location.split("?")[0] for answer in asked} == {PAGE}
    assert client.post("/desk/account/sessions/end").status_code == 302
    assert "Tỉnh yêu cầu" in client.get(PAGE).text
    enrol(client)
    assert is_in(client)
    elsewhere = client_of(app, make_user(app, f"tinh-khac-{role}", role, province="son-la"))
    assert is_in(elsewhere)


@in_one_world("role", ["administrator", "agency_manager", "officer"])
def test_where_the_province_asks_everybody_every_role_gets_one_first(app: Flask, owner: int, role: str) -> None:
    head = client_of(app, owner)
    before = client_of(app, make_user(app, f"truoc-{role}", role))
    page = "/desk/proposals/dak-lak/"
    if head.get(page).status_code == 200:
        assert is_in(before)
        assert press(head, page, f"{RULE}/all").status_code == 302
    client = client_of(app, make_user(app, f"ai-do-{role}", role))
    for someone in (client, before):  # whoever was signed in already, too
        assert {someone.get(path).location.split("?")[0] for path in ("/desk/", "/desk/account")} == {PAGE}
    enrol(client)
    assert is_in(client)
    assert is_in(client_of(app, make_user(app, f"tinh-khac-{role}", role, province="son-la")))


def test_a_form_that_was_being_sent_survives_the_second_step_and_both_first_steps(
    app: Flask, owner: int, database: SQLAlchemy
) -> None:
    from survey.accounts.models import User

    client = client_of(app, owner)
    press(client, "/desk/proposals/dak-lak/", RULE)
    database.session.get_one(User, owner).must_change_password = True
    database.session.commit()
    asked = client.post(FORM, data=WRITTEN, headers=HERE)
    assert asked.status_code == 403
    assert_valid_html(asked.text, asked.headers["Content-Security-Policy"])
    address = "/desk/account/password"
    new = {"current": PASSWORD, "new": f"{PASSWORD} nữa", "again": f"{PASSWORD} nữa"}
    wrong = client.post(address, data=fields_of_form(asked.text, address) | new | {"current": "sai"})
    assert wrong.status_code == 422
    factor = client.post(address, data=fields_of_form(wrong.text, address) | new)
    secret = re.search(r"<code>([A-Z2-7 ]{39})</code>", factor.text)
    assert secret, "the next step, with the form"
    phone = Phone(secret[1].replace(" ", ""), [])
    shown = client.post(PAGE, data=fields_of_form(factor.text, PAGE) | {"code": phone.code(-1)})
    assert_valid_html(shown.text, shown.headers["Content-Security-Policy"])
    assert fields_in(shown.text)["username"] == WRITTEN["username"]
    client.post("/logout", data={"csrf_token": token_in(shown.text)})
    asked = client.post(FORM, data=WRITTEN, headers=HERE)
    given = fields_of_form(asked.text, "/login") | {"username": "can-bo", "password": new["new"]}
    second = client.post("/login", data=given)
    again = give(client, give(client, second, "000000"), phone.code())
    kept = fields_in(again.text)
    assert kept["username"] == WRITTEN["username"]
    action = re.search(r'<form method="post" action="(/desk/users[^"]*)"', again.text)
    assert action
    sent = client.post(action[1], data={**kept, "csrf_token": token_in(again.text)})
    assert "Mật khẩu đầu tiên" in sent.text


def test_another_site_has_nothing_held_by_a_first_step(app: Flask, owner: int, database: SQLAlchemy) -> None:
    from survey.accounts.models import User

    client = client_of(app, owner)
    database.session.get_one(User, owner).must_change_password = True
    database.session.commit()
    answer = client.post(FORM, data=WRITTEN, headers={"Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, answer.location) == (302, "/desk/account/password")


def test_an_administrator_takes_a_lost_factor_away_and_with_two_people_another_confirms(
    app: Flask, phone: Phone, owner: int, database: SQLAlchemy
) -> None:
    first, second = (client_of(app, make_user(app, name, "administrator")) for name in ("mot", "hai"))
    lost = client_of(app, owner)
    page = f"/desk/users/dak-lak/{owner}"
    press(first, "/desk/proposals/dak-lak/", "/desk/proposals/dak-lak/rule")
    press(first, page, f"{page}/second-factor")
    assert is_in(lost), "it waits"
    waiting = second.get("/desk/proposals/dak-lak/").text
    assert "Gỡ xác thực hai bước của tài khoản: can-bo" in waiting
    [confirm] = re.findall(r'action="(/desk/proposals/dak-lak/\d+/confirm)', waiting)
    second.post(confirm, data={"csrf_token": token_in(waiting)})
    assert not is_in(lost)
    assert sign_in(app.test_client(), "can-bo").status_code == 302
    assert actions(database).count("reset_second_factor") == 1


def test_nobody_takes_away_their_own_or_one_of_another_province(app: Flask, phone: Phone, owner: int) -> None:
    own = client_of(app, owner)
    token = token_in(own.get("/desk/account").text)
    own.post(f"/desk/users/dak-lak/{owner}/second-factor", data={"csrf_token": token})
    other = client_of(app, make_user(app, "son-la", "administrator", province="son-la"))
    token = token_in(other.get("/desk/account").text)
    for province, status in (("dak-lak", 404), ("son-la", 404)):
        path = f"/desk/users/{province}/{owner}/second-factor"
        assert other.post(path, data={"csrf_token": token}).status_code == status
    assert sign_in(app.test_client(), "can-bo").status_code == 200, "it still asks for a code"


def test_switching_the_rule_off_needs_two_people_where_the_province_asks_for_two(app: Flask, owner: int) -> None:
    client = client_of(app, owner)
    page = "/desk/proposals/dak-lak/"
    press(client, page, RULE)
    enrol(client)
    press(client, page, "/desk/proposals/dak-lak/rule")
    press(client, page, RULE)
    shown = client.get(page).text
    assert "Tắt yêu cầu xác thực hai bước" in shown
    assert "Thôi bắt buộc" in shown, "still on"


def test_the_operator_helps_the_last_administrator(app: Flask, phone: Phone, runner: FlaskCliRunner) -> None:
    assert runner.invoke(args=["staff", "reset-second-factor", "khong-co"]).exit_code == 2
    assert runner.invoke(args=["staff", "reset-second-factor", "can-bo"]).exit_code == 0
    assert runner.invoke(args=["staff", "reset-second-factor", "can-bo"]).exit_code == 2
    assert sign_in(app.test_client(), "can-bo").status_code == 302


def test_no_secret_and_no_code_stands_in_the_log(app: Flask, phone: Phone, database: SQLAlchemy) -> None:
    client = app.test_client()
    give(client, sign_in(client, "can-bo"), "123456")
    give(client, sign_in(client, "can-bo"), phone.codes[0])
    told = str([(e.before, e.after) for e in database.session.scalars(select(AuditEntry))])
    secrets = (phone.secret, "123456", *phone.codes, *(code.replace("-", "") for code in phone.codes))
    assert not any(secret in told for secret in secrets)
    assert {"second_step_failed", "use_recovery_code"} <= set(actions(database))
