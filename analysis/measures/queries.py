"""Measures as stored: SQL only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from textwrap import shorten
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from analysis.measures.models import Measure
from survey.foundation.storage.database import db
from survey.foundation.text.vietnamese import in_order
from survey.registry.models import Agency, Service


def fetch_measures(
    province_ids: Collection[int], *, sector: str | None = None, started_by: dt.date | None = None
) -> list[Measure]:
    """Measures of provinces, the latest start first; of one sector, and begun by a day, where given."""
    query = _with_names().where(Measure.province_id.in_(province_ids))
    if sector is not None:
        query = query.where(Measure.sector == sector)
    if started_by is not None:
        query = query.where(Measure.starts_on <= started_by)
    return list(db.session.scalars(query.order_by(Measure.starts_on.desc(), Measure.id.desc())))


def fetch_measure(measure_id: int) -> Measure | None:
    """One measure."""
    measure: Measure | None = db.session.scalar(_with_names().where(Measure.id == measure_id))
    return measure


def fetch_agencies(province_ids: Collection[int], day: dt.date) -> list[Agency]:
    """Agencies that exist on a day."""
    query = select(Agency).where(
        Agency.province_id.in_(province_ids), Agency.valid_to.is_(None) | (Agency.valid_to >= day)
    )
    return in_order(db.session.scalars(query), lambda agency: (agency.name, agency.code))


def fetch_services() -> list[Service]:
    """Every service."""
    return in_order(db.session.scalars(select(Service)), lambda service: (service.name, service.code))


def _with_names() -> Select[Any]:
    return select(Measure).options(
        joinedload(Measure.agency), joinedload(Measure.service), joinedload(Measure.province)
    )


def fetch_summaries(ids: Collection[str]) -> dict[str, str]:
    """What measures do, in short, by their number as text."""
    known = [int(id_) for id_ in ids if id_.isdigit()]
    rows = db.session.execute(select(Measure.id, Measure.what).where(Measure.id.in_(known)))
    return {str(id_): shorten(what, 80, placeholder="…") for id_, what in rows}
