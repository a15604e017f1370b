"""What pulls the result down: services and agencies by their share of the gap to the target."""

from __future__ import annotations

from analysis.figures.figure import Figure, Figures
from analysis.reports.context import Brief
from analysis.reports.document import Block, Bullets, Paragraph
from analysis.statistics.contributions import Contribution, contributions
from analysis.statistics.disclosure.primary import FEWEST_STAFF
from survey.foundation.formatting import number, percent, points

MOST = 5


def drag_blocks(brief: Brief, subject: str) -> list[Block]:
    """At most five services and five agencies whose weight times distance from the mark costs most."""
    whole = brief.ask(subject)
    if whole.cells is None or whole.total.estimate is None or whole.total.estimate.estimate is None:
        return []
    main = brief.main_target(subject)
    level = float(main.threshold.threshold) if main else whole.total.estimate.estimate
    beside = "so với mốc" if main else "so với kết quả chung"
    blocks: list[Block] = []
    parts = [("service", [one.service for one in whole.post_strata], "Theo dịch vụ")]
    if not brief.recipient.is_single:
        parts.append(("agency", [one.agency for one in whole.post_strata], "Theo đơn vị"))
    for by, of_post_strata, name in parts:
        figures = brief.ask(subject, by=by)
        pulling = _shown(figures, _pulling(whole, level, of_post_strata))
        if pulling:
            brief.derived[f"pulling {subject} {by}"] = {
                one.part: [one.share, one.n, one.weight, one.gap] for one in pulling
            }
            items = tuple(_item(figures[one.part], one, beside) for one in pulling)
            blocks += [Paragraph(f"{name}, các nội dung kéo giảm kết quả nhiều nhất:"), Bullets(items)]
    return blocks or [Paragraph(f"Không có dịch vụ, đơn vị nào kéo giảm kết quả {beside}.")]


def _pulling(whole: Figures, level: float, of_post_strata: list[str]) -> list[Contribution]:
    assert whole.cells is not None
    found = contributions(whole.cells, level, of_post_strata)
    return [one for one in found if one.gap < 0 and one.n >= FEWEST_STAFF]


def _shown(figures: Figures, pulling: list[Contribution]) -> list[Contribution]:
    shown = {one.domain for one in figures.figures if not one.suppressed}
    return [one for one in pulling if one.part in shown][:MOST] if len(shown) > 1 else []


def _item(figure: Figure, one: Contribution, beside: str) -> str:
    return (
        f"{figure.label}: {percent(one.share)} hài lòng ({number(one.n)} phiếu, {percent(one.weight)} khối lượng), "
        f"làm giảm kết quả chung {points(-one.gap)[1:]} {beside}."
    )
