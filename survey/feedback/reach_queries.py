"""Which cases somebody reaches, as a condition, so that lists are cut after it and never before. SQL only.

- The level above an agency reaches a case about it at once.
- The agency it is about reaches it when the release gate tells its answer (where a clerk entered it: when it was
  handed to it), and never where it is about how somebody behaved, a denunciation (tố cáo), or part of a flood that
  nobody has looked at.
  It is not told either how many it does not reach: whoever saw a citizen write would know of it.
- Another agency, or the Sở of another sector, reaches what was handed to it.
- Who works at the Sở of a sector is not the level above that Sở itself: a case about it is reached from the province.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import Session

from survey.accounts.models import RoleGrant, User
from survey.accounts.permissions import Action, grants_allowing
from survey.feedback.holding import held_back
from survey.feedback.kinds import ACCUSING
from survey.feedback.models import FeedbackCase
from survey.feedback.office_queries import held_by_successor, own_offices
from survey.feedback.rules import proposed_kind
from survey.registry.tree import subtree_of
from survey.responses.models import Response


def reached(session: Session, user: User, action: Action) -> ColumnElement[bool]:
    """The cases that a user may do this with; the statement joins `Response` from outside."""
    own = own_offices(user)
    return or_(false(), *(_by_grant(session, grant, own) for grant in grants_allowing(user, action)))


def reached_from_above(user: User, action: Action) -> ColumnElement[bool]:
    """The cases that a user reaches at the level above the agency they are about."""
    own = own_offices(user)
    return or_(false(), *(_from_above(grant, own) for grant in _grants(user, action)))


def in_hand(user: User, action: Action) -> ColumnElement[bool]:
    """The cases that a user's own office handles now: what was handed to it, and at the level above what was not.

    What the agency it is about holds is still in the hands of the level above, where its writer is concerned.
    """
    own = own_offices(user)
    return or_(false(), *(_held_by(grant, own) for grant in grants_allowing(user, action)))


def _grants(user: User | None, action: Action) -> list[RoleGrant]:
    """Those of whoever reads; a command has no user, and reaches no case from above."""
    return grants_allowing(user, action) if user else []


def _held_by(grant: RoleGrant, own: frozenset[int]) -> ColumnElement[bool]:
    nobody = and_(FeedbackCase.holder_id.is_(None), FeedbackCase.holder_sector.is_(None))
    themselves = or_(FeedbackCase.holder_id == FeedbackCase.agency_id, held_by_successor())
    at_level_above = and_(_from_above(grant, own), or_(nobody, themselves))
    if grant.agency_id is not None:
        handed = and_(FeedbackCase.holder_id == grant.agency_id, _about_others(own))
    else:
        handed = _handed_to_sector(grant, own)
    return or_(at_level_above, and_(FeedbackCase.province_id == grant.province_id, handed))


def not_accusing(offices: Collection[int]) -> ColumnElement[bool]:
    """The cases that a document may count which these offices read.

    Without those that accuse somebody there: their desk does not show them, and how many there are would be known by
    the difference.
    """
    return or_(FeedbackCase.agency_id.not_in(offices), FeedbackCase.kind.not_in(ACCUSING))


def answers_apart(user: User, action: Action) -> Select[Any]:
    """The answers whose words a reader meets in their case alone, if at all: never beside the rating and the service.

    They are about the reader's own agency, and the citizen did not let it see; where it is about how somebody behaved,
    not even then. What staff opened from a comment they had read is no secret to them.
    """
    let = and_(
        FeedbackCase.kind.not_in(ACCUSING), or_(FeedbackCase.shares_rating, FeedbackCase.opened_by_id.is_not(None))
    )
    apart = and_(FeedbackCase.response_id.is_not(None), ~or_(reached_from_above(user, action), let))
    return select(FeedbackCase.response_id).where(apart)


def may_read_words(user: User, action: Action) -> Callable[[int, str, int, str], bool]:
    """Whether a user reads such words: (province, sector, agency, words) of an answer without a case.

    What accuses somebody, by its words, is read at the level above the agency alone.
    """
    grants = _grants(user, action)
    own = own_offices(user)
    below = {grant.agency_id: frozenset(subtree_of(grant.agency_id)) for grant in grants if grant.agency_id is not None}

    def is_above(grant: RoleGrant, province_id: int, sector: str, agency_id: int) -> bool:
        within = grant.province_id == province_id and grant.sector in (None, "", sector)
        return within and agency_id not in own and (grant.agency_id is None or agency_id in below[grant.agency_id])

    def may_read(province_id: int, sector: str, agency_id: int, words: str) -> bool:
        above = any(is_above(grant, province_id, sector, agency_id) for grant in grants)
        return above or proposed_kind(words) not in ACCUSING

    return may_read


def _by_grant(session: Session, grant: RoleGrant, own: frozenset[int]) -> ColumnElement[bool]:
    mine = _own_when_told(session, grant, own if grant.agency_id is None else frozenset({grant.agency_id}))
    if grant.agency_id is None:
        handed = and_(FeedbackCase.province_id == grant.province_id, _handed_to_sector(grant, own))
        return or_(_from_above(grant, own), mine, handed)
    below = subtree_of(grant.agency_id)
    handed = and_(FeedbackCase.holder_id.in_(below), FeedbackCase.agency_id != grant.agency_id)
    return or_(_from_above(grant, own), mine, and_(FeedbackCase.province_id == grant.province_id, handed))


def _own_when_told(session: Session, grant: RoleGrant, offices: frozenset[int]) -> ColumnElement[bool]:
    """Cases about the offices of a grant, once the release gate tells their answer or they were handed back."""
    if not offices:
        return false()
    about = and_(_in_sector(grant), FeedbackCase.agency_id.in_(offices))
    told = and_(FeedbackCase.response_id.is_not(None), ~_held(session, grant, offices))
    handed_back = and_(FeedbackCase.response_id.is_(None), FeedbackCase.holder_id == FeedbackCase.agency_id)
    return and_(about, FeedbackCase.kind.not_in(ACCUSING), ~FeedbackCase.set_apart, or_(told, handed_back))


def _handed_to_sector(grant: RoleGrant, own: frozenset[int]) -> ColumnElement[bool]:
    if not grant.sector:
        return false()
    return and_(FeedbackCase.holder_sector == grant.sector, _about_others(own))


def _from_above(grant: RoleGrant, own: frozenset[int]) -> ColumnElement[bool]:
    within = and_(_in_sector(grant), _about_others(own))
    if grant.agency_id is None:
        return within
    return and_(within, FeedbackCase.agency_id.in_(subtree_of(grant.agency_id)))


def _about_others(own: frozenset[int]) -> ColumnElement[bool]:
    return FeedbackCase.agency_id.not_in(own) if own else true()


def _in_sector(grant: RoleGrant) -> ColumnElement[bool]:
    within = FeedbackCase.province_id == grant.province_id
    return and_(within, FeedbackCase.sector == grant.sector) if grant.sector else within


def _held(session: Session, grant: RoleGrant, offices: frozenset[int]) -> ColumnElement[bool]:
    months = session.scalars(
        select(Response.month)
        .join(FeedbackCase, FeedbackCase.response_id == Response.id)
        .where(FeedbackCase.agency_id.in_(offices))
        .distinct()
    )
    return held_back(grant.province_id, sorted(months))
