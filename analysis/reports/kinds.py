"""The kinds of report: what each is called, for whom it is, its parts in the order of the pages, what it attaches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from analysis.reports.context import COVERAGE, PLAN, SATISFACTION, SCORING, WORK_SHEET, Brief
from analysis.reports.document import Annex, Block
from analysis.reports.parts import annexes, coverage_report, letter_125, two_pages, work_sheet
from analysis.reports.parts.cases import cases_json
from analysis.reports.parts.comments import themes_json
from analysis.reports.parts.dossiers import dossiers_json
from analysis.reports.parts.facts import facts_annex
from analysis.reports.parts.measures import measures_annex, measures_json
from analysis.reports.parts.on_time import on_time_json
from analysis.reports.parts.questions import question_annex
from analysis.reports.parts.ranking import ranking
from analysis.reports.parts.received import received_json
from analysis.reports.parts.reference_figures import official_json
from survey.foundation.periods import Period
from survey.foundation.registered import Registered


@dataclass(frozen=True)
class Part:
    """A section of the document; one without blocks is left out."""

    title: str
    blocks: Callable[[Brief], tuple[Block, ...]]


@dataclass(frozen=True)
class LetterWords:
    """What a letter says: what the report is about, what stands after "báo cáo", the document's own name."""

    about: str
    short: str
    full: str


@dataclass(frozen=True)
class ReportKind:
    """One kind of document. `name` and `short` are the desk's words; `short` None: the usual kind, not told apart.

    `subject` completes `title`; `for_province`: only the department that sums up the province gets it; `attached`:
    what its attachment holds beside answers and coverage.
    `for_agency`: an agency alone makes it; `periods`: the kinds of period it may be about, () any; `title`: what it is;
    `closing`: what its last sentence calls it, '' by title and subject; `symbol`: what stands before its author's in
    its number (Decree 30/2020/NĐ-CP, annex III).
    """

    name: LazyString
    short: LazyString | None
    letter: LetterWords
    subject: Callable[[Brief], str]
    parts: Registered[Part]
    annexes: tuple[Callable[[Brief], tuple[Annex, ...]], ...]
    attached: Mapping[str, Callable[[Brief], Any]] = field(default_factory=dict)
    for_province: bool = False
    for_agency: bool = False
    periods: tuple[str, ...] = ()
    title: str = "BÁO CÁO"
    closing: str = ""
    symbol: str = "BC"


_SATISFACTION = ReportKind(
    name=_("Mức độ hài lòng"),
    short=None,
    letter=LetterWords("mức độ hài lòng", "", "kết quả đo lường mức độ hài lòng"),
    subject=lambda brief: f"Kết quả đo lường mức độ hài lòng đối với {brief.recipient.subject_words}",
    parts=Registered(
        "part of the satisfaction report",
        {
            "results": Part("KẾT QUẢ ĐO LƯỜNG", two_pages.results),
            "quality": Part("PHẢN ÁNH, KIẾN NGHỊ; ĐỘ PHỦ, CHẤT LƯỢNG SỐ LIỆU", two_pages.quality),
            "shortcomings": Part("TỒN TẠI, NGUYÊN NHÂN", two_pages.shortcomings),
            "proposals": Part("ĐỀ XUẤT, KIẾN NGHỊ, PHƯƠNG HƯỚNG", two_pages.proposals),
        },
    ),
    annexes=(
        annexes.by_subject,
        annexes.every_row,
        question_annex,
        facts_annex,
        measures_annex,
        ranking,
        annexes.foundations,
    ),
    attached={
        "measures": measures_json,
        "themes": themes_json,
        "cases": cases_json,
        "dossiers": dossiers_json,
        "on_time": on_time_json,
        "received": received_json,
        "official": official_json,
    },
    closing="báo cáo mức độ hài lòng",
)
_COVERAGE = ReportKind(
    name=_("Độ bao phủ của khảo sát và cơ chế một cửa (Sở Nội vụ lập)"),
    short=_("độ bao phủ"),
    letter=LetterWords("độ bao phủ", "độ bao phủ ", "độ bao phủ của khảo sát hài lòng và cơ chế một cửa"),
    subject=lambda brief: f"Độ bao phủ của khảo sát hài lòng và cơ chế một cửa tại tỉnh {brief.province_name}",
    parts=Registered(
        "part of the coverage report",
        {
            "asked": Part("YÊU CẦU", coverage_report.asked),
            "found": Part("KẾT QUẢ", coverage_report.found),
            "counting": Part("CÁCH TÍNH", coverage_report.counting),
        },
    ),
    annexes=(coverage_report.lists,),
    for_province=True,
)
_SCORING = ReportKind(
    name=_("Hồ sơ chấm điểm: phần hài lòng (công văn 125/SNV-CCHC)"),
    short=_("hồ sơ chấm điểm"),
    letter=LetterWords("phần hài lòng của hồ sơ chấm điểm", "hồ sơ chấm điểm ", "phần hài lòng của hồ sơ chấm điểm"),
    subject=lambda brief: f"Hồ sơ chấm điểm, phần hài lòng đối với {brief.recipient.subject_words}",
    parts=Registered(
        "part of the scoring file",
        {
            "asked": Part("CĂN CỨ", letter_125.asked),
            "points": Part("ĐIỂM VÀ CÁCH TÍNH", letter_125.points),
            "evidence": Part("TÀI LIỆU KIỂM CHỨNG", letter_125.evidence),
        },
    ),
    annexes=(ranking,),
    periods=("year",),
    closing="hồ sơ chấm điểm phần hài lòng",
)
_PLAN = ReportKind(
    name=_("Kế hoạch năm sau: chỉ tiêu hài lòng (công văn 125/SNV-CCHC)"),
    short=_("kế hoạch năm sau"),
    letter=LetterWords("chỉ tiêu hài lòng của kế hoạch năm sau", "kế hoạch năm sau ", "chỉ tiêu hài lòng của năm sau"),
    subject=lambda brief: f"Chỉ tiêu hài lòng năm {brief.period.year + 1}, căn cứ số liệu",
    parts=Registered(
        "part of the plan",
        {"asked": Part("CĂN CỨ", letter_125.asked), "aims": Part("CHỈ TIÊU", letter_125.aims)},
    ),
    annexes=(),
    periods=("year",),
    title="KẾ HOẠCH",
    symbol="KH",
)
_WORK_SHEET = ReportKind(
    name=_("Bảng đánh giá công việc của bộ phận một cửa"),
    short=_("bảng đánh giá công việc"),
    letter=LetterWords("công việc của bộ phận một cửa", "bảng đánh giá công việc ", "công việc của bộ phận một cửa"),
    subject=lambda brief: f"Bảng đánh giá công việc của bộ phận một cửa, {brief.recipient.name}",
    parts=Registered("part of the work sheet", {"sheet": Part("CÔNG VIỆC TRONG THÁNG", work_sheet.sheet)}),
    annexes=(),
    attached={"cases": cases_json, "on_time": on_time_json, "kiosk_days": work_sheet.kiosk_days_json},
    for_agency=True,
    periods=("month",),
    closing="bảng đánh giá công việc",
)
KINDS: Registered[ReportKind] = Registered(
    "kind of report",
    {
        SATISFACTION: _SATISFACTION,
        COVERAGE: _COVERAGE,
        SCORING: _SCORING,
        PLAN: _PLAN,
        WORK_SHEET: _WORK_SHEET,
    },
)


def misfit(kind: str, recipient_is_agency: bool, sums_up: bool, period: Period) -> LazyString | None:
    """Why a kind is not made for a recipient or a period, in the reader's language; None where it is."""
    of = KINDS[kind]
    if of.for_province and not sums_up:
        return _("Báo cáo độ bao phủ do Sở Nội vụ lập cho toàn tỉnh: hãy chọn nơi nhận là Sở Nội vụ (so-noi-vu).")
    if of.for_agency and not recipient_is_agency:
        return _("Bảng đánh giá công việc lập cho một cơ quan có bộ phận một cửa: hãy chọn một cơ quan.")
    if of.periods and period.kind not in of.periods:
        return _("Loại này lập theo tháng.") if of.periods == ("month",) else _("Loại này lập theo năm.")
    return None
