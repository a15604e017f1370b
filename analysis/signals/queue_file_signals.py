"""A queue file taken in at the desk always opens a signal: its answers came by hand, not from the device itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy.orm import Session

from analysis.signals.finding import FILE, Finding
from analysis.signals.queries import AnswerSheet, fetch_device_place, fetch_sheets_of
from analysis.signals.service import open_signals
from survey.devices.queue_files import TakenIn
from survey.foundation.clock import LOCAL, month_of


def open_for_file(session: Session, taken: TakenIn) -> None:
    """One signal for each counter and month that the file brought answers of; one where it brought none."""
    province_id, agency_id, counter_id, sector = fetch_device_place(session, taken.device_id)
    sheets = fetch_sheets_of(session, taken.stored)
    told = {
        "day": taken.taken_at.astimezone(LOCAL).date().isoformat(),
        "device": str(taken.device_id),
        "revoked": taken.is_revoked,
        "counts": dict(taken.counts),
    }
    file_findings = list(_found(taken, sheets, told))
    if not file_findings and taken.is_new:
        month = month_of(taken.taken_at.astimezone(LOCAL).date())
        file_findings = [
            Finding(FILE, taken.digest[:32], month, sector, agency_id, counter_id, told | {"episodes": []})
        ]
    open_signals(session, province_id, file_findings)


def _found(taken: TakenIn, sheets: Sequence[AnswerSheet], told: dict[str, Any]) -> Iterator[Finding]:
    groups: dict[tuple[int, str, str], list[AnswerSheet]] = defaultdict(list)
    for sheet in sheets:
        groups[sheet.counter_id, month_of(sheet.day), sheet.sector].append(sheet)
    for (counter_id, month, sector), group in sorted(groups.items()):
        episode = {
            "from": group[0].answered_at.isoformat(),
            "to": group[-1].answered_at.isoformat(),
            "answers": len(group),
            "devices": [str(taken.device_id)],
            "responses": [str(sheet.id) for sheet in group],
        }
        about = f"{counter_id}|{month}|{sector}|{taken.digest[:32]}"
        evidence = told | {"episodes": [episode]}
        yield Finding(FILE, about, month, sector, group[0].agency_id, counter_id, evidence)
