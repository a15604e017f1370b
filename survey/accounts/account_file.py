"""Accounts by file: a line gives an account a role.

Whoever is new is invited by mail, or gets a first password, told once, kept nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey.accounts import invitations
from survey.accounts.administration import described, first_password, invited_or_told
from survey.accounts.authentication import normal_username
from survey.accounts.models import RoleGrant, User
from survey.accounts.passwords import hash_password, no_password
from survey.accounts.permissions import ROLES
from survey.accounts.queries import fetch_users_named
from survey.accounts.session_queries import delete_sessions
from survey.foundation.changes import audit
from survey.foundation.commands.progress import progress
from survey.foundation.mail import is_address
from survey.foundation.storage.database import db, writing
from survey.foundation.vocabulary import SECTORS
from survey.registry.files.columns import FileColumn, code, one_of, province_key, text
from survey.registry.files.headings import Headings
from survey.registry.files.problems import CellError, Problems
from survey.registry.files.result import ImportOutcome
from survey.registry.files.rows import RecordRow, read_rows, refuse_duplicates
from survey.registry.files.spelling import Spelling, spell
from survey.registry.files.tables import read_table
from survey.registry.files.wrong_kind import refuse_other_kind
from survey.registry.queries import fetch_agency_places, fetch_province_ids

SAFE_ROLE = "officer"  # sees figures, changes nothing
_USERNAME = re.compile(r"^[^\s@:/]{2,60}$")


def username(cell: str) -> str:
    """A name to sign in with, in its normal form."""
    name = normal_username(cell)
    if not _USERNAME.match(name):
        raise CellError(_("Không phải tên đăng nhập."), _("Viết liền, từ 2 đến 60 ký tự, ví dụ nguyenvana."))
    return name


def email(cell: str) -> str:
    """A mail address."""
    if len(cell) > 200 or not is_address(cell):
        raise CellError(_("Không phải địa chỉ thư."), _("Viết dạng ten@donvi.gov.vn, hoặc để trống."))
    return cell


COLUMNS = (
    FileColumn("username", username, required=True, is_code=True),
    FileColumn("name", text(120), required=True),
    FileColumn("role", one_of(ROLES), default=SAFE_ROLE),
    FileColumn("province", province_key, required=True),
    FileColumn("sector", one_of(SECTORS)),
    FileColumn("agency", code, names="agencies"),
    FileColumn("email", email, default=""),
)
GRANT = tuple(column for column in COLUMNS if column.name in ("username", "role", "province", "sector", "agency"))
Values = dict[str, Any]


def import_accounts(file: str, content: bytes, *, dry_run: bool, sheet: str = "") -> ImportOutcome:
    """Make every account and give every role of a file, or none.

    Raises:
        ImportRefused: with every problem found; nothing was changed.
    """
    problems = Problems(file)
    lines = _lines(content, problems, sheet)
    stored = fetch_users_named({line["username"] for line in lines})
    _refuse_contradictions(lines, problems)
    problems.refuse_if_any()
    new = list(dict.fromkeys(line["username"] for line in lines if line["username"] not in stored))
    by_mail = _by_mail(lines, new) if not dry_run else {}
    passwords = {} if dry_run else {name: first_password() for name in new if name not in by_mail}
    # Hashing is slow on purpose: before the transaction.
    hashing = progress(passwords.items(), _("Đặt mật khẩu đầu"), len(passwords))
    hashes = {name: hash_password(password) for name, password in hashing} | {name: no_password() for name in by_mail}
    with writing() as session:
        given = _store(session, lines, hashes, by_mail) if not dry_run else _count(lines, stored)
    invited = _invite(by_mail, passwords, problems)
    return ImportOutcome(
        "accounts",
        file,
        dry_run,
        len(new),
        len(given - set(new)),
        len({line["username"] for line in lines} - given - set(new)),
        problems.all_notes(),
        first_passwords=tuple(passwords.items()),
        invited=tuple(invited),
    )


def _by_mail(lines: Iterable[Values], new: Sequence[str]) -> dict[str, str]:
    """The province of each new account that can be invited by mail."""
    if not invitations.are_possible():
        return {}
    return {line["username"]: line["province"] for line in lines if line["username"] in new and line["email"]}


def _invite(by_mail: dict[str, str], passwords: dict[str, str], problems: Problems) -> list[str]:
    """Invite whom the file made; whoever cannot be reached gets a first password, told with the others'."""
    users, provinces, invited = fetch_users_named(by_mail), fetch_province_ids(), []
    ids = {name: users[name].id for name in by_mail}
    for name, province in progress(by_mail.items(), _("Gửi thư mời"), len(by_mail)):
        entry = invited_or_told(ids[name], provinces[province], None)
        if entry.password:
            passwords[name] = entry.password
            problems.note(_("Không gửi được thư mời tới %(name)s: %(problem)s.", name=name, problem=entry.problem))
        else:
            invited.append(name)
    return invited


def _lines(content: bytes, problems: Problems, sheet: str) -> list[Values]:
    table = read_table(content, Headings.of("accounts", COLUMNS), problems, sheet=sheet)
    refuse_other_kind("accounts", COLUMNS, table, problems)
    spell(Spelling(db.session()), "accounts", COLUMNS, (), table, problems)
    rows = list(read_rows(table, COLUMNS, problems))
    refuse_duplicates(rows, GRANT, problems)
    sound = [row for row in rows if row.sound]
    _check_places(sound, problems)
    defaults: Values = {column.name: column.default for column in COLUMNS}
    return [defaults | row.values | {"line": row.line} for row in sound]


def _check_places(rows: Iterable[RecordRow], problems: Problems) -> None:
    provinces, agencies = fetch_province_ids(), fetch_agency_places()
    for row in rows:
        province, agency = row.values["province"], row.values.get("agency")
        if province not in provinces:
            mend = _("Dùng một trong: %(choices)s.", choices=", ".join(sorted(provinces)))
            problems.add(_("Không có mã này."), mend, line=row.line, column="province", value=province)
        elif agency is not None and agencies.get(agency, (0, 0))[1] != provinces[province]:
            message = _("Tỉnh không có cơ quan “%(code)s”.", code=agency)
            problems.add(message, _("Sửa mã, hoặc để trống nếu vai trò cho cả tỉnh."), line=row.line, column="agency")
        elif agency is None and row.values.get("role") == "agency_manager":
            why = _("trống với vai trò quản lý cơ quan")
            problems.note_reading("agency", why, row.line, "", _("mọi cơ quan của tỉnh"))


def _refuse_contradictions(lines: Sequence[Values], problems: Problems) -> None:
    first: dict[str, Values] = {}
    for line in lines:
        known = first.setdefault(line["username"], line)
        for column in ("name", "email"):
            if line[column] != known[column]:
                problems.add(
                    _("Khác với dòng %(n)s của cùng tài khoản.", n=known["line"]),
                    _("Ghi cùng họ tên và thư ở mọi dòng của một tài khoản."),
                    line=line["line"],
                    column=column,
                    value=line[column],
                )


def _store(session: Session, lines: Sequence[Values], hashes: dict[str, str], by_mail: Collection[str]) -> set[str]:
    """Store accounts and roles; returns the user names that were given anything."""
    provinces, agencies = fetch_province_ids(), fetch_agency_places()
    users = fetch_users_named({line["username"] for line in lines})
    given = set()
    for line in lines:
        name = line["username"]
        if (user := users.get(name)) is None:
            user = User(username=name, name=line["name"], email=line["email"], password_hash=hashes[name])
            user.must_change_password = name not in by_mail  # whoever ran the command has seen the others
            users[name] = user
            session.add(user)
            session.flush()
            province_id = provinces[line["province"]]
            audit.record(session, "create", "user", user.id, province_id=province_id, after=described(user))
        if not _has(user, line, provinces, agencies):
            given.add(name)
            _grant(session, user, line, provinces[line["province"]], agencies)
    return given


def _grant(session: Session, user: User, line: Values, province_id: int, agencies: dict[str, tuple[int, int]]) -> None:
    agency_id = agencies[line["agency"]][0] if line["agency"] else None
    user.grants.append(
        RoleGrant(role=line["role"], province_id=province_id, sector=line["sector"], agency_id=agency_id)
    )
    delete_sessions(session, user.id)  # none goes on with the roles of before
    after = {name: line[name] for name in ("role", "sector", "agency")}
    audit.record(session, "grant_role", "user", user.id, province_id=province_id, after=after)


def _has(user: User, line: Values, provinces: dict[str, int], agencies: dict[str, tuple[int, int]]) -> bool:
    agency_id = agencies[line["agency"]][0] if line["agency"] else None
    wanted = (line["role"], provinces[line["province"]], line["sector"], agency_id)
    return wanted in {(grant.role, grant.province_id, grant.sector, grant.agency_id) for grant in user.grants}


def _count(lines: Sequence[Values], stored: dict[str, User]) -> set[str]:
    provinces, agencies = fetch_province_ids(), fetch_agency_places()
    return {
        line["username"]
        for line in lines
        if line["username"] in stored and not _has(stored[line["username"]], line, provinces, agencies)
    }
