"""Keeps an office's words, the journal of its reports and the province's decision, each with its trace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.reports.office.models import ReportDecision, ReportRecord, ReportWords
from analysis.reports.office.queries import fetch_words, find_decision, find_record
from survey.foundation.changes import audit
from survey.foundation.clock import now
from survey.foundation.storage.database import writing

PARTS = ("shortcomings", "proposals")
DAYS = ("signed_on", "sent_on", "received_on")


@dataclass(frozen=True)
class ReportKey:
    """Which report: of whom, about which period (its code), of which kind."""

    province_id: int
    recipient: str
    period: str
    kind: str

    @property
    def name(self) -> str:
        """As the audit log names it."""
        return f"{self.recipient} {self.period}"


def save_words(key: ReportKey, texts: Mapping[str, str]) -> None:
    """Keep what the office wrote, by part; an empty text gives the part back to the program's draft."""
    with writing() as session:
        stored = fetch_words(session, key.province_id, key.recipient, key.period)
        before = {part: row.text for part, row in stored.items()}
        after = {part: text for part, text in texts.items() if text}
        if before == after:
            return
        for part in texts:
            if before.get(part) == after.get(part):
                continue
            if part in stored:
                session.delete(stored[part])
                session.flush()
            if part in after:
                session.add(
                    ReportWords(
                        province_id=key.province_id,
                        recipient=key.recipient,
                        period=key.period,
                        part=part,
                        text=after[part],
                        saved_at=now(),
                    )
                )
        _trace(session, "write_report_words", key, before, after)


def save_record(key: ReportKey, **values: Any) -> None:
    """Enter what is given of `number`, `signed_on`, `sent_on` and `received_on` into the journal."""
    with writing() as session:
        row = find_record(session, key.province_id, key.recipient, key.period, key.kind, lock=True)
        before = {} if row is None else _plain(row)
        if row is None:
            row = ReportRecord(
                province_id=key.province_id, recipient=key.recipient, period=key.period, kind=key.kind, number=""
            )
            session.add(row)
        for name, value in values.items():
            setattr(row, name, value)
        after = _plain(row)
        if after != before:
            _trace(session, "record_report", key, before, after)


def save_decision(province_id: int, number: str, signed_on: dt.date, issuer: str) -> None:
    """Enter the decision that the province's reports rest on, or mend it."""
    with writing() as session:
        row = find_decision(session, province_id)
        before = {} if row is None else _decision(row)
        if row is None:
            row = ReportDecision(province_id=province_id)
            session.add(row)
        row.number, row.signed_on, row.issuer = number, signed_on, issuer
        if (after := _decision(row)) != before:
            audit.record(
                session, "enter_decision", "report_decision", number,
                province_id=province_id, before=before or None, after=after,
            )  # fmt: skip


def _decision(row: ReportDecision) -> dict[str, str]:
    return {"number": row.number, "signed_on": row.signed_on.isoformat(), "issuer": row.issuer}


def _plain(row: ReportRecord) -> dict[str, str | None]:
    days = {name: getattr(row, name) for name in DAYS}
    return {"number": row.number, **{name: day.isoformat() if day else None for name, day in days.items()}}


def _trace(session: Any, action: str, key: ReportKey, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    audit.record(
        session, action, "report_record", key.name,
        province_id=key.province_id, before=dict(before) or None, after=dict(after),
    )  # fmt: skip
