"""Measures taken and their effect: the three months before against the months since, and what that does not prove."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from analysis.figures.figure import Figure, Figures
from analysis.figures.query import FigureQuery
from analysis.figures.service import answer
from analysis.measures.effects import Effect, effects_of, measures_for
from analysis.measures.queries import fetch_measure
from analysis.presentation import labels
from analysis.presentation.phrases import moved_words
from analysis.reports.context import Brief
from analysis.reports.document import Annex, Block, Column, DocumentTable, Paragraph
from analysis.reports.parts.months import MOVEMENT
from analysis.statistics import Change
from survey.foundation.caching.object_cache import once_for_each
from survey.foundation.formatting import ABSENT, date, points_range
from survey.foundation.periods import Period, shift_month

FOLLOWED = 12  # months after its start in which a measure is reported on
BODY_ROWS = 8
NONE = "Không có biện pháp cải thiện nào được ghi vào hệ thống trong kỳ và 12 tháng trước đó."
PROOF = (
    "Trước: ba tháng trước tháng bắt đầu; sau: các tháng trọn vẹn từ khi bắt đầu đến ngày chốt số liệu, tối đa 12 "
    "tháng. "
    "So hai thời kỳ không chứng minh được nguyên nhân: mọi thay đổi khác cùng lúc cũng nằm trong chênh lệch này."
)
COLUMNS = (
    Column("Biện pháp, nơi thực hiện", 3.2),
    Column("Từ ngày", 1.2, "center"),
    Column("Trước", 1.3),
    Column("Sau", 1.3),
    Column("Chênh lệch (khoảng 95 %)", 1.7),
)


def measures(brief: Brief) -> tuple[Block, ...]:
    """The latest measures of the report's sectors and agencies; a sentence where there is none."""
    stored_effects = effects(brief)
    if not stored_effects:
        return (Paragraph(NONE),)
    shown = stored_effects[:BODY_ROWS]
    rest = (
        f" Bảng nêu {len(shown)} trong {len(stored_effects)} dòng; toàn bộ ở phụ lục."
        if len(stored_effects) > len(shown)
        else ""
    )
    caption = brief.captions.table("Biện pháp đã thực hiện và thay đổi sau đó")
    return (DocumentTable(caption, COLUMNS, tuple(map(_row, shown)), PROOF + rest),)


def measures_annex(brief: Brief) -> tuple[Annex, ...]:
    """Every measure, where the body could not name all."""
    stored_effects = effects(brief)
    if len(stored_effects) <= BODY_ROWS:
        return ()
    caption = brief.captions.table("Toàn bộ biện pháp và thay đổi sau đó")
    table = DocumentTable(caption, COLUMNS, tuple(map(_row, stored_effects)), PROOF)
    return (Annex("Phụ lục", f"Biện pháp cải thiện {brief.period.label()}", (table,), landscape=True),)


@once_for_each
def effects(brief: Brief) -> list[Effect]:
    """Each measure of the year before the cut-off, the latest first, with its subjects."""
    first = shift_month(brief.period.last, -FOLLOWED)
    every = [
        effect
        for sector in brief.sectors
        for effect in measures_for(
            brief.province_key,
            sector,
            brief.period,
            agencies=brief.recipient.agencies,
            until=brief.cut_off,
            ask=brief.inquiry.ask_question,
        )
    ]
    recent = [effect for effect in every if effect.measure.starts_on >= Period.parse(first).first_day]
    return sorted(recent, key=lambda effect: (effect.measure.starts_on, effect.measure.id), reverse=True)


def measures_json(brief: Brief) -> list[dict[str, Any]]:
    """Each effect's periods and change; the figures before and after stand among the answers."""
    entries = []
    for effect in effects(brief):
        spans = [period for period in (effect.before_period, effect.after_period) if period]
        closed = {period.code: brief.inquiry.closing(period) for period in spans}
        pinned = {code: at.isoformat() if at else None for code, at in closed.items()}
        entries.append(_stored(effect, pinned, beside=brief.inquiry.beside))
    return entries


def recount(_province_id: int, stored: dict[str, Any]) -> dict[str, Any]:
    """A stored change made anew from the database."""
    measure = fetch_measure(stored["measure"])
    last = Period.parse(stored["after"] or stored["before"]).last
    closed, beside = stored["closed"], stored.get("beside", False)  # documents made before knew no `beside`

    def ask(question: FigureQuery) -> Figures:
        at = closed.get(question.period.code)
        return answer(replace(question, received_before=dt.datetime.fromisoformat(at) if at else None, beside=beside))

    stored_effects = [] if measure is None else effects_of(measure, last, ask)
    effect = next((effect for effect in stored_effects if effect.subject == stored["subject"]), None)
    return {} if effect is None else _stored(effect, closed, beside=beside)


def _stored(effect: Effect, closed: dict[str, str | None], *, beside: bool) -> dict[str, Any]:
    return {
        "measure": effect.measure.id,
        "subject": effect.subject,
        "before": effect.before_period.code,
        "after": effect.after_period.code if effect.after_period else None,
        "closed": closed,
        "change": contrast_json(effect.change),
        **({"beside": True} if beside else {}),
    }


def contrast_json(change: Change | None) -> dict[str, Any] | None:
    """A difference as it is printed: shares, with the 95 % interval."""
    if change is None:
        return None
    within = change.interval
    return {
        "estimate": change.estimate,
        "low": within.low if within else None,
        "high": within.high if within else None,
    }


def _row(effect: Effect) -> tuple[str, ...]:
    measure = effect.measure
    place = measure.agency.name + (f", {measure.service.name}" if measure.service else "")
    what = measure.what.rstrip(". ")
    return (
        f"{what} ({place}; {measure.who}). Về {labels.SUBJECT[effect.subject]}.",
        date(measure.starts_on) + (f" đến {date(measure.ends_on)}" if measure.ends_on else ""),
        _told(effect.before, effect.before_period),
        _told(effect.after, effect.after_period),
        _change(effect.change),
    )


def _told(figure: Figure | None, period: Period | None) -> str:
    if figure is None or period is None:
        return "chưa có tháng trọn vẹn nào"
    said = labels.value(figure)
    counted = f"; n = {labels.used(figure)} trong {labels.received(figure)} phiếu nhận được" if figure.estimate else ""
    thin = ", tham khảo" if figure.reference_only else ""
    return f"{said} ({period.label()}{counted}{thin})"


def _change(change: Change | None) -> str:
    if change is None:
        return ABSENT
    if change.interval is None:
        return moved_words(change.estimate)
    low, high = change.interval.low, change.interval.high
    within = points_range(low, high)
    return f"{moved_words(change.estimate)} ({within}): {MOVEMENT[change.movement]}"
