"""What the desk's pages read beside figures: SQL only."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import func, select

from analysis.periods.held_back_queries import fetch_held_values
from survey.foundation.caching.transaction_cache import read_once
from survey.foundation.storage.database import db
from survey.questionnaires.models import Questionnaire, QuestionnaireVersion
from survey.registry.models import Agency, Service
from survey.responses.models import RatingMark, Tally


@read_once
def fetch_item_counts(
    province_id: int,
    months: tuple[str, ...],
    agencies: frozenset[int] | None,
    services: frozenset[int],
    item: str | None = None,
    closed_at: dt.datetime | None = None,
) -> dict[str, dict[int, int]]:
    """How often each value was given to each item, or to this `item`, by item code, as far as it may be told.

    `closed_at`: of a period that was closed, so that what came since is not counted.
    """
    query = (
        select(Tally.item, Tally.value, func.sum(Tally.count))
        .where(Tally.province_id == province_id, Tally.month.in_(months), Tally.service_id.in_(sorted(services)))
        .group_by(Tally.item, Tally.value)
    )
    if agencies is not None:
        query = query.where(Tally.agency_id.in_(sorted(agencies)))
    if item is not None:
        query = query.where(Tally.item == item)
    counts: dict[str, dict[int, int]] = defaultdict(dict)
    for rated, value, count in db.session.execute(query):
        counts[rated][value] = int(count)
    for (rated, value), held in fetch_held_values(province_id, months, agencies, services, item, closed_at).items():
        if value in counts.get(rated, {}):
            counts[rated][value] -= held
    return counts


def fetch_agency_ids(province_id: int, *, area: str = "", level: str = "") -> frozenset[int]:
    """The agencies of a province, narrowed to an area or level where one is given."""
    query = select(Agency.id).where(Agency.province_id == province_id)
    query = query.where(Agency.area == area) if area else query
    query = query.where(Agency.level == level) if level else query
    return frozenset(db.session.scalars(query))


def fetch_service_ids(*, code: str = "", field: str = "") -> frozenset[int]:
    """The services of a code or field."""
    query = select(Service.id)
    query = query.where(Service.code == code) if code else query
    query = query.where(Service.field == field) if field else query
    return frozenset(db.session.scalars(query))


def fetch_newest_definition(sector: str) -> Mapping[str, Any] | None:
    """What is asked about a sector at counters, as it is stored; None where nothing is published."""
    newest = db.session.scalar(
        select(QuestionnaireVersion)
        .join(Questionnaire, Questionnaire.key == QuestionnaireVersion.questionnaire_key)
        .where(
            Questionnaire.sector == sector,
            Questionnaire.key == sector,
            QuestionnaireVersion.published_at.is_not(None),
        )
        .order_by(QuestionnaireVersion.published_at.desc(), func.length(QuestionnaireVersion.questionnaire_key))
        .limit(1)
    )
    return None if newest is None else newest.definition


def fetch_rated_subjects(province_id: int, agencies: Collection[int]) -> frozenset[str]:
    """What was ever rated at these agencies."""
    mark = RatingMark
    query = select(mark.subject).distinct().where(mark.province_id == province_id, mark.agency_id.in_(agencies))
    return frozenset(db.session.scalars(query))
