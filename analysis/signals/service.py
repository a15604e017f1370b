"""Runs the detectors, opens each piece of evidence as one task, and keeps what people say about it."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from analysis.figures.register import fetch_province
from analysis.signals import queries
from analysis.signals.detectors import findings
from analysis.signals.finding import Finding
from analysis.signals.models import CLOSED, EXPLAINED, OPEN, Signal
from survey.foundation.changes import audit
from survey.foundation.clock import now
from survey.foundation.commands.progress import progress
from survey.foundation.storage.database import locked, writing
from survey.foundation.storage.turns import take_turn


class SignalStepRefused(ValueError):
    """The task cannot take this step; the message says why in Vietnamese."""


def detect(province_key: str, months: Iterable[str]) -> list[Signal]:
    """Look at whole months or the part of them that has passed; open what is new.

    Raises:
        UnknownProvince: there is no such province.
    """
    province = fetch_province(province_key)
    looked_at = progress(months, _("Tìm tín hiệu theo tháng"))
    month_findings = [finding for month in looked_at for finding in findings(province, month)]
    with writing() as session:
        return open_signals(session, province.id, month_findings)


def explain(signal_id: int, text: str, user_id: int) -> None:
    """Keep an explanation; an earlier one stays in the audit log.

    Raises:
        NotPossible: the task is closed.
    """
    with writing() as session:
        signal = _not_closed(session, signal_id)
        before = {"status": signal.status, "explanation": signal.explanation}
        if before == {"status": EXPLAINED, "explanation": text}:
            return
        signal.status, signal.explanation = EXPLAINED, text
        signal.explained_at, signal.explained_by_id = now(), user_id
        _trace(session, "explain_signal", signal, user_id, before, {"status": EXPLAINED, "explanation": text})


def close(signal_id: int, outcome: str, user_id: int) -> None:
    """Close an explained task with what came out of it; the answers stay as they are.

    Raises:
        NotPossible: nobody has explained it yet, or it is closed.
    """
    with writing() as session:
        signal = _not_closed(session, signal_id)
        if signal.status != EXPLAINED:
            raise SignalStepRefused(_("Hãy ghi giải trình trước khi đóng."))
        before = {"status": signal.status}
        signal.status, signal.outcome = CLOSED, outcome
        signal.closed_at, signal.closed_by_id = now(), user_id
        _trace(session, "close_signal", signal, user_id, before, {"status": CLOSED, "outcome": outcome})


def _not_closed(session: Session, signal_id: int) -> Signal:
    signal = locked(session, Signal, signal_id)
    if signal.status == CLOSED:
        raise SignalStepRefused(_("Tín hiệu này đã đóng."))
    return signal


def _trace(
    session: Session, action: str, signal: Signal, user_id: int, before: dict[str, str], after: dict[str, str]
) -> None:
    audit.record(
        session,
        action,
        "signal",
        signal.id,
        province_id=signal.province_id,
        before=before,
        after=after,
        user_id=user_id,
    )


def open_signals(session: Session, province_id: int, findings_made: list[Finding]) -> list[Signal]:
    """Open what is new, inside the caller's transaction."""
    take_turn(session, f"signals of {province_id}")
    known = queries.fetch_known(session, province_id, {finding.month for finding in findings_made})
    opened = []
    for finding in findings_made:
        if (finding.kind, finding.about) in known:
            continue
        known.add((finding.kind, finding.about))
        signal = Signal(
            province_id=province_id,
            kind=finding.kind,
            about=finding.about,
            month=finding.month,
            sector=finding.sector,
            agency_id=finding.agency_id,
            counter_id=finding.counter_id,
            evidence=finding.evidence,
            opened_at=now(),
            status=OPEN,
        )
        session.add(signal)
        opened.append(signal)
    session.flush()
    return opened
