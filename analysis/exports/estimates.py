"""Estimates as a table: the very figures the desk shows, by the very rule for few answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from flask_babel import gettext as _

from analysis.exports.table import DataColumn, DataRow, ExportTable, coded
from analysis.figures.figure import Figure, Figures
from analysis.figures.query import FigureQuery
from analysis.figures.service import answer
from analysis.presentation.phrases import LEFT_OUT
from analysis.presentation.scope import Scope
from analysis.presentation.selection import subjects_of
from analysis.statistics.disclosure.primary import FEWEST_COUNT
from survey.foundation.periods import Period
from survey.foundation.vocabulary import SUBJECTS

BREAKDOWNS = (None, "agency", "service", "month")


def estimates_table(scope: Scope, period: Period) -> ExportTable:
    """Every subject of the scope, as a whole and by agency, service and month."""
    answers = [answer(replace(query, by=by)) for query in queries_of(scope, period) for by in BREAKDOWNS]
    rows = [row for figures in answers for row in _rows(figures)]
    notes = dict.fromkeys(note.message for figures in answers for note in figures.notes)
    return ExportTable(_columns(), iter(rows), (*rules(), *notes), len(rows))


def queries_of(scope: Scope, period: Period) -> list[FigureQuery]:
    """Every subject of the scope, as a whole."""
    return [
        FigureQuery(
            province=scope.province.key,
            subject=subject,
            period=period,
            agencies=scope.agencies,
            beside=scope.beside,
        )
        for subject in subjects_of(scope)
    ]


def _rows(figures: Figures) -> Iterator[DataRow]:
    question = figures.question
    for figure in figures.figures:
        if figure.answers == 0 and figure.caseload is None:
            continue  # nobody was asked here
        head = [question.period.code, question.subject, question.by or "total", figure.domain, figure.label]
        marks = ["yes" if is_marked else "no" for is_marked in (figure.partial, figure.provisional)]
        yield [*head, str(figure.shown), *figure_numbers(figure), figure.caseload, *marks]


def figure_numbers(figure: Figure) -> list[float | int | str | None]:
    """What `figure_columns` hold after the first."""
    estimate = figure.estimate
    if estimate is None:
        return [*[None] * 7, figure.n, figure.received, *[None] * 7]
    narrow, wide = estimate.interval_90, estimate.interval
    return [
        estimate.estimate,
        estimate.standard_error,
        narrow.low if narrow else None,
        narrow.high if narrow else None,
        wide.low if wide else None,
        wide.high if wide else None,
        estimate.unweighted,
        figure.n,
        figure.received,
        _left_out(figure),
        estimate.n_eff,
        estimate.df,
        estimate.df_effective,
        estimate.kappa,
        estimate.response_rate,
        estimate.coverage,
    ]


def _left_out(figure: Figure) -> str:
    """Why answers that came are not in the figure, as "no_caseload=12; service_unknown<5"."""
    told = figure.left_out.items()
    return "; ".join(f"{reason}<{FEWEST_COUNT}" if n is None else f"{reason}={n}" for reason, n in told)


def _columns() -> tuple[DataColumn, ...]:
    return (
        DataColumn("period", _("Kỳ"), _("Kỳ của câu hỏi"), _("2026, 2026-H1, 2026-Q3 hoặc 2026-10")),
        DataColumn(
            "subject", _("Đối tượng đánh giá"), _("Mã đối tượng"), coded({c: str(w) for c, w in SUBJECTS.items()})
        ),
        DataColumn("by", _("Chia theo"), _("total là chung; còn lại là cách chia"), "total; agency; service; month"),
        DataColumn("domain", _("Mã"), _("Mã tỉnh, cơ quan, dịch vụ hoặc tháng")),
        DataColumn("label", _("Tên"), _("Tên của dòng")),
        *figure_columns(),
        DataColumn("caseload", _("Số hồ sơ"), _("Số hồ sơ, lượt khám hoặc học sinh đã phục vụ"), _("số từ 0")),
        DataColumn(
            "partial",
            _("Một phần"),
            _("Số hồ sơ và tỷ lệ trả lời chỉ là của cơ quan, dịch vụ, tháng đã có số"),
            "yes; no",
        ),
        DataColumn(
            "provisional", _("Trọng số tạm tính"), _("Số hồ sơ của kỳ chưa đến, dùng tạm tháng trước"), "yes; no"
        ),
    )


def figure_columns() -> tuple[DataColumn, ...]:
    """Whether a figure is shown, and its numbers."""
    few = _("số nguyên; để trống: giữ lại vì ít phiếu")
    share = _("tỷ lệ 0-1; để trống: không nêu hoặc chưa có")
    return (
        DataColumn(
            "shown",
            _("Mức nêu"),
            _("Nêu đủ, chỉ để tham khảo, hay không nêu"),
            _("full = đủ; reference = 10-29 phiếu, chỉ để tham khảo; suppressed = dưới 10 phiếu, không nêu"),
        ),
        DataColumn("estimate", _("Tỷ lệ hài lòng gia quyền"), _("Gia quyền theo số hồ sơ đã giải quyết"), share),
        DataColumn("standard_error", _("Sai số chuẩn"), _("Sai số chuẩn của tỷ lệ gia quyền"), share),
        *_bounds("90", share),
        *_bounds("95", share),
        DataColumn("unweighted", _("Tỷ lệ chưa gia quyền"), _("Phần phiếu trả lời 4 hoặc 5"), share),
        DataColumn("n", _("Phiếu dùng (n)"), _("Số phiếu nằm trong con số này"), few),
        DataColumn("received", _("Phiếu nhận"), _("Mọi phiếu nhận được, dùng hay không"), few),
        DataColumn(
            "left_out",
            _("Phiếu nhận không dùng"),
            _("Vì sao có phiếu nhận được mà không nằm trong con số"),
            coded({reason: str(words) for reason, words in LEFT_OUT.items()}),
        ),
        DataColumn("n_eff", _("Cỡ mẫu hiệu dụng"), _("Số phiếu độc lập mà mẫu này tương đương"), _("số từ 0")),
        DataColumn("df", _("Bậc tự do"), _("Số đơn vị chọn (ngày, tuần của cơ quan) trừ số cơ quan"), _("số nguyên")),
        DataColumn("df_effective", _("Bậc tự do hiệu dụng"), _("Bậc tự do khi các ngày không đều nhau"), _("số từ 0")),
        DataColumn("kappa", "κ", _("Phương sai bị ước lượng thấp bao nhiêu lần"), _("số từ 1")),
        DataColumn("response_rate", _("Tỷ lệ trả lời"), _("n trên số hồ sơ đã giải quyết"), share),
        DataColumn("coverage", _("Tỷ lệ bao phủ"), _("Phần số hồ sơ có phiếu đại diện"), share),
    )


def _bounds(level: str, share: str) -> tuple[DataColumn, DataColumn]:
    words = _("Khoảng bất định theo mô hình, mức %(level)s", level=f"{level} %")
    return (
        DataColumn(f"low_{level}", _("Cận dưới, mức %(level)s", level=f"{level} %"), words, share),
        DataColumn(f"high_{level}", _("Cận trên, mức %(level)s", level=f"{level} %"), words, share),
    )


def rules() -> tuple[str, ...]:
    """What holds of every row."""
    return (
        _("Dưới 10 phiếu: không nêu tỷ lệ nào. 10-29 phiếu: chỉ để tham khảo. Số đếm dưới 5 để trống."),
        _("Dùng trong cơ quan; số liệu để công bố là bản đã công bố trên trang kết quả."),
        _("Người trả lời tự nguyện, không phải mẫu ngẫu nhiên; khoảng bất định theo mô hình."),
    )
