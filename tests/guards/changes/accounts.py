"""Roles, two people, second factors, passwords, sessions: one real change for every address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from sqlalchemy import select
from werkzeug.test import TestResponse

from survey.accounts.invitations import link
from survey.accounts.models import Proposal, RoleGrant, StaffSession, User
from survey.accounts.passwords import no_password
from survey.foundation.storage.database import writing
from tests.guards.changes.desk import Desk, press
from tests.support.second_factors import PAGE, enrol, fields_of_form
from tests.support.software_keys import KEYS, ORIGIN, SoftwareKey, asked
from tests.support.staff import PASSWORD, client_of, make_user

NEW_PASSWORD = "một câu khác cũng dài"


def _user(desk: Desk) -> str:
    return f"/desk/users/dak-lak/{desk.place.user}"


def grant_role(desk: Desk) -> TestResponse:
    return desk.submit(f"{_user(desk)}/grants", _user(desk), role="auditor", sector="", agency="")


def remove_grant(desk: Desk) -> TestResponse:
    grant = desk.one(
        select(RoleGrant.id).where(RoleGrant.user_id == desk.place.user).order_by(RoleGrant.id.desc()).limit(1)
    )
    return desk.submit(f"{_user(desk)}/grants/{grant}/remove", _user(desk))


def confirm_closing(desk: Desk) -> TestResponse:
    """What somebody else has proposed: the rule of two people was switched on before."""
    proposer = Desk(
        desk.app, client_of(desk.app, make_user(desk.app, "de-nghi", "administrator")), desk.place, desk.place
    )
    proposer.submit("/desk/closing/dak-lak/2026-08/close", "/desk/closing/dak-lak/2026-08")
    proposal = desk.one(select(Proposal.id).order_by(Proposal.id.desc()).limit(1))
    return desk.submit(f"/desk/proposals/dak-lak/{proposal}/confirm", "/desk/proposals/dak-lak/")


def change_own_password(desk: Desk) -> TestResponse:
    """As another user: the story's own session goes on."""
    client = client_of(desk.app, make_user(desk.app, "doi-mat-khau", "officer"))
    desk.secrets |= {PASSWORD, NEW_PASSWORD}
    return Desk(desk.app, client, desk.place, desk.neighbour).submit(
        "/desk/account/password", current=PASSWORD, new=NEW_PASSWORD, again=NEW_PASSWORD
    )


def end_a_session(others: bool) -> Callable[[Desk], TestResponse]:
    """As another user: the story's own session goes on."""

    def change(desk: Desk) -> TestResponse:
        user_id = make_user(desk.app, f"hai-phien-{others}", "officer")
        client, _elsewhere = client_of(desk.app, user_id), client_of(desk.app, user_id)
        last = desk.one(select(StaffSession.id).where(StaffSession.user_id == user_id).order_by(-StaffSession.id))
        address = "/desk/account/sessions/end" if others else f"/desk/account/sessions/{last}/end"
        return Desk(desk.app, client, desk.place, desk.neighbour).submit(address, "/desk/account")

    return change


def of_their_own(address: str, **typed: str) -> Callable[[Desk], TestResponse]:
    """A change of one's own second factor, as another user who has one already or gets it by this."""

    def change(desk: Desk) -> TestResponse:
        client = client_of(desk.app, make_user(desk.app, f"buoc-hai-{address[-3:]}", "officer"))
        phone = enrol(client)
        desk.secrets |= {phone.secret, *phone.codes, PASSWORD}
        desk_of_user = Desk(desk.app, client, desk.place, desk.neighbour)
        return (
            desk_of_user.submit(address, PAGE, code=phone.code(), **typed) if address else desk_of_user.client.get(PAGE)
        )

    return change


def with_a_key(*, taken_away: bool) -> Callable[[Desk], TestResponse]:
    """A security key of one's own, for pages opened by a name."""

    def change(desk: Desk) -> TestResponse:
        settings = desk.app.extensions["settings"]
        desk.app.extensions["settings"] = settings.but(public_url=ORIGIN)
        try:
            client = client_of(desk.app, make_user(desk.app, f"khoa-{taken_away}", "officer"))
            phone = enrol(client)
            desk.secrets |= {phone.secret, *phone.codes}
            own, page = Desk(desk.app, client, desk.place, desk.neighbour), client.get(KEYS).text
            typed = {"name": "khóa ở cơ quan", "code": phone.code(), "answer": SoftwareKey().make(asked(page, "add"))}
            added = own.send(KEYS, **(fields_of_form(page, KEYS) | typed))
            return own.submit(f"{KEYS}/remove", KEYS, code=phone.code(1)) if taken_away else added
        finally:
            desk.app.extensions["settings"] = settings

    return change


def reset_second_factor(desk: Desk) -> TestResponse:
    """Of an account that has one; before the rule of two people is on."""
    user_id = make_user(desk.app, "mat-dien-thoai", "officer")
    enrol(client_of(desk.app, user_id))
    page = f"/desk/users/dak-lak/{user_id}"
    return desk.submit(f"{page}/second-factor", page)


def ask_for_second_factors(province: str, address: str) -> Callable[[Desk], TestResponse]:
    """In another province: the story's own administrator has none."""

    def change(desk: Desk) -> TestResponse:
        user_id = make_user(desk.app, f"quan-tri-{province}", "administrator", province=province)
        other = Desk(desk.app, client_of(desk.app, user_id), desk.place, desk.neighbour)
        return other.submit(f"/desk/proposals/{province}/{address}", f"/desk/proposals/{province}/")

    return change


def _invited(desk: Desk, name: str) -> User:
    """Somebody with an address and no password yet."""
    user_id = make_user(desk.app, name, "officer")
    with desk.app.app_context(), writing() as session:
        user = session.get_one(User, user_id)
        user.email, user.password_hash = f"{name}@example.org", no_password()
        session.flush()
        session.expunge(user)
    return user


def invite(desk: Desk) -> TestResponse:
    """By a mail server that is not there: the account gets a first password instead."""
    settings = desk.app.extensions["settings"]
    page = f"/desk/users/dak-lak/{_invited(desk, 'moi-bang-thu').id}"
    desk.app.extensions["settings"] = settings.but(smtp_url="smtp://127.0.0.1:9")
    try:
        return desk.submit(f"{page}/invitation", page)
    finally:
        desk.app.extensions["settings"] = settings


def set_first_password(desk: Desk) -> TestResponse:
    """By the link of an invitation."""
    user = _invited(desk, "dat-mat-khau")
    desk.secrets.add(NEW_PASSWORD)
    with desk.app.app_context():
        path = urlsplit(link(user)).path
    return desk.submit(path, new=NEW_PASSWORD, again=NEW_PASSWORD)


CHANGES: Mapping[str, Callable[[Desk], TestResponse]] = {
    "users.reset_second_factor": reset_second_factor,
    "proposals.switch_rule": lambda desk: desk.submit("/desk/proposals/dak-lak/rule", "/desk/proposals/dak-lak/"),
    "proposals.switch_caseloads_confirmed": lambda desk: desk.submit(
        "/desk/proposals/dak-lak/caseloads", "/desk/proposals/dak-lak/"
    ),
    "proposals.confirm": confirm_closing,
    "proposals.withdraw": lambda desk: desk.send(f"/desk/proposals/dak-lak/{desk.neighbour.proposal}/withdraw"),
    "users.index": lambda desk: desk.submit("/desk/users/dak-lak/", username="moi", name="Người mới"),
    "users.add_grant": grant_role,
    "users.remove_grant": remove_grant,
    "users.reset_password": press(_user, "password"),
    "users.invite": invite,
    "invitations.first_password": set_first_password,
    "users.switch_active": press(_user, "active"),
    "proposals.switch_second_factor": ask_for_second_factors("son-la", "second-factor"),
    "proposals.switch_second_factor_of_all": ask_for_second_factors("an-giang", "second-factor/all"),
    "second_factor.page": of_their_own(""),
    "second_factor.renew_codes": of_their_own(f"{PAGE}/codes"),
    "second_factor.turn_off": of_their_own(f"{PAGE}/off", current=PASSWORD),
    "security_keys.page": with_a_key(taken_away=False),
    "security_keys.remove": with_a_key(taken_away=True),
    "own_language.choose": lambda desk: desk.submit("/desk/account/language", "/desk/account", language="en"),
    "staff.change_password": change_own_password,
    "staff.end_session": end_a_session(others=False),
    "staff.end_other_sessions": end_a_session(others=True),
}
