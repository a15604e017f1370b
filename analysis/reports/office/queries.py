"""SQL of what offices add to their reports."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from analysis.reports.office.models import ReportDecision, ReportRecord, ReportWords
from survey.foundation.caching.transaction_cache import read_once
from survey.foundation.storage.database import db
from survey.registry.models import Province


def fetch_words(session: Session, province_id: int, recipient: str, period: str) -> dict[str, ReportWords]:
    """An office's words about a period, by part."""
    query = select(ReportWords).filter_by(province_id=province_id, recipient=recipient, period=period)
    return {row.part: row for row in session.scalars(query)}


def fetch_proposals(province_id: int, period: str) -> dict[str, str]:
    """What each author of a period proposes, where it wrote that itself."""
    query = select(ReportWords.recipient, ReportWords.text).filter_by(
        province_id=province_id, period=period, part="proposals"
    )
    return {recipient: text for recipient, text in db.session.execute(query)}  # noqa: C416 - a Row is no tuple to mypy


def find_record(
    session: Session, province_id: int, recipient: str, period: str, kind: str, *, lock: bool = False
) -> ReportRecord | None:
    """The journal's line of one report; None where nothing was entered."""
    keys = {"province_id": province_id, "recipient": recipient, "period": period, "kind": kind}
    query = select(ReportRecord).filter_by(**keys)
    return session.scalar(query.with_for_update() if lock else query)


def fetch_records(province_id: int, period: str, kind: str) -> dict[str, ReportRecord]:
    """The journal of a period, by author."""
    query = select(ReportRecord).filter_by(province_id=province_id, period=period, kind=kind)
    return {row.recipient: row for row in db.session.scalars(query)}


def fetch_records_of(
    recipients: Iterable[tuple[str, str]], periods: Iterable[str]
) -> dict[tuple[str, str, str, str], ReportRecord]:
    """The journal of some authors (province key, recipient) and periods, by province, author, period and kind."""
    query = (
        select(Province.key, ReportRecord)
        .join(Province, Province.id == ReportRecord.province_id)
        .where(
            tuple_(Province.key, ReportRecord.recipient).in_(sorted(recipients)),
            ReportRecord.period.in_(sorted(set(periods))),
        )
    )
    return {(key, row.recipient, row.period, row.kind): row for key, row in db.session.execute(query)}


def fetch_records_of_year(province_id: int, recipient: str, year: int, kind: str) -> list[ReportRecord]:
    """The journal of an author's reports about a year and its parts, by period."""
    query = select(ReportRecord).filter_by(province_id=province_id, recipient=recipient, kind=kind)
    own = query.where(ReportRecord.period.startswith(str(year))).order_by(ReportRecord.period)
    return list(db.session.scalars(own))


@read_once
def fetch_decision(province_key: str) -> ReportDecision | None:
    """The province's decision; None where none was entered."""
    query = select(ReportDecision).join(Province, Province.id == ReportDecision.province_id)
    return db.session.scalar(query.where(Province.key == province_key))


def find_decision(session: Session, province_id: int) -> ReportDecision | None:
    """The province's decision, to be changed."""
    return session.scalar(select(ReportDecision).filter_by(province_id=province_id).with_for_update())
