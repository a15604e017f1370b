"""How remote areas rated, and forms in each language (323/QĐ-UBND II.3): by area of the agency, by language."""

from __future__ import annotations

from babel import Locale

from analysis.figures.figure import Figure
from analysis.presentation import labels, phrases
from analysis.reports.context import Brief
from analysis.reports.document import Block, Column, DocumentTable, Paragraph
from analysis.reports.grounds import remote_ground
from survey.foundation.formatting import sentence_case
from survey.foundation.vocabulary import AREAS

PREFIX = {"area": "Vùng", "language": "Phiếu"}
NOTE = (
    "Vùng của cơ quan, như ghi trong danh mục; ngôn ngữ mà người dân chọn khi trả lời, không phải dân tộc của họ. "
    "Gia quyền theo số hồ sơ, lượt khám, học sinh; khoảng bất định 90 % theo mô hình; 10-29 phiếu chỉ để "
    "tham khảo. “Không nêu”: dưới 10 phiếu, hoặc lấy tổng trừ các dòng khác sẽ lộ dòng hay đơn vị ít phiếu."
)


def areas_and_languages(brief: Brief) -> tuple[Block, ...]:
    """A table a subject, the clause before the first; nothing of one agency, nor where nothing is told apart."""
    if brief.recipient.is_single:
        return ()
    tables = tuple(table for subject in brief.subjects for table in _table(brief, subject))
    return (*_asked(brief), *tables) if tables else ()


def _asked(brief: Brief) -> tuple[Block, ...]:
    ground = remote_ground(brief.province_key)
    if ground is None:
        return ()
    until = "" if ground.holds_in(brief.period.year) else f" (áp dụng đến hết năm {ground.until})"
    return (Paragraph(f"Mục {ground.clause} {ground.document}{until}:"), Paragraph(f"“{ground.quote}”", style="quote"))


def _table(brief: Brief, subject: str) -> tuple[DocumentTable, ...]:
    areas = sorted(brief.ask(subject, by="area").figures, key=lambda figure: list(AREAS).index(figure.domain))
    languages = brief.ask(subject, by="language").figures
    rows = [("area", figure) for figure in areas]
    if len(languages) > 1 and not all(figure.suppressed for figure in languages):
        rows += [("language", figure) for figure in languages]
    if not rows:
        return ()
    columns = (
        Column("Vùng, ngôn ngữ", 2.6),
        Column(labels.USED, 1, "right", "n"),
        Column(labels.RECEIVED, 1, "right", "received"),
        Column("Chưa gia quyền", 1, "right"),
        Column("Gia quyền", 1.05, "right", "share"),
        Column("Khoảng 90 %", 1.45, "center"),
    )
    return (
        DocumentTable(
            brief.captions.table(f"Theo vùng và ngôn ngữ của phiếu: {labels.SUBJECT[subject]}"),
            columns,
            tuple(_row(by, figure) for by, figure in rows),
            " ".join(filter(None, [NOTE, _untold(brief, subject, areas)])),
            tuple(figure.key for _, figure in rows),
        ),
    )


def _row(by: str, figure: Figure) -> tuple[str, ...]:
    return (
        f"{PREFIX[by]}: {_name(by, figure)}",
        labels.used(figure),
        labels.received(figure),
        labels.unweighted(figure),
        labels.value(figure),
        labels.interval(figure),
    )


def _name(by: str, figure: Figure) -> str:
    """A language as Vietnamese call it, "Tiếng Anh"; the forms themselves name it in its own words."""
    if by != "language":
        return figure.label
    return sentence_case(Locale("vi").languages.get(figure.domain, figure.label))


def _untold(brief: Brief, subject: str, areas: list[Figure]) -> str:
    """How many answers stand in no area that is told: what the total minus the rows says, made safe beforehand."""
    total = brief.ask(subject).total
    told = sum(figure.received or 0 for figure in areas if not figure.suppressed)
    if not areas or total.received is None or total.suppressed or total.received <= told:
        return ""
    left = total.received - told
    brief.derived[f"areas untold {subject}"] = left
    return f"{phrases.count_words(left)} phiếu nhận được ở vùng không nêu, hoặc ở cơ quan chưa ghi vùng."
