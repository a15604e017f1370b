"""Page one, for one minute: a sentence a target, one picture, what pulls the result down, what changed."""

from __future__ import annotations

from analysis.figures.figure import Figure
from analysis.presentation import labels, phrases
from analysis.presentation.charts.marks import chart_alt, mark
from analysis.presentation.charts.model import Chart
from analysis.presentation.overturn_words import SETTLED
from analysis.reports.context import Brief
from analysis.reports.document import Block, Bullets, Paragraph
from analysis.reports.parts.causes import cause_lines
from analysis.reports.parts.months import MOVEMENT, month_figures, short_month, step_from_before, step_words
from analysis.reports.parts.reach_lines import has_few_answers
from analysis.statistics import Evidence, Point
from analysis.targets.service import ON_THE_WAY, TargetInYear
from analysis.targets.words import mark_of
from survey.foundation.formatting import number, percent

BELOW, OPEN, ABOVE, FEW = "đủ căn cứ dưới mốc", "chưa kết luận được", "đủ căn cứ đạt mốc", "dưới 30 phiếu"
UNITS_BY_EVIDENCE: dict[Evidence | None, str] = {Evidence.NOT_MET: BELOW, Evidence.MET: ABOVE}


def summary(brief: Brief) -> tuple[Block, ...]:
    """What a director reads standing."""
    if not brief.subjects:
        return (Paragraph(f"Trong {labels.within(brief.period)} {labels.NONE_TOLD}."),)
    blocks: list[Block] = [Bullets(tuple(_sentences(brief)))]
    subject = _main_subject(brief)
    if subject is not None:
        blocks += [*_picture(brief, subject)]
        causes = cause_lines(brief, subject)
        if causes:
            blocks += [Paragraph("Kéo giảm kết quả nhiều nhất:", style="lead"), Bullets(causes)]
    if changed := _changed(brief):
        blocks.append(Paragraph(changed, lead=f"So với {labels.within(brief.period.previous())}:"))
    return tuple(blocks)


def _changed(brief: Brief) -> str:
    """Each subject's step from the period before, and once what may be said of all where that is the same."""
    steps = [(subject, step) for subject in brief.subjects if (step := step_from_before(brief, subject))]
    said = [f"{_name(subject).lower() if len(steps) > 1 else ''} {step_words(step)}".strip() for subject, step in steps]
    movements = [MOVEMENT[step.movement] for _subject, step in steps]
    if len(set(movements)) == 1:
        return f"{'; '.join(said)}: {movements[0]}."
    return (
        f"{'; '.join(f'{words}, {movement}' for words, movement in zip(said, movements, strict=True))}." if said else ""
    )


def _sentences(brief: Brief) -> list[str]:
    """One a target that speaks: those of the report's subjects, then the province's others where it sums them up.

    Of so many only the first share says what stands in brackets and beside it: page one holds them all.
    """
    told: list[tuple[str, TargetInYear | None, Figure]] = [
        (subject, target, brief.ask(subject).total)
        for subject in brief.subjects
        for target in brief.targets_of(subject)[:1] or (None,)
    ]
    if brief.recipient.overview:
        others = [target_in_year for target_in_year in brief.targets if _of_others(brief, target_in_year)]
        told += [(target.target.subject or "", target, _everywhere(brief, target)) for target in others]
    shares = [
        place
        for place, (_subject, _target, figure) in enumerate(told)
        if figure.estimate is not None and figure.estimate.estimate is not None
    ]
    in_full = shares[:1] if brief.recipient.overview else shares
    return [
        _sentence(brief, subject, target, figure, short=place not in in_full)
        for place, (subject, target, figure) in enumerate(told)
    ]


def _of_others(brief: Brief, target_in_year: TargetInYear) -> bool:
    own = target_in_year.target.subject in brief.subjects
    return target_in_year.target.kind == "satisfaction" and target_in_year.status != ON_THE_WAY and not own


def _everywhere(brief: Brief, target: TargetInYear) -> Figure:
    """The province's figure of a target that is not the report's own."""
    kinds = target.target.counted_kinds
    return brief.inquiry.ask(target.target.subject or "", target.threshold, respondent_kinds=kinds).total


def _sentence(brief: Brief, subject: str, target: TargetInYear | None, figure: Figure, *, short: bool) -> str:
    """As "Y tế: 76,4 % hài lòng (khoảng 90 %: 74,1-78,6 %), so với mốc > 80 % (mục III.2): …"; short without these."""
    estimate = figure.estimate
    if not labels.answered(figure) or estimate is None:
        return f"{_name(subject)}: {labels.why_untold(figure)}; chưa có căn cứ so với chỉ tiêu."
    if estimate.estimate is None:
        plain = f"{percent(estimate.unweighted)} của {number(estimate.responses)} phiếu tỏ ý hài lòng"
        return f"{_name(subject)}: {plain}; {labels.why_unweighted(figure)} nên chưa kết luận."
    share = labels.value(figure)
    within = f"({labels.interval(figure)})" if short else f"hài lòng (khoảng 90 %: {labels.interval(figure)})"
    return f"{_name(subject)}: {share} {within}, {_beside(figure, target, short=short)}."


def _beside(figure: Figure, target: TargetInYear | None, *, short: bool) -> str:
    if target is None:
        return "tỉnh chưa có chỉ tiêu để so sánh"
    its = target.target
    beside = mark_of(target)
    beside = beside if short else f"so với {beside} (mục {its.clause})"
    if figure.verdict is None:
        why = "10-29 phiếu, chỉ để tham khảo" if figure.reference_only else "chưa kết luận được"
        return f"{beside}: {why}"
    evidence = labels.short_evidence(figure)
    if figure.verdict.evidence in SETTLED:
        return f"{beside}: {evidence}{labels.short_overturn(figure)}"
    said = "đạt" if figure.verdict.point is Point.MET else "chưa đạt"
    return f"{beside}: {'' if short else 'số ước tính '}{said}, {evidence}{labels.short_overturn(figure)}"


def _name(subject: str) -> str:
    return str(phrases.SHORT_SUBJECTS[subject])


def _main_subject(brief: Brief) -> str | None:
    """The first subject of which a figure is shown."""
    for subject in brief.subjects:
        estimate = brief.ask(subject).total.estimate
        if estimate is not None and estimate.estimate is not None:
            return subject
    return None


def _picture(brief: Brief, subject: str) -> tuple[Chart, ...]:
    """Twelve months beside the steps of the promised levels; below them how many units lie on which side."""
    every = month_figures(brief, subject)
    months = every if len(every) > 1 else []
    counts = _units(brief, subject)
    if not months and not counts:
        return ()
    main = brief.main_target(subject)
    what = ["tỷ lệ hài lòng theo tháng"] * bool(months) + ["số đơn vị so với mốc"] * bool(counts)
    return (
        Chart(
            caption=brief.captions.chart(f"{_name(subject)}: {'; '.join(what)}."),
            alt=chart_alt("Biểu đồ chấm và khoảng bất định theo tháng", months) + _counts_alt(counts),
            form="summary",
            marks=tuple(mark(figure, short_month(figure.domain)) for figure in months),
            target=None if main is None else float(main.threshold.threshold),
            target_label=labels.TargetLabel() if main is None else labels.target_label(main.threshold, main.status),
            levels=_levels(brief, subject, [figure.domain for figure in months]),
            counts=counts,
        ),
    )


def _levels(brief: Brief, subject: str, months: list[str]) -> tuple[float | None, ...]:
    """The level in force in each month: a step where a year with another target begins."""
    return tuple(brief.level_in(subject, int(code[:4])) for code in months)


def _units(brief: Brief, subject: str) -> tuple[tuple[str, int], ...]:
    """Units by what their figures allow to say beside the target; nothing for a single unit."""
    if brief.recipient.is_single or brief.main_target(subject) is None:
        return ()
    counted = dict.fromkeys((BELOW, OPEN, ABOVE, FEW), 0)
    figures = brief.ask(subject, by="agency").figures
    for figure in figures:
        evidence = figure.verdict.evidence if figure.verdict else None
        counted[FEW if has_few_answers(figure) else UNITS_BY_EVIDENCE.get(evidence, OPEN)] += 1
    return tuple(counted.items()) if len(figures) > 1 else ()


def _counts_alt(counts: tuple[tuple[str, int], ...]) -> str:
    return f" Số đơn vị: {'; '.join(f'{name}: {count}' for name, count in counts)}." if counts else ""
