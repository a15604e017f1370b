"""Part III: how far the figures reach and what is wrong with the data."""

from __future__ import annotations

from functools import partial

from analysis.figures.figure import Figure
from analysis.presentation import labels, phrases
from analysis.presentation.lacking_words import lacking_words
from analysis.presentation.sensitivity import sensitivity
from analysis.presentation.tipping import tipping_of, tipping_words
from analysis.reports.context import Brief
from analysis.reports.document import Block, Bullets, Column, DocumentTable, Paragraph
from analysis.reports.parts.overview import overview_targets
from analysis.statistics.nonresponse import manski_bounds
from analysis.targets.service import TargetInYear
from analysis.targets.words import mark_of
from survey.foundation.formatting import number, percent

HELD_BACK = "newest_held_back"  # of no answers told there is nothing else to know


def quality(brief: Brief) -> tuple[Block, ...]:
    """Response rate and coverage, the channels, what was flagged, and what could be if the silent thought otherwise."""
    blocks: list[Block] = [Paragraph(labels.VOLUNTEERS)]
    for subject in brief.subjects:
        total = brief.ask(subject).total
        if not labels.answered(total) or total.estimate is None:
            continue
        blocks += _reach(brief, subject, total)
        blocks += _certainty(brief, subject)
        blocks += _channels(brief, subject)
    blocks += _others_certainty(brief)
    notes = notes_of_data(brief)
    if notes:
        blocks += [Paragraph("Lưu ý về dữ liệu:"), Bullets(notes)]
    return tuple(blocks)


def _reach(brief: Brief, subject: str, total: Figure) -> list[Block]:
    estimate = total.estimate
    assert estimate is not None
    name = labels.SUBJECT[subject]
    if not total.caseload or estimate.response_rate is None or estimate.coverage is None:
        return [Paragraph(f"Chưa có số {brief.caseload_unit(subject)} để tính tỷ lệ trả lời.", lead=f"Về {name}:")]
    text = (
        f"n = {labels.used(total)} phiếu (nhận được {labels.received(total)}) trên {number(total.caseload)} "
        f"{brief.caseload_unit(subject)}{_of_a_part(total)} (tỷ lệ trả lời {percent(estimate.response_rate)}); "
        f"nhóm có phiếu chiếm {percent(estimate.coverage)}, "
        f"nhóm có từ 5 phiếu chiếm {percent(estimate.coverage_adequate)} khối lượng."
    )
    main = brief.main_target(subject)
    tipping = tipping_words(total, main.threshold) if main else None
    if main and tipping:
        brief.derived[f"tipping_share {subject}"] = tipping_of(total, main.threshold)
    sentences = [text, _bounds(brief, subject, total), tipping or ""]
    return [Paragraph(" ".join(sentence for sentence in sentences if sentence), lead=f"Về {name}:")]


def _certainty(brief: Brief, subject: str) -> list[Block]:
    """Of every verdict on a subject: what would overturn it, what hints at it, and what would settle it."""
    return [block for target in brief.targets_of(subject) for block in _of_verdict(brief, subject, target)]


def _others_certainty(brief: Brief) -> list[Block]:
    """The same of the province's other targets, where the document sums them up."""
    return [
        block
        for target in overview_targets(brief)
        if target.target.subject not in brief.subjects
        for block in _of_verdict(brief, target.target.subject or "", target)
    ]


def _of_verdict(brief: Brief, subject: str, target: TargetInYear) -> list[Block]:
    ask = partial(brief.inquiry.ask_question, threshold=target.threshold)
    shifts = sensitivity(brief.ask_beside(subject, target), ask=ask)
    if shifts is None:
        return []
    lines = (shifts.overturn, shifts.otherwise, *shifts.lines)
    said = tuple(brief.in_units(subject, line) for line in lines if line)
    main = target == brief.main_target(subject)
    if shifts.at:
        brief.derived[f"shifted {subject}{'' if main else f' {target.target.code}'}"] = [
            [shifted.points, shifted.point.value, shifted.evidence and shifted.evidence.value] for shifted in shifts.at
        ]
    about = f"Kết luận về {labels.SUBJECT[subject]} so với {mark_of(target)} chắc đến đâu:"
    return [Paragraph(about), Bullets(said)] if said else []


def _of_a_part(total: Figure) -> str:
    what = lacking_words([total])
    return f", là của phần đã có số (thiếu {what})" if what else ""


def _bounds(brief: Brief, subject: str, total: Figure) -> str:
    """What holds without any assumption about those who did not answer (Manski, AER 80, 1990)."""
    estimate = total.estimate
    bounds = (
        manski_bounds(estimate.satisfied, estimate.responses, total.caseload) if estimate and total.caseload else None
    )
    if bounds is None:
        return ""
    brief.derived[f"bounds {subject}"] = [bounds.low, bounds.high]
    return (
        "Nếu không giả định gì về người không trả lời, tỷ lệ hài lòng thật có thể ở bất cứ đâu từ "
        f"{percent(bounds.low)} đến {percent(bounds.high)}."
    )


def _channels(brief: Brief, subject: str) -> list[Block]:
    figures = [figure for figure in brief.ask(subject, by="channel").figures if labels.answered(figure)]
    if len(figures) < 2:
        return []
    columns = (
        Column("Kênh", 2),
        Column(labels.USED, 1, "right", "n"),
        Column(labels.RECEIVED, 1, "right", "received"),
        Column("Tỷ lệ hài lòng chưa gia quyền", 1.4, "right"),
        Column("Tỷ lệ hài lòng gia quyền", 1.3, "right", "share"),
        Column("Khoảng 90 %", 1.3, "center"),
    )
    rows = tuple(
        (
            figure.label,
            labels.used(figure),
            labels.received(figure),
            labels.unweighted(figure),
            labels.value(figure),
            labels.interval(figure),
        )
        for figure in figures
    )
    caption = brief.captions.table(f"Kênh thu thập ({labels.SUBJECT[subject]})")
    return [DocumentTable(caption, columns, rows, keys=tuple(figure.key for figure in figures))]


def notes_of_data(brief: Brief) -> tuple[str, ...]:
    """What must be known of the data; of which subject, where it is not the same of all."""
    subjects_by_message: dict[str, list[str]] = {}
    for subject in brief.subjects:
        for note in brief.ask(subject).notes:
            if note.code == HELD_BACK or (labels.answered(brief.ask(subject).total) and note.code != "no_cells"):
                subjects_by_message.setdefault(brief.in_units(subject, note.message), []).append(subject)
    return tuple(
        message
        if len(set(subjects)) == len(brief.subjects)
        else f"{', '.join(str(phrases.SHORT_SUBJECTS[subject]) for subject in dict.fromkeys(subjects))}: {message}"
        for message, subjects in subjects_by_message.items()
    )
