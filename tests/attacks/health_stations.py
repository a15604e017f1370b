"""Health stations beside the small Đắk Lắk, so that a table has rows of few answers to hide."""

from __future__ import annotations

from collections.abc import Mapping

from survey.foundation.storage.database import writing
from survey.registry.models import Agency, Caseload, Counter, Province, Service


def add_stations(patients: Mapping[str, int]) -> None:
    """One a code, with a counter and so many patients in October 2026 (inside an application context)."""
    with writing() as session:
        province = session.query(Province).filter_by(key="dak-lak").one()
        service = session.query(Service).filter_by(code="kham-benh").one()
        for code, count in patients.items():
            agency = Agency(province=province, code=code, name=code, kind="public_service_unit", level="commune")
            session.add_all([agency, Counter(agency=agency, code=f"quay-{code}", name=code, services=[service])])
            session.flush()
            visits = {"agency_id": agency.id, "service_id": service.id, "unit": "visit", "count": count}
            session.add(Caseload(**visits, month="2026-10"))
