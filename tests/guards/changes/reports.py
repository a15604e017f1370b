"""Targets, measures, signals, an office's own words about its reports, methods: one real change for every address."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from werkzeug.test import TestResponse

from tests.guards.changes.desk import Desk, press


def register_target(desk: Desk) -> TestResponse:
    about = {"code": "THU-1", "subject": "health_service", "threshold": "0.9", "comparator": ">="}
    years = {"from_year": "2026", "due_year": "2030"}
    source = {"document": "Kế hoạch 1/KH-UBND", "clause": "Mục 1", "quote": "đạt từ 90% trở lên"}
    return desk.submit("/desk/targets/new", **about, **years, **source)


def register_measure(desk: Desk) -> TestResponse:
    words = {"what": "Thêm hai quầy giờ cao điểm", "who": "Phòng KHTH", "starts_on": "2026-10-01"}
    return desk.submit("/desk/measures/new", agency=desk.place.agency, sector="health", **words)


def _report(desk: Desk) -> str:
    return f"/desk/reports/{desk.place.province}/{desk.place.agency}/2026-10"


CHANGES: Mapping[str, Callable[[Desk], TestResponse]] = {
    "targets.new": register_target,
    "targets.edit": lambda desk: desk.submit(f"/desk/targets/{desk.place.target}", threshold="0.91"),
    "report_office.words": lambda desk: desk.submit(f"{_report(desk)}/words", proposals="Thêm hai ghế chờ."),
    "report_office.journal": lambda desk: desk.submit(
        f"{_report(desk)}/journal", number="45/BC", signed_on="2025-11-03", sent_on="2025-11-04"
    ),
    "report_office.received": lambda desk: desk.submit(
        "/desk/reports/dak-lak/2026-10/received", recipient=desk.place.agency, received_on="2025-11-05"
    ),
    "report_office.send_reminders": lambda desk: desk.send("/desk/reports/dak-lak/2026-10/reminders"),
    "report_office.decision": lambda desk: desk.submit(
        "/desk/reports/dak-lak/decision", number="77/QĐ-UBND", signed_on="2025-01-15"
    ),
    "measures.register": register_measure,
    "measures.change": lambda desk: desk.submit(f"/desk/measures/{desk.place.measure}/change", who="Người khác"),
    "signals.explain": press(
        lambda desk: f"/desk/signals/{desk.place.signal}", "explain", text="Quầy nghỉ để sửa chữa."
    ),
    "signals.close": press(lambda desk: f"/desk/signals/{desk.place.signal}", "close", outcome="harmless"),
    "method_desk.page": lambda desk: desk.submit("/desk/methods/dak-lak/health", decision="Quyết định 1/QĐ-SYT"),
    "method_desk.publish": press(lambda desk: "/desk/methods/dak-lak/health", "publish"),
    "method_desk.retire": press(lambda desk: "/desk/methods/dak-lak/health", "retire", reason="Có văn bản mới"),
}
