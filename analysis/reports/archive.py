"""The archive: a PDF as it was made, by whom and when. The same bytes are kept once."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import select, tuple_
from sqlalchemy.orm import undefer

from analysis.figures.register import fetch_province
from analysis.reports.document import Report
from analysis.reports.models import ArchivedReport
from survey.accounts.models import User
from survey.foundation.changes import audit
from survey.foundation.clock import now
from survey.foundation.storage.database import db, writing
from survey.registry.models import Province


@dataclass(frozen=True)
class ArchiveEntry:
    """What a list of the archive shows; `made_by` is '' for reports the schedule made."""

    id: int
    province: str
    recipient: str
    period: str
    name: str
    digest: str
    made_at: dt.datetime
    made_by: str


def keep(report: Report, pdf: bytes, made_by_id: int | None = None) -> int:
    """Archive a PDF; the id of the entry, which is the older one if these very bytes are there already."""
    sha256 = hashlib.sha256(pdf).hexdigest()
    province_id = fetch_province(report.figures["province"]).id
    with writing() as session:
        known = session.scalar(select(ArchivedReport.id).where(ArchivedReport.sha256 == sha256))
        if known is not None:
            return known
        entry = ArchivedReport(
            province_id=province_id,
            recipient=report.figures["recipient"],
            period=report.figures["period"],
            cut_off=report.cut_off,
            name=report.name,
            digest=report.digest,
            sha256=sha256,
            content=pdf,
            made_at=now(),
            made_by_id=made_by_id,
        )
        session.add(entry)
        session.flush()
        after = {
            "recipient": entry.recipient,
            "period": entry.period,
            "cut_off": entry.cut_off.isoformat(),
            "file": entry.name,
            "digest": entry.digest,
        }
        audit.record(
            session, "archive_report", "report", entry.id, province_id=province_id, after=after, user_id=made_by_id
        )
        return entry.id


def fetch_archived(archived_id: int) -> ArchivedReport | None:
    """One entry with its bytes."""
    query = select(ArchivedReport).where(ArchivedReport.id == archived_id).options(undefer(ArchivedReport.content))
    return db.session.scalar(query)


def fetch_entries(recipients: Iterable[tuple[str, str]], limit: int = 30) -> list[ArchiveEntry]:
    """The latest entries of some recipients (province key, recipient), newest first."""
    query = (
        select(
            ArchivedReport.id,
            Province.key,
            ArchivedReport.recipient,
            ArchivedReport.period,
            ArchivedReport.name,
            ArchivedReport.digest,
            ArchivedReport.made_at,
            User.name,
        )
        .outerjoin(User, User.id == ArchivedReport.made_by_id)
        .join(Province, Province.id == ArchivedReport.province_id)
        .where(tuple_(Province.key, ArchivedReport.recipient).in_(sorted(recipients)))
        .order_by(ArchivedReport.id.desc())
        .limit(limit)
    )
    return [ArchiveEntry(*row[:7], made_by=row[7] or "") for row in db.session.execute(query)]


@dataclass(frozen=True)
class MadeReport:
    """A report that was archived, as a deadline asks for it; the name of its file tells its kind."""

    id: int
    province: str
    recipient: str
    period: str
    cut_off: dt.date
    name: str


def fetch_made(recipients: Iterable[tuple[str, str]], periods: Iterable[str]) -> list[MadeReport]:
    """What some recipients (province key, recipient) have archived of these periods, the newest first."""
    columns = (ArchivedReport.id, Province.key, ArchivedReport.recipient, ArchivedReport.period)
    query = (
        select(*columns, ArchivedReport.cut_off, ArchivedReport.name)
        .join(Province, Province.id == ArchivedReport.province_id)
        .where(
            tuple_(Province.key, ArchivedReport.recipient).in_(sorted(recipients)),
            ArchivedReport.period.in_(sorted(set(periods))),
        )
        .order_by(ArchivedReport.id.desc())
    )
    return [MadeReport(*row) for row in db.session.execute(query)]


def fetch_names(ids: Collection[str]) -> dict[str, str]:
    """The file names of archived reports, by their number as text."""
    known = [int(id_) for id_ in ids if id_.isdigit()]
    rows = db.session.execute(select(ArchivedReport.id, ArchivedReport.name).where(ArchivedReport.id.in_(known)))
    return {str(id_): name for id_, name in rows}
