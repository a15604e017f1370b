"""What was tried with accounts: cookies kept through a change of rights, first passwords that somebody else knows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.accounts.administration import add_grant, create_user, remove_grant, reset_password, switch_active
from survey.accounts.models import User
from survey.foundation.storage.database import db
from survey.registry.models import Province
from tests.accounts.test_signing_in import sign_in
from tests.guards.addresses import path_of
from tests.guards.test_permissions import desk_rules
from tests.support.staff import make_user

pytestmark = pytest.mark.one_database


def _province() -> int:
    return int(db.session.query(Province.id).filter_by(key="dak-lak").scalar())


def _administrator(app: Flask) -> User:
    user_id = make_user(app, "quan-tri", "administrator")
    db.session.rollback()  # a transaction that began before would not see it
    return db.session.get_one(User, user_id)


def _gets_role(app: Flask, user_id: int) -> None:
    add_grant(user_id, "auditor", _province(), None, None)


def _loses_role(app: Flask, user_id: int) -> None:
    grant = db.session.get_one(User, user_id).grants[0].id
    remove_grant(user_id, grant, _province(), _administrator(app).id)


def _gets_password(app: Flask, user_id: int) -> None:
    reset_password(user_id, _administrator(app))


def _is_switched_off(app: Flask, user_id: int) -> None:
    switch_active(user_id, _province(), _administrator(app), on=False)


def _is_switched_off_and_on(app: Flask, user_id: int) -> None:
    administrator = _administrator(app)
    for on in (False, True):
        switch_active(user_id, _province(), administrator, on=on)


CHANGES = (_gets_role, _loses_role, _gets_password, _is_switched_off, _is_switched_off_and_on)


@pytest.mark.parametrize("change", CHANGES)
def test_a_copied_cookie_gives_nothing_after_the_account_was_changed(
    app: Flask, change: Callable[[Flask, int], None]
) -> None:
    user_id = make_user(app, "can-bo", "officer")
    owner, thief = app.test_client(), app.test_client()
    sign_in(owner, "can-bo")
    thief._cookies.update(owner._cookies)
    assert thief.get("/desk/account").status_code == 200
    with app.app_context():
        change(app, user_id)
    for client in (thief, owner):
        assert client.get("/desk/account").status_code == 302


def test_a_first_password_that_somebody_else_knows_opens_nothing_but_its_change(app: Flask) -> None:
    make_user(app, "truoc", "administrator")
    with app.app_context():
        maker = _administrator(app).id
        entry = create_user("moi", "Người mới", "", _province(), maker)
        user_id, first = entry.user_id, entry.password or ""
        add_grant(user_id, "administrator", _province(), None, None)
    client: FlaskClient = app.test_client()
    sign_in(client, "moi", first)
    opened = []
    for rule, method in desk_rules(app):
        if method == "GET" and rule.endpoint not in ("staff.change_password",):
            answer = client.get(path_of(app, rule))
            if answer.status_code != 302 or "/desk/account/password" not in (answer.location or ""):
                opened.append(f"{rule.endpoint}: {answer.status_code} {answer.location}")
    assert not opened, "\n".join(opened)
