"""Accounts by file: all or none, each with its roles, and a first password that is told once."""

from __future__ import annotations

import json

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from survey.accounts.models import User
from survey.accounts.passwords import verify_password
from tests.registry_files.files import AssertRefused, Import, workbook

ACCOUNTS = """\
username,name,role,province,sector,agency,email
bv-tinh,Bệnh viện đa khoa,agency_manager,dak-lak,,BV,bv@daklak.gov.vn
so-y-te,Phòng Nghiệp vụ Y,Chủ trì phương pháp,Đắk Lắk,Y tế,,
so-y-te,Phòng Nghiệp vụ Y,officer,dak-lak,,EA-MOI,
xem,Người xem,,dak-lak,,ubnd,
"""


def stored(database: SQLAlchemy) -> dict[str, list[tuple[str, str | None, bool]]]:
    database.session.rollback()
    return {
        user.username: sorted((grant.role, grant.sector, grant.agency_id is not None) for grant in user.grants)
        for user in database.session.scalars(select(User))
    }


def test_accounts_come_with_their_roles_and_first_passwords(database: SQLAlchemy, world: Import) -> None:
    result = world("accounts", ACCOUNTS, "--format", "json")
    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)
    assert (told["new"], told["changed"]) == (3, 0)
    assert stored(database) == {
        "bv-tinh": [("agency_manager", None, True)],
        "so-y-te": [("method_owner", "health", False), ("officer", None, True)],
        "xem": [("officer", None, True)],  # no role named: the one that changes nothing
    }
    for account in told["accounts"]:
        user = database.session.scalars(select(User).where(User.username == account["username"])).one()
        assert verify_password(user.password_hash, account["first_password"])
        assert user.must_change_password


def test_the_same_file_twice_changes_nothing_and_tells_no_password(database: SQLAlchemy, world: Import) -> None:
    assert "bv-tinh\t" in world("accounts", ACCOUNTS).stdout
    before = stored(database)
    again = world("accounts", ACCOUNTS + "bv-tinh,Bệnh viện đa khoa,officer,dak-lak,,UBND,bv@daklak.gov.vn\n")
    assert "mới 0, thay đổi 1, giữ nguyên 2." in again.stdout
    assert "\t" not in again.stdout
    assert len(stored(database)["bv-tinh"]) == len(before["bv-tinh"]) + 1


def test_a_dry_run_makes_no_account_and_no_password(database: SQLAlchemy, world: Import) -> None:
    result = world("accounts", ACCOUNTS, "--dry-run")
    assert "Nếu nhập: mới 3, thay đổi 0, giữ nguyên 0." in result.stdout
    assert "\t" not in result.stdout
    assert stored(database) == {}


def test_a_user_name_that_a_spreadsheet_took_for_a_number_is_refused(database: SQLAlchemy, world: Import) -> None:
    result = world("accounts", workbook([["username", "name", "province"], [912345678, "Tên", "dak-lak"]]))
    assert result.exit_code == 2
    assert "số 0 ở đầu" in result.stderr
    assert stored(database) == {}


def test_what_cannot_be_is_refused_with_its_line(refused: AssertRefused) -> None:
    head = ACCOUNTS.splitlines()[0]
    refused(
        ("accounts", f"{head}\n{line}\n", message)
        for line, message in (
            ("a b,Tên,officer,dak-lak,,,", "dòng 2, cột username, giá trị “a b”: Không phải tên đăng nhập."),
            ("ab,Tên,chief,dak-lak,,,", "cột role, giá trị “chief”: Không có trong danh mục."),
            ("ab,Tên,officer,ha-noi,,,", "cột province, giá trị “ha-noi”: Không có mã này."),
            ("ab,Tên,officer,son-la,,BV,", "cột agency: Tỉnh không có cơ quan “BV”."),
            ("ab,Tên,officer,dak-lak,,NOPE,", "cột agency: Tỉnh không có cơ quan “NOPE”."),
            ("ab,Tên,officer,dak-lak,,,x@y", "cột email, giá trị “x@y”: Không phải địa chỉ thư."),
            ("ab,Tên,officer,dak-lak,,,\nab,Khác,auditor,dak-lak,,,", "dòng 3, cột name, giá trị “Khác”: Khác với"),
            ("ab,Tên,officer,dak-lak,,,\nab,Tên,officer,dak-lak,,,", "Trùng với dòng 2."),
        )
    )
