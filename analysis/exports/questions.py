"""Results by factor and by question as a table: the desk's own figures, each with the method it is made by."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _

from analysis.exports.estimates import figure_columns, figure_numbers, queries_of, rules
from analysis.exports.table import DataColumn, DataRow, ExportTable, coded
from analysis.figures.questions import FormResults, as_rows, question_results
from analysis.presentation.filter_options import METHODS
from analysis.presentation.scope import Scope
from survey.foundation.periods import Period
from survey.foundation.vocabulary import SCALE, SUBJECTS

_OF = ("form", "factor", "question")


def questions_table(scope: Scope, period: Period) -> ExportTable:
    """Every form answered in the scope: as a whole, by factor and by question."""
    rows = [
        row
        for query in queries_of(scope, period)
        for form in question_results(query)
        for row in _rows(query.subject, form)
    ]
    return ExportTable(_columns(), iter(rows), rules(), len(rows))


def _rows(subject: str, form: FormResults) -> Iterator[DataRow]:
    for of, results in zip(_OF, (form.whole, form.factors, form.questions), strict=True):
        for result in (row for each in results for row in as_rows(each)):
            head = [
                subject,
                form.key,
                of,
                form.factor_of.get(result.code),
                result.code,
                result.text,
                str(result.method),
            ]
            levels = result.levels or (None,) * len(SCALE)
            yield [*head, str(result.figure.shown), *figure_numbers(result.figure), result.mean, *levels]


def _columns() -> tuple[DataColumn, ...]:
    few = _("số nguyên; để trống: giữ lại vì ít phiếu, hoặc nhiều câu gộp lại")
    subjects = coded({code: str(words) for code, words in SUBJECTS.items()})
    return (
        DataColumn("subject", _("Đối tượng đánh giá"), _("Mã đối tượng"), subjects),
        DataColumn("form", _("Phiếu"), _("Mã phiếu hỏi")),
        DataColumn("of", _("Dòng của"), _("Cả phiếu, nhóm tiêu chí hay một câu hỏi"), "form; factor; question"),
        DataColumn("factor", _("Nhóm tiêu chí"), _("Mã nhóm của câu hỏi")),
        DataColumn("code", _("Mã"), _("Mã phiếu, nhóm hoặc câu hỏi")),
        DataColumn("text", _("Tên"), _("Lời ở bản mới nhất của phiếu")),
        DataColumn("method", _("Cách tính"), _("Cách tính tỷ lệ"), coded({k: str(v) for k, v in METHODS.items()})),
        *figure_columns(),
        DataColumn("mean", _("Điểm trung bình"), _("Trung bình các mức 1-5, chưa gia quyền"), _("số từ 1 đến 5")),
        *(DataColumn(f"n_{v}", f"{v}", _("Số phiếu chọn mức này"), f"{words}; {few}") for v, words in SCALE.items()),
    )
