"""Which cases a measure was taken because of: SQL only."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import ColumnElement, delete, insert, select
from sqlalchemy.orm import Session, joinedload

from analysis.measures.models import Measure, MeasureCase
from survey.feedback.models import FeedbackCase, FeedbackPublication
from survey.foundation.storage.database import db


def fetch_reached(case_ids: Collection[int], reach: ColumnElement[bool]) -> set[int]:
    """Those of some cases that somebody reaches."""
    query = select(FeedbackCase.id).outerjoin(FeedbackCase.response).where(FeedbackCase.id.in_(case_ids), reach)
    return set(db.session.scalars(query)) if case_ids else set()


def fetch_cases_behind(session: Session, measure_id: int) -> tuple[int, ...]:
    """The cases because of which a measure was taken, by number."""
    query = select(MeasureCase.case_id).where(MeasureCase.measure_id == measure_id).order_by(MeasureCase.case_id)
    return tuple(session.scalars(query))


def set_cases_behind(session: Session, measure_id: int, case_ids: Collection[int]) -> None:
    """Put these cases in place of those that stood."""
    session.execute(delete(MeasureCase).where(MeasureCase.measure_id == measure_id))
    if case_ids:
        rows = [{"measure_id": measure_id, "case_id": case_id} for case_id in case_ids]
        session.execute(insert(MeasureCase), rows)


def fetch_measures_because_of(case_ids: Collection[int]) -> dict[int, list[Measure]]:
    """The measures taken because of some cases, by case, the earliest first."""
    measures: dict[int, list[Measure]] = defaultdict(list)
    query = select(MeasureCase.case_id, Measure).join(Measure, Measure.id == MeasureCase.measure_id)
    for case_id, measure in db.session.execute(
        query.where(MeasureCase.case_id.in_(case_ids)).order_by(Measure.starts_on, Measure.id)
    ):
        measures[case_id].append(measure)
    return measures


def fetch_measures_after_replies(
    province_id: int,
    sectors: Collection[str],
    agencies: Collection[int] | None,
    begun: tuple[dt.date, dt.date],
) -> list[Measure]:
    """Measures begun from a day to a day because of cases whose reply was public, with its place, by the last one.

    Of other cases nothing is told, not even that there was one. The latest first.
    """
    first, last = begun
    public = (
        select(MeasureCase.measure_id)
        .join(FeedbackPublication, FeedbackPublication.case_id == MeasureCase.case_id)
        .where(FeedbackPublication.published_on <= last, FeedbackPublication.agency_id.is_not(None))
    )
    query = (
        select(Measure)
        .where(Measure.id.in_(public), Measure.province_id == province_id, Measure.sector.in_(sectors))
        .where(Measure.starts_on.between(first, last))
        .options(joinedload(Measure.agency), joinedload(Measure.service))
        .order_by(Measure.starts_on.desc(), Measure.id.desc())
    )
    if agencies is not None:
        query = query.where(Measure.agency_id.in_(agencies))
    return list(db.session.scalars(query))
