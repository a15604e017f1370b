"""Reads official figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, or_, select, update
from sqlalchemy.orm import Session

from analysis.reference.models import COUNTRY, ReferenceFigure
from survey.foundation.storage.database import db
from survey.foundation.text.vietnamese import in_order


def fetch_figures_about(province_key: str, indicator: str) -> list[ReferenceFigure]:
    """An indicator's figures of a province, of those merged into it, and of the country, by year and name."""
    figure = ReferenceFigure
    query = select(figure).where(
        figure.indicator == indicator,
        or_(figure.province.in_((province_key, COUNTRY)), figure.part_of == province_key),
    )
    return sorted(in_order(db.session.scalars(query), lambda row: (row.name,)), key=lambda row: row.year)


def fetch_stored(session: Session, names: Sequence[str]) -> list[tuple[int, dict[str, Any]]]:
    """Every figure as (id, the named values)."""
    query = select(ReferenceFigure.id, *(getattr(ReferenceFigure, name) for name in names))
    return [(id_, dict(zip(names, values, strict=True))) for id_, *values in session.execute(query)]


def insert_figures(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add figures."""
    if rows:
        session.execute(insert(ReferenceFigure), [dict(row) for row in rows])


def update_figures(session: Session, rows: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
    """Change figures, by id."""
    for id_, values in rows:
        session.execute(update(ReferenceFigure).where(ReferenceFigure.id == id_).values(**values))
