"""Tallies as a table: how often each question got each rating, by month, agency and service; few answers held back."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

from flask_babel import gettext as _

from analysis.exports.items import Items, items_of
from analysis.exports.queries import Narrowing, count_tally_rows, stream_tallies
from analysis.exports.table import DataColumn, DataRow, ExportTable, coded
from analysis.exports.told_rows import CELL, beside, told_tallies
from analysis.figures.register import UnitRegister, fetch_register
from analysis.presentation.scope import Scope
from analysis.statistics.disclosure.complementary import told_levels
from analysis.statistics.disclosure.primary import FEWEST_STAFF, hidden_count
from survey.foundation.languages.language import current_language
from survey.foundation.periods import Period
from survey.foundation.vocabulary import SCALE

VALUES = (0, 1, 2, 3, 4, 5)  # 0: "no opinion"
Counts = tuple[int, ...]


def tallies_table(scope: Scope, period: Period) -> ExportTable:
    """A row for each month, agency, service and question that was rated."""
    wanted = Narrowing(
        province_id=scope.province.id, months=period.months, sector=scope.sector, agencies=scope.agencies
    )
    items, register = items_of(scope.sector, current_language()), fetch_register(scope.province.id)
    rows = _rows(wanted, beside(scope, period), items, register)
    count = count_tally_rows(wanted, items.own)
    return ExportTable(_columns(), rows, _rules(), count)


def _rows(wanted: Narrowing, every: Narrowing, items: Items, register: UnitRegister) -> Iterator[DataRow]:
    tells = told_tallies(stream_tallies(every, items.own), register)
    for key, cell in groupby(stream_tallies(wanted, items.own), key=CELL):
        month, agency_id, service_id, item = key
        agency, service = register.agencies[agency_id], register.services.get(service_id)
        counts = dict.fromkeys(VALUES, 0) | {row.value: row.times for row in cell}
        named = [service.code, service.name] if service else [None, None]
        told = shown(tuple(counts.values())) if tells(key) else (None,) * (len(VALUES) + 1)
        yield [month, agency.code, agency.name, *named, item, items.texts.get(item), *told]


@lru_cache(maxsize=100_000)
def shown(counts: Counts) -> tuple[int | None, ...]:
    """The total and the counts (no opinion, 1-5) as staff may see them, None where held back.

    The sum of 1-5 stands on pages: a total that would tell fewer than five without an opinion is held back with them.
    """
    undecided, *ratings = counts
    few_undecided = undecided > 0 and hidden_count(undecided)
    if min(sum(counts), sum(ratings) or FEWEST_STAFF) < FEWEST_STAFF:
        return (None,) * (len(counts) + 1)
    total = None if few_undecided else sum(counts)
    return (total, None if few_undecided else undecided, *told_levels(dict(enumerate(ratings, 1))).values())


def _columns() -> tuple[DataColumn, ...]:
    count = _("số nguyên; để trống: giữ lại vì ít phiếu")
    words = {0: _("Không có ý kiến"), **{value: str(text) for value, text in SCALE.items()}}
    return (
        DataColumn("month", _("Tháng"), _("Tháng trả lời, giờ Việt Nam"), _("dạng 2026-10")),
        DataColumn("agency", _("Mã cơ quan"), _("Mã cơ quan, đơn vị")),
        DataColumn("agency_name", _("Cơ quan"), _("Tên cơ quan, đơn vị")),
        DataColumn("service", _("Mã dịch vụ"), _("Mã dịch vụ; để trống: không rõ")),
        DataColumn("service_name", _("Dịch vụ"), _("Tên dịch vụ; để trống: không rõ")),
        DataColumn("item", _("Mã câu hỏi"), _("Mã câu hỏi của phiếu")),
        DataColumn("item_text", _("Câu hỏi"), _("Lời câu hỏi ở bản mới nhất của phiếu")),
        DataColumn("n", _("Số phiếu"), _("Số phiếu trả lời câu này, kể cả “không có ý kiến”"), count),
        *(DataColumn(f"n_{v}", f"{v}", _("Số phiếu chọn mức này"), f"{coded({v: words[v]})}; {count}") for v in VALUES),
    )


def _rules() -> tuple[str, ...]:
    return (
        _(
            "Dòng dưới 10 phiếu và dòng không rõ dịch vụ: không nêu số đếm nào. Các dòng khác: số đếm dưới 5 để trống, "
            "cùng với số đếm mà phép trừ từ tổng sẽ làm lộ."
        ),
        _(
            "Vài dòng đủ phiếu cũng để trống, như trang của cùng lựa chọn: tổng của cơ quan, dịch vụ, lĩnh vực, quý "
            "hay năm trừ các dòng khác sẽ lộ dòng ít phiếu."
        ),
        _("Dùng trong cơ quan; số liệu để công bố là bản đã công bố trên trang kết quả."),
    )
