"""A small Đắk Lắk with a department, a hospital, a school and a commune: what tests of the desk look at."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from flask import Flask

from survey.responses.ingest import Submission, receive

NOW = dt.datetime(2026, 11, 20, 3, 0, tzinfo=dt.UTC)
EARLIER = NOW - dt.timedelta(hours=1)
AGENCIES = {
    # code: name, kind, level, parent
    "so-y-te": ("Sở Y tế", "administrative", "province", None),
    "bv-tinh": ("Bệnh viện đa khoa tỉnh", "public_service_unit", "province", "so-y-te"),
    "tyt-xa": ("Trạm y tế xã Ea Kao", "public_service_unit", "commune", "so-y-te"),
    "so-gddt": ("Sở Giáo dục và Đào tạo", "administrative", "province", None),
    "thpt-1": ("Trường THPT số 1", "public_service_unit", "province", "so-gddt"),
    "ubnd-ea-tam": ("UBND phường Ea Tam", "administrative", "commune", None),
}
SERVICES = {
    # code: name, sector, field, questionnaire
    "kham-benh": ("Khám bệnh ngoại trú", "health", "Khám bệnh", "health"),
    "noi-tru": ("Điều trị nội trú", "health", "Chữa bệnh", "health"),
    "giao-duc": ("Giáo dục trung học phổ thông", "education", "Trung học", "education"),
    "ho-tich": ("Đăng ký khai sinh", "administration", "Hộ tịch", "administration"),
    "hanh-nghe": ("Cấp giấy phép hành nghề y", "administration", "Y tế", "administration"),
}
CASELOADS = {
    # agency, service: (unit, a month's count)
    ("bv-tinh", "kham-benh"): ("visit", 9000),
    ("bv-tinh", "noi-tru"): ("visit", 1000),
    ("tyt-xa", "kham-benh"): ("visit", 600),
    ("thpt-1", "giao-duc"): ("pupil", 1500),
    ("ubnd-ea-tam", "ho-tich"): ("dossier", 400),
    ("so-y-te", "hanh-nghe"): ("dossier", 90),
}
ANSWERS = {
    # agency, service: (satisfied, not satisfied) a day, on ten days a month
    ("bv-tinh", "kham-benh"): (7, 4),
    ("bv-tinh", "noi-tru"): (4, 0),
    ("tyt-xa", "kham-benh"): (2, 0),
    ("thpt-1", "giao-duc"): (9, 1),
    ("ubnd-ea-tam", "ho-tich"): (5, 1),
    ("so-y-te", "hanh-nghe"): (2, 1),
}
MONTHS = ("2026-09", "2026-10")
OVERALL = {
    "health": ("overall_health",),
    "education": ("overall_education",),
    "administration": ("overall_service", "overall_procedures"),
}


def make_world(app: Flask) -> None:
    """Agencies, services, counters, caseloads and answers of two months."""
    with app.app_context():
        _store_register()
        _store_caseloads()
        everything = []
        for (agency, service), (good, bad) in ANSWERS.items():
            for month in MONTHS:
                for day in range(1, 29, 3):  # ten days, spread over the weeks
                    swing = min(bad, 1) * (1 if day % 2 else -1)  # days differ, months do not
                    everything += submissions(agency, service, f"{month}-{day:02d}", good + swing, 5)
                    everything += submissions(agency, service, f"{month}-{day:02d}", bad - swing, 2)
        hand_in(everything)


def answer(
    agency: str, service: str, day: str, count: int, value: int, received_at: dt.datetime = EARLIER, **more: Any
) -> None:
    """Hand `count` alike answers to the door (inside an application context)."""
    hand_in(submissions(agency, service, day, count, value, **more), received_at)


def submissions(
    agency: str, service: str, day: str, count: int, value: int, named: bool = True, **more: Any
) -> list[Submission]:
    """`count` alike answers given at the agency's counter on a day; `named`: they say which service they used."""
    questionnaire = SERVICES[service][3]
    fields: dict[str, Any] = {
        "questionnaire": questionnaire,
        "version": 1,
        "counter": f"quay-{agency}",
        "service": service if named else None,
        "answered_at": dt.datetime.fromisoformat(f"{day}T03:00:00+00:00"),
        "channel": "qr",
        "answers": dict.fromkeys(OVERALL[questionnaire], value),
    }
    return [Submission(id=uuid.uuid4(), **(fields | more)) for _ in range(count)]


def hand_in(everything: list[Submission], received_at: dt.datetime = EARLIER) -> None:
    """Hand answers to the door, all in one go, which is quicker than one after the other."""
    for receipt in receive(everything, received_at=received_at):
        assert receipt.status == "stored", receipt


def _store_register() -> None:
    from survey.foundation.storage.database import writing
    from survey.registry.models import Agency, Counter, Province, Service

    with writing() as session:
        province = session.query(Province).filter_by(key="dak-lak").one()
        services = {
            code: Service(code=code, name=name, sector=sector, field=field)
            for code, (name, sector, field, _) in SERVICES.items()
        }
        agencies: dict[str, Agency] = {}
        for code, (name, kind, level, parent) in AGENCIES.items():
            agencies[code] = Agency(
                province=province, code=code, name=name, kind=kind, level=level, parent=agencies.get(parent or "")
            )
        session.add_all([*services.values(), *agencies.values()])
        for code, agency in agencies.items():
            offered = [services[service] for (owner, service) in CASELOADS if owner == code]
            session.add(Counter(agency=agency, code=f"quay-{code}", name=f"Quầy {agency.name}", services=offered))


def _store_caseloads() -> None:
    from survey.foundation.storage.database import writing
    from survey.registry.models import Agency, Caseload, Service

    with writing() as session:
        agencies = {agency.code: agency.id for agency in session.query(Agency)}
        services = {service.code: service.id for service in session.query(Service)}
        for (agency, service), (unit, count) in CASELOADS.items():
            for month in MONTHS:
                session.add(
                    Caseload(
                        agency_id=agencies[agency], service_id=services[service], month=month, unit=unit, count=count
                    )
                )


def make_silent_kiosk(app: Flask, name: str, counter: str) -> None:
    """A kiosk at a counter that was last heard of three days ago, when it held 37 answers."""
    from survey.devices.models import Device, DeviceAssignment
    from survey.foundation.storage.database import writing
    from survey.registry.models import Counter

    with app.app_context(), writing() as session:
        long_ago = NOW - dt.timedelta(days=3)
        device = Device(id=uuid.uuid4(), name=name, key_digest=name, paired_at=long_ago, last_contact_at=long_ago)
        device.queue_depth = 37
        session.add(device)
        session.flush()
        counter_id = session.query(Counter.id).filter_by(code=counter).scalar()
        session.add(DeviceAssignment(device_id=device.id, counter_id=counter_id, since=long_ago))
