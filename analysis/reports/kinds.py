"""The kinds of report: what each is called, for whom it is, its parts in the order of the pages, what it attaches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from analysis.reports.context import COVERAGE, SATISFACTION, Brief
from analysis.reports.document import Annex, Block
from analysis.reports.parts import annexes, coverage_report, two_pages
from analysis.reports.parts.cases import cases_json
from analysis.reports.parts.comments import themes_json
from analysis.reports.parts.facts import facts_annex
from analysis.reports.parts.measures import measures_annex, measures_json
from analysis.reports.parts.on_time import on_time_json
from analysis.reports.parts.questions import question_annex
from analysis.reports.parts.ranking import ranking
from analysis.reports.parts.received import received_json
from analysis.reports.parts.reference_figures import official_json
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

    `subject` completes "BÁO CÁO"; `for_province`: only the department that sums up the province gets it; `attached`:
    what its attachment holds beside answers and coverage.
    """

    name: LazyString
    short: LazyString | None
    letter: LetterWords
    subject: Callable[[Brief], str]
    in_file_name: str
    parts: Registered[Part]
    annexes: tuple[Callable[[Brief], tuple[Annex, ...]], ...]
    attached: Mapping[str, Callable[[Brief], Any]] = field(default_factory=dict)
    for_province: bool = False


_SATISFACTION = ReportKind(
    name=_("Mức độ hài lòng"),
    short=None,
    letter=LetterWords("mức độ hài lòng", "", "kết quả đo lường mức độ hài lòng"),
    subject=lambda brief: f"Kết quả đo lường mức độ hài lòng đối với {brief.recipient.subject_words}",
    in_file_name="",
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
        annexes.beside,
        measures_annex,
        ranking,
        annexes.foundations,
    ),
    attached={
        "measures": measures_json,
        "themes": themes_json,
        "cases": cases_json,
        "on_time": on_time_json,
        "received": received_json,
        "official": official_json,
    },
)
_COVERAGE = ReportKind(
    name=_("Độ bao phủ của khảo sát và cơ chế một cửa (Sở Nội vụ lập)"),
    short=_("độ bao phủ"),
    letter=LetterWords("độ bao phủ", "độ bao phủ ", "độ bao phủ của khảo sát hài lòng và cơ chế một cửa"),
    subject=lambda brief: f"Độ bao phủ của khảo sát hài lòng và cơ chế một cửa tại tỉnh {brief.province_name}",
    in_file_name="-do-bao-phu",
    parts=Registered(
        "part of the coverage report",
        {
            "asked": Part("YÊU CẦU", coverage_report.asked),
            "found": Part("KẾT QUẢ", coverage_report.found),
            "counting": Part("CÁCH TÍNH", coverage_report.counting),
        },
    ),
    annexes=(coverage_report.lists, annexes.sources),
    for_province=True,
)
KINDS: Registered[ReportKind] = Registered("kind of report", {SATISFACTION: _SATISFACTION, COVERAGE: _COVERAGE})
