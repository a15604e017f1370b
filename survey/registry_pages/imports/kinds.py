"""The kinds of files the desk takes, and the permission each needs; other parts of the program add their own."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from survey.accounts.agency_access import MANAGE_AGENCIES, MANAGE_CASELOADS
from survey.accounts.permissions import Action
from survey.foundation.registered import Registered
from survey.registry.files.records import RecordKind
from survey.registry.files.service import RECORD_KINDS


@dataclass(frozen=True)
class Offered:
    """What people call the records, and the action that lets them import some."""

    title: LazyString
    action: Action


OFFERED: Registered[Offered] = Registered(
    "kind of file at the desk",
    {
        "agencies": Offered(_("Cơ quan, đơn vị"), MANAGE_AGENCIES),
        "services": Offered(_("Dịch vụ"), MANAGE_AGENCIES),
        "counters": Offered(_("Quầy"), MANAGE_AGENCIES),
        "caseloads": Offered(_("Số hồ sơ đã giải quyết"), MANAGE_CASELOADS),
    },
)


def offer(kind: RecordKind, title: LazyString, action: Action) -> None:
    """Take one more kind of file, at the desk and in commands."""
    RECORD_KINDS.add(kind.name, kind)
    OFFERED.add(kind.name, Offered(title, action))
