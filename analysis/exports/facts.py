"""Facts and reasons as a table, apart from satisfaction: a row a question, and one for each of its answers."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _

from analysis.exports.estimates import queries_of
from analysis.exports.table import DataColumn, DataRow, ExportTable, coded
from analysis.presentation.facts import FactResult, fact_results
from analysis.presentation.scope import Scope
from survey.foundation.periods import Period
from survey.foundation.vocabulary import SUBJECTS


def facts_table(scope: Scope, period: Period) -> ExportTable:
    """Every question of fact that was answered in the scope."""
    rows = [
        row for query in queries_of(scope, period) for fact in fact_results(query) for row in _rows(query.subject, fact)
    ]
    return ExportTable(_columns(), iter(rows), _rules(), len(rows))


def _rows(subject: str, fact: FactResult) -> Iterator[DataRow]:
    late, dossiers = fact.overdue or (None, None)
    head = [subject, fact.code, fact.text]
    yield [*head, None, fact.n, None, fact.median, fact.mean, fact.unit, fact.good, late, dossiers]
    for choice in fact.choices:
        yield [*head, choice.text, choice.count, choice.share, *(None,) * 6]


def _columns() -> tuple[DataColumn, ...]:
    few = _("số nguyên; để trống: giữ lại vì ít phiếu")
    share = _("tỷ lệ 0-1; để trống: không nêu hoặc chưa có")
    subjects = coded({code: str(words) for code, words in SUBJECTS.items()})
    return (
        DataColumn("subject", _("Đối tượng đánh giá"), _("Mã đối tượng"), subjects),
        DataColumn("code", _("Mã"), _("Mã câu hỏi")),
        DataColumn("text", _("Tên"), _("Lời ở bản mới nhất của phiếu")),
        DataColumn("choice", _("Trả lời"), _("Để trống: dòng của cả câu hỏi")),
        DataColumn("n", _("Số người"), _("Số người trả lời câu hỏi, hoặc chọn câu trả lời này"), few),
        DataColumn("share", _("Phần"), _("Phần trong những người trả lời câu hỏi, chưa gia quyền"), share),
        DataColumn("median", _("Trung vị"), _("Của các số đã ghi"), _("số; để trống: câu không hỏi số")),
        DataColumn("mean", _("Trung bình"), _("Của các số đã ghi"), _("số; để trống: câu không hỏi số")),
        DataColumn("unit", _("Đơn vị tính"), _("Của trung vị và trung bình")),
        DataColumn("good", _("Phần thuận lợi"), _("Phần chọn câu trả lời thuận lợi, như “sẽ quay lại”"), share),
        DataColumn("overdue", _("Quá hạn theo sổ"), _("Hồ sơ quá hạn cơ quan báo, cùng nơi, cùng tháng"), few),
        DataColumn("dossiers", _("Hồ sơ theo sổ"), _("Hồ sơ đã giải quyết, cùng nơi, cùng tháng"), few),
    )


def _rules() -> tuple[str, ...]:
    return (
        _("Sự việc và lý do không tính vào mức hài lòng. Dưới 10 người trả lời: không nêu. Số đếm dưới 5 để trống."),
        _("Người trả lời tự nguyện, không phải mẫu ngẫu nhiên; số đếm chưa gia quyền."),
    )
