"""The course of the months: each month is its own figure, set beside the target."""

from __future__ import annotations

from dataclasses import replace

from analysis.figures.figure import Figure
from analysis.presentation import labels
from analysis.presentation.charts.marks import chart_alt, mark
from analysis.presentation.charts.model import Chart
from analysis.reports.context import Brief
from analysis.reports.document import Block, Paragraph
from analysis.statistics.comparison import Movement, ever_higher
from analysis.statistics.effective import Interval
from survey.foundation.clock import month_of
from survey.foundation.formatting import percent, points, sentence_case
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
        marks=tuple(mark(figure, _short(figure.domain)) for figure in figures),
        target=None if main is None else float(main.threshold.threshold),
        target_label="" if main is None else labels.target_label(main.threshold, main.status),
    )
    return [chart, *_change(brief, subject)]


def month_figures(brief: Brief, subject: str) -> list[Figure]:
    """The months from the first with an answer on."""
    last = brief.period.last
    codes = [shift_month(last, -back) for back in range(MONTHS - 1, -1, -1)]
    months = [code for code in codes if code <= month_of(brief.cut_off)]
    figures = [
        replace(brief.ask_month(subject, month), domain=month.code, label=month.label())
        for month in (_reached(brief.period, code) for code in months)
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


def _short(code: str) -> str:
    """10/26, or of a part of the month 1-5/10/26."""
    days = f"{int(code[8:10])}-{int(code[-2:])}/" if ".." in code else ""
    return f"{days}{int(code[5:7])}/{code[2:4]}"


def _change(brief: Brief, subject: str) -> list[Block]:
    before_period = brief.period.previous()
    monthly = brief.period.kind == "month"
    before = (
        brief.ask_month(subject, before_period)
        if monthly
        else brief.ask(subject, period=before_period, until=None).total
    )
    now = brief.ask(subject).total
    if before.estimate is None or before.estimate.estimate is None:
        return [Paragraph(f"{sentence_case(labels.within(before_period))} không có số liệu để so sánh.")]
    if now.estimate is None or now.estimate.estimate is None:
        return []
    step = ever_higher([(before_period.code, before.estimate), (brief.period.code, now.estimate)])[0]
    brief.derived[f"change {subject}"] = {
        "before": before_period.code,
        "estimate": step.difference,
        "low": step.interval.low if step.interval else None,
        "high": step.interval.high if step.interval else None,
    }
    within = "" if step.interval is None else f" (khoảng 95 %: {points_range(step.interval)})"
    return [
        Paragraph(
            f"So với {labels.within(before_period)} ({percent(before.estimate.estimate)}): "
            f"{points(step.difference)}{within}, {MOVEMENT[step.movement]}."
        )
    ]


def points_range(interval: Interval) -> str:
    """-2,1 đến +3,4 điểm."""
    return f"{points(interval.low).removesuffix(' điểm')} đến {points(interval.high)}"
