"""Where somebody works, so that nobody meets a case about their own office from above. SQL only."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import CTE, ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from survey.accounts.models import User
from survey.feedback.models import FeedbackCase
from survey.feedback.rules import departments
from survey.foundation.caching.transaction_cache import read_once
from survey.foundation.storage.database import db
from survey.registry.models import Agency, AgencySuccession
from survey.registry.tree import subtree_of


def departments_of(province_id: int, sector: str) -> frozenset[int]:
    """The agencies that answer for a sector in a province (the Sở), by the names that the rules give them."""
    return _departments(frozenset({(province_id, sector)}))


def own_offices(user: User | None) -> frozenset[int]:
    """The agencies that a user works at: where a role of theirs is, and the Sở of a sector that a role is for.

    With those whose work and people these took over.
    """
    grants = user.grants if user else []
    sectors = frozenset((grant.province_id, grant.sector) for grant in grants if grant.sector and not grant.agency_id)
    return taken_over_by(_departments(sectors) | {grant.agency_id for grant in grants if grant.agency_id is not None})


@read_once
def taken_over_by(agency_ids: frozenset[int]) -> frozenset[int]:
    """Agencies and all whose work they took over, one after the other."""
    return _with_linked(agency_ids, AgencySuccession.successor_id, AgencySuccession.predecessor_id)


@read_once
def those_of(agency_id: int) -> frozenset[int]:
    """Where the people of an agency work: the agency, what is below it, and who took over from any of these."""
    after = _with_linked(subtree_of(agency_id), AgencySuccession.predecessor_id, AgencySuccession.successor_id)
    return after.union(*(subtree_of(id_) for id_ in after))


def held_by_successor() -> ColumnElement[bool]:
    """The case is held by an agency that took over from the one it is about, maybe through others."""
    return exists().where(_CHAIN.c.before == FeedbackCase.agency_id, _CHAIN.c.after == FeedbackCase.holder_id)


def _chain() -> CTE:
    before, after = AgencySuccession.predecessor_id, AgencySuccession.successor_id
    first = select(before.label("before"), after.label("after")).cte("taken_over", recursive=True)
    return first.union(select(first.c.before, after).join(first, before == first.c.after))


_CHAIN = _chain()  # made once: a statement that asks several times, as of two roles, may have it but once


def _with_linked(
    agency_ids: Iterable[int], here: InstrumentedAttribute[int], there: InstrumentedAttribute[int]
) -> frozenset[int]:
    known: set[int] = set()
    reached = set(agency_ids)
    while reached:
        known |= reached
        reached = set(db.session.scalars(select(there).where(here.in_(reached)))) - known
    return frozenset(known)


@read_once
def _departments(sectors: frozenset[tuple[int, str]]) -> frozenset[int]:
    named = [
        and_(Agency.province_id == province_id, Agency.name.in_(departments().get(sector, ())))
        for province_id, sector in sorted(sectors)
    ]
    if not named:
        return frozenset()
    return frozenset(db.session.scalars(select(Agency.id).where(Agency.level == "province", or_(*named))))
