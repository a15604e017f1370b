"""Authenticator applications for tests: what a phone would show, at the time a test says it is."""

from __future__ import annotations

import contextvars
import re
from dataclasses import dataclass

import pyotp
from flask import Flask
from flask.testing import FlaskClient

from survey.accounts.models import SecondFactor
from survey.foundation.clock import now
from survey.foundation.storage.database import writing
from tests.support.html import parse_html

PAGE = "/desk/account/second-factor"


@dataclass
class Phone:
    """An application that holds a secret, and the recovery codes that were shown with it."""

    secret: str
    codes: list[str]

    def code(self, later: int = 0) -> str:
        """What it shows `later` steps of 30 s from now."""
        return pyotp.TOTP(self.secret).generate_otp(int(now().timestamp()) // 30 + later)


def fields_of_form(page: str, action: str) -> dict[str, str]:
    """What the form of a page that posts to an address would send if nothing was typed."""
    for form in parse_html(page).iter("form"):
        if (form.get("action") or "").split("?")[0] == action:
            named = {element.get("name") or "": element.get("value") or "" for element in form.iter("input")}
            return {name: value for name, value in named.items() if name}
    raise AssertionError(f"no form for {action}")


def codes_in(page: str) -> list[str]:
    """The recovery codes that a page shows."""
    return re.findall(r"<code>([A-Z0-9]{5}-[A-Z0-9]{5})</code>", page)


def enrol(client: FlaskClient, later: int = -1) -> Phone:
    """Take the secret into an application and confirm it, by default with the code of the step before this one."""
    shown = client.get(PAGE).text
    secret = re.search(r"<code>([A-Z2-7 ]{39})</code>", shown)
    assert secret, shown
    phone = Phone(secret[1].replace(" ", ""), [])
    for _try in range(2):  # a step may end between reading the code and sending it
        answer = client.post(PAGE, data=fields_of_form(shown, PAGE) | {"code": phone.code(later)})
        phone.codes = codes_in(answer.text)
        if phone.codes:
            break
    assert len(phone.codes) == 10, answer.text
    return phone


def give_factor(app: Flask, user_id: int) -> None:
    """A second factor whose phone nobody has any more."""

    def store() -> None:
        with app.app_context(), writing() as session:
            session.add(SecondFactor(user_id=user_id, sealed_secret="lost", last_step=0, since=now()))

    contextvars.Context().run(store)
