"""Forms of the desk that name an object in their body: what each would send for an object of a place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from survey.foundation.clock import today
from tests.guards.changes import queue_file
from tests.guards.places import RESPONSIBLE, Place


@dataclass(frozen=True)
class ObjectForm:
    """Where a form goes (always from the user's own place), and what it sends for an object.

    Which action allows it is declared at the view. `province_wide`: only a role for the whole province reaches the form
    at all. `prefilled`: the form shows an object that exists, and sends back whatever is not in `fields`.
    """

    address: Callable[[Place], str]
    fields: Callable[[Place], dict[str, Any]]
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
    ),
    "report_office.received": ObjectForm(
        lambda own: f"/desk/reports/{own.province}/2026-10/received",
        lambda place: {"recipient": place.agency, "received_on": "2025-11-05"},
        province_wide=True,
    ),
    "feedback.open_from_comment": ObjectForm(
        lambda own: "/desk/feedback/open", lambda place: {"response": str(place.comment)}
    ),
    "feedback.classify": ObjectForm(
        lambda own: f"/desk/feedback/{own.case}/classify",
        lambda place: {"kind": "service", "holder": place.agency},
    ),
    "feedback_entry.take": ObjectForm(
        lambda own: "/desk/feedback/new",
        lambda place: {"agency": place.agency, "sector": "health", "channel": "phone", "text": "Thiếu ghế"},
    ),
    "fleet.pair": ObjectForm(lambda own: "/desk/devices/pair", lambda place: {"counter": place.counter}),
    "fleet.move": ObjectForm(
        lambda own: f"/desk/devices/{own.device}/counter",
        lambda place: {"counter": place.counter},
    ),
    "fleet.import_file": ObjectForm(lambda own: "/desk/devices/import", lambda place: {"file": queue_file(place)}),
    "measures.register": ObjectForm(lambda own: "/desk/measures/new", lambda place: MEASURE | {"agency": place.agency}),
    "targets.new": ObjectForm(
        lambda own: f"/desk/targets/new?province={own.province}",
        lambda place: TARGET | {"code": f"THU-{place.name}", "agency": place.agency},
    ),
    "users.add_grant": ObjectForm(
        lambda own: f"/desk/users/{own.province}/{own.user}/grants",
        lambda place: {"role": "officer", "sector": "", "agency": place.agency},
        province_wide=True,
    ),
    "agencies.new_agency": ObjectForm(
        lambda own: f"/desk/new-agency?province={own.province}",
        lambda place: AGENCY | {"code": f"DL-{place.name.upper()}", "parent": place.agency},
        province_wide=True,
    ),
    "questionnaires.uses": ObjectForm(
        lambda own: f"/desk/questionnaires/byt-outpatient/uses/{own.province}",
        lambda place: {"counter": place.counter, "agency": place.agency, "since": today().isoformat()},
        province_wide=True,
    ),
    "targets.edit": ObjectForm(
        lambda own: f"/desk/targets/{own.target}",
        lambda place: {"note": place.name, "agency": place.agency},
        prefilled=True,
    ),
    "agencies.edit_agency": ObjectForm(
        lambda own: f"/desk/agencies/{own.agency}/edit",
        lambda place: {"name": place.name, "parent": RESPONSIBLE if place.name == "own" else place.agency},
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
