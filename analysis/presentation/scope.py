"""Which part of a province a page of the desk speaks about: all sectors or one, the whole province or one agency."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import abort, url_for
from flask_babel import gettext as _
from flask_login import current_user

from analysis.figures.register import UnknownProvince, fetch_province, subtree_in
from survey.accounts.models import User
from survey.accounts.permissions import VIEW, Action, Resource, decide, grants_allowing, require
from survey.foundation.storage.database import db
from survey.foundation.vocabulary import SECTORS, SUBJECTS_OF_SECTOR
from survey.registry.models import Agency, Province
from survey.registry.queries import find_agency

ALL = "all"


@dataclass(frozen=True)
class Scope:
    """A province, maybe narrowed to one sector, maybe to one agency with all below it.

    `beside`: whoever looks may look at the whole province, too.
    """

    province: Province
    sector: str | None = None
    agency: Agency | None = None
    beside: bool = False

    @property
    def sector_key(self) -> str:
        """The sector as it stands in the address: its code, or ``all``."""
        return self.sector or ALL

    @cached_property
    def agencies(self) -> frozenset[int] | None:
        """The agencies whose answers count; None means all of the province."""
        return None if self.agency is None else subtree_in(self.province.id, self.agency.id)

    @property
    def subjects(self) -> frozenset[str] | None:
        """The subjects of the sector's targets; None means all."""
        return None if self.sector is None else frozenset(SUBJECTS_OF_SECTOR[self.sector])

    @property
    def resource(self) -> Resource:
        """What the permission decision is asked about."""
        return Resource(self.province.id, self.sector, self.agency.id if self.agency else None)

    @property
    def name(self) -> str:
        """For headings and links: "Y tế, tỉnh Đắk Lắk"."""
        sector = str(SECTORS[self.sector]) if self.sector else str(_("Tất cả các ngành"))
        place = self.agency.name if self.agency else str(_("tỉnh %(name)s", name=self.province.name))
        return f"{sector}, {place}"

    def url(self, endpoint: str = "desk.overview_page", **arguments: Any) -> str:
        """The address of a page about this scope."""
        agency = self.agency.code if self.agency else None
        return url_for(endpoint, province=self.province.key, sector=self.sector_key, agency=agency, **arguments)


def scope_from(province_key: str, sector_key: str, agency_code: str | None, action: Action = VIEW) -> Scope:
    """The scope an address names, if the signed-in user may do `action` there.

    Raises:
        NotFound: no such scope, or not visible to this user: the two look the same.
        Forbidden: visible, but this action is not allowed.
    """
    if sector_key != ALL and sector_key not in SECTORS:
        abort(404)
    try:
        province = fetch_province(province_key)
    except UnknownProvince:
        abort(404)
    agency = None
    if agency_code:
        agency = find_agency(agency_code, province.id)
        if agency is None:
            abort(404)
    sector = None if sector_key == ALL else sector_key
    beside = agency is not None and bool(decide(current_user, VIEW, Resource(province.id, sector)))
    scope = Scope(province, sector, agency, beside)
    require(action, scope.resource)
    return scope


def scopes_of(user: User, action: Action = VIEW) -> list[Scope]:
    """The scopes a user's grants open, the widest first, each once."""
    scopes: dict[tuple[int, str, int], Scope] = {}
    for grant in grants_allowing(user, action):
        key = (grant.province_id, grant.sector or "", grant.agency_id or 0)
        if key not in scopes:
            agency = db.session.get_one(Agency, grant.agency_id) if grant.agency_id else None
            scopes[key] = Scope(db.session.get_one(Province, grant.province_id), grant.sector, agency)
    return sorted(scopes.values(), key=_width)


def _width(scope: Scope) -> tuple[bool, bool, int, str]:
    return (scope.agency is not None, scope.sector is not None, scope.province.id, scope.name)


def visible_agencies(scope: Scope, user: User) -> frozenset[int] | None:
    """The agencies a user may choose in a scope's sector; None: every one of the province, and the province itself."""
    if decide(user, VIEW, Resource(scope.province.id, scope.sector)):
        return None
    roots = [
        grant.agency_id
        for grant in grants_allowing(user, VIEW)
        if grant.province_id == scope.province.id and grant.agency_id and grant.sector in (None, scope.sector)
    ]
    return frozenset(id_ for root in roots for id_ in subtree_in(scope.province.id, root))
