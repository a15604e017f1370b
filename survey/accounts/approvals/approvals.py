"""Two people: where a province switches it on, one person proposes a change and another, who may make it, confirms it.

How a page uses it::

    CLOSE = ChangeKind("close_period", permission=Action.CLOSE_PERIOD, words=_("Chốt kỳ"), prepare=prepare_closing)
    register_change(app, CLOSE)                                     # in the part's feature.py
    flash(carry_out(CLOSE, province, "2026-10", {"period": …}))     # in the route, after permissions.require(…)

`carry_out` makes the change at once, or leaves it waiting where the rule is on; its words say which. The rest (the
list of what waits, confirming, withdrawing, the switch, the traces) is here. Commands call the part's own service:
whoever sits at the server is the operator, and is audited as such.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey.accounts.approvals.independence import are_two_people
from survey.accounts.approvals.proposal_queries import fetch_proposal, lock_waiting
from survey.accounts.approvals.province_rules import (
    CASELOADS_CONFIRMED,
    SECOND_FACTOR,
    SECOND_FACTOR_OF_ALL,
    TWO_PEOPLE,
    Rule,
    is_on,
    switch,
)
from survey.accounts.models import CONFIRMED, WAITING, WITHDRAWN, Proposal, User
from survey.accounts.page_queries import fetch_users
from survey.accounts.permissions import Action, Resource, decide
from survey.foundation.changes import audit
from survey.foundation.clock import now
from survey.foundation.registered import PerApp
from survey.foundation.storage.database import db, writing
from survey.registry.models import Province

SWITCH = Action.CHANGE_SETTINGS
Write = Callable[[Session], str]


class NotPossible(ValueError):
    """The change cannot be made now; the message says in Vietnamese why and what to do."""


@dataclass(frozen=True)
class ChangeKind:
    """A kind of change that may need two people.

    `prepare(province, details, user)` checks and computes outside any transaction, raises NotPossible where the
    change cannot be made, and gives the function that writes (and audits) it inside the transaction it is handed and
    returns words for whoever pressed the button. `details` are JSON values that officials can read. `permission` on
    `resource(province, details)` (by default the whole province) is asked when a proposal is confirmed.
    """

    code: str
    permission: Action
    words: LazyString
    prepare: Callable[[Province, Mapping[str, Any], User | None], Write]
    resource: Callable[[Province, Mapping[str, Any]], Resource] = lambda province, _details: Resource(province.id)
    always: bool = False  # needs two people whether or not the province asks for them


CHANGE_KINDS: PerApp[ChangeKind] = PerApp("change kind")


def register_change(app: Flask, kind: ChangeKind) -> None:
    """Make a kind of change known, so that a waiting proposal finds what carries it out."""
    CHANGE_KINDS.add(app, kind.code, kind)


def change_kinds() -> Mapping[str, ChangeKind]:
    """Every kind by its code."""
    return CHANGE_KINDS.members()


def required(province_key: str) -> bool:
    """Whether the province asks for two people."""
    return is_on(TWO_PEOPLE, province_key)


def switch_on(rule: Rule, province: Province) -> None:
    """Turn a rule on, with its trace: one person may. To turn it off is a change that may need two (`SWITCH_OFF`)."""
    key, province_id = province.key, province.id
    with writing() as session:
        switch(session, rule, key, province_id, on=True)


def _switching_off(rule: Rule, words: LazyString, done: LazyString) -> ChangeKind:
    def prepare(province: Province, _details: Mapping[str, Any], _user: User | None) -> Write:
        key, id_ = province.key, province.id

        def write(session: Session) -> str:
            switch(session, rule, key, id_, on=False)
            return str(done)

        return write

    return ChangeKind(rule.action, SWITCH, words, prepare)


SWITCH_OFF: Mapping[Rule, ChangeKind] = {
    TWO_PEOPLE: _switching_off(
        TWO_PEOPLE, lazy_gettext("Tắt quy tắc hai người"), lazy_gettext("Từ nay một người là đủ.")
    ),
    SECOND_FACTOR: _switching_off(
        SECOND_FACTOR,
        lazy_gettext("Tắt yêu cầu xác thực hai bước"),
        lazy_gettext("Từ nay không bắt buộc xác thực hai bước."),
    ),
    SECOND_FACTOR_OF_ALL: _switching_off(
        SECOND_FACTOR_OF_ALL,
        lazy_gettext("Thôi bắt buộc xác thực hai bước với mọi tài khoản"),
        lazy_gettext("Từ nay không bắt buộc xác thực hai bước với mọi tài khoản."),
    ),
    CASELOADS_CONFIRMED: _switching_off(
        CASELOADS_CONFIRMED,
        lazy_gettext("Thôi xác nhận số hồ sơ"),
        lazy_gettext("Từ nay số hồ sơ không cần xác nhận."),
    ),
}


def carry_out(kind: ChangeKind, province: Province, object_id: str, details: Mapping[str, Any], user: User) -> str:
    """Make the change, or leave it waiting for another person; gives words for whoever asked.

    Raises:
        NotPossible: the change cannot be made, or the same is waiting already.
    """
    province_id, user_id, two = province.id, user.id, kind.always or required(province.key)
    write = kind.prepare(province, details, user)
    if not two:
        with writing() as session:
            return write(session)
    try:
        with writing() as session:
            _propose(session, Proposal(province_id=province_id, kind=kind.code, object_id=object_id), details, user_id)
    except IntegrityError as problem:
        raise NotPossible(_("Việc này đã có người đề nghị và đang chờ xác nhận.")) from problem
    if kind.always:
        return str(_("Đã ghi đề nghị. Việc này luôn cần hai người: một người khác có quyền cần xác nhận."))
    return str(_("Đã ghi đề nghị. Tỉnh yêu cầu hai người: một người khác có quyền cần xác nhận."))


def has_second_person(province: Province, user: User) -> bool:
    """Whether somebody else could confirm that a rule of the province is switched off, if this user proposes it."""
    place = Resource(province.id)
    return any(
        other.id != user.id and decide(other, SWITCH, place) and are_two_people(other, user)
        for other in fetch_users(province.id)
    )


def may_make(proposal: Proposal, province: Province, user: User) -> bool:
    """Whether a user may make the change that a proposal is about."""
    kind = change_kinds().get(proposal.kind)
    return kind is not None and bool(decide(user, kind.permission, kind.resource(province, proposal.details)))


def may_confirm(proposal: Proposal, province: Province, user: User) -> bool:
    """Whether a user may confirm a proposal: another person who may make the change."""
    return _is_another(proposal, user) and may_make(proposal, province, user)


def confirm(proposal_id: int, user: User) -> str:
    """Carry out what another person proposed; gives words for whoever confirmed.

    Raises:
        NotPossible: it no longer waits, it is one's own, one may not make such a change, or it cannot be made now.
    """
    user_id, (proposal, kind, province) = user.id, _waiting(proposal_id)
    if proposal.proposed_by_id == user_id:
        raise NotPossible(_("Người xác nhận phải khác người đề nghị."))
    if proposal.proposed_by_id == user.password_given_by_id:
        raise NotPossible(_("Mật khẩu của tài khoản này do chính người đề nghị cấp: cần một người khác xác nhận."))
    if not _is_another(proposal, user):
        raise NotPossible(
            _(
                "Một người có thể biết mật khẩu của cả hai tài khoản: người này cấp cho người kia, hoặc cùng một người "
                "cấp. Cần một người khác xác nhận, hoặc nhờ người vận hành máy chủ cấp lại mật khẩu cho một bên."
            )
        )
    if not may_make(proposal, province, user):
        raise NotPossible(_("Tài khoản này không có quyền làm việc được đề nghị."))
    write = kind.prepare(province, proposal.details, user)
    with writing() as session:
        _decide(session, proposal_id, CONFIRMED, user_id)
        return write(session)


def withdraw(proposal_id: int, user: User) -> None:
    """Take a proposal back: its maker, or whoever could have confirmed it.

    Raises:
        NotPossible: it no longer waits, or it is not this user's to withdraw.
    """
    user_id, (proposal, _kind, province) = user.id, _waiting(proposal_id)
    if proposal.proposed_by_id != user_id and not may_make(proposal, province, user):
        raise NotPossible(_("Tài khoản này không có quyền làm việc được đề nghị."))
    with writing() as session:
        _decide(session, proposal_id, WITHDRAWN, user_id)


def _is_another(proposal: Proposal, user: User) -> bool:
    proposer: User = db.session.get_one(User, proposal.proposed_by_id)
    return proposer.id != user.id and are_two_people(proposer, user)


def _propose(session: Session, proposal: Proposal, details: Mapping[str, Any], user_id: int) -> None:
    proposal.details, proposal.proposed_by_id, proposal.proposed_at = dict(details), user_id, now()
    session.add(proposal)
    session.flush()
    after = {"what": proposal.kind, "object": proposal.object_id, **details}
    audit.record(session, "propose", "proposal", proposal.id, province_id=proposal.province_id, after=after)


def _waiting(proposal_id: int) -> tuple[Proposal, ChangeKind, Province]:
    proposal = fetch_proposal(proposal_id)
    kind = proposal and change_kinds().get(proposal[0].kind)
    if proposal is None or kind is None or proposal[0].status != WAITING:
        raise NotPossible(_gone())
    return proposal[0], kind, proposal[1]


def _decide(session: Session, proposal_id: int, status: str, user_id: int) -> None:
    proposal = lock_waiting(session, proposal_id)
    if proposal is None:  # someone else was faster
        raise NotPossible(_gone())
    proposal.status, proposal.decided_by_id, proposal.decided_at = status, user_id, now()
    maker = session.get_one(User, proposal.proposed_by_id).username
    about = {"what": proposal.kind, "object": proposal.object_id, "proposed_by": maker}
    audit.record(
        session,
        {CONFIRMED: "confirm_proposal", WITHDRAWN: "withdraw_proposal"}[status],
        "proposal",
        proposal_id,
        province_id=proposal.province_id,
        before={"status": WAITING, **about},
        after={"status": status},
    )


def _gone() -> str:
    return str(_("Đề nghị này không còn chờ nữa: đã được xác nhận hoặc đã rút."))
