"""The last part: how the figures were made, in the words that keep them honest."""

from __future__ import annotations

from analysis.figures.weighting.proportion import proportion_words
from analysis.presentation import labels
from analysis.reports.context import COVERAGE, SATISFACTION, Brief
from analysis.reports.document import Block, Bullets, Column, DocumentTable, Paragraph
from analysis.reports.queries import fetch_questionnaires
from analysis.reports.versions import FORMS, METHOD, METHOD_IS
from survey.foundation.formatting import date, moment, number, sentence_case

ESTIMATORS = {
    "E1": "phân tầng theo số phiếu từng nhóm",
    "E3": "chùm theo ngày (kỳ dài hơn ba tháng: theo tuần) của từng cơ quan, hậu phân tầng theo cơ quan và dịch vụ",
}
SATISFIED = (
    "Hài lòng: trả lời “Hài lòng” hoặc “Rất hài lòng” ở câu hỏi chung (thang 5 mức); “Bình thường” không tính "
    "là hài lòng; “Không có ý kiến” không nằm trong mẫu số."
)
POPULATION = (
    "Tổng thể: hồ sơ đã giải quyết, lượt khám, học sinh trong kỳ theo số liệu cơ quan gửi; phiếu được gia quyền để "
    "từng cơ quan, dịch vụ có trọng lượng đúng bằng khối lượng của mình."
)
PROPORTION = (
    "Kỳ không trọn tháng: số hồ sơ đã giải quyết, số lượt khám chỉ có theo tháng, nên của tháng không trọn thì lấy "
    "theo tỷ lệ ngày làm việc (thứ Hai đến thứ Sáu, trừ ngày nghỉ lễ, tết) nằm trong kỳ"
)
STOCKS = (
    "Đây là giả định: trong tháng, khối lượng chia đều cho các ngày làm việc. Vì vậy trọng số là tạm tính và không đưa "
    "ra kết luận về mức đủ căn cứ. Số học sinh là số có mặt, không chia theo ngày."
)
INTERVAL = (
    "Khoảng bất định theo mô hình: khoảng đúng nếu trong từng cơ quan, dịch vụ (kỳ dài hơn ba tháng: và quý), việc trả "
    "lời hay không không liên quan đến mức hài lòng, và các ngày (tuần) của cơ quan không phụ thuộc nhau."
)
VERDICT = (
    "Kết luận có hai phần: số ước tính so với mốc theo đúng câu chữ của văn bản (tính trên số chưa làm tròn), và mức "
    "đủ căn cứ (cả khoảng 90 % nằm về một phía của mốc; tối thiểu 30 phiếu, cỡ mẫu hiệu dụng 30, bậc tự do hiệu dụng 4 "
    "theo Satterthwaite, và hệ số kappa, tức phương sai bị ước lượng thấp bao nhiêu lần, không quá 2)."
)
PRIVACY = (
    "Bảo vệ người trả lời: dưới 10 phiếu không nêu tỷ lệ; 10-29 phiếu chỉ để tham khảo; số đếm dưới 5, và số mà lấy "
    "tổng trừ các số khác sẽ lộ nơi ít phiếu, không nêu."
)


METHOD_IN_WORDS = "tỷ lệ chọn mức 4-5 ở câu hỏi chung, gia quyền theo khối lượng của từng cơ quan, dịch vụ"


PARTS = {"shortcomings": "Tồn tại, nguyên nhân", "proposals": "Đề xuất, kiến nghị, phương hướng"}
WRITTEN, DRAFTED = "Lời của cơ quan", "Bản nháp do chương trình soạn từ số liệu của báo cáo"


def provenance(brief: Brief) -> tuple[Block, ...]:
    """By which versions the figures were made and where all of them stand: the last lines of the document."""
    rows = tuple((sentence_case(name), sentence_case(value)) for name, value in _versions(brief).items())
    if brief.kind == SATISFACTION:
        rows += tuple((name, WRITTEN if part in brief.words else DRAFTED) for part, name in PARTS.items())
    columns = (Column("Phần", 1), Column("Phiên bản", 3))
    note = "Toàn bộ số liệu của báo cáo đính kèm trong tệp PDF (figures.json); mã số liệu in ở chân trang."
    return (DocumentTable("Nguồn gốc số liệu", columns, rows, note),)


def provenance_line(brief: Brief) -> Paragraph:
    """The same in a line, for documents of a page or two; coverage is counted, by no method of estimating."""
    left_out = (FORMS, METHOD_IS) if brief.kind == COVERAGE else (FORMS,)
    versions = "; ".join(f"{name}: {value}" for name, value in _versions(brief).items() if name not in left_out)
    return Paragraph(f"Nguồn gốc số liệu: {versions}; toàn bộ số liệu đính kèm trong tệp PDF.", style="note")


def forms_in_words(brief: Brief) -> str:
    """The forms answered about what the report is about, by their names; '' where none was."""
    asked = fetch_questionnaires(brief.province_id, brief.period)
    return "; ".join(f"{form.title} (bản {form.version})" for form in asked if form.sector in brief.sectors)


def _versions(brief: Brief) -> dict[str, str]:
    """What `versions` attaches by codes, as its readers know it: forms of the report's sectors by their names."""
    forms = forms_in_words(brief)
    words = {METHOD: f"{METHOD_IN_WORDS} (mã {METHOD})"}
    return {name: words.get(value, value) for name, value in brief.versions.items() if name != FORMS} | (
        {FORMS: forms} if forms else {}
    )


def method(brief: Brief) -> tuple[Block, ...]:
    """Population, window, weights, interval and verdict rule."""
    return (
        Bullets(
            (
                SATISFIED,
                f"Thời gian thu thập: {brief.period.label()}; {_window(brief)}.",
                POPULATION,
                *_proportion(brief),
                f"Ước lượng: {_estimators(brief)}. {INTERVAL}",
                VERDICT,
                labels.COUNTS,
                *_degrees(brief),
                PRIVACY,
            )
        ),
    )


def _degrees(brief: Brief) -> tuple[str, ...]:
    """Effective degrees of freedom and kappa of each subject whose days are known."""
    said = []
    for subject in brief.subjects:
        estimate = brief.ask(subject).total.estimate
        if estimate is not None and estimate.df_effective is not None and estimate.kappa is not None:
            numbers = f"{number(estimate.df_effective, 1)} và kappa = {number(estimate.kappa, 2)}"
            said.append(f"{labels.SUBJECT[subject]}: {numbers}")
    return (f"Bậc tự do hiệu dụng: {'; '.join(said)}.",) if said else ()


def _proportion(brief: Brief) -> tuple[str, ...]:
    if not brief.period.cut_months:
        return ()
    return (f"{PROPORTION} ({proportion_words(brief.period)}). {STOCKS}",)


def _window(brief: Brief) -> str:
    if brief.closed_at is not None:
        return f"số liệu đã chốt lúc {moment(brief.closed_at)}"
    if brief.cut_off < brief.period.last_day:
        return f"tính đến hết ngày {date(brief.cut_off)}, trước khi kỳ kết thúc"
    return "kỳ chưa chốt, phiếu gửi muộn còn có thể được bổ sung"


def _estimators(brief: Brief) -> str:
    estimations = [brief.ask(subject).estimation for subject in brief.subjects]
    used = {estimation.method for estimation in estimations if estimation is not None}
    return "; ".join(ESTIMATORS[name] for name in sorted(used)) or "không có số liệu để ước lượng"
