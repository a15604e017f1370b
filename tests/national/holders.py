"""Accounts that hold the country."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from survey.accounts.models import CountryGrant, User
from survey.foundation.storage.database import writing
from tests.support.staff import client_of


def holder(app: Flask, username: str, role: str) -> FlaskClient:
    """A client signed in as a new account with this role for the country, and none in any province."""
    with app.app_context(), writing() as session:
        user = User(username=username, name=username, password_hash="x", country_grants=[CountryGrant(role=role)])
        session.add(user)
        session.flush()
        user_id = user.id
    return client_of(app, user_id)
