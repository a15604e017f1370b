"""How many of a scope's ratings carry a mark that stands beside the figure: SQL only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import ScalarSelect, func, or_, select, union_all

from analysis.figures.rating_queries import RatingScope, answers_to, conditions, one_if
from survey.channels.phone.models import ANSWERED, PhoneContact, PhoneList
from survey.devices.models import QueueFileAnswer
from survey.foundation.caching.transaction_cache import read_once
from survey.foundation.clock import month_of
from survey.foundation.periods import Period
from survey.foundation.storage.database import db
from survey.foundation.vocabulary import SECTOR_OF_SUBJECT
from survey.questionnaires.models import Questionnaire, QuestionnaireVersion
from survey.registry.models import Agency, Counter
from survey.responses.models import AnswerBeyondCapacity, Rating, Response


class Marked(NamedTuple):
    """Ratings by a kiosk's queue file, beyond what their counter can serve in an hour, by one answer a dossier.

    `interviews`: (answered, drawn) of the lists of calls made in the scope's months; None where nobody was called.
    """

    from_files: int
    beyond_capacity: int
    verified: int
    interviews: tuple[int, int] | None


def count_marked(scope: RatingScope, told: Mapping[str, int]) -> Marked:
    """What has a table of its own, beside what was counted with the cells (TOLD_CHANNELS)."""
    return Marked(*fetch_marked(scope), told["verified"], fetch_interviews(scope) if told["by_phone"] else None)


@read_once
def fetch_marked(scope: RatingScope) -> tuple[int, int]:
    """How many came by a kiosk's queue file, and how many beyond what their counter can serve in an hour."""
    marked = _fetch_marked_months()
    if not any((scope.province_id, scope.subject, month) in marked for month in scope.months):
        return 0, 0
    row = db.session.execute(select(_count(QueueFileAnswer, scope), _count(AnswerBeyondCapacity, scope))).one()
    return row[0], row[1]


@read_once
def _fetch_marked_months() -> frozenset[tuple[int, str, str]]:
    """The province, subject and month of all that is marked, which is little: most questions need not be counted.

    Not narrowed to a province: SQLite would then go through all its ratings.
    """
    marked = union_all(select(QueueFileAnswer.response_id), select(AnswerBeyondCapacity.response_id))
    query = select(Rating.province_id, Rating.subject, Rating.month).where(Rating.response_id.in_(marked)).distinct()
    return frozenset((province_id, subject, month) for province_id, subject, month in db.session.execute(query))


def _count(table: type[QueueFileAnswer | AnswerBeyondCapacity], scope: RatingScope) -> ScalarSelect[int]:
    query = select(func.count()).select_from(Rating).where(Rating.response_id.in_(select(table.response_id)))
    if scope.items:
        query = query.join(Response, Response.id == Rating.response_id).where(answers_to(scope.items)[0] > 0)
    return query.where(*conditions(scope, by_response=True)).scalar_subquery()


@read_once
def fetch_interviews(scope: RatingScope) -> tuple[int, int] | None:
    """(answered, drawn) of the lists of calls made in the scope's months; None where nobody was called."""
    if _fetch_months_of_calls().isdisjoint(scope.months):
        return None
    months = [Period.parse(month) for month in scope.months]
    made = or_(*(PhoneList.made_on.between(month.first_day, month.last_day) for month in months))
    query = (
        select(func.coalesce(func.sum(one_if(PhoneContact.outcome == ANSWERED)), 0), func.count())
        .select_from(PhoneContact)
        .join(PhoneList, PhoneList.id == PhoneContact.list_id)
        .join(QuestionnaireVersion, QuestionnaireVersion.id == PhoneList.questionnaire_version_id)
        .join(Questionnaire, Questionnaire.key == QuestionnaireVersion.questionnaire_key)
        .join(Counter, Counter.id == PhoneList.counter_id)
        .join(Agency, Agency.id == Counter.agency_id)
        .where(Agency.province_id == scope.province_id, Questionnaire.sector == SECTOR_OF_SUBJECT[scope.subject], made)
    )
    if scope.agency_ids is not None:
        query = query.where(Agency.id.in_(sorted(scope.agency_ids)))
    if scope.service_ids is not None:
        query = query.where(PhoneList.service_id.in_(sorted(scope.service_ids)))
    answered, drawn = db.session.execute(query).one()
    return (int(answered), int(drawn)) if drawn else None


@read_once
def _fetch_months_of_calls() -> frozenset[str]:
    """The months in which a list of calls was made, of any province."""
    return frozenset(map(month_of, db.session.scalars(select(PhoneList.made_on).distinct())))
