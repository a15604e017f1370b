"""Runs the detectors, opens each piece of evidence as one task, and keeps what people say about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import chain

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from analysis.figures.query import FigureQuery
from analysis.figures.register import fetch_province, fetch_register
from analysis.figures.service import answer
from analysis.signals import queries
from analysis.signals.finding import QUIET, Found
from analysis.signals.level_detectors import SUBJECT_OF_ITEM, find_drops, find_off_chart, find_overfull
from analysis.signals.models import CLOSED, EXPLAINED, OPEN, Signal
from analysis.signals.silence_detector import LOOK_BACK, find_silences
from analysis.signals.stuffing_detectors import counter_days, find_alike, find_bursts
from survey.foundation import audit
from survey.foundation.clock import month_of, now, today
from survey.foundation.database import locked, writing
from survey.foundation.periods import Period, shift_month
from survey.registry.models import Province

CHART_MONTHS = 24
OUTCOMES = ("harmless", "genuine", "unclear")


class NotPossible(ValueError):
    """The task cannot take this step; the message says why in Vietnamese."""


def detect(province_key: str, months: Iterable[str]) -> list[Signal]:
    """Look at whole months or the part of them that has passed; open what is new.

    Raises:
        UnknownProvince: there is no such province.
    """
    province = fetch_province(province_key)
    found = [one for month in months for one in _found(province, month)]
    with writing() as session:
        return open_signals(session, province.id, found)


def explain(signal_id: int, text: str, user_id: int) -> None:
    """Keep an explanation; an earlier one stays in the audit log.

    Raises:
        NotPossible: the task is closed.
    """
    with writing() as session:
        signal = _not_closed(session, signal_id)
        before = {"status": signal.status, "explanation": signal.explanation}
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
            raise NotPossible(_("Hãy ghi giải trình trước khi đóng."))
        before = {"status": signal.status}
        signal.status, signal.outcome = CLOSED, outcome
        signal.closed_at, signal.closed_by_id = now(), user_id
        _trace(session, "close_signal", signal, user_id, before, {"status": CLOSED, "outcome": outcome})


def _not_closed(session: Session, signal_id: int) -> Signal:
    signal = locked(session, Signal, signal_id)
    if signal.status == CLOSED:
        raise NotPossible(_("Tín hiệu này đã đóng."))
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


def _found(province: Province, month: str) -> Iterator[Found]:
    period = Period.parse(month)
    days = counter_days(queries.fetch_sheets(province.id, month))
    whole = period.last_day < today()
    return chain(
        find_bursts(days),
        find_alike(days),
        _quiet(province.id, period),
        _levels(province, period) if whole else (),
    )


def _levels(province: Province, period: Period) -> Iterator[Found]:
    """What can only be judged when the month is over."""
    month = period.code
    months = tuple(shift_month(month, -back) for back in reversed(range(CHART_MONTHS + 1)))
    yield from find_off_chart(queries.fetch_month_counts(province.id, months), months)
    yield from find_overfull(queries.fetch_loads(province.id, month), month)
    ids = {facts.code: id_ for id_, facts in fetch_register(province.id).agencies.items()}
    for subject in SUBJECT_OF_ITEM.values():
        later, earlier = (
            {figure.domain: figure for figure in answer(question).figures}
            for question in (_by_agency(province, subject, period), _by_agency(province, subject, period.previous()))
        )
        pairs = [(ids[code], later[code], earlier[code]) for code in sorted(later.keys() & earlier.keys())]
        yield from find_drops(subject, month, pairs, len(SUBJECT_OF_ITEM))


def _by_agency(province: Province, subject: str, period: Period) -> FigureQuery:
    return FigureQuery(province=province.key, subject=subject, period=period, by="agency")


def _quiet(province_id: int, period: Period) -> Iterator[Found]:
    last = min(period.last_day, today() - dt.timedelta(days=1))  # today may still bring answers
    counts = queries.fetch_counter_days(province_id, last - LOOK_BACK, last)
    silences = list(find_silences(counts, last))
    places = queries.fetch_counter_places([one.counter_id for one in silences], last - LOOK_BACK)
    for one in silences:
        agency_id, sector = places[one.counter_id]
        evidence = {
            "since": one.since.isoformat(),
            "days": one.days,
            "earlier_days": one.earlier,
            "earlier_quiet": one.earlier_quiet,
            "usual": one.usual,
            "p": one.p,
        }
        about = f"{one.counter_id}|{one.since.isoformat()}"
        yield Found(QUIET, about, month_of(one.since), sector, agency_id, one.counter_id, evidence)


def open_signals(session: Session, province_id: int, found: list[Found]) -> list[Signal]:
    """Open what is new, inside the caller's transaction."""
    known = queries.fetch_known(session, province_id, {one.month for one in found})
    opened = []
    for one in found:
        if (one.kind, one.about) in known:
            continue
        known.add((one.kind, one.about))
        signal = Signal(
            province_id=province_id,
            kind=one.kind,
            about=one.about,
            month=one.month,
            sector=one.sector,
            agency_id=one.agency_id,
            counter_id=one.counter_id,
            evidence=one.evidence,
            opened_at=now(),
            status=OPEN,
        )
        session.add(signal)
        opened.append(signal)
    session.flush()
    return opened
