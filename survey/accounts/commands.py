"""`flask staff …`: accounts and their roles from the command line."""

from __future__ import annotations

import sys

import click

from survey.accounts.administration import described
from survey.accounts.authentication import normal_username, set_password
from survey.accounts.models import CountryGrant, RoleGrant, User
from survey.accounts.passwords import WeakPassword, check_strength, hash_password
from survey.accounts.permissions import ROLES
from survey.accounts.queries import fetch_user_id, is_any_account
from survey.accounts.second_factor import turn_off
from survey.foundation.changes import audit
from survey.foundation.identifiers import readable_code
from survey.foundation.storage.database import writing
from survey.foundation.text.text_commands import TextGroup
from survey.foundation.vocabulary import SECTORS
from survey.registry.queries import fetch_province_keys, find_agency, find_province

group = TextGroup("staff", help="Tài khoản của cán bộ.")


@group.command("create-user")
@click.argument("username")
@click.option("--name", required=True, help="Họ tên hoặc tên đơn vị.")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--province", default=None, help="Mã tỉnh, ví dụ dak-lak.")
@click.option("--country", is_flag=True, help="Số liệu cả nước thay vì một tỉnh (kho lưu trữ: COUNTRY_ARCHIVE).")
@click.option("--sector", type=click.Choice(list(SECTORS)), default=None, help="Bỏ trống: mọi ngành.")
@click.option("--agency", default=None, help="Mã cơ quan; bỏ trống: toàn tỉnh.")
@click.option("--first-password", is_flag=True, help="Mật khẩu do người khác đặt: phải đổi khi đăng nhập lần đầu.")
def create_user(
    username: str,
    name: str,
    role: str,
    province: str | None,
    country: bool,
    sector: str | None,
    agency: str | None,
    first_password: bool,
) -> None:
    """Make an account with one role; the password is asked for, or read from standard input."""
    username = normal_username(username)
    if fetch_user_id(username) is not None:
        raise click.UsageError(f"Đã có tài khoản {username!r}; đổi mật khẩu bằng: flask staff set-password {username}")
    if country == bool(province) or (country and (sector or agency)):
        raise click.UsageError("Hãy nêu một tỉnh (--province) hoặc cả nước (--country, không kèm ngành và cơ quan).")
    scope = _scope(province, agency) if province else None
    password_hash = hash_password(_read_password(username))
    with writing() as session:
        user = User(username=username, name=name, password_hash=password_hash)
        if scope:
            user.grants.append(RoleGrant(role=role, sector=sector, **scope))
        else:
            user.country_grants.append(CountryGrant(role=role))
        user.must_change_password = first_password
        session.add(user)
        session.flush()
        after = described(user) | {"role": role, "sector": sector, "agency": agency}
        province_id = scope["province_id"] if scope else None
        audit.record(session, "create", "user", user.id, province_id=province_id, after=after)
    click.echo(f"Đã tạo tài khoản {username}.")


@group.command("first-administrator")
@click.option("--province", default=None, help="Mã tỉnh, ví dụ dak-lak.")
@click.option("--check", is_flag=True, help="Không tạo; kết thúc với mã 1 nếu chưa có tài khoản nào.")
def first_administrator(province: str | None, check: bool) -> None:
    """Where nobody can sign in yet: make the account `quan-tri` and print the password it must change at once."""
    if is_any_account():
        click.echo("Đã có tài khoản.")
        return
    if check:
        raise SystemExit(1)
    scope = _scope(province or "", None)
    username, password = "quan-tri", "-".join(readable_code(5) for _ in range(4))
    password_hash = hash_password(password)
    with writing() as session:
        grant = RoleGrant(role="administrator", sector=None, **scope)
        user = User(username=username, name="Quản trị hệ thống", password_hash=password_hash, grants=[grant])
        user.must_change_password = True
        session.add(user)
        session.flush()
        after = described(user) | {"role": grant.role, "sector": None, "agency": None}
        audit.record(session, "create", "user", user.id, province_id=grant.province_id, after=after)
    click.echo(f"Tên đăng nhập: {username}\nMật khẩu đầu, phải đổi khi đăng nhập: {password}")


@group.command("set-password")
@click.argument("username")
@click.option("--first-password", is_flag=True, help="Mật khẩu do người khác đặt: phải đổi khi đăng nhập lần sau.")
def set_password_command(username: str, first_password: bool) -> None:
    """Give an account a new password, unlock it and end its sessions."""
    username = normal_username(username)
    user_id = fetch_user_id(username)
    if user_id is None:
        raise click.UsageError(f"Không có tài khoản {username!r}.")
    password = _read_password(username)
    with writing() as session:
        set_password(session, session.get_one(User, user_id), password, first=first_password)
    click.echo(f"Đã đổi mật khẩu của {username}.")


@group.command("reset-second-factor")
@click.argument("username")
def reset_second_factor_command(username: str) -> None:
    """Take a lost second factor away from an account and end its sessions."""
    username = normal_username(username)
    user_id = fetch_user_id(username)
    if user_id is None:
        raise click.UsageError(f"Không có tài khoản {username!r}.")
    with writing() as session:
        if not turn_off(session, user_id, "reset_second_factor"):
            raise click.UsageError(f"Tài khoản {username!r} không dùng xác thực hai bước.")
    click.echo(f"Đã gỡ xác thực hai bước của {username}.")


def _scope(province_key: str, agency_code: str | None) -> dict[str, int | None]:
    province = find_province(province_key)
    if province is None:
        known = ", ".join(fetch_province_keys())
        raise click.UsageError(f"Không có tỉnh {province_key!r}; các tỉnh: {known}.")
    if agency_code is None:
        return {"province_id": province.id, "agency_id": None}
    agency = find_agency(agency_code, province.id)
    if agency is None:
        raise click.UsageError(f"Tỉnh {province_key} không có cơ quan {agency_code!r}.")
    return {"province_id": province.id, "agency_id": agency.id}


def _read_password(username: str) -> str:
    if sys.stdin.isatty():
        password: str = click.prompt("Mật khẩu", hide_input=True, confirmation_prompt="Nhập lại mật khẩu")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    try:
        check_strength(password, username)
    except WeakPassword as problem:
        raise click.UsageError(str(problem)) from problem
    return password
