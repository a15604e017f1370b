"""Who must sign in with a second factor, and taking one away from an account that lost its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from survey.accounts import second_factor
from survey.accounts.administration import MANAGE, AccountRefused, wholly_ours
from survey.accounts.approvals.approvals import ChangeKind, NotPossible, Write
from survey.accounts.approvals.province_rules import SECOND_FACTOR, SECOND_FACTOR_OF_ALL
from survey.accounts.models import User
from survey.accounts.second_factor_queries import fetch_rules_on
from survey.registry.models import Province

ROLES = frozenset({"administrator", "method_owner", "auditor"})  # who can change what counts, or see all of it


def is_asked(user: User) -> bool:
    """Whether a province in which the account has a role asks for a second factor: of all roles, or of this one."""
    provinces = {grant.province_id for grant in user.grants}
    on = fetch_rules_on((SECOND_FACTOR, SECOND_FACTOR_OF_ALL), provinces) if provinces else set()
    return any(
        (grant.province_id, SECOND_FACTOR_OF_ALL) in on
        or (grant.role in ROLES and (grant.province_id, SECOND_FACTOR) in on)
        for grant in user.grants
    )


def lacks(user: User) -> bool:
    """Whether the account must get a second factor before it does anything else."""
    return user.second_factor is None and is_asked(user)


def _prepare_reset(province: Province, details: Mapping[str, Any], actor: User | None) -> Write:
    assert actor is not None, "commands reset at once"
    user_id, province_id, actor_id = int(details["user"]), province.id, actor.id

    def write(session: Session) -> str:
        try:
            user = wholly_ours(session, user_id, actor_id)
        except AccountRefused as problem:
            raise NotPossible(str(problem)) from problem
        if not second_factor.turn_off(session, user.id, "reset_second_factor", province_id):
            raise NotPossible(_("Tài khoản này không dùng xác thực hai bước."))
        return str(_("Đã gỡ xác thực hai bước của tài khoản; mọi phiên đăng nhập của tài khoản đã kết thúc."))

    return write


RESET = ChangeKind("reset_second_factor", MANAGE, lazy_gettext("Gỡ xác thực hai bước của tài khoản"), _prepare_reset)
