"""When a period was closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import func, select

from analysis.periods.models import Closing
from survey.foundation.caching.transaction_cache import read_once
from survey.foundation.storage.database import db


def fetch_closing_instant(province_id: int, period: str) -> dt.datetime | None:
    """The instant of the latest closing of exactly this period; None while it is open."""
    return fetch_closing_instants(province_id).get(period)


@read_once
def fetch_closing_instants(province_id: int) -> Mapping[str, dt.datetime]:
    """The instant of the latest closing of every period of a province that was ever closed."""
    query = (
        select(Closing.period, func.max(Closing.closed_at))
        .where(Closing.province_id == province_id)
        .group_by(Closing.period)
    )
    return {period: closed_at for period, closed_at in db.session.execute(query)}  # noqa: C416 - rows are no pairs
