"""Which counters somebody reaches at the desk, and for what."""

from __future__ import annotations

from collections.abc import Sequence

from flask_login import current_user

from survey.accounts.permissions import VIEW, Action, Resource, can_anywhere, decide, grants_allowing
from survey.channels.web.queries import CounterRow, fetch_counters
from survey.foundation.storage.database import db
from survey.questionnaires.counter_services import Offer, offers_at


def counters_seen() -> list[CounterRow]:
    """All counters the user may see, by agency and name."""
    provinces = {grant.province_id for grant in grants_allowing(current_user, VIEW)}
    return [row for row, _offer in viewable(fetch_counters(db.session(), provinces))]


def viewable(rows: Sequence[CounterRow]) -> list[tuple[CounterRow, Offer]]:
    """Those of the counters that the user may see, with what each offers."""
    offers = offers_at(db.session(), [row.place for row in rows])
    paired = [(row, offers[row.place.counter_id]) for row in rows]
    return [(row, offer) for row, offer in paired if may_view(row, offer)]


def may_view(row: CounterRow, offer: Offer) -> bool:
    """Whether the user may see a counter."""
    return may_at_counter(VIEW, row, offer)


def may_at_counter(action: Action, row: CounterRow, offer: Offer) -> bool:
    """Whether the user may do something in one of the counter's sectors."""
    if not can_anywhere(action):
        return False
    sectors: Sequence[str | None] = offer.sectors or (None,)
    return any(
        decide(current_user, action, Resource(row.province_id, sector, row.place.agency_id)) for sector in sectors
    )
