"""Annex: facts and reasons, apart from satisfaction; "late" beside the register's overdue share of the same cell."""

from __future__ import annotations

from dataclasses import asdict

from analysis.presentation import labels, phrases
from analysis.presentation.facts import FactResult, fact_results, fact_words
from analysis.presentation.one_stop_points import point_total, total_words
from analysis.reports.context import Brief
from analysis.reports.document import Annex, Column, DocumentTable
from analysis.reports.parts.questions import question_of
from survey.foundation.formatting import ABSENT, percent

NOTE = (
    "Đếm thẳng những người trả lời câu ấy, không tính vào mức hài lòng. Trung vị: một nửa người trả lời cho số không "
    "lớn hơn. Thuận lợi: phần chọn câu trả lời thuận lợi, như “sẽ quay lại”. Theo sổ: hồ sơ quá hạn cơ quan báo, cùng "
    "nơi và cùng tháng. “–”: giữ lại vì ít người trả lời."
)


def facts_annex(brief: Brief) -> tuple[Annex, ...]:
    """One annex with a table a subject; none where nobody was asked for a fact."""
    tables = tuple(table for subject in brief.subjects for table in _table(brief, subject))
    title = f"Sự việc và lý do người dân nêu {brief.period.label()}"
    return (Annex("Phụ lục", title, tables),) if tables else ()


def _table(brief: Brief, subject: str) -> tuple[DocumentTable, ...]:
    facts = fact_results(question_of(brief, subject)) if brief.tells(subject) else ()
    if not facts:
        return ()
    brief.derived[f"facts {subject}"] = {fact.code: _plain(fact) for fact in facts}
    total = point_total(facts)
    return (
        DocumentTable(
            brief.captions.table(f"Sự việc và lý do: {labels.SUBJECT[subject]}"),
            (Column("Câu hỏi, trả lời", 5.0), Column("Số người", 1, "right"), Column("Phần", 1, "right")),
            tuple(row for fact in facts for row in _rows(fact)),
            NOTE if total is None else f"{total_words(total)} {NOTE}",
        ),
    )


def _rows(fact: FactResult) -> list[tuple[str, str, str]]:
    whole = (" ".join((fact.text, *_told(fact))), phrases.count_words(fact.n), "")
    share = {choice.text: ABSENT if choice.share is None else percent(choice.share) for choice in fact.choices}
    rows = [(f"– {choice.text}", phrases.count_words(choice.count), share[choice.text]) for choice in fact.choices]
    return [whole, *rows]


def _told(fact: FactResult) -> list[str]:
    words = fact_words(fact)
    return [f"({'; '.join(words)})"] if words else []


def _plain(fact: FactResult) -> dict[str, object]:
    plain = asdict(fact)
    plain["choices"] = [{"text": choice.text, "count": choice.count} for choice in fact.choices]
    plain["overdue"] = list(fact.overdue) if fact.overdue else None
    return plain
