"""Which reports a signed-in user may make: decided on the same scopes as the desk."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort

from analysis.presentation.scope import scopes_of
from analysis.reports.queries import fetch_rated_agencies
from analysis.reports.recipients import Recipient, UnknownRecipient, department, departments, find_recipient
from survey.accounts.models import User
from survey.accounts.permissions import Action, Resource, allowed, require
from survey.foundation.periods import Period
from survey.registry.queries import find_province

MAKE, EDIT = Action.MAKE_REPORT, Action.EDIT_REPORTS
RECEIVES = "administration"  # the sector of Sở Nội vụ, to which every report is sent


@dataclass(frozen=True)
class OfferedRecipient:
    """A recipient to choose, as a page shows it."""

    province: str
    key: str
    name: str
    province_name: str


def require_report(province_key: str, recipient_key: str, period: Period, action: Action = MAKE) -> Recipient:
    """Let the request go on if the user may do this with a report, by default make it; gives its author.

    Raises:
        NotFound: no such province or recipient, or not visible to this user: the two look the same.
        Forbidden: visible, but the action is not allowed.
    """
    province = find_province(province_key)
    if province is None:
        abort(404)
    try:
        recipient = find_recipient(province_key, province.id, province.name, recipient_key, period)
    except UnknownRecipient:
        abort(404)
    for needed in dict.fromkeys((MAKE, action)):
        sector = _sector(recipient.sector, needed, overview=recipient.overview)
        require(needed, Resource(province.id, sector, recipient.agency_id))
    return recipient


def _sector(own: str | None, action: Action, *, overview: bool) -> str | None:
    """Who makes an overview reads all sectors (None); who writes its words answers for its author's own."""
    return None if overview and action is MAKE else own


def choices(user: User, action: Action = MAKE) -> list[OfferedRecipient]:
    """The departments and agencies with whose reports a user may do this, by default make them; departments first."""
    choices_of: dict[tuple[str, str], OfferedRecipient] = {}
    for scope in scopes_of(user, action):
        province = scope.province
        for key in departments() if scope.agency is None else ():
            office = department(key)
            own, overview = office["sector"], office["overview"]
            needs = {needed: _sector(own, needed, overview=overview) for needed in (MAKE, action)}
            if all(allowed(needed, Resource(province.id, sector)) for needed, sector in needs.items()):
                choices_of[province.key, key] = OfferedRecipient(
                    province.key, key, f"{office['name']} ({province.name})", province.name
                )
        for id_, code, name in fetch_rated_agencies(province.id, scope.sector):
            if scope.agencies is None or id_ in scope.agencies:
                choices_of.setdefault((province.key, code), OfferedRecipient(province.key, code, name, province.name))
    return list(choices_of.values())
