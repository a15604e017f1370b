"""A province of invented units with caseloads and answers, for documents that are made, timed or looked at."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

SECTORS = ("health", "education", "administration")
SUBJECTS = {
    "health": ("health_service",),
    "education": ("education_service",),
    "administration": ("agency_service", "procedures"),
}
MONTHS = (*(f"2025-{month:02d}" for month in range(11, 13)), *(f"2026-{month:02d}" for month in range(1, 11)))
SERVICES = 9
WORST_LATE = 0.2  # share of dossiers


@dataclass(frozen=True)
class Unit:
    """One agency: how many answers a month, whether it sends caseloads, whether these say how many were late."""

    code: str
    name: str
    sector: str
    answers: int
    caseload: bool = True
    lateness: bool = False


def short_named(count: int, answers: int) -> list[Unit]:
    """Units of the three sectors in turn, as alike as may be."""
    return [
        Unit(f"cq-{index:03d}", f"Trung tâm phục vụ nhân dân số {index}", SECTORS[index % 3 - 1], answers)
        for index in range(1, count + 1)
    ]


LONG_NAMES = {
    "health": "Trung tâm Y tế huyện Krông Năng, cơ sở khám bệnh, chữa bệnh và điều trị nội trú số {n}",
    "education": "Trường Phổ thông dân tộc nội trú Trung học cơ sở và Trung học phổ thông Buôn Hồ số {n}",
    "administration": "Trung tâm Phục vụ hành chính công thuộc Ủy ban nhân dân xã Quảng Phú, điểm tiếp nhận số {n}",
}
SPECIAL = (
    Unit("mot-phieu", "Trạm Y tế xã Ea Kiết", "health", 1),
    Unit("bay-phieu", "Trạm Y tế xã Cư Mgar", "health", 7),
    Unit("thieu-ho-so", "Trạm Y tế xã Ea Tul", "health", 45, caseload=False),
)


def long_named(count: int, answers: int) -> list[Unit]:
    """Units with names that fill lines; of more than a few, some are answered by few or send no caseload."""
    special = SPECIAL if count > 2 * len(SPECIAL) else ()
    named = [
        Unit(f"dv-{n:03d}", LONG_NAMES[SECTORS[n % 3]].format(n=n), SECTORS[n % 3], answers, lateness=True)
        for n in range(1, count + 1 - len(special))
    ]
    return [*special, *named]


def fill(units: Sequence[Unit], months: Sequence[str] = MONTHS, province_key: str = "dak-lak") -> int:
    """Agencies, three services a sector, caseloads and answers, into an empty database; how many answers."""
    from sqlalchemy import insert, select

    from survey.foundation.storage.database import writing
    from survey.questionnaires.models import QuestionnaireVersion
    from survey.registry.models import Agency, Caseload, Counter, Province, Service
    from survey.responses.models import Rating, Response

    draw = random.Random(1)
    with writing() as session:
        province = session.scalar(select(Province.id).where(Province.key == province_key))
        forms = dict(session.execute(select(QuestionnaireVersion.questionnaire_key, QuestionnaireVersion.id)).all())
        for index in range(SERVICES):
            sector = SECTORS[index % 3]
            session.add(Service(id=index + 1, code=f"dv-{index}", name=f"Dịch vụ số {index}", sector=sector, field="x"))
        for number, unit in enumerate(units, start=1):
            kind = "administrative" if unit.sector == "administration" else "public_service_unit"
            session.add(
                Agency(id=number, province_id=province, code=unit.code, name=unit.name, kind=kind, level="commune")
            )
        session.flush()
        for number in range(1, len(units) + 1):
            session.add(Counter(id=number, agency_id=number, code=f"quay-{number}", name="Quầy 1"))
        session.flush()
        caseloads: list[dict[str, Any]] = []
        responses: list[dict[str, Any]] = []
        ratings: list[dict[str, Any]] = []
        for number, unit in enumerate(units, start=1):
            services = [index + 1 for index in range(SERVICES) if SECTORS[index % 3] == unit.sector]
            level = draw.uniform(0.6, 0.95)
            for month in months:
                if unit.caseload:
                    caseloads += [_caseload(draw, number, service, month, unit.lateness) for service in services]
                for _ in range(unit.answers):
                    answer, marks = _answer(draw, province, number, draw.choice(services), unit, month, forms, level)
                    responses.append(answer)
                    ratings += marks
        session.execute(insert(Caseload), caseloads)
        session.execute(insert(Response), responses)
        session.execute(insert(Rating), ratings)
    return len(responses)


def _caseload(draw: random.Random, agency: int, service: int, month: str, lateness: bool) -> dict[str, Any]:
    count = draw.randint(60, 900)
    late = draw.randint(0, int(count * WORST_LATE)) if lateness else None
    common = {"agency_id": agency, "service_id": service, "month": month}
    return common | {"respondent_kind": "", "unit": "dossier", "count": count, "overdue": late}


def _answer(
    draw: random.Random, province: Any, agency: int, service: int, unit: Unit, month: str, forms: Any, level: float
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    day = dt.date.fromisoformat(f"{month}-{draw.randint(1, 22):02d}")
    at = dt.datetime.combine(day, dt.time(3), dt.UTC)
    shared = {
        "province_id": province,
        "agency_id": agency,
        "counter_id": agency,
        "service_id": service,
        "channel": draw.choice(("kiosk", "qr")),
        "respondent_kind": "individual",
        "language": "vi",
        "day": day,
        "month": month,
        "received_at": at,
    }
    id_ = uuid.UUID(int=draw.getrandbits(128), version=4)
    value = 5 if draw.random() < level else 2
    response = shared | {
        "id": id_,
        "content_hash": "0" * 64,
        "sector": unit.sector,
        "questionnaire_version_id": forms[unit.sector],
        "answered_at": at,
        "answers": {},
        "partial": False,
    }
    rated = [shared | {"response_id": id_, "subject": subject, "value": value} for subject in SUBJECTS[unit.sector]]
    return response, rated
