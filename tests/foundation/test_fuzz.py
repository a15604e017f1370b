"""Hostile names, values, bytes and cells into everything that takes input: no 500, and nothing half stored."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from survey.accounts.models import User
from survey.foundation.database import db
from tests.support.fuzz import FuzzReport, fuzz_forms, fuzz_imports, fuzz_interface, fuzz_workbooks
from tests.support.staff import client_of


def assert_sound(found: FuzzReport, at_least: int) -> None:
    assert found.wrong == []
    assert found.tried >= at_least


def test_no_form_breaks(demonstration: Flask) -> None:
    demonstration.config["WTF_CSRF_ENABLED"] = False
    with demonstration.app_context():
        administrator = db.session.scalars(select(User.id).where(User.username == "quan-tri")).one()
    assert_sound(fuzz_forms(demonstration, client_of(demonstration, administrator), examples=2), at_least=100)


def test_no_file_breaks_an_import(app: Flask) -> None:
    assert_sound(fuzz_imports(app, examples=8), at_least=50)


def test_no_workbook_breaks_an_import(app: Flask) -> None:
    assert_sound(fuzz_workbooks(app, examples=2), at_least=10)


def test_no_call_breaks_the_interface(app: Flask) -> None:
    assert_sound(fuzz_interface(app, examples=3), at_least=15)
