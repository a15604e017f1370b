"""Annexes: what the two pages of the summary rest on. Parts without anything to say leave no heading behind."""

from __future__ import annotations

from analysis.presentation import labels
from analysis.reports.context import Brief
from analysis.reports.document import Annex, Block, Subheading
from analysis.reports.parts.areas import areas_and_languages
from analysis.reports.parts.breakdowns import COUNTED, MOST_IN_TEXT, full_table
from analysis.reports.parts.cases import cases_tables, changed_because
from analysis.reports.parts.comments import comments
from analysis.reports.parts.coverage_table import reach
from analysis.reports.parts.measures import measures
from analysis.reports.parts.method import method, provenance
from analysis.reports.parts.on_time import on_time_blocks
from analysis.reports.parts.overview import overview
from analysis.reports.parts.quality import quality
from analysis.reports.parts.received import received
from analysis.reports.parts.reference_figures import official
from analysis.reports.parts.requirement import requirement
from analysis.reports.parts.results import Titled, results


def every_row(brief: Brief) -> tuple[Annex, ...]:
    """One annex with a table for each subject and breakdown that had more rows than the text shows."""
    tables = tuple(
        full_table(brief, subject, by, brief.captions.table(f"Theo {COUNTED[by]}: {labels.SUBJECT[subject]}"))
        for subject in brief.subjects
        for by in (("service",) if brief.recipient.is_single else ("service", "agency"))
        if len(brief.ask(subject, by=by).figures) > MOST_IN_TEXT and labels.answered(brief.ask(subject).total)
    )
    if not tables:
        return ()
    return (Annex("Phụ lục", f"Kết quả chi tiết {brief.period.label()}", tables, landscape=True),)


def by_subject(brief: Brief) -> tuple[Annex, ...]:
    """The province at a glance where it is summed up, each subject in numbers; then what else was seen and done.

    In one annex, for each annex begins a page and leaves the rest of its last one empty.
    """
    return _grouped(
        "Kết quả từng nội dung; biện pháp, ý kiến góp ý, độ bao phủ",
        (
            ("Tổng quan toàn tỉnh", overview(brief)),
            *results(brief),
            ("Vùng sâu, vùng xa; ngôn ngữ của phiếu", areas_and_languages(brief)),
            ("Giải quyết đúng hạn theo sổ", on_time_blocks(brief)),
            ("Biện pháp đã thực hiện và thay đổi sau đó", measures(brief)),
            ("Ý kiến góp ý theo chủ đề", comments(brief)),
            ("Phản ánh, kiến nghị được xử lý thế nào", (*cases_tables(brief), *changed_because(brief))),
            ("Báo cáo của cơ quan, đơn vị", received(brief)),
            ("Độ bao phủ theo chỉ tiêu", reach(brief)),
            ("Số liệu chính thức (SIPAS), phương pháp khác", official(brief)),
        ),
    )


def foundations(brief: Brief) -> tuple[Annex, ...]:
    """The clauses word for word, the quality of the data, the method, and last where the figures come from."""
    return _grouped(
        "Căn cứ và cách tính",
        (
            ("Căn cứ và chỉ tiêu", requirement(brief)),
            ("Độ phủ và chất lượng số liệu", quality(brief)),
            ("Phương pháp", method(brief)),
            ("Nguồn gốc số liệu", provenance(brief)),
        ),
    )


def _grouped(title: str, parts: tuple[Titled, ...]) -> tuple[Annex, ...]:
    """Several short parts as one annex, each under its numbered heading; nothing where none says anything."""
    present = [(name, blocks) for name, blocks in parts if blocks]
    blocks: list[Block] = []
    for place, (name, part) in enumerate(present, start=1):
        blocks += [Subheading(f"{place}. {name}"), *part]
    return (Annex("Phụ lục", title, tuple(blocks)),) if blocks else ()
