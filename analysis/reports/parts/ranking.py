"""The yearly ranking of agencies: ranks as intervals, satisfaction converted to points of the reform index."""

from __future__ import annotations

from analysis.figures.figure import Figure
from analysis.presentation import labels
from analysis.reports.calendar import index_points
from analysis.reports.context import Brief
from analysis.reports.document import Annex, Column, DocumentTable, Paragraph
from analysis.statistics.verdicts.multiplicity import RankInterval
from survey.foundation.formatting import number

SUBJECT = "agency_service"
EXPLAINED = (
    "Thứ hạng là một khoảng: hai cơ quan có khoảng thứ hạng chồng lên nhau thì số liệu chưa cho phép nói cơ quan nào "
    "hơn (so từng cặp, hiệu chỉnh Holm, mức 5 %). Cơ quan có dưới 30 phiếu hoặc cỡ mẫu hiệu dụng dưới 30 không xếp "
    "hạng. Chỉ xếp hạng trong cùng một phương pháp tính."
)


def ranking(brief: Brief) -> tuple[Annex, ...]:
    """One annex, for the department that ranks, on a year; nothing otherwise."""
    if not brief.recipient.overview or brief.period.kind != "year":
        return ()
    answer = brief.ask(SUBJECT, by="agency")
    if answer.estimation is None:
        return ()
    ranks = answer.ranks
    pairs = [(figure, ranks.get(figure.domain)) for figure in answer.figures if figure.estimate is not None]
    pairs.sort(key=lambda pair: _order(*pair))
    most = index_points(brief.province_key)
    brief.derived["ranking"] = {figure.domain: _place(figure, place, most) for figure, place in pairs}
    columns = (
        Column("Khoảng thứ hạng", 1.2, "center"),
        Column("Cơ quan", 5),
        Column(labels.USED, 0.9, "right", "n"),
        Column(labels.RECEIVED, 0.9, "right", "received"),
        Column("Tỷ lệ hài lòng", 1.1, "right", "share"),
        Column("Khoảng 90 %", 1.5, "center"),
        Column(f"Điểm quy đổi (tối đa {most})", 1.4, "right"),
    )
    rows = tuple(_row(figure, place, most) for figure, place in pairs)
    caption = brief.captions.table(f"Xếp hạng theo mức độ hài lòng về {labels.SUBJECT[SUBJECT]}")
    note = f"Điểm quy đổi = tỷ lệ hài lòng gia quyền × {most} (tuyến tính); mức tối đa do tỉnh quy định."
    title = f"Xếp hạng cơ quan {brief.period.label()}"
    table = DocumentTable(caption, columns, rows, note, tuple(figure.key for figure, _place in pairs))
    return (Annex("Phụ lục", title, (Paragraph(EXPLAINED), table), landscape=True),)


def _order(figure: Figure, place: RankInterval | None) -> tuple[bool, float, str]:
    share = figure.estimate.estimate if figure.estimate else None
    return (place is None, -(share or 0.0), figure.label)


def _row(figure: Figure, place: RankInterval | None, most: int) -> tuple[str, ...]:
    gained = _place(figure, place, most)[2]
    return (
        "không xếp hạng" if place is None else _interval(place),
        figure.label,
        labels.used(figure),
        labels.received(figure),
        labels.value(figure),
        labels.interval(figure),
        number(gained, 2),
    )


def _place(figure: Figure, place: RankInterval | None, most: int) -> list[float | None]:
    """Best and worst rank and the points: nothing for an agency that is not ranked."""
    share = figure.estimate.estimate if figure.estimate else None
    if place is None:
        return [None, None, None]
    return [place.best, place.worst, None if share is None else share * most]


def _interval(place: RankInterval) -> str:
    return str(place.best) if place.best == place.worst else f"{place.best}-{place.worst}"
