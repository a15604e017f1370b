"""The kinds of report: what each is called, for whom it is, its parts in the order of the pages, what it attaches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from analysis.reports.context import COVERAGE, SATISFACTION, Brief
from analysis.reports.document import Annex, Block
from analysis.reports.parts import coverage_report
from analysis.reports.parts.annexes import annexes
from analysis.reports.parts.comments import comments, themes_json
from analysis.reports.parts.coverage_table import reach
from analysis.reports.parts.measures import measures, measures_annex, measures_json
from analysis.reports.parts.method import method
from analysis.reports.parts.overview import overview
from analysis.reports.parts.quality import quality
from analysis.reports.parts.questions import question_annex
from analysis.reports.parts.ranking import ranking
from analysis.reports.parts.reference_figures import official, official_json
from analysis.reports.parts.requirement import requirement
from analysis.reports.parts.results import results
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
            "requirement": Part("YÊU CẦU", requirement),
            "results": Part("KẾT QUẢ", results),
            "overview": Part("TỔNG QUAN TOÀN TỈNH", overview),
            "measures": Part("BIỆN PHÁP ĐÃ THỰC HIỆN VÀ THAY ĐỔI SAU ĐÓ", measures),
            "comments": Part("Ý KIẾN GÓP Ý THEO CHỦ ĐỀ", comments),
            "reach": Part("ĐỘ BAO PHỦ THEO CHỈ TIÊU", reach),
            "official": Part("SỐ LIỆU CHÍNH THỨC (SIPAS), PHƯƠNG PHÁP KHÁC", official),
            "quality": Part("ĐỘ PHỦ VÀ CHẤT LƯỢNG SỐ LIỆU", quality),
            "method": Part("PHƯƠNG PHÁP", method),
        },
    ),
    annexes=(annexes, question_annex, measures_annex, ranking),
    attached={"measures": measures_json, "themes": themes_json, "official": official_json},
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
    annexes=(coverage_report.lists,),
    for_province=True,
)
KINDS: Registered[ReportKind] = Registered("kind of report", {SATISFACTION: _SATISFACTION, COVERAGE: _COVERAGE})
