"""Making accounts and giving roles: what an administrator of a province may do, each change with its trace."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey.accounts import invitations
from survey.accounts.authentication import normal_username, set_password
from survey.accounts.models import RoleGrant, User
from survey.accounts.passwords import hash_password, no_password
from survey.accounts.permissions import Action, Resource, decide
from survey.accounts.queries import fetch_user_id
from survey.accounts.session_queries import delete_sessions
from survey.foundation.changes import audit
from survey.foundation.clock import now
from survey.foundation.identifiers import readable_code
from survey.foundation.storage.database import db, locked, writing
from survey.registry.models import Agency
from survey.registry.queries import find_agency

MANAGE = Action.MANAGE_USERS


class AccountRefused(ValueError):
    """The change is refused; the message says in Vietnamese why."""


@dataclass(frozen=True)
class Entry:
    """How somebody gets into an account: by a link mailed to `invited`, or by a first password, shown once.

    `problem`: why the letter could not be sent, in words.
    """

    user_id: int
    password: str | None = None
    invited: str = ""
    problem: str = ""


def create_user(username: str, name: str, email: str, province_id: int, actor_id: int) -> Entry:
    """A new account without roles, whose owner is invited by mail where there is an address and mail is set up.

    Raises:
        AccountRefused: the user name is taken or empty.
    """
    normal = normal_username(username)
    if not normal or fetch_user_id(normal) is not None:
        raise AccountRefused(_("Tên đăng nhập “%(name)s” đã có hoặc để trống.", name=normal))
    by_mail = bool(email.strip()) and invitations.are_possible()
    password = None if by_mail else first_password()
    hashed = hash_password(password) if password else no_password()
    with writing() as session:
        user = User(username=normal, name=name.strip(), email=email.strip(), password_hash=hashed)
        user.must_change_password, user.password_given_by_id = not by_mail, actor_id
        session.add(user)
        session.flush()
        audit.record(session, "create", "user", user.id, province_id=province_id, after=described(user))
        user_id = user.id
    return invited_or_told(user_id, province_id, actor_id) if by_mail else Entry(user_id, password)


def invited_or_told(user_id: int, province_id: int | None, actor_id: int | None) -> Entry:
    """Invite an account that has no password; where the letter is not taken it gets a first password instead."""
    problem = invitations.send(user_id, province_id)
    if problem is None:
        return Entry(user_id, invited=db.session.get_one(User, user_id).email)
    password = first_password()
    with writing() as session:
        set_password(session, locked(session, User, user_id), password, given_by=actor_id, first=True)
    return Entry(user_id, password, problem=problem)


def described(user: User) -> dict[str, object]:
    """An account as the audit log keeps it; of the password nothing."""
    return {"username": user.username, "name": user.name, "email": user.email, "active": user.active}


def add_grant(user_id: int, role: str, province_id: int, sector: str | None, agency_code: str | None) -> None:
    """Give a role within a province; the account's sessions end, so that none goes on with the roles of before.

    Raises:
        AccountRefused: the agency is not of this province, or the account has this role already.
    """
    agency = find_agency(agency_code, province_id) if agency_code else None
    if agency_code and agency is None:
        raise AccountRefused(_("Tỉnh không có cơ quan “%(code)s”.", code=agency_code))
    agency_id = agency.id if agency else None
    with writing() as session:
        user = locked(session, User, user_id)
        wanted = (role, province_id, sector, agency_id)
        if wanted in {(grant.role, grant.province_id, grant.sector, grant.agency_id) for grant in user.grants}:
            raise AccountRefused(_("Tài khoản đã có vai trò này."))
        user.grants.append(RoleGrant(role=role, province_id=province_id, sector=sector, agency_id=agency_id))
        delete_sessions(session, user_id)
        after = {"role": role, "sector": sector, "agency": agency.code if agency else None}
        audit.record(session, "grant_role", "user", user_id, province_id=province_id, after=after)


def remove_grant(user_id: int, grant_id: int, province_id: int, actor_id: int) -> None:
    """Take a role of this province back; the account's sessions end.

    Raises:
        AccountRefused: it is not there, or it is the actor's own right to administer.
    """
    with writing() as session:
        user = locked(session, User, user_id)
        grant = next(
            (grant for grant in user.grants if grant.id == grant_id and grant.province_id == province_id), None
        )
        if grant is None:
            raise AccountRefused(_("Vai trò này không còn nữa."))
        if user_id == actor_id and grant.role == "administrator":
            raise AccountRefused(_("Không thể tự bỏ vai trò quản trị của chính mình; hãy nhờ một quản trị viên khác."))
        agency = session.get_one(Agency, grant.agency_id).code if grant.agency_id else None
        before = {"role": grant.role, "sector": grant.sector, "agency": agency}
        user.grants.remove(grant)
        delete_sessions(session, user_id)
        audit.record(session, "revoke_role", "user", user_id, province_id=province_id, before=before)


def switch_active(user_id: int, province_id: int, actor: User, *, on: bool) -> None:
    """Switch an account off or on again; off ends its sessions.

    Raises:
        AccountRefused: it is one's own account, the account also belongs to a province one does not administer, or it
            is so already: pressed twice, or by two people, a button must not undo what it did.
    """
    actor_id = actor.id
    if user_id == actor_id:
        raise AccountRefused(_("Không thể tự khóa tài khoản của chính mình."))
    with writing() as session:
        user = wholly_ours(session, user_id, actor_id)
        if user.active == on:
            raise AccountRefused(_("Tài khoản đang mở.") if on else _("Tài khoản đã khóa."))
        user.active, user.switched_off_at = on, None if on else now()
        delete_sessions(session, user_id)
        before, after = {"active": not on}, {"active": on}
        audit.record(session, "switch_active", "user", user_id, province_id=province_id, before=before, after=after)


def reset_password(user_id: int, actor: User) -> str:
    """A new first password, shown once; the account is unlocked and its sessions end.

    Raises:
        AccountRefused: it is one's own account, or it also belongs to a province the actor does not administer.
    """
    actor_id, password = actor.id, first_password()
    _refuse_own(user_id, actor_id)
    with writing() as session:
        set_password(session, wholly_ours(session, user_id, actor_id), password, given_by=actor_id, first=True)
    return password


def invite(user_id: int, province_id: int, actor: User) -> Entry:
    """Take the password away and mail a link to set a new one; the account's sessions end.

    Raises:
        AccountRefused: it is one's own account, no mail is set up, it has no address, or it belongs to another province
            too.
    """
    actor_id = actor.id
    _refuse_own(user_id, actor_id)
    with writing() as session:
        user = wholly_ours(session, user_id, actor_id)
        if not (user.email and invitations.are_possible()):
            raise AccountRefused(
                _("Chưa gửi được thư mời: tài khoản chưa có thư điện tử hoặc máy chủ chưa có SMTP_URL.")
            )
        user.password_hash, user.must_change_password = no_password(), False
        user.password_given_by_id = actor_id
        delete_sessions(session, user_id)
        before, after = {"password": audit.EARLIER}, {"password": audit.RENEWED}
        audit.record(session, "set_password", "user", user_id, province_id=province_id, before=before, after=after)
    return invited_or_told(user_id, province_id, actor_id)


def _refuse_own(user_id: int, actor_id: int) -> None:
    """Whoever finds a session open must not take the account: the owner's page asks for the present password."""
    if user_id == actor_id:
        raise AccountRefused(_("Tự đổi mật khẩu của mình ở trang tài khoản, bằng mật khẩu hiện tại."))


def first_password() -> str:
    """Three groups of four readable symbols: 59 bits."""
    return "-".join(readable_code(4) for _group in range(3))


def wholly_ours(session: Session, user_id: int, actor_id: int) -> User:
    """An account, locked, all of whose provinces the actor administers.

    Raises:
        AccountRefused: it also belongs to another province, or to the country.
    """
    user, actor = locked(session, User, user_id), session.get_one(User, actor_id)
    if user.country_grants:
        raise AccountRefused(_("Tài khoản này giữ số liệu cả nước; chỉ đổi được bằng lệnh trên máy chủ."))
    provinces = {grant.province_id for grant in user.grants}
    if not all(decide(actor, MANAGE, Resource(province_id)) for province_id in provinces):
        raise AccountRefused(_("Tài khoản này còn có vai trò ở tỉnh khác; quản trị viên của tỉnh đó cần cùng xử lý."))
    return user
