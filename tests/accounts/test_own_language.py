"""The language of the desk is chosen once and kept for the account; citizens' pages go by their address alone."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.staff import signed_in


@pytest.fixture
def staff(demonstration: Flask) -> FlaskClient:
    return signed_in(demonstration, "moi-vao", "officer")


def choose(client: FlaskClient, language: str, next_: str) -> str:
    page = client.get("/desk/account").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    form = {"csrf_token": token[1], "language": language, "next": next_}
    answer = client.post("/desk/account/language", data=form)
    return answer.headers.get("Location", str(answer.status_code))


def test_the_language_chosen_once_is_kept_for_every_page_of_the_desk(staff: FlaskClient) -> None:
    assert '<html lang="vi">' in staff.get("/desk/account").text
    assert choose(staff, "en", "/desk/account?lang=en") == "/desk/account?lang=en"
    page = staff.get("/desk/account").text
    assert '<html lang="en">' in page
    assert "lang=en" not in page, "links need not say what is kept"
    assert 'value="vi" lang="vi">Tiếng Việt</button>' in page


def test_an_address_that_says_a_language_is_shown_in_it_and_links_keep_it(staff: FlaskClient) -> None:
    choose(staff, "en", "/desk/account")
    page = staff.get("/desk/account?lang=vi").text
    assert '<html lang="vi">' in page
    assert "/desk/account/password?lang=vi" in page


def test_public_pages_and_others_accounts_stay_as_they_were(demonstration: Flask, staff: FlaskClient) -> None:
    choose(staff, "en", "/desk/account")
    assert '<html lang="vi">' in staff.get("/results/").text
    assert '<html lang="vi">' in signed_in(demonstration, "nguoi-khac", "officer").get("/desk/account").text


def test_no_other_language_and_no_other_site(staff: FlaskClient) -> None:
    assert choose(staff, "xx", "/desk/account") == "400"
    assert choose(staff, "en", "https://elsewhere.example/") == "/desk/"
