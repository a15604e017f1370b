"""Annex: results by factor and by question of each form, and how many gave each of the five levels."""

from __future__ import annotations

from math import ceil

from analysis.figures.query import FigureQuery
from analysis.figures.questions import FormResults, QuestionResult, as_rows, overall_results, question_results
from analysis.presentation import labels, phrases
from analysis.presentation.charts.model import Chart, Stack
from analysis.reports.context import Brief
from analysis.reports.document import Annex, Block, Column, DocumentTable
from survey.foundation.caching.object_cache import once_for_each
from survey.foundation.formatting import ABSENT, number, percent
from survey.foundation.vocabulary import SCALE

METHOD_NAMES = {
    "top2": "Một câu",
    "item_pooled": "Gộp các câu",
    "mean_rescaled": "Điểm trung bình",
    "all_items": "Hài lòng mọi câu",
}
METHODS = {
    "top2": "tỷ lệ trả lời 4-5 ở một câu hỏi",
    "item_pooled": "tỷ lệ trả lời 4-5 trong mọi lượt trả lời các câu gộp lại (quy tắc của Bộ Y tế)",
    "mean_rescaled": "điểm trung bình chia 5",
    "all_items": "phần người trả lời mọi câu đều 4-5 (hài lòng toàn diện)",
}
METHOD = "Cách tính"
BARS = 16  # of one chart: as many as fit a page that lies across, even where their words take two lines
LEAST_BARS = 2  # of a single question the numbers in the table say as much
METHOD_LINES = tuple(f"{METHOD_NAMES[code]}: {words}" for code, words in METHODS.items())
NOTE = (
    f"Cách tính: {'; '.join(METHOD_LINES)}. Không so sánh hay tính trung bình giữa các cách. Số của phiếu Bộ Y tế "
    "theo quy tắc của Bộ là cột chưa gia quyền. Điểm trung bình và số phiếu theo mức 1-5 là đếm thẳng; “–”: giữ lại vì "
    "ít phiếu, hoặc nhiều câu gộp lại."
)


def question_annex(brief: Brief) -> tuple[Annex, ...]:
    """One annex with two tables a form; none where nobody answered a detailed question.

    The charts stand between them: behind the last table one of few bars would have a page to itself.
    """
    blocks: list[Block] = []
    for subject in brief.subjects:
        forms = _forms(brief, subject)
        if forms:
            overall = overall_results(question_of(brief, subject), brief.inquiry.ask_question)
            for form in forms:
                by_factor, by_question = _tables(brief, subject, overall, form)
                blocks += [by_factor, *_charts(brief, subject, form), by_question]
    if not blocks:
        return ()
    title = f"Kết quả theo tiêu chí và câu hỏi {brief.period.label()}"
    return (Annex("Phụ lục", title, tuple(blocks), landscape=True),)


def factor_results(brief: Brief, subject: str) -> tuple[tuple[QuestionResult, ...], ...]:
    """The factors of each form that was answered in detail."""
    return tuple(form.factors for form in _forms(brief, subject))


@once_for_each
def _forms(brief: Brief, subject: str) -> tuple[FormResults, ...]:
    if not brief.tells(subject):
        return ()
    return question_results(question_of(brief, subject), brief.inquiry.ask_question)


def question_of(brief: Brief, subject: str) -> FigureQuery:
    """Whose answers a subject's detailed questions and facts are counted over."""
    main = brief.main_target(subject)
    return FigureQuery(
        province=brief.province_key,
        subject=subject,
        period=brief.period,
        until=brief.inquiry.until,
        received_before=brief.closed_at,
        agencies=brief.recipient.agencies,
        respondent_kinds=main.target.counted_kinds if main else None,
    )


def _tables(
    brief: Brief, subject: str, overall: tuple[QuestionResult, ...], form: FormResults
) -> tuple[DocumentTable, DocumentTable]:
    brief.derived[f"questions {subject} {form.key}"] = {
        result.code: {"levels": list(result.levels), "mean": result.mean} for result in (*form.factors, *form.questions)
    }
    factors = (*overall, *(row for result in (*form.whole, *form.factors) for row in as_rows(result)))
    whole = {result.code for result in form.whole}
    named = dict.fromkeys(whole, "Cả phiếu") | {result.code: "Câu hỏi chung, mọi phiếu" for result in overall}
    what = f"{labels.SUBJECT[subject]}, {form.title}"
    mean = (Column("Điểm TB", 0.8, "right"),) if any(result.mean is not None for result in factors) else ()
    return (
        DocumentTable(
            brief.captions.table(f"Theo tiêu chí: {what}"),
            (*_columns("Tiêu chí"), *mean),
            tuple(
                (named.get(result.code, result.text), *_numbers(result), *[_mean(result)] * len(mean))
                for result in factors
            ),
            NOTE,
            tuple(result.figure.key for result in factors),
        ),
        DocumentTable(
            brief.captions.table(f"Theo câu hỏi, số phiếu theo năm mức: {what}"),
            (
                *(column for column in _columns("Câu hỏi") if column.heading != METHOD),
                Column("Trung bình ÷ 5, khoảng 90 %", 1.5, "center"),
                *mean,
                *(Column(str(value), 0.8, "right") for value in SCALE),
            ),
            tuple(
                (result.text, *_numbers(result)[1:], _rescaled(result), *[_mean(result)] * len(mean), *_levels(result))
                for result in form.questions
            ),
            f"Gia quyền và chưa gia quyền: {METHODS['top2']}. Mức 1-5: "
            f"{', '.join(f'{value} {words}' for value, words in SCALE.items())}.",
            tuple(result.figure.key for result in form.questions),
        ),
    )


def _charts(brief: Brief, subject: str, form: FormResults) -> tuple[Chart, ...]:
    """The five levels of each question whose counts may all be told, as bars."""
    stacks = [Stack(result.text, result.shares) for result in form.questions if result.shares]
    if len(stacks) < LEAST_BARS:
        return ()
    each = ceil(len(stacks) / ceil(len(stacks) / BARS))  # charts of about equal height
    asked = len(form.questions)
    some = f"của {len(stacks)} trong {asked} câu, những câu nêu được đủ năm mức"
    which = "từng câu" if len(stacks) == asked else some
    parts = [tuple(stacks[start : start + each]) for start in range(0, len(stacks), each)]
    return tuple(
        Chart(
            caption=brief.captions.chart(f"Năm mức trả lời {which}: {labels.SUBJECT[subject]}, {form.title}."),
            alt=". ".join(map(_spoken, part)),
            form="levels",
            marks=(),
            stacks=part,
        )
        for part in parts
    )


def _spoken(stack: Stack) -> str:
    told = (f"mức {level} {percent(share, 0)}" for level, share in enumerate(stack.shares, start=1))
    return f"{stack.label}: {', '.join(told)}"


def _columns(heading: str) -> tuple[Column, ...]:
    return (
        Column(heading, 4.0),
        Column(METHOD, 1.25),
        Column("Gia quyền", 0.95, "right", "share"),
        Column("Khoảng 90 %", 1.3, "center"),
        Column("Chưa gia quyền", 1, "right"),
        Column(labels.USED, 1, "right", "n"),
        Column(labels.RECEIVED, 1, "right", "received"),
    )


def _numbers(result: QuestionResult) -> tuple[str, ...]:
    figure = result.figure
    plain = percent(figure.estimate.unweighted, 2) if figure.estimate else ABSENT
    return (
        METHOD_NAMES[result.method],
        labels.value(figure),
        labels.interval(figure),
        plain,
        labels.used(figure),
        labels.received(figure),
    )


def _rescaled(result: QuestionResult) -> str:
    figure = result.rescaled
    return (
        ABSENT if figure is None or figure.estimate is None else f"{labels.value(figure)} ({labels.interval(figure)})"
    )


def _mean(result: QuestionResult) -> str:
    return ABSENT if result.mean is None else number(result.mean, 2)


def _levels(result: QuestionResult) -> tuple[str, ...]:
    return tuple(phrases.count_words(n) for n in result.levels) if result.levels else (ABSENT,) * len(SCALE)
