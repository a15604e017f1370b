"""The course of the months: each month is its own figure, set beside the target."""

from __future__ import annotations

from dataclasses import dataclass, replace

from analysis.figures.figure import Figure
from analysis.presentation import labels, phrases
from analysis.presentation.charts.marks import chart_alt, mark
from analysis.presentation.charts.model import Chart
from analysis.reports.context import Brief
from analysis.reports.document import Block, Paragraph
from analysis.statistics import Interval, Movement, change
from survey.foundation.caching.object_cache import once_for_each
from survey.foundation.clock import month_of
from survey.foundation.formatting import percent, points_range, sentence_case
from survey.foundation.periods import Period, shift_month

MONTHS = 12
MOVEMENT = {
    Movement.RISING: "tăng rõ",
    Movement.FALLING: "giảm rõ",
    Movement.CANNOT_TELL: "chưa đủ căn cứ nói là tăng hay giảm",
}


def month_blocks(brief: Brief, subject: str) -> list[Block]:
    """A chart of the twelve months up to the period's last, from the first that has answers."""
    figures = month_figures(brief, subject)
    estimated = [figure for figure in figures if figure.estimate and figure.estimate.estimate is not None]
    if len(estimated) < 2:
        return []
    main = brief.main_target(subject)
    chart = Chart(
        caption=brief.captions.chart(_sentence(estimated)),
        alt=chart_alt("Biểu đồ chấm và khoảng bất định theo tháng", figures),
        form="months",
        marks=tuple(mark(figure, short_month(figure.domain)) for figure in figures),
        target=None if main is None else float(main.threshold.threshold),
        target_label=labels.TargetLabel() if main is None else labels.target_label(main.threshold, main.status),
    )
    return [chart, *_change(brief, subject)]


@once_for_each
def month_figures(brief: Brief, subject: str) -> list[Figure]:
    """The months from the first with an answer on."""
    last = brief.period.last
    codes = [shift_month(last, -back) for back in range(MONTHS - 1, -1, -1)]
    months = [code for code in codes if code <= month_of(brief.cut_off)]
    spans = [_reached(brief.period, code) for code in months]
    figures = [
        replace(figure, label=month.label())
        for month, figure in zip(spans, brief.ask_months(subject, spans), strict=True)
    ]
    while figures and not labels.answered(figures[0]):
        figures.pop(0)
    return figures


def _reached(period: Period, code: str) -> Period:
    """A month, the last one only as far as a span of days reaches: what came afterwards is no part of its course."""
    whole = Period.parse(code)
    return whole if whole.last_day <= period.last_day else Period.between(whole.first_day, period.last_day)


def _sentence(figures: list[Figure]) -> str:
    def share(month: Figure) -> float:
        return (month.estimate.estimate if month.estimate else None) or 0.0

    low, high = min(figures, key=share), max(figures, key=share)
    if percent(share(low)) == percent(share(high)):
        return f"Tỷ lệ hài lòng theo tháng: các tháng đều {percent(share(low))}."
    return (
        f"Tỷ lệ hài lòng theo tháng: thấp nhất {percent(share(low))} ({low.label}), "
        f"cao nhất {percent(share(high))} ({high.label})."
    )


def short_month(code: str) -> str:
    """10/26, or of a part of the month 1-5/10/26."""
    days = f"{int(code[8:10])}-{int(code[-2:])}/" if ".." in code else ""
    return f"{days}{int(code[5:7])}/{code[2:4]}"


def _change(brief: Brief, subject: str) -> list[Block]:
    words = change_words(brief, subject)
    if words:
        return [Paragraph(words)]
    if brief.ask(subject).total.estimate is None:
        return []
    return [Paragraph(f"{sentence_case(labels.within(brief.period.previous()))} không có số liệu để so sánh.")]


def change_words(brief: Brief, subject: str) -> str:
    """The step from the period before, with its interval and what may be said of it; '' where one has no figure."""
    step = step_from_before(brief, subject)
    if step is None:
        return ""
    before = f"{labels.within(brief.period.previous())} ({percent(step.before)})"
    return f"So với {before}: {step_words(step)}, {MOVEMENT[step.movement]}."


@dataclass(frozen=True)
class FromBefore:
    """The estimate of the period before (0-1), and the difference to this one's."""

    before: float
    difference: float
    interval: Interval | None
    movement: Movement


def step_from_before(brief: Brief, subject: str) -> FromBefore | None:
    """None where one of the two periods has no weighted figure."""
    before_period = brief.period.previous()
    before = (
        brief.ask_month(subject, before_period)
        if brief.period.kind == "month"
        else brief.ask(subject, period=before_period, until=None).total
    )
    now = brief.ask(subject).total
    if before.estimate is None or now.estimate is None:
        return None
    step = change(now.estimate, before.estimate)
    if step is None or before.estimate.estimate is None:
        return None
    brief.derived[f"change {subject}"] = {
        "before": before_period.code,
        "estimate": step.estimate,
        "low": step.interval.low if step.interval else None,
        "high": step.interval.high if step.interval else None,
    }
    return FromBefore(before.estimate.estimate, step.estimate, step.interval, step.movement)


def step_words(step: FromBefore) -> str:
    """As "+1,7 điểm (khoảng 95 %: -7,1 đến +10,6 điểm)"; a step that would print as 0,0 is no step."""
    moved = phrases.moved_words(step.difference)
    if step.interval is None:
        return moved
    return f"{moved} (khoảng 95 %: {points_range(step.interval.low, step.interval.high)})"
