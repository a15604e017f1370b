"""Accounts for tests of the desk: made quickly, signed in without the form."""

from __future__ import annotations

import contextvars
import datetime as dt

from argon2 import PasswordHasher
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient

PASSWORD = "một câu dài dễ nhớ"
_quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def make_user(
    app: Flask,
    username: str,
    role: str,
    province: str = "dak-lak",
    sector: str | None = None,
    agency: str | None = None,
) -> int:
    """Store an account with one role (`agency`: its code) whose password is PASSWORD; returns its id."""
    from survey.accounts.models import RoleGrant, User
    from survey.foundation.storage.database import writing
    from survey.registry.models import Agency, Province

    def store() -> int:
        with app.app_context(), writing() as session:
            province_id = session.query(Province.id).filter_by(key=province).scalar()
            agency_id = session.query(Agency.id).filter_by(code=agency).scalar() if agency else None
            assert agency is None or agency_id is not None, f"there is no agency {agency}"
            grant = RoleGrant(role=role, province_id=province_id, sector=sector, agency_id=agency_id)
            user = User(username=username, name=username, password_hash=_quick.hash(PASSWORD), grants=[grant])
            session.add(user)
            session.flush()
            return user.id

    result: int = contextvars.Context().run(store)
    return result


def session_of(app: Flask, user_id: int) -> str:
    """The cookie of a new session of an account, which no clock of a test ends."""
    from survey.accounts.models import StaffSession
    from survey.foundation.identifiers import digest, secret_key
    from survey.foundation.storage.database import writing

    token, always = secret_key(), dt.datetime(2100, 1, 1, tzinfo=dt.UTC)

    def store() -> None:
        with app.app_context(), writing() as session:
            row = {"token_digest": digest(token), "user_id": user_id, "began_at": always, "seen_at": always}
            session.add(StaffSession(**row, browser="test"))

    contextvars.Context().run(store)
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None, "the application has no secret key"
    cookie: str = signer.dumps({"_user_id": token, "_fresh": True})
    return cookie


def client_of(app: Flask, user_id: int) -> FlaskClient:
    """A client whose visitor is signed in as the account."""
    client = app.test_client()
    client.set_cookie(app.config["SESSION_COOKIE_NAME"], session_of(app, user_id))
    return client


def signed_in(
    app: Flask,
    username: str,
    role: str,
    province: str = "dak-lak",
    sector: str | None = None,
    agency: str | None = None,
) -> FlaskClient:
    """A new account and a client signed in as it."""
    return client_of(app, make_user(app, username, role, province, sector, agency))
