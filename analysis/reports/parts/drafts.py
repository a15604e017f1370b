"""Drafts of what the office itself has to say, from contributions and themes alone: it edits them before it signs."""

from __future__ import annotations

from analysis.figures.questions import QuestionResult
from analysis.figures.suppression.complement import is_untold
from analysis.presentation import labels, phrases
from analysis.reports.context import Brief
from analysis.reports.parts.cases import case_counts
from analysis.reports.parts.causes import causes, cost
from analysis.reports.parts.comments import theme_counts
from analysis.reports.parts.questions import factor_results
from analysis.statistics import Point
from analysis.targets.words import mark_of
from survey.foundation.formatting import number, percent, sentence_case

MOST_NAMED = 2
NOTHING_FOUND = "Số liệu của kỳ này chưa cho thấy tồn tại nào nổi lên."
TOO_FEW_TO_FIND = "Số phiếu của kỳ này còn ít (dưới 30), chưa đủ để nói có tồn tại nào hay không."
GO_ON = "Tiếp tục thu thập ý kiến tại các quầy và gửi đủ số {units} của từng tháng."
ASK_MORE = "Kiểm tra kiosk, mã QR tại các quầy và mời người dân đánh giá, để kỳ sau đủ số phiếu nêu được kết quả."
UNITS = {"hồ sơ": "hồ sơ đã giải quyết"}


def shortcomings(brief: Brief) -> tuple[str, ...]:
    """Tồn tại, nguyên nhân: what missed its mark, what costs most, the weakest factor, what is written about most."""
    lines = [words for subject in brief.subjects if (words := _missed(brief, subject) or _lacking(brief, subject))]
    lines += [words for subject in brief.subjects[:1] if (words := _dearest(brief, subject))]
    lines += [words for subject in brief.subjects[:1] if (words := _weakest_factor(brief, subject))]
    theme, late = _theme(brief), case_counts(brief).overdue
    voices = [f"ý kiến góp ý nhiều nhất về “{theme[0]}” ({number(theme[1])} ý kiến)"] if theme else []
    voices += [f"{number(late)} phản ánh, kiến nghị quá hạn chưa trả lời"] if late else []
    if not brief.subjects:
        lines.append(f"{sentence_case(labels.within(brief.period))} chưa có kết quả: {labels.NONE_TOLD}.")
    return (*lines, *_sentence(voices)) or (TOO_FEW_TO_FIND if _only_reference(brief) else NOTHING_FOUND,)


def proposals(brief: Brief) -> tuple[str, ...]:
    """Đề xuất, kiến nghị, phương hướng: one line for each thing the figures point at."""
    lines: list[str] = []
    for subject in brief.subjects[:1]:
        services = causes(brief, subject, "service")[:MOST_NAMED]
        units = [] if brief.recipient.is_single else causes(brief, subject, "agency")[:MOST_NAMED]
        if units:
            who = "; ".join(part.figure.label for part in units)
            lines.append(f"Đề nghị {who} rà soát nguyên nhân, ghi biện pháp khắc phục trước kỳ báo cáo sau.")
        if services:
            what = ", ".join(f"“{part.figure.label}”" for part in services)
            lines.append(f"Tập trung cải thiện {what}, nơi kéo giảm kết quả nhiều nhất.")
        factor = _weakest(brief, subject)
        if factor is not None:
            lines.append(f"Rà soát tiêu chí “{factor.text}”, tiêu chí có tỷ lệ hài lòng thấp nhất.")
    theme, late = _theme(brief), case_counts(brief).overdue
    answers = [f"xem xét các ý kiến về “{theme[0]}” và trả lời công khai"] if theme else []
    answers += [f"trả lời ngay {number(late)} phản ánh, kiến nghị quá hạn"] if late else []
    return (*lines, *_sentence(answers), *_go_on(brief))


DRAFTS = {"shortcomings": shortcomings, "proposals": proposals}


def written(brief: Brief, part: str) -> tuple[str, ...]:
    """A part as the report prints it: the office's own words, or the draft.

    The draft is always made: what it derives is attached, whoever wrote the words.
    """
    draft, own = DRAFTS[part](brief), brief.words.get(part, "")
    return tuple(own.splitlines()) or draft


def _sentence(clauses: list[str]) -> list[str]:
    """The clauses as one sentence; none of none."""
    return [f"{sentence_case('; '.join(clauses))}."] if clauses else []


def _only_reference(brief: Brief) -> bool:
    """Whether every figure rests on so few answers that none is judged: nothing found then means nothing."""
    return all(brief.ask(subject).total.reference_only for subject in brief.subjects)


def _go_on(brief: Brief) -> list[str]:
    """What every report ends with; where nothing could be told, first how to get answers."""
    figures = [brief.ask(subject).total for subject in brief.subjects]
    units = dict.fromkeys(brief.caseload_unit(subject) for subject in brief.subjects) or {"hồ sơ": None}
    named = ", ".join(UNITS.get(unit, unit) for unit in units)
    return [ASK_MORE] * all(figure.estimate is None for figure in figures) + [GO_ON.format(units=named)]


def _lacking(brief: Brief, subject: str) -> str:
    """Why a subject has no result; '' where it has one."""
    figure, name = brief.ask(subject).total, phrases.SHORT_SUBJECTS[subject]
    if is_untold(figure):
        return f"{name}: {labels.HELD_BACK}."
    if figure.estimate is None:
        return f"{name}: chưa có kết quả, vì {labels.why_untold(figure)}."
    if figure.estimate.estimate is None:
        why = labels.THIN_GROUPS if figure.only_thin_groups else f"chưa gửi số {brief.caseload_unit(subject)}"
        return f"{name}: {why} nên kết quả chưa gia quyền, chưa kết luận được."
    return ""


def _missed(brief: Brief, subject: str) -> str:
    main, figure = brief.main_target(subject), brief.ask(subject).total
    if main is None or figure.verdict is None or figure.verdict.point is not Point.NOT_MET or figure.estimate is None:
        return ""
    beside = mark_of(main)
    name, share = phrases.SHORT_SUBJECTS[subject], labels.value(figure)
    return f"{name}: {share} hài lòng, dưới {beside} ({labels.short_evidence(figure)})."


def _dearest(brief: Brief, subject: str) -> str:
    named = "; ".join(f"{part.figure.label} ({cost(part)})" for part in causes(brief, subject, "service")[:MOST_NAMED])
    return f"Kéo giảm nhiều nhất, theo dịch vụ: {named}." if named else ""


def _weakest_factor(brief: Brief, subject: str) -> str:
    factor = _weakest(brief, subject)
    if factor is None or factor.figure.estimate is None:
        return ""
    return f"Tiêu chí có tỷ lệ hài lòng thấp nhất: “{factor.text}” ({percent(factor.figure.estimate.estimate)})."


def _weakest(brief: Brief, subject: str) -> QuestionResult | None:
    """The factor with the lowest weighted share, of those that can be compared: the same form, the same method."""
    for factors in factor_results(brief, subject):
        shown = [
            (factor.figure.estimate.estimate, index)
            for index, factor in enumerate(factors)
            if factor.figure.estimate is not None and factor.figure.estimate.estimate is not None
        ]
        if len(shown) > 1 and len({factors[index].method for _share, index in shown}) == 1:
            return factors[min(shown)[1]]
    return None


def _theme(brief: Brief) -> tuple[str, int] | None:
    """The theme most comments are about, and how many; None where none may be told."""
    told = [
        (theme.comments, theme.name)
        for counts in theme_counts(brief).values()
        for theme in counts.themes
        if theme.comments is not None and theme.comments and theme.key != "unsorted"
    ]
    if not told:
        return None
    comments, name = max(told)
    return name, comments
