"""Reports kept, periods closed and published: one real change for every address."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from werkzeug.test import TestResponse

from tests.guards.changes.desk import Desk, press


def archive_report(desk: Desk) -> TestResponse:
    return desk.send("/desk/reports/archive", recipient=f"dak-lak/{desk.place.agency}", period="2026-10")


def _closing(desk: Desk) -> str:
    return "/desk/closing/dak-lak/2026-10"


CHANGES: Mapping[str, Callable[[Desk], TestResponse]] = {
    "reports.archive": archive_report,
    "closing.close": press(_closing, "close"),
    "closing.publish": press(_closing, "publish"),
    "closing.ranking": press(lambda _desk: "/desk/closing/dak-lak/2020", "ranking"),
}
