"""One agency with two counters: what kiosk tests and benchmarks need to exist."""

from __future__ import annotations

from flask import Flask

COUNTER = "quay-1"
OTHER_COUNTER = "quay-2"
SERVICES = {
    "ho-tich": ("Đăng ký khai sinh", "Hộ tịch"),
    "dat-dai": ("Cấp giấy chứng nhận quyền sử dụng đất", "Đất đai"),
}


def make_world(app: Flask) -> None:
    """Fill a migrated database with one agency, two services and two counters."""
    from sqlalchemy import select

    from survey.foundation.storage.database import writing
    from survey.registry.models import Agency, Counter, Province, Service

    with app.app_context(), writing() as session:
        province = session.scalars(select(Province).where(Province.key == "dak-lak")).one()
        agency = Agency(
            province=province, code="ubnd-ea-tam", name="UBND phường Ea Tam", kind="administrative", level="commune"
        )
        services = [
            Service(code=code, name=name, field=field, sector="administration")
            for code, (name, field) in SERVICES.items()
        ]
        session.add_all(
            [
                Counter(agency=agency, code=COUNTER, name="Quầy số 1", services=services),
                Counter(agency=agency, code=OTHER_COUNTER, name="Quầy số 2", services=services[:1]),
            ]
        )
