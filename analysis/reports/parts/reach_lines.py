"""Coverage and quality of the figures in three lines; all the rest stands in the annex."""

from __future__ import annotations

from analysis.figures.figure import Figure
from analysis.figures.suppression.complement import is_untold
from analysis.presentation import labels, phrases
from analysis.reports.context import Brief
from analysis.reports.grounds import merger_words
from survey.foundation.formatting import number, percent


def reach_lines(brief: Brief) -> tuple[str, ...]:
    """How many answered of how many, how much of the caseload that speaks for."""
    told = [subject for subject in brief.subjects[:1] if _is_told(brief.ask(subject).total)]
    lines = [*(_answers(brief, subject) for subject in told), *[labels.VOLUNTEERS] * bool(told)]
    merged = merger_words(brief.province_key, brief.province_name, brief.period)
    return tuple(line for line in (*lines, merged) if line)


def _is_told(figure: Figure) -> bool:
    return labels.answered(figure) and not is_untold(figure)


def _answers(brief: Brief, subject: str) -> str:
    total: Figure = brief.ask(subject).total
    estimate, unit = total.estimate, brief.caseload_unit(subject)
    name = phrases.SHORT_SUBJECTS[subject]
    received = f"{labels.received(total)} phiếu nhận được"
    if not total.unweighted_only:
        received += f", {labels.used(total)} phiếu dùng trong con số này"
    if estimate is None or not total.caseload or estimate.coverage is None:
        return f"{name}: {received}; chưa có số {unit} để tính tỷ lệ trả lời."
    return (
        f"{name}: {received}, trên {number(total.caseload)} {unit}{' của phần đã có số' * total.partial} "
        f"(tỷ lệ trả lời {percent(estimate.response_rate)}); "
        f"các nhóm có phiếu chiếm {percent(estimate.coverage)} khối lượng{_silent_units(brief, subject)}."
    )


def has_few_answers(figure: Figure) -> bool:
    """Fewer than 30, none among them: the picture of page one and the line on coverage count the same units."""
    return figure.estimate is None or figure.reference_only


def _silent_units(brief: Brief, subject: str) -> str:
    if brief.recipient.is_single:
        return ""
    figures = brief.ask(subject, by="agency").figures
    thin = sum(map(has_few_answers, figures))
    return f"; {number(thin)} trong {number(len(figures))} đơn vị có dưới 30 phiếu" if thin else ""
