"""An administrator wants to be the second person too: by accounts whose passwords pass through their hands."""

from __future__ import annotations

from contextlib import suppress

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.accounts.administration import reset_password
from survey.accounts.approvals.approvals import NotPossible, confirm, switch_on
from survey.accounts.approvals.province_rules import TWO_PEOPLE, is_on
from survey.accounts.models import Proposal, User
from survey.foundation.storage.database import db
from survey.registry.queries import find_province
from tests.accounts.test_signing_in import sign_in, token_in
from tests.support.html import assert_valid_html
from tests.support.staff import PASSWORD, client_of, make_user

pytestmark = pytest.mark.one_database

RULE = "/desk/proposals/dak-lak/rule"
# Who gave whose password, one after the other; who proposes to switch the rule off; who confirms. `an` is the attacker.
ONE_PERSON = {
    "through an account of theirs": ("an>binh", "an", "binh"),
    "for an account of theirs": ("an>binh", "binh", "an"),
    "through an account that theirs made": ("an>binh binh>chi", "an", "chi"),
    "through two accounts of theirs": ("an>binh an>chi", "binh", "chi"),
    "through accounts that gave each other theirs anew": ("an>binh binh>chi chi>binh", "an", "binh"),
    "by having theirs given by an account of theirs": ("an>binh binh>an", "binh", "an"),
}
TWO_PERSONS = {
    "made on the server": ("an>chi", "an", "binh"),
    "each with a colleague of their own": ("an>chi binh>dung", "chi", "dung"),
    "given by somebody else since": ("an>binh chi>binh", "an", "binh"),
}


def give(app: Flask, history: str) -> dict[str, int]:
    ids = {name: make_user(app, name, "administrator") for name in ("an", "binh", "chi", "dung")}
    for giver, taker in (step.split(">") for step in history.split()):
        with app.test_request_context():
            reset_password(ids[taker], db.session.get_one(User, ids[giver]))
    return ids


def is_switched_off(app: Flask, history: str, proposer: str, confirmer: str) -> bool:
    ids = give(app, history)
    with app.test_request_context():
        province = find_province("dak-lak")
        assert province is not None
        switch_on(TWO_PEOPLE, province)
        for user in db.session.query(User):
            user.must_change_password = False  # they have changed it since
        db.session.commit()
    client = client_of(app, ids[proposer])
    client.post(RULE, data={"to": "off", "csrf_token": token_in(client.get("/desk/account").text)})
    with app.test_request_context():
        [proposal] = db.session.query(Proposal)
        with suppress(NotPossible):
            confirm(proposal.id, db.session.get_one(User, ids[confirmer]))
    with app.app_context():
        return not is_on(TWO_PEOPLE, "dak-lak")


@pytest.mark.parametrize("way", ONE_PERSON)
def test_one_person_does_not_switch_the_rule_of_two_off(app: Flask, way: str) -> None:
    assert not is_switched_off(app, *ONE_PERSON[way])


@pytest.mark.parametrize(("history", "is_warned"), [("an>binh an>chi an>dung", True), ("an>binh an>chi", False)])
def test_whoever_switches_the_rule_on_is_told_where_nobody_could_switch_it_off_again(
    app: Flask, history: str, is_warned: bool
) -> None:
    client = client_of(app, give(app, history)["an"])
    page = "/desk/proposals/dak-lak/"
    token = token_in(client.get(page).text)
    shown = client.post(RULE, data={"to": "on", "csrf_token": token}, follow_redirects=True)
    assert_valid_html(shown.text, shown.headers["Content-Security-Policy"])
    assert ("Chưa có ai khác tắt lại được quy tắc này" in shown.text) is is_warned


def test_the_list_says_why_there_is_no_button(app: Flask) -> None:
    ids = give(app, "an>binh an>chi")
    with app.test_request_context():
        province = find_province("dak-lak")
        assert province is not None
        switch_on(TWO_PEOPLE, province)
        db.session.query(User).update({"must_change_password": False})
        db.session.commit()
    proposer, reader = client_of(app, ids["binh"]), client_of(app, ids["chi"])
    proposer.post(RULE, data={"to": "off", "csrf_token": token_in(proposer.get("/desk/account").text)})
    page = reader.get("/desk/proposals/dak-lak/")
    assert_valid_html(page.text, page.headers["Content-Security-Policy"])
    assert "/confirm" not in page.text
    assert "mật khẩu của cả tài khoản này lẫn tài khoản đề nghị" in page.text


@pytest.mark.parametrize("way", TWO_PERSONS)
def test_two_persons_switch_it_off(app: Flask, way: str) -> None:
    assert is_switched_off(app, *TWO_PERSONS[way])


def test_whoever_finds_an_administrators_session_open_does_not_take_the_account(app: Flask) -> None:
    """A new password without the present one: given by oneself to oneself, by hand or by mail."""
    own = make_user(app, "an", "administrator")
    session: FlaskClient = client_of(app, own)
    page = f"/desk/users/dak-lak/{own}"
    for way in ("password", "invitation"):
        assert f"{page}/{way}" not in session.get(page).text
        answer = session.post(f"{page}/{way}", data={"csrf_token": token_in(session.get("/desk/account").text)})
        assert answer.status_code == 302
    assert sign_in(app.test_client(), "an", PASSWORD).status_code == 302
