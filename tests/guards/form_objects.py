"""Forms of the desk that name an object in their body: what each would send for an object of a place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.guards.changes import queue_file
from tests.guards.places import RESPONSIBLE, Place


@dataclass(frozen=True)
class ObjectForm:
    """Where a form goes (always from the user's own place), what it sends for an object, and which action allows it.

    `province_wide`: only a role for the whole province reaches the form at all. `prefilled`: the form shows an object
    that exists, and sends back whatever is not in `fields`.
    """

    address: Callable[[Place], str]
    fields: Callable[[Place], dict[str, Any]]
    action: str
    province_wide: bool = False
    prefilled: bool = False


MEASURE = {"sector": "health", "what": "Thêm hai quầy giờ cao điểm", "who": "Phòng KHTH", "starts_on": "2026-10-01"}
TARGET = {
    "subject": "health_service",
    "threshold": "0.9",
    "comparator": ">=",
    "from_year": "2026",
    "due_year": "2030",
    "respondent_kinds": "individual",
    "document": "Kế hoạch 1/KH-UBND",
    "clause": "Mục 1",
    "quote": "đạt từ 90%",
}
CASES = {"unit": "visit", "count": "4321"}
AGENCY = {"name": "Đơn vị thử", "kind": "public_service_unit", "level": "province"}

BY_FORM = {
    "reports.archive": ObjectForm(
        lambda own: "/desk/reports/archive",
        lambda place: {"recipient": f"{place.province}/{place.agency}", "period": "2026-10"},
        "make_report",
    ),
    "feedback.open_from_comment": ObjectForm(
        lambda own: "/desk/feedback/open", lambda place: {"response": str(place.comment)}, "open_feedback"
    ),
    "fleet.pair": ObjectForm(
        lambda own: "/desk/devices/pair", lambda place: {"counter": place.counter}, "manage_devices"
    ),
    "fleet.move": ObjectForm(
        lambda own: f"/desk/devices/{own.device}/counter",
        lambda place: {"counter": place.counter},
        "manage_devices",
    ),
    "fleet.import_file": ObjectForm(
        lambda own: "/desk/devices/import", lambda place: {"file": queue_file(place)}, "import_queue_file"
    ),
    "measures.register": ObjectForm(
        lambda own: "/desk/measures/new", lambda place: MEASURE | {"agency": place.agency}, "manage_measures"
    ),
    "targets.new": ObjectForm(
        lambda own: f"/desk/targets/new?province={own.province}",
        lambda place: TARGET | {"code": f"THU-{place.name}", "agency": place.agency},
        "manage_targets",
    ),
    "users.add_grant": ObjectForm(
        lambda own: f"/desk/users/{own.province}/{own.user}/grants",
        lambda place: {"role": "officer", "sector": "", "agency": place.agency},
        "manage_users",
        province_wide=True,
    ),
    "agencies.new_agency": ObjectForm(
        lambda own: f"/desk/new-agency?province={own.province}",
        lambda place: AGENCY | {"code": f"DL-{place.name.upper()}", "parent": place.agency},
        "manage_agencies",
        province_wide=True,
    ),
    "targets.edit": ObjectForm(
        lambda own: f"/desk/targets/{own.target}",
        lambda place: {"note": place.name, "agency": place.agency},
        "manage_targets",
        prefilled=True,
    ),
    "agencies.edit_agency": ObjectForm(
        lambda own: f"/desk/agencies/{own.agency}/edit",
        lambda place: {"name": place.name, "parent": RESPONSIBLE if place.name == "own" else place.agency},
        "manage_agencies",
        prefilled=True,
    ),
}
# Files to import that name objects: kind -> (the file for a place's objects, the action that allows it).
FILES: dict[str, tuple[Callable[[Place], dict[str, str]], str]] = {
    "agencies": (
        lambda place: AGENCY | {"code": f"TEP-{place.name}", "province": place.province, "parent": place.agency},
        "manage_agencies",
    ),
    "counters": (
        lambda place: {"code": f"tep-{place.name}", "agency": place.agency, "name": "Quầy thử"},
        "manage_agencies",
    ),
    "caseloads": (
        lambda place: {"agency": place.agency, "service": "KB-NGOAITRU", "month": "2026-10", **CASES},
        "manage_caseloads",
    ),
    "targets": (
        lambda place: TARGET | {"code": f"TEP-{place.name}", "province": place.province, "agency": place.agency},
        "manage_targets",
    ),
}
# The bodies of these hold words, numbers, days, and what all provinces share (sectors, services): no one's object.
NAMES_NO_OBJECT = {
    *("services.new_service", "services.edit_service"),
    *("counters.new_counter", "counters.edit_counter", "counters.close"),
    "caseloads.month_page",
    *("imports.index", "imports.confirm"),  # but its files do: see FILES
    *("imports.complete", "imports.undo_run", "import_columns.choose"),  # of one's own file, judged as above
    *("fleet.pair_again", "fleet.rename", "fleet.revoke", "fleet.renew_pin"),
    "tickets.batch",
    "measures.change",
    *("signals.explain", "signals.close"),
    *("feedback.answer", "feedback.close"),
    *("questionnaires.start", "questionnaires.draft", "questionnaires.publish", "questionnaires.discard"),
    *("closing.close", "closing.publish"),
    *("proposals.confirm", "proposals.withdraw", "proposals.switch_rule"),
    *("users.index", "users.remove_grant", "users.reset_password", "users.switch_active"),
    *("staff.change_password", "staff.end_session", "staff.end_other_sessions"),
}
