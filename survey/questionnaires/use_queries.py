"""What is stored of where questionnaires are asked: SQL only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import Select, delete, or_, select
from sqlalchemy.orm import Session

from survey.foundation.storage.database import db
from survey.foundation.text.vietnamese import in_order
from survey.questionnaires.models import Questionnaire, QuestionnaireUse, QuestionnaireVersion
from survey.questionnaires.versions import VersionName
from survey.registry.models import Agency, Counter, Service

_TERMS = ("province_id", "questionnaire_key", "agency_id", "counter_id", "service_id", "since", "until")


class UseRow(NamedTuple):
    """A use with codes and names of what it is about; None: all."""

    use: QuestionnaireUse
    agency_code: str | None
    agency: str | None
    counter_code: str | None
    counter: str | None
    service_code: str | None
    service: str | None


def fetch_uses(key: str, province_id: int, day: dt.date) -> list[UseRow]:
    """Where a questionnaire is or will be asked from a day on, the latest first."""
    use = QuestionnaireUse
    query = _rows(key, province_id).where(or_(use.until.is_(None), use.until >= day))
    return [UseRow(*row) for row in db.session.execute(query.order_by(use.since.desc(), use.id.desc()))]


def fetch_uses_in(session: Session, provinces: Collection[int]) -> list[tuple[Any, ...]]:
    """Province, counter and agency (ids), first and last day, id, questionnaire and service (code) of every use."""
    use = QuestionnaireUse
    terms = (use.province_id, use.counter_id, use.agency_id, use.since, use.until, use.id, use.questionnaire_key)
    query = select(*terms, Service.code).outerjoin(Service, Service.id == use.service_id)
    return [tuple(row) for row in session.execute(query.where(use.province_id.in_(provinces)).order_by(use.id))]


def fetch_provinces_of(session: Session, agencies: Collection[int]) -> dict[int, int]:
    """The province's id of each agency."""
    query = select(Agency.id, Agency.province_id).where(Agency.id.in_(agencies))
    return dict(session.execute(query).all())


def fetch_published(session: Session) -> dict[str, tuple[str, str, VersionName]]:
    """Sector, title and the version published last of each questionnaire, by its key."""
    version = QuestionnaireVersion
    query = (
        select(Questionnaire.key, Questionnaire.sector, Questionnaire.title, version.version)
        .join(version, version.questionnaire_key == Questionnaire.key)
        .where(version.published_at.is_not(None))
        .order_by(version.published_at, version.version)
    )
    return {key: (sector, title, VersionName(key, number)) for key, sector, title, number in session.execute(query)}


def fetch_use(session: Session, key: str, province_id: int, use_id: int) -> UseRow | None:
    """One of them, locked."""
    query = _rows(key, province_id).where(QuestionnaireUse.id == use_id).with_for_update(of=QuestionnaireUse)
    row = session.execute(query).first()
    return UseRow(*row) if row else None


def same_use_exists(session: Session, use: QuestionnaireUse) -> bool:
    """Whether the same is stored already."""
    same = (getattr(QuestionnaireUse, name).is_not_distinct_from(getattr(use, name)) for name in _TERMS)
    return session.scalar(select(QuestionnaireUse.id).where(*same).limit(1)) is not None


def add_use(session: Session, use: QuestionnaireUse) -> None:
    """Store one."""
    session.add(use)


def drop_use(session: Session, use: QuestionnaireUse) -> None:
    """Forget one."""
    session.execute(delete(QuestionnaireUse).where(QuestionnaireUse.id == use.id))


def fetch_counters_of(province_id: int, day: dt.date) -> list[tuple[str, str]]:
    """(code, "agency · counter") of a province's open counters, by name."""
    query = (
        select(Counter.code, Agency.name, Counter.name)
        .join(Agency, Agency.id == Counter.agency_id)
        .where(Agency.province_id == province_id, or_(Counter.closed_on.is_(None), Counter.closed_on > day))
    )
    rows = in_order(db.session.execute(query), lambda row: (row[1], row[2], row[0]))
    return [(code, f"{agency} · {name}") for code, agency, name in rows]


def find_counter_in(province_id: int, code: str) -> Counter | None:
    """The counter of a code, if it stands in a province."""
    query = select(Counter).join(Agency, Agency.id == Counter.agency_id)
    counter: Counter | None = db.session.scalar(query.where(Agency.province_id == province_id, Counter.code == code))
    return counter


def find_agency_in(province_id: int, code: str) -> Agency | None:
    """The agency of a code, if it belongs to a province."""
    query = select(Agency).where(Agency.province_id == province_id, Agency.code == code)
    agency: Agency | None = db.session.scalar(query)
    return agency


def fetch_agencies_of(province_id: int, day: dt.date) -> list[tuple[str, str]]:
    """(code, name) of a province's agencies of a day, by name."""
    query = select(Agency.code, Agency.name).where(
        Agency.province_id == province_id, or_(Agency.valid_to.is_(None), Agency.valid_to >= day)
    )
    return [(code, name) for code, name in in_order(db.session.execute(query), lambda row: (row[1], row[0]))]


def _rows(key: str, province_id: int) -> Select[*tuple[Any, ...]]:
    use = QuestionnaireUse
    return (
        select(use, Agency.code, Agency.name, Counter.code, Counter.name, Service.code, Service.name)
        .outerjoin(Agency, Agency.id == use.agency_id)
        .outerjoin(Counter, Counter.id == use.counter_id)
        .outerjoin(Service, Service.id == use.service_id)
        .where(use.questionnaire_key == key, use.province_id == province_id)
    )
