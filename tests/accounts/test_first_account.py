"""Before anybody can sign in, the page of signing in says how the first account is made."""

from __future__ import annotations

import html
import re
import shlex

from flask import Flask
from sqlalchemy import delete

from survey.accounts.models import RoleGrant, User
from survey.foundation.storage.database import writing
from tests.accounts.test_signing_in import sign_in


def page(app: Flask) -> str:
    return html.unescape(app.test_client().get("/login").get_data(as_text=True))


def test_without_any_account_the_page_says_what_to_type_and_that_works(app: Flask) -> None:
    with app.app_context(), writing() as session:
        session.execute(delete(RoleGrant))
        session.execute(delete(User))
    shown = re.search(r"<code>sudo hai-long (.*)</code>", page(app))
    assert shown
    made = app.test_cli_runner().invoke(args=shlex.split(shown[1]))
    assert made.exit_code == 0, made.output
    password = made.output.split()[-1]
    assert "sudo hai-long" not in page(app)
    client = app.test_client()
    assert sign_in(client, "quan-tri", password).status_code == 302
    assert client.get("/desk/").location.startswith("/desk/account/password")  # it must be changed first
    again = app.test_cli_runner().invoke(args=shlex.split(shown[1]))
    assert (again.exit_code, again.output) == (0, "Đã có tài khoản.\n")
