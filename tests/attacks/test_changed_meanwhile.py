"""What was tried while an account was being changed: signing in with what opened it until then, again and again.

A password is hashed for a tenth of a second: whoever has the old one and sends it all the time is in the midst of being
signed in when its owner gets a new one, which ends all sessions there are.
"""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from flask import Flask

from survey.accounts import authentication, second_factor
from survey.accounts.administration import switch_active
from survey.accounts.authentication import set_password
from survey.accounts.models import SecondFactor, SecurityKey, User
from survey.foundation.storage.database import db, writing
from survey.registry.models import Province
from tests.accounts.test_second_factor import NOON, give, is_in
from tests.accounts.test_signing_in import sign_in, token_in
from tests.support.second_factors import enrol, fields_of_form, give_factor
from tests.support.software_keys import KEYS, ORIGIN, SoftwareKey, asked
from tests.support.staff import PASSWORD, client_of, make_user

PAGE = "/desk/account/password"
OWNERS, THIEFS = "câu mới của người chủ 7", "câu mới của kẻ trộm 9"
Change = Callable[[Flask, int], None]
Meanwhile = Callable[[object, str, Change], None]


def _new_password(_app: Flask, user_id: int) -> None:
    with writing() as session:
        set_password(session, session.get_one(User, user_id), OWNERS, first=False)


def _second_factor(app: Flask, user_id: int) -> None:
    give_factor(app, user_id)


def _switched_off(app: Flask, user_id: int) -> None:
    actor = make_user(app, "quan-tri", "administrator")
    province_id = db.session.query(Province.id).filter_by(key="dak-lak").scalar()
    switch_active(user_id, province_id, db.session.get_one(User, actor), on=False)


def _factor_taken_away(_app: Flask, user_id: int) -> None:
    with writing() as session:
        second_factor.turn_off(session, user_id, "reset_second_factor")


@pytest.fixture
def owner(app: Flask) -> int:
    return make_user(app, "can-bo", "officer")


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def meanwhile(app: Flask, owner: int, monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """`meanwhile(module, step, change)`: another request changes the account once, right after that step."""

    def arrange(module: object, step: str, change: Change) -> None:
        real, left = getattr(module, step), [change]

        def then_changed(*given: Any, **named: Any) -> Any:
            done = real(*given, **named)
            while left:
                contextvars.Context().run(elsewhere, left.pop())
            return done

        monkeypatch.setattr(module, step, then_changed)

    def elsewhere(change: Change) -> None:
        with app.app_context():
            change(app, owner)

    return arrange


@pytest.mark.parametrize("step", ["verify_password", "give_back"])
@pytest.mark.parametrize("change", [_new_password, _second_factor, _switched_off])
def test_a_password_that_stopped_opening_the_account_while_it_was_looked_at_opens_nothing(
    app: Flask, meanwhile: Meanwhile, step: str, change: Change
) -> None:
    thief = app.test_client()
    meanwhile(authentication, step, change)
    sign_in(thief, "can-bo")

    assert not is_in(thief)


@pytest.mark.parametrize("change", [_new_password, _factor_taken_away])
def test_nor_does_a_code_of_a_second_factor(app: Flask, owner: int, meanwhile: Meanwhile, change: Change) -> None:
    phone, thief = enrol(client_of(app, owner)), app.test_client()
    asked = sign_in(thief, "can-bo")
    meanwhile(second_factor, "give_back", change)
    give(thief, asked, phone.code())

    assert not is_in(thief)


@pytest.mark.parametrize("change", [_new_password, _factor_taken_away])
def test_a_thief_at_an_open_desk_adds_no_key_that_outlives_the_change(
    app: Flask, owner: int, meanwhile: Meanwhile, change: Change
) -> None:
    app.extensions["settings"] = app.extensions["settings"].but(public_url=ORIGIN)
    thief = client_of(app, owner)
    phone, shown = enrol(thief), thief.get(KEYS).text
    meanwhile(second_factor, "give_back", change)
    sent = fields_of_form(shown, KEYS) | {"name": "khóa", "code": phone.code()}
    thief.post(KEYS, data=sent | {"answer": SoftwareKey().make(asked(shown, "add"))})

    with app.app_context():
        assert db.session.query(SecurityKey).count() == 0


def test_nor_takes_a_second_factor_that_locks_its_owner_out(app: Flask, owner: int, meanwhile: Meanwhile) -> None:
    thief = client_of(app, owner)
    meanwhile(second_factor, "matching_step", _new_password)
    with pytest.raises(AssertionError, match="login"):
        enrol(thief)

    with app.app_context():
        assert db.session.query(SecondFactor).count() == 0
    assert sign_in(app.test_client(), "can-bo", OWNERS).status_code == 302


def test_whoever_changes_the_password_by_the_old_one_at_the_same_time_does_not_take_the_account(
    app: Flask, owner: int, meanwhile: Meanwhile
) -> None:
    thief = client_of(app, owner)
    token = token_in(thief.get(PAGE).text)
    meanwhile(authentication, "verify_password", _new_password)
    thief.post(PAGE, data={"csrf_token": token, "current": PASSWORD, "new": THIEFS, "again": THIEFS})

    assert not is_in(thief)
    assert sign_in(app.test_client(), "can-bo", THIEFS).status_code == 401
    assert sign_in(app.test_client(), "can-bo", OWNERS).status_code == 302


def test_nothing_that_happens_meanwhile_to_others_keeps_anybody_out(app: Flask, meanwhile: Meanwhile) -> None:
    def to_another(app: Flask, _user_id: int) -> None:
        _new_password(app, make_user(app, "khac", "officer"))

    meanwhile(authentication, "verify_password", to_another)

    assert sign_in(app.test_client(), "can-bo").status_code == 302
