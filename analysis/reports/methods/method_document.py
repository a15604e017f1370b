"""The method of a sector in a province, as its owner is charged to make it known: page and PDF from one model.

What is asked, of whom, how it is weighed, since when and by which decision, all read from what is in force.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from flask_babel import force_locale

from analysis.presentation import labels
from analysis.presentation.phrases import threshold_words
from analysis.reports.document import Block, Bullets, Document, Paragraph, Report, Section
from analysis.reports.grounds import charge_of
from analysis.reports.methods.method_queries import AskedVersion, fetch_asked
from analysis.reports.parts.method import INTERVAL, POPULATION, PRIVACY, SATISFIED, VERDICT
from analysis.reports.parts.questions import METHOD_LINES
from analysis.reports.recipients import department, departments, find_recipient
from analysis.targets.service import targets_in_force
from survey.foundation.clock import local_day, today
from survey.foundation.formatting import date, number
from survey.foundation.identifiers import content_hash
from survey.foundation.installation_flags import is_demo
from survey.foundation.periods import Period
from survey.questionnaires.definition import Definition
from survey.registry.models import Province

GUIDELINE = "HD"
CONFIDENCES = {
    "document": "theo nguyên văn văn bản",
    "transcribed": "theo các bản chép độc lập giống nhau, chưa đối chiếu bản gốc",
    "approximate": "gần đúng, chưa kiểm chứng",
    "own": "lời của hệ thống",
}
VOLUNTARY = (
    "Ai cũng trả lời được, tự nguyện và ẩn danh: không hỏi họ tên, số điện thoại, số giấy tờ. Người trả lời không phải "
    "mẫu ngẫu nhiên. Phiếu của trường dưới trung học phổ thông dành cho cha mẹ hoặc người giám hộ."
)


def owner_of(sector: str) -> str:
    """The key of the department that owns a sector's method."""
    return next(key for key in departments() if department(key)["sector"] == sector)


def method_sections(
    province: Province,
    sector: str,
    day: dt.date,
    *,
    decision: str = "",
    since: dt.date | None = None,
    own_words: Sequence[str] = (),
) -> tuple[Section, ...]:
    """What is asked, of whom and how it is weighed on a day; with the owner's decision and further rules, if any."""
    with force_locale("vi"):
        issued = f"Ban hành theo {decision}, áp dụng từ ngày {date(since)}." if decision and since else ""
        parts: list[tuple[str, tuple[Block, ...]]] = [
            ("CĂN CỨ", (*((Paragraph(issued),) if issued else ()), *_by(province.key, sector))),
            ("HỎI GÌ, TỪ KHI NÀO", _what(fetch_asked(province.id, sector, day))),
            ("HỎI AI", _whom(province.key, sector)),
            ("TÍNH THẾ NÀO", (Bullets((SATISFIED, POPULATION, INTERVAL, VERDICT, PRIVACY, *METHOD_LINES)),)),
        ]
        if own_words:
            parts.append(("QUY ĐỊNH THÊM", tuple(Paragraph(line.strip()) for line in own_words)))
        return tuple(
            Section(number, title, blocks)
            for number, (title, blocks) in zip(("I", "II", "III", "IV", "V"), parts, strict=False)
        )


def drafted_report(province: Province, sector: str) -> Report:
    """The document of what is in force today, which nobody has decided on: a draft."""
    day = today()
    sections, marks = method_sections(province, sector, day), ("DỰ THẢO",)
    return method_report(province, sector, day, sections, marks, f"Theo những gì đang dùng ngày {date(day)}")


def method_report(
    province: Province,
    sector: str,
    day: dt.date,
    sections: tuple[Section, ...],
    marks: tuple[str, ...],
    footer: str,
) -> Report:
    """The owner's guideline as a document of a day; its numbers are none but those of what is asked."""
    with force_locale("vi"):
        owner = find_recipient(province.key, province.id, province.name, owner_of(sector), Period.parse(f"{day:%Y-%m}"))
        figures: dict[str, Any] = {"schema": "hai-long/method/2", "province": province.key, "sector": sector}
        digest = content_hash({**figures, "text": repr(sections), "footer": footer})
        document = Document(
            letterhead=owner.letterhead(province.name, day.year, GUIDELINE),
            kind_name="HƯỚNG DẪN",
            subject=f"Thực hiện phương pháp đo lường mức độ hài lòng đối với {owner.subject_words}",
            addressees=owner.addressed(GUIDELINE),
            marks=(*marks, *((labels.DEMO,) if is_demo() else ())),
            sections=sections,
            closing="",
            copies_to=owner.copies_to(GUIDELINE),
            signature=owner.signature,
            footer=f"{footer} · Mã {digest[:16]}",
        )
        return Report(f"phuong-phap-{province.key}-{sector}", document, day, figures, digest)


def _by(province: str, sector: str) -> tuple[Block, ...]:
    charge = charge_of(province, owner_of(sector))
    if charge is None:
        return (Paragraph("Chưa biết văn bản nào của tỉnh giao việc xây dựng phương pháp; chủ phương pháp bổ sung."),)
    return (Paragraph(f"{charge.document}, mục {charge.clause}:"), Paragraph(f"“{charge.quote}”", style="quote"))


def _what(asked: list[AskedVersion]) -> tuple[Block, ...]:
    return tuple(Paragraph(_form(version), lead=f"{version.title}:") for version in asked) or (
        Paragraph("Chưa công bố phiếu hỏi nào."),
    )


def _form(version: AskedVersion) -> str:
    definition = Definition.parse(version.definition)
    overall = "; ".join(f"“{item.text['vi']}”" for item in definition.overall_items)
    said = [
        (
            f"bản {version.version}, dùng từ ngày {date(local_day(version.published_at))}, "
            f"{number(len(definition.items))} câu."
        ),
        f"Câu hỏi chung, thang 5 mức: {overall}.",
    ]
    if definition.factors:
        said.append(f"Nhóm tiêu chí: {'; '.join(factor.text['vi'] for factor in definition.factors)}.")
    if source := definition.source:
        said.append(f"Nguồn: {source.document}; lời câu hỏi {CONFIDENCES[source.confidence]}. {source.note or ''}")
    return " ".join(said).strip()


def _whom(province: str, sector: str) -> tuple[Block, ...]:
    bound = [
        target_in_year.target
        for target_in_year in targets_in_force(province, today().year)
        if target_in_year.target.kind == "satisfaction"
        and target_in_year.target.sector == sector
        and target_in_year.target.agency_id is None
    ]
    said = tuple(
        f"Mục {target.clause}, mốc {threshold_words(target.comparator, target.threshold)} năm {target.due_year}: "
        f"{labels.RESPONDENTS.get(tuple(target.respondent_kinds), 'người trả lời')}."
        for target in bound
    )
    return (Paragraph(VOLUNTARY), *((Bullets(said),) if said else ()))
