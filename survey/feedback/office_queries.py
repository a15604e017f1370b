"""Where somebody works, so that nobody meets a case about their own office from above. SQL only."""

from __future__ import annotations

from sqlalchemy import and_, or_, select

from survey.accounts.models import User
from survey.feedback.rules import departments
from survey.foundation.database import db
from survey.foundation.transaction_cache import read_once
from survey.registry.models import Agency


def departments_of(province_id: int, sector: str) -> frozenset[int]:
    """The agencies that answer for a sector in a province (the Sở), by the names that the rules give them."""
    return _departments(frozenset({(province_id, sector)}))


def own_offices(user: User | None) -> frozenset[int]:
    """The agencies that a user works at: where a role of theirs is, and the Sở of a sector that a role is for."""
    grants = user.grants if user else []
    sectors = frozenset((grant.province_id, grant.sector) for grant in grants if grant.sector and not grant.agency_id)
    return _departments(sectors) | {grant.agency_id for grant in grants if grant.agency_id is not None}


@read_once
def _departments(sectors: frozenset[tuple[int, str]]) -> frozenset[int]:
    named = [
        and_(Agency.province_id == province_id, Agency.name.in_(departments().get(sector, ())))
        for province_id, sector in sorted(sectors)
    ]
    if not named:
        return frozenset()
    return frozenset(db.session.scalars(select(Agency.id).where(Agency.level == "province", or_(*named))))
