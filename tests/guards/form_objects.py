"""What forms of the desk that name an object send besides: which fields name what is declared at their routes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from survey.foundation.access import Access, Names
from survey.foundation.clock import today
from tests.guards.changes.devices import queue_file
from tests.guards.places import RESPONSIBLE, Place

# What a field holds that names this of a place.
OF_PLACE: Mapping[Names, Callable[[Place], Any]] = {
    Names.AGENCY: lambda place: place.agency,
    Names.COUNTER: lambda place: place.counter,
    Names.RECIPIENT: lambda place: f"{place.province}/{place.agency}",
    Names.COMMENT: lambda place: str(place.comment),
    Names.QUEUE_FILE: queue_file,
}
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
# An agency with none above it is the whole province's matter, so only a role for that reaches the form at all.
PROVINCE_WIDE = {"agencies.new_agency"}
ADDRESS = {"questionnaires.uses": {"key": "byt-outpatient"}}
TYPED: Mapping[str, Callable[[Place], dict[str, Any]]] = {
    "reports.archive": lambda place: {"period": "2026-10"},
    "report_office.received": lambda place: {"received_on": "2025-11-05"},
    "feedback.open_from_comment": lambda place: {},
    "feedback.classify": lambda place: {"kind": "service"},
    "feedback_entry.take": lambda place: {"sector": "health", "channel": "phone", "text": "Thiếu ghế"},
    "fleet.pair": lambda place: {},
    "fleet.move": lambda place: {},
    "fleet.import_file": lambda place: {},
    "measures.register": lambda place: MEASURE,
    "targets.new": lambda place: TARGET | {"code": f"THU-{place.name}"},
    "targets.edit": lambda place: {"note": place.name},
    "users.add_grant": lambda place: {"role": "officer", "sector": ""},
    "agencies.new_agency": lambda place: AGENCY | {"code": f"DL-{place.name.upper()}"},
    "agencies.edit_agency": lambda place: (
        {"name": place.name} | ({"parent": RESPONSIBLE} if place.name == "own" else {})
    ),
    "questionnaires.uses": lambda place: {"since": today().isoformat()},
}


def sent(endpoint: str, access: Access, place: Place) -> dict[str, Any]:
    """What the form of an endpoint sends about an object of a place."""
    naming = {field: OF_PLACE[what](place) for field, what in (access.names or {}).items()}
    return naming | TYPED[endpoint](place)


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
