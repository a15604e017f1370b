"""`flask staff …` makes accounts and resets passwords without ever showing one."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from survey.accounts.authentication import check_credentials
from survey.accounts.models import User
from survey.accounts.passwords import verify_password
from survey.foundation.changes.audit_entry import AuditEntry
from tests.support.cases import in_one_world

pytestmark = pytest.mark.one_database

CREATE = ["staff", "create-user", "So-Y-Te", "--name", "Sở Y tế", "--role", "method_owner", "--province", "dak-lak"]
SECRET = "mật khẩu rất dài"


def test_an_account_is_made_with_its_role_and_the_password_from_standard_input(
    database: SQLAlchemy, runner: FlaskCliRunner
) -> None:
    result = runner.invoke(args=[*CREATE, "--sector", "health"], input=f"{SECRET}\n")
    assert result.exit_code == 0, result.output
    assert SECRET not in result.output
    user = database.session.scalars(select(User)).one()
    assert (user.username, user.name) == ("so-y-te", "Sở Y tế")
    assert [(grant.role, grant.sector, grant.agency_id) for grant in user.grants] == [("method_owner", "health", None)]
    assert user.password_hash.startswith("$argon2id$")
    assert verify_password(user.password_hash, SECRET)
    assert [entry.action for entry in database.session.scalars(select(AuditEntry))] == ["create"]


@in_one_world(
    ("arguments", "password", "message"),
    [
        (CREATE, "ngắn", "Mật khẩu cần ít nhất 10 ký tự."),
        ([*CREATE[:-1], "ha-noi"], SECRET, "Không có tỉnh 'ha-noi'; các tỉnh: an-giang, dak-lak, son-la."),
        ([*CREATE, "--agency", "khong-co"], SECRET, "không có cơ quan 'khong-co'"),
        (["staff", "set-password", "khong-ai"], SECRET, "Không có tài khoản 'khong-ai'."),
    ],
)
def test_bad_input_says_what_is_wrong_and_stores_nothing(
    database: SQLAlchemy, runner: FlaskCliRunner, arguments: list[str], password: str, message: str
) -> None:
    result = runner.invoke(args=arguments, input=f"{password}\n")
    assert result.exit_code == 2
    assert message in result.stderr
    database.session.rollback()
    assert database.session.scalars(select(User)).all() == []


def test_an_existing_name_is_refused(database: SQLAlchemy, runner: FlaskCliRunner) -> None:
    assert runner.invoke(args=CREATE, input=f"{SECRET}\n").exit_code == 0
    result = runner.invoke(args=CREATE, input="một mật khẩu khác\n")
    assert result.exit_code == 2
    assert "set-password so-y-te" in result.stderr


def test_a_new_password_unlocks_the_account(app: Flask, database: SQLAlchemy, runner: FlaskCliRunner) -> None:
    runner.invoke(args=CREATE, input=f"{SECRET}\n")
    for _ in range(5):
        check_credentials("so-y-te", "sai mật khẩu rồi")
    assert check_credentials("so-y-te", SECRET) is None
    result = runner.invoke(args=["staff", "set-password", "so-y-te"], input="một mật khẩu khác\n")
    assert result.exit_code == 0, result.output
    database.session.rollback()
    assert check_credentials("so-y-te", "một mật khẩu khác") is not None
