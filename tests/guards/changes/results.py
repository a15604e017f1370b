"""Reports kept, periods closed and published: one real change for every address."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from werkzeug.test import TestResponse

from analysis.national.models import CountryEdition
from analysis.results.publication.publication_builder import HIDDEN
from survey.accounts.models import CountryGrant, User
from survey.foundation.clock import now
from survey.foundation.storage.database import writing
from tests.guards.changes.desk import Desk, press

EMPTY = {"total": {**HIDDEN, "domain": "", "suppressed": True, "verdict": None}, "by": {}, "target": None}


def archive_report(desk: Desk) -> TestResponse:
    return desk.send("/desk/reports/archive", recipient=f"dak-lak/{desk.place.agency}", period="2026-10")


def _closing(desk: Desk) -> str:
    return "/desk/closing/dak-lak/2026-10"


def publish_country(desk: Desk) -> TestResponse:
    """By the same account, which holds the country for a moment; tests/national publishes what archives say."""
    figures = {
        "format": 1,
        "provinces": {},
        "open": [],
        "withheld": [],
        "subjects": {"procedures": EMPTY},
        "targets": [],
    }
    with desk.app.app_context(), writing() as session:
        user = session.query(User).filter_by(username="nguoi-sua").one()
        user.country_grants = [CountryGrant(role="administrator")]
        session.add(CountryEdition(period="2026-10", revision=1, stamp="x", made_at=now(), figures=figures))
    answer = desk.send("/desk/country/2026-10/publish", revision="1")
    with desk.app.app_context(), writing() as session:
        session.query(User).filter_by(username="nguoi-sua").one().country_grants = []
    return answer


CHANGES: Mapping[str, Callable[[Desk], TestResponse]] = {
    "reports.archive": archive_report,
    "closing.close": press(_closing, "close"),
    "closing.publish": press(_closing, "publish"),
    "country.publish_edition": publish_country,
    "closing.ranking": press(lambda _desk: "/desk/closing/dak-lak/2020", "ranking"),
}
