"""One target from the desk's form, stored by the very rules of the import; a province may ask two people for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from analysis.targets.importing import Targets
from survey.accounts.agency_access import UserScope
from survey.accounts.approvals.approvals import ChangeKind, NotPossible, Write
from survey.accounts.models import User
from survey.accounts.permissions import Action, Resource
from survey.foundation.storage.database import db
from survey.foundation.vocabulary import SECTOR_OF_SUBJECT
from survey.registry.files.records import ImportScope
from survey.registry.files.service import Everything
from survey.registry.files.single_record import EditRefused, check_record, save_record
from survey.registry.models import Province
from survey.registry.queries import find_agency

MANAGE = Action.MANAGE_TARGETS
TARGETS = Targets()
ABOUT = ("is_new", "seen")  # what a proposal remembers beside the columns


def stored_values(province: str, code: str) -> dict[str, Any]:
    """A target's values in the file's terms."""
    return TARGETS.fetch(db.session(), ())[(province, code)].values


def details(texts: Mapping[str, str], *, new: bool, seen: str) -> dict[str, Any]:
    """What a proposal remembers: what was typed, and which stored values the form showed."""
    return {**texts, "is_new": new, "seen": seen}


def check_target(texts: Mapping[str, str], user: User, *, new: bool, seen: str) -> None:
    """Whether a target could be stored.

    Raises:
        EditRefused: with everything that is wrong, by column.
    """
    check_record(db.session(), TARGETS, texts, UserScope(user, MANAGE), new=new, seen=seen)


def prepare_target(_province: Province, details: Mapping[str, Any], user: User | None) -> Write:
    """Adding, changing or ending a target as it was typed.

    Raises:
        NotPossible: it cannot be stored now; what was looked at may have changed meanwhile.
    """
    texts = {name: text for name, text in details.items() if name not in ABOUT}
    scope: ImportScope = Everything() if user is None else UserScope(user, MANAGE)
    new, seen = details["is_new"], details["seen"]
    try:
        check_record(db.session(), TARGETS, texts, scope, new=new, seen=seen)
    except EditRefused as refusal:
        raise NotPossible(
            " ".join(f"{problem.message} {problem.mend}".strip() for problem in refusal.problems)
        ) from refusal

    def write(session: Session) -> str:
        save_record(session, TARGETS, texts, scope, new=new, seen=seen)
        if new:
            return str(_("Đã thêm chỉ tiêu; kết luận trên mọi trang đã tính theo."))
        return str(_("Đã lưu; kết luận trên mọi trang đã tính theo."))

    return write


def _resource(province: Province, details: Mapping[str, Any]) -> Resource:
    agency = find_agency(details["agency"], province.id) if details.get("agency") else None
    return Resource(province.id, SECTOR_OF_SUBJECT.get(details["subject"]), agency.id if agency else None)


CHANGE = ChangeKind("change_target", MANAGE, lazy_gettext("Thêm, sửa, chấm dứt chỉ tiêu"), prepare_target, _resource)
