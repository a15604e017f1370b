"""Accounts for tests of the desk: made quickly, signed in without the form."""

from __future__ import annotations

import contextvars

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
    from survey.foundation.database import writing
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


def client_of(app: Flask, user_id: int) -> FlaskClient:
    """A client whose visitor is signed in as the account."""
    client = app.test_client()
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None, "the application has no secret key"
    session = signer.dumps({"_user_id": f"{user_id}:1", "_fresh": True})
    client.set_cookie(app.config["SESSION_COOKIE_NAME"], session)
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
