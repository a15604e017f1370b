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
    sector = None if recipient.overview else recipient.sector
    require(action, Resource(province.id, sector, recipient.agency_id))
    return recipient


def choices(user: User) -> list[OfferedRecipient]:
    """The departments and agencies whose reports a user may make, departments first."""
    choices_of: dict[tuple[str, str], OfferedRecipient] = {}
    for scope in scopes_of(user, MAKE):
        province = scope.province
        for key in departments() if scope.agency is None else ():
            office = department(key)
            sector = None if office["overview"] else office["sector"]
            if allowed(MAKE, Resource(province.id, sector)):
                choices_of[province.key, key] = OfferedRecipient(
                    province.key, key, f"{office['name']} ({province.name})", province.name
                )
        for id_, code, name in fetch_rated_agencies(province.id, scope.sector):
            if scope.agencies is None or id_ in scope.agencies:
                choices_of.setdefault((province.key, code), OfferedRecipient(province.key, code, name, province.name))
    return list(choices_of.values())
