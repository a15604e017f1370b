"""A stranger with a stopwatch learns no user name: every refusal costs as many hashes, and as many looks at them."""

from __future__ import annotations

import pytest
from flask import Flask

from survey.accounts import passwords
from survey.accounts.models import User
from survey.foundation.storage.database import writing
from tests.accounts.test_signing_in import sign_in
from tests.support.staff import make_user

pytestmark = pytest.mark.one_database

WRONG = ("sai-mat-khau-roi", "mật khẩu có dấu", "x" * 400)


@pytest.fixture
def hashed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that are held against a hash, one after the other."""
    seen: list[str] = []
    real = passwords._fits

    def fits(kept: str, password: str) -> bool:
        seen.append(password)
        return real(kept, password)

    monkeypatch.setattr(passwords, "_fits", fits)
    make_user(app, "can-bo", "officer")
    make_user(app, "da-nghi", "officer")
    make_user(app, "duoc-moi", "officer")
    with app.app_context(), writing() as session:
        session.query(User).filter_by(username="da-nghi").one().active = False
        session.query(User).filter_by(username="duoc-moi").one().password_hash = passwords.no_password()
    return seen


@pytest.mark.parametrize("password", WRONG)
def test_a_name_costs_the_same_whether_it_is_known_switched_off_invited_or_nobodys(
    app: Flask, hashed: list[str], password: str
) -> None:
    costs = {}
    for number, name in enumerate(("can-bo", "da-nghi", "duoc-moi", "khong-co", "can-bo ", "")):
        hashed.clear()
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = f"203.0.113.{number}"
        sign_in(client, name, password)
        costs[name] = list(hashed)
    assert costs.pop("") in ([], costs["khong-co"])  # the form asks for a name before anything is looked up
    assert all(cost == costs["khong-co"] for cost in costs.values())
    assert costs["khong-co"], "the right refusal hashes, too"


def test_a_name_that_is_locked_costs_nothing_and_so_does_one_that_is_nobodys(app: Flask, hashed: list[str]) -> None:
    after = {}
    for number, name in enumerate(("can-bo", "khong-co")):
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = f"203.0.113.{number}"
        costs = []
        for _attempt in range(8):
            hashed.clear()
            sign_in(client, name, WRONG[0])
            costs.append(len(hashed))
        after[name] = costs
    assert after["can-bo"] == after["khong-co"]
    assert after["can-bo"][-1] == 0
