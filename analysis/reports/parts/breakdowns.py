"""Figures by service and by agency: the weakest on the page, all of them in the annex."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analysis.figures.figure import Figure
from analysis.presentation import labels, phrases
from analysis.presentation.charts.marks import chart_alt, mark
from analysis.presentation.charts.model import MAX_CHART_ROWS, Chart
from analysis.reports.context import Brief
from analysis.reports.document import Block, Column, DocumentTable
from survey.foundation.formatting import percent

BODY_ROWS, MOST_IN_TEXT = 12, 18  # the weakest, where there are more than fit
CHART_ROWS = 15
TOGETHER = (
    "“*”: đủ căn cứ cả khi xét mọi dòng cùng lúc (Benjamini-Hochberg, 5 %); không có “*”: chỉ đủ căn cứ khi xét riêng "
    "dòng đó."
)
NAMES = {"service": "Dịch vụ, thủ tục", "agency": "Cơ quan, đơn vị"}
COUNTED = {"service": "dịch vụ", "agency": "đơn vị"}
NOTE = (
    "“Không nêu”: không có phiếu hoặc dưới 10 phiếu. Khoảng bất định 90 % theo mô hình. Xếp từ tỷ lệ thấp đến cao. "
    "Mốc của tỉnh đặt cạnh từng dòng chỉ để so sánh."
)


def breakdown_blocks(brief: Brief, subject: str, by: str) -> list[Block]:
    """For agencies a chart, then a table of the weakest, which fills what the chart leaves; nothing of a single row."""
    if by == "agency" and brief.recipient.is_single:
        return []
    asked = brief.ask(subject, by=by)
    figures = weakest_first(asked.figures)
    if len(figures) < (2 if by == "agency" else 1):
        return []
    table = _table(brief, subject, by, figures, asked.together)
    estimated = [figure for figure in figures if figure.estimate and figure.estimate.estimate is not None]
    if by == "agency" and len(estimated) > 1:
        return [_chart(brief, subject, by, estimated), table]
    return [table]


def weakest_first(figures: Sequence[Figure]) -> list[Figure]:
    """By estimate, those without one last, then by name."""

    def key(figure: Figure) -> tuple[float, str]:
        share = figure.estimate.estimate if figure.estimate else None
        return (2.0 if share is None else share, figure.label)

    return sorted(figures, key=key)


def _table(brief: Brief, subject: str, by: str, figures: list[Figure], together: Mapping[str, bool]) -> DocumentTable:
    shown = figures if len(figures) <= MOST_IN_TEXT else figures[:BODY_ROWS]
    brief.derived[f"together {subject} {by}"] = sorted(domain for domain, stands in together.items() if stands)
    unit = brief.caseload_unit(subject)
    columns = (
        Column(NAMES[by], 3.1),
        Column(labels.USED, 0.85, "right", "n"),
        Column(labels.RECEIVED, 0.85, "right", "received"),
        Column(f"Số {unit}", 1.1, "right"),
        Column("Chưa gia quyền", 0.95, "right"),
        Column("Gia quyền", 1.0, "right", "share"),
        Column("Khoảng 90 %", 1.55, "center"),
        Column("So với mốc", 1.75),
        Column(labels.OVERTURN, 0.85, "right"),
    )
    rows = tuple(
        (
            figure.label,
            labels.used(figure),
            labels.received(figure),
            labels.caseload(figure),
            labels.unweighted(figure),
            labels.value(figure),
            labels.interval(figure),
            labels.verdict(figure) + "*" * together.get(figure.domain, False),
            labels.overturn(figure),
        )
        for figure in shown
    )
    rest = f" Bảng nêu {len(shown)} trong {len(figures)} {COUNTED[by]}; toàn bộ ở phụ lục." if figures != shown else ""
    caption = brief.captions.table(f"Kết quả theo {COUNTED[by]}")
    note = f"{brief.in_units(subject, _note(shown, together))} {labels.OF_OVERTURN}{rest}"
    return DocumentTable(caption, columns, rows, note, tuple(figure.key for figure in shown))


def full_table(brief: Brief, subject: str, by: str, caption: str) -> DocumentTable:
    """Every domain with everything known about it, for a page lying across."""
    asked = brief.ask(subject, by=by)
    figures = weakest_first(asked.figures)
    unit = brief.caseload_unit(subject)
    columns = (
        Column(NAMES[by], 4.6),
        Column(f"Số {unit}", 1.1, "right"),
        Column(labels.USED, 0.9, "right", "n"),
        Column(labels.RECEIVED, 0.9, "right", "received"),
        Column("Tỷ lệ trả lời", 1, "right"),
        Column("Chưa gia quyền", 1.1, "right"),
        Column("Gia quyền", 1.1, "right", "share"),
        Column("Khoảng 90 %", 1.5, "center"),
        Column("Bao phủ", 1, "right"),
        Column("So với mốc", 2.2),
        Column(labels.OVERTURN, 0.9, "right"),
    )
    rows = tuple(
        (
            figure.label,
            labels.caseload(figure),
            labels.used(figure),
            labels.received(figure),
            labels.response_rate(figure),
            labels.unweighted(figure),
            labels.value(figure),
            labels.interval(figure),
            percent(figure.estimate.coverage) if figure.estimate else "–",
            labels.verdict(figure) + "*" * asked.together.get(figure.domain, False),
            labels.overturn(figure),
        )
        for figure in figures
    )
    return DocumentTable(
        caption,
        columns,
        rows,
        f"{brief.in_units(subject, _note(figures, asked.together))} {labels.OF_OVERTURN}",
        tuple(figure.key for figure in figures),
    )


def _note(figures: Sequence[Figure], together: Mapping[str, bool]) -> str:
    settled = any(figure.domain in together for figure in figures)
    return " ".join(filter(None, [NOTE, TOGETHER * settled, labels.of_a_part(figures)]))


def _chart(brief: Brief, subject: str, by: str, figures: list[Figure]) -> Chart:
    main = brief.main_target(subject)
    shown = figures[: min(CHART_ROWS, MAX_CHART_ROWS)]
    return Chart(
        caption=brief.captions.chart(_sentence(brief, subject, by, figures, len(shown))),
        alt=chart_alt("Biểu đồ chấm và khoảng bất định theo đơn vị", shown),
        form="rows",
        marks=tuple(mark(figure) for figure in shown),
        target=None if main is None else float(main.threshold.threshold),
        target_label=labels.TargetLabel() if main is None else labels.target_label(main.threshold, main.status),
    )


def _sentence(brief: Brief, subject: str, by: str, figures: list[Figure], shown: int) -> str:
    main = brief.main_target(subject)
    what = f"{shown} {COUNTED[by]} có tỷ lệ thấp nhất" if shown < len(figures) else f"Tỷ lệ của {shown} {COUNTED[by]}"
    if main is None:
        return f"{what}."
    below = sum(1 for figure in figures if figure.estimate and not main.threshold.holds(figure.estimate))
    threshold = phrases.threshold_words(main.threshold.comparator, main.threshold.threshold)
    whose = f" của {main.target.agency.name}" if main.target.agency else ""
    return f"{what}; {below} trong {len(figures)} {COUNTED[by]} có số ước tính chưa đạt mốc {threshold}{whose}."
