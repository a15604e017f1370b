"""Fixed wordings of documents beside `analysis.presentation.phrases`: cells of tables, full names of subjects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.figures.figure import Figure
from analysis.figures.figure_key import subject_of
from analysis.figures.suppression.complement import is_untold
from analysis.presentation import phrases
from analysis.presentation.caseload_units import caseload_unit
from analysis.presentation.lacking_words import lacking_words
from analysis.presentation.overturn_words import point_overturn_words, short_overturn_words
from analysis.statistics import Point, Threshold
from survey.foundation.formatting import ABSENT, number, percent
from survey.foundation.periods import Period

VOLUNTEERS = "Người trả lời tự nguyện, không phải mẫu ngẫu nhiên; khoảng bất định theo mô hình."
DEMO = "Dữ liệu minh họa - không phải số liệu thật"
USED, RECEIVED = "Phiếu dùng (n)", "Phiếu nhận"
COUNTS = (
    "“Phiếu dùng (n)”: phiếu nằm trong chính con số của dòng; “Phiếu nhận”: mọi phiếu nhận được, kể cả phiếu không rõ "
    "dịch vụ, không rõ đối tượng hoặc chưa có số hồ sơ, lượt khám, học sinh để gia quyền."
)
CHART_KEY = "Chấm: tỷ lệ hài lòng; vạch: khoảng 90 %."
PARTLY = "†"
OF_A_PART = "“†”: N và tỷ lệ trả lời là của phần đã có số hồ sơ; thiếu {what}."
OVERTURN = "Đảo"
OF_OVERTURN = "“Đảo”: người không trả lời chỉ cần khác người trả lời chừng ấy điểm là số ước tính sang bên kia mốc."
SUPPRESSED = "không nêu"
NO_ANSWERS = "không có phiếu"  # only where that may be told
NONE_TOLD = "chưa có phiếu được tính, hoặc có dưới 10 phiếu nên không nêu"  # others may wait; of few nobody is told
FEW_TOLD = "dưới 10 phiếu nên không nêu tỷ lệ"
HELD_BACK = "không nêu: có ít phiếu, hoặc lấy số của toàn tỉnh trừ đi sẽ lộ nơi khác có ít phiếu"
NO_CASELOAD, THIN_GROUPS = "chưa có số {unit}", "từng nhóm quá ít phiếu"
POINT = {Point.MET: "Đạt", Point.NOT_MET: "Chưa đạt"}
SUBJECT = {
    "procedures": "thủ tục hành chính",
    "agency_service": "sự phục vụ của cơ quan hành chính nhà nước",
    "procedures_and_service": "thủ tục hành chính và sự phục vụ của cán bộ, công chức, viên chức",
    "health_service": "dịch vụ y tế công",
    "education_service": "dịch vụ giáo dục công",
    "health_and_education": "dịch vụ công trên các lĩnh vực giáo dục, y tế (tính gộp)",
}
RESPONDENTS = {
    ("individual",): "cá nhân",
    ("organisation",): "tổ chức, doanh nghiệp",
    ("individual", "organisation"): "cá nhân và tổ chức, doanh nghiệp",
}
STATUS = {
    "due": "chỉ tiêu đến hạn trong năm",
    "on_the_way": "chỉ tiêu đến hạn năm {year}",
    "reference": "mốc tham chiếu, chỉ tiêu đã hết hạn năm {year}",
}


def within(period: Period) -> str:
    """A period after "trong" and "so với": "tháng 10/2026", "thời gian từ ngày 10/09/2026 đến ngày 05/10/2026"."""
    label = period.label()
    return f"thời gian {label}" if label.startswith("từ ") else label


@dataclass(frozen=True)
class TargetLabel:
    """What stands beside the line of a chart, in two lines where there is little room: "Chỉ tiêu", "> 80 %"."""

    name: str = ""
    level: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.level}".strip()


def target_label(threshold: Threshold, status: str) -> TargetLabel:
    """What stands beside the line of a chart: "Chỉ tiêu > 80 %", "Mốc > 80 %"."""
    level = phrases.threshold_words(threshold.comparator, threshold.threshold)
    return TargetLabel("Mốc" if status == "reference" else "Chỉ tiêu", level)


def status(standing: str, due_year: int) -> str:
    """How a target stands in the year of the report."""
    return STATUS[standing].format(year=due_year)


def answered(figure: Figure) -> bool:
    """Whether anybody answered, shown or not."""
    return figure.answers is None or figure.answers > 0


def why_untold(figure: Figure) -> str:
    """Why there is no share, where nobody or too few answered, or another agency's few would follow from it."""
    if not answered(figure):
        return NONE_TOLD
    return HELD_BACK if is_untold(figure) else FEW_TOLD


def value(figure: Figure) -> str:
    """The weighted share as printed in every table: 79,6 %, or why there is none.

    Of a month that nobody has closed, fewer than 10 answers look like none: neither is told from the other.
    """
    if not answered(figure) or figure.estimate is None:
        return SUPPRESSED
    if figure.estimate.estimate is None:
        return why_unweighted(figure)
    return phrases.share_beside(figure.estimate.estimate, figure.verdict)


def why_unweighted(figure: Figure) -> str:
    """What keeps answers from being weighted: "chưa có số lượt khám", or too few of them in each group."""
    if figure.only_thin_groups:
        return THIN_GROUPS
    return NO_CASELOAD.format(unit=caseload_unit(subject_of(figure.key)))


def unweighted(figure: Figure) -> str:
    """The plain share of the answers."""
    return percent(figure.estimate.unweighted) if figure.estimate else ABSENT


def interval(figure: Figure) -> str:
    """The two-sided 90 % interval, which never disagrees with a verdict: 76,1-82,7 %."""
    if figure.estimate is None or figure.estimate.interval_90 is None:
        return ABSENT
    low, high = figure.estimate.interval_90.low, figure.estimate.interval_90.high
    return phrases.range_beside(low, high, figure.verdict)


def used(figure: Figure) -> str:
    """n, the answers used in this figure, 1.234; a count under 5 is hidden; none where nothing was estimated."""
    if figure.unweighted_only or not answered(figure):
        return ABSENT
    return phrases.count_words(figure.n)


def received(figure: Figure) -> str:
    """All answers that came for the domain, used or not; of none that may be told, nothing."""
    return ABSENT if figure.received == 0 else phrases.count_words(figure.received)


def response_rate(figure: Figure) -> str:
    """n per dossier handled; where N is that of a part of the units or months, it says so."""
    if not figure.estimate:
        return ABSENT
    return percent(figure.estimate.response_rate) + PARTLY * _partly(figure)


def caseload(figure: Figure) -> str:
    """N, marked where it is that of a part of the answering units or of their months."""
    return number(figure.caseload) + PARTLY * _partly(figure)


def of_a_part(figures: Sequence[Figure]) -> str:
    """Under a table: what the mark of a partial N leaves out, all its rows together; '' where no row has the mark."""
    what = lacking_words(figures)
    return OF_A_PART.format(what=what) if what else ""


def _partly(figure: Figure) -> bool:
    return figure.partial and figure.caseload is not None


def verdict(figure: Figure) -> str:
    """Both answers in one cell: "Đạt; chưa đủ căn cứ kết luận"."""
    if figure.unweighted_only:
        return ABSENT
    if figure.reference_only:
        return "tham khảo (10-29 phiếu)"
    if figure.verdict is None:
        return ABSENT
    return f"{POINT[figure.verdict.point]}; {short_evidence(figure)}"


def overturn(figure: Figure) -> str:
    """How many points the silent would have to differ for the estimate to lie beyond the mark: "3,3 điểm"."""
    return point_overturn_words(figure.verdict) or ABSENT


def short_overturn(figure: Figure) -> str:
    """The same in half a sentence that follows a conclusion in running text; '' where it is not known."""
    verdict = figure.verdict
    words = verdict and short_overturn_words(verdict.point, verdict.evidence, verdict.overturn)
    return f"; {words}" if words else ""


def short_evidence(figure: Figure) -> str:
    """What the answers support, without the number of further answers."""
    if figure.verdict is None or figure.verdict.evidence is None:
        return phrases.why_not_judged(figure)
    return str(phrases.EVIDENCE[figure.verdict.evidence])
