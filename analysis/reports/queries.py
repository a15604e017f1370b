"""SQL of reports: the agency reported on, what it was rated for, the questionnaires in use."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from survey.foundation.caching.transaction_cache import read_once
from survey.foundation.periods import Period, shift_month
from survey.foundation.storage.database import db
from survey.foundation.text.vietnamese import in_order
from survey.foundation.vocabulary import SUBJECTS, SUBJECTS_OF_SECTOR
from survey.questionnaires.models import Questionnaire, QuestionnaireVersion
from survey.registry.models import Agency, Counter, Service
from survey.registry.tree import subtree_of
from survey.responses.models import RatingMark, Response

Coded = type[Agency] | type[Service] | type[Counter]

MONTHS_BACK = 11  # a month without answers still reports on what the agency was rated for in the year before


@dataclass(frozen=True)
class RatedAgency:
    """An agency with the name of the one above it; `below` are its id and those of all units under it."""

    id: int
    code: str
    name: str
    parent: str
    below: tuple[int, ...]


def fetch_agency(province_id: int, code: str) -> RatedAgency | None:
    """The agency of a code in a province; None where there is none."""
    agency = db.session.scalar(select(Agency).where(Agency.province_id == province_id, Agency.code == code))
    if agency is None:
        return None
    parent = agency.parent.name if agency.parent else ""
    return RatedAgency(agency.id, agency.code, agency.name, parent, tuple(sorted(subtree_of(agency.id))))


def fetch_subjects(province_id: int, agency_ids: tuple[int, ...], period: Period) -> tuple[str, ...]:
    """What the agencies were rated for in the period or the year before it, in the order of the vocabulary."""
    months = [shift_month(period.first, -back) for back in range(MONTHS_BACK, 0, -1)]
    query = select(RatingMark.subject).where(
        RatingMark.province_id == province_id,
        RatingMark.subject.in_(SUBJECTS),
        RatingMark.month.in_([*months, *period.months]),
        RatingMark.agency_id.in_(agency_ids),
    )
    rated = set(db.session.scalars(query.distinct()))
    return tuple(subject for subject in SUBJECTS if subject in rated)


@dataclass(frozen=True)
class AskedForm:
    """A version of a questionnaire that was answered."""

    key: str
    version: int
    title: str
    sector: str


@read_once
def fetch_questionnaires(province_id: int, period: Period) -> tuple[AskedForm, ...]:
    """Every version answered in the period."""
    versions = (
        select(Response.questionnaire_version_id)
        .where(Response.province_id == province_id, Response.month.in_(period.months))
        .distinct()
    )
    if period.cut_months:
        versions = versions.where(Response.day.between(period.first_day, period.last_day))
    query = (
        select(Questionnaire.key, QuestionnaireVersion.version, Questionnaire.title, Questionnaire.sector)
        .join(Questionnaire, Questionnaire.key == QuestionnaireVersion.questionnaire_key)
        .where(QuestionnaireVersion.id.in_(versions))
        .order_by(Questionnaire.key, QuestionnaireVersion.version)
    )
    return tuple(AskedForm(*row) for row in db.session.execute(query))


def fetch_rated_agencies(
    province_id: int, sector: str | None, period: Period | None = None
) -> list[tuple[int, str, str]]:
    """(id, code, name) of the agencies rated in a sector (None: any) in a period (None: ever), by name."""
    subjects = tuple(SUBJECTS) if sector is None else SUBJECTS_OF_SECTOR[sector]
    rated = select(RatingMark.agency_id).where(RatingMark.province_id == province_id, RatingMark.subject.in_(subjects))
    if period is not None:
        rated = rated.where(RatingMark.month.in_(period.months))
    query = select(Agency.id, Agency.code, Agency.name).where(Agency.id.in_(rated))
    agencies = [(id_, code, name) for id_, code, name in db.session.execute(query)]
    return in_order(agencies, lambda row: (row[2], row[1]))


@read_once
def fetch_codes(kind: Coded, ids: frozenset[int]) -> list[str]:
    """The codes of agencies, services or counters, in alphabetical order."""
    return sorted(db.session.scalars(select(kind.code).where(kind.id.in_(ids))))


def fetch_ids(kind: Coded, codes: list[str]) -> dict[str, int]:
    """Their ids by code; codes that none has are left out."""
    query = select(kind.code, kind.id).where(kind.code.in_(codes))
    return {code: id_ for code, id_ in db.session.execute(query)}  # noqa: C416 - a Row is no tuple to mypy
