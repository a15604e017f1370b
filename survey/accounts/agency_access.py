"""Who may see and change which agencies: the one permission decision, asked about provinces, sectors and agencies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from flask import abort
from flask_login import current_user

from survey.accounts.models import User
from survey.accounts.permissions import VIEW, Action, Resource, decide, grants_allowing
from survey.foundation.caching.object_cache import once_for_each
from survey.foundation.vocabulary import SECTORS
from survey.registry.models import Agency, Province
from survey.registry.queries import fetch_provinces, find_agency
from survey.registry.tree import subtree_of

MANAGE_AGENCIES = Action.MANAGE_AGENCIES
MANAGE_CASELOADS = Action.MANAGE_CASELOADS


@dataclass
class UserScope:
    """What a user may do with one action, as imports and forms ask it."""

    user: User
    action: Action

    def allows(self, province_id: int | None, sector: str | None = None, agency_id: int | None = None) -> bool:
        """Whether records of this province, sector and agency may change; province None: shared by all provinces."""
        if province_id is None:
            return any(not grant.sector and not grant.agency_id for grant in grants_allowing(self.user, self.action))
        return self._allows(Resource(province_id, sector, agency_id))

    @once_for_each
    def _allows(self, resource: Resource) -> bool:
        return bool(decide(self.user, self.action, resource))

    def sectors(self, province_id: int, agency_id: int | None = None) -> list[str]:
        """The sectors in which the action is allowed there."""
        return [sector for sector in SECTORS if self.allows(province_id, sector, agency_id)]


def provinces_seen(user: User) -> list[Province]:
    """The provinces in which a user sees anything, in the order of their names."""
    ids = {grant.province_id for grant in grants_allowing(user, VIEW)}
    return fetch_provinces(ids)


def province_seen(user: User, key: str | None) -> Province:
    """The province of a key (None: the first) in which a user sees anything.

    Raises:
        NotFound: there is none.
    """
    chosen = next((province for province in provinces_seen(user) if key in (None, province.key)), None)
    if chosen is None:
        abort(404)
    return chosen


def agencies_seen(user: User, province_id: int, action: Action = VIEW) -> frozenset[int] | None:
    """The agencies of a province a user may reach by an action; None: all of them."""
    ids: set[int] = set()
    for grant in grants_allowing(user, action):
        if grant.province_id == province_id:
            if grant.agency_id is None:
                return None
            ids.update(subtree_of(grant.agency_id))
    return frozenset(ids)


def agency_seen(user: User, code: str) -> Agency:
    """The agency of a code, if the user may see it in any sector.

    Raises:
        NotFound: there is none, or not for this user: the two look the same.
    """
    agency = find_agency(code)
    if agency is None or not sees_agency(user, agency):
        abort(404)
    return agency


def require_agency(user: User, agency: Agency, action: Action = MANAGE_AGENCIES) -> UserScope:
    """The user's scope, if it reaches this agency as a whole (all sectors).

    Raises:
        Forbidden: the user sees the agency but may not do this.
    """
    scope = UserScope(user, action)
    if not scope.allows(agency.province_id, None, agency.id):
        abort(403)
    return scope


class Placed(Protocol):
    """An agency, or a row that tells of one."""

    @property
    def id(self) -> int:
        """Its number."""

    @property
    def province_id(self) -> int:
        """That of its province."""


def sees_agency(user: User, agency: Placed) -> bool:
    """Whether the user may see an agency in any sector."""
    sectors: Iterable[str | None] = (None, *SECTORS)
    return any(decide(user, VIEW, Resource(agency.province_id, sector, agency.id)) for sector in sectors)


def may_see_agency(agency: Placed) -> bool:
    """Whether the signed-in user may open an agency's page, for templates that name it."""
    return sees_agency(current_user, agency)
