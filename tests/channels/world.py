"""A few counters: administration, health, education, closed, gone, not ready, and one that serves two sectors."""

from __future__ import annotations

import datetime as dt

from flask import Flask

from survey.foundation.storage.database import writing
from survey.registry.models import Agency, AgencySuccession, Counter, Province, Service

MANY = "EAKAO-1"
HEALTH = "BV-1"
SCHOOL = "TH-1"
CLOSED = "EAKAO-9"
GONE = "CU-1"
TO_COME = "MOI-1"
NOT_READY = "LA-1"
TWO_SECTORS = "SYT-1"

# code: name, kind, dates
AGENCIES = {
    "ubnd-ea-kao": ("UBND xã Ea Kao", "administrative", {}),
    "bv-vung": ("Bệnh viện Đa khoa vùng", "public_service_unit", {}),
    "th-nguyen-hue": ("Trường Tiểu học Nguyễn Huệ", "public_service_unit", {}),
    "tt-la": ("Trung tâm chưa khai báo", "public_service_unit", {}),
    "ubnd-cu": ("UBND huyện Cư M'gar", "administrative", {"valid_to": dt.date(2025, 6, 30)}),
    "ubnd-moi": ("UBND xã thành lập sau", "administrative", {"valid_from": dt.date(2999, 1, 1)}),
}
# code: name, sector, field
SERVICES = {
    "khai-sinh": ("Đăng ký khai sinh", "administration", "Hộ tịch"),
    "ket-hon": ("Đăng ký kết hôn", "administration", "Hộ tịch"),
    "dat-dai": ("Cấp giấy chứng nhận quyền sử dụng đất", "administration", "Đất đai"),
    "kham-benh": ("Khám bệnh ngoại trú", "health", "Khám bệnh"),
    "tieu-hoc": ("Giáo dục tiểu học", "education", "Giáo dục"),
}
# code: name, agency, services
COUNTERS = {
    MANY: ("Quầy số 1", "ubnd-ea-kao", ["khai-sinh", "ket-hon", "dat-dai"]),
    HEALTH: ("Khoa Khám bệnh", "bv-vung", ["kham-benh"]),
    SCHOOL: ("Văn phòng", "th-nguyen-hue", ["tieu-hoc"]),
    CLOSED: ("Quầy số 9", "ubnd-ea-kao", ["khai-sinh"]),
    GONE: ("Một cửa huyện", "ubnd-cu", []),
    TO_COME: ("Quầy số 1", "ubnd-moi", []),
    NOT_READY: ("Quầy số 1", "tt-la", []),
    TWO_SECTORS: ("Văn phòng bệnh viện", "bv-vung", ["khai-sinh", "ket-hon", "kham-benh"]),
}


def make_world(app: Flask) -> None:
    """Fill a migrated database."""
    with app.app_context(), writing() as session:
        province = session.query(Province).filter_by(key="dak-lak").one()
        agencies = {
            code: Agency(code=code, name=name, kind=kind, level="commune", province=province, **dates)
            for code, (name, kind, dates) in AGENCIES.items()
        }
        services = {
            code: Service(code=code, name=name, sector=sector, field=field)
            for code, (name, sector, field) in SERVICES.items()
        }
        session.add_all([*agencies.values(), *services.values()])
        for code, (name, agency, served) in COUNTERS.items():
            closed_on = dt.date(2025, 1, 1) if code == CLOSED else None
            own = [services[service] for service in served]
            session.add(Counter(code=code, name=name, agency=agencies[agency], services=own, closed_on=closed_on))
        session.flush()
        merged, heir = agencies["ubnd-cu"].id, agencies["ubnd-ea-kao"].id
        session.add(AgencySuccession(predecessor_id=merged, successor_id=heir, kind="split"))
