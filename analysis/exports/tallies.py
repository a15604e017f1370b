"""Tallies as a table: how often each question got each rating, by month, agency and service; few answers held back."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import Any

from flask_babel import gettext as _

from analysis.exports.items import Items, items_of
from analysis.exports.queries import Narrowing, Tallied, count_tally_rows, stream_tallies
from analysis.exports.table import DataColumn, DataRow, ExportTable, coded
from analysis.figures.register import UnitRegister, fetch_register
from analysis.presentation.scope import Scope
from analysis.statistics.disclosure.complementary import complement_of_lines
from analysis.statistics.disclosure.primary import FEWEST_STAFF, SumConstraint, hidden_count, suppress
from survey.foundation.language import current_language
from survey.foundation.periods import Period
from survey.foundation.vocabulary import SCALE

VALUES = (0, 1, 2, 3, 4, 5)  # 0: "no opinion"
Counts = tuple[int, ...]
CellKey = tuple[str, int, int, str]  # month, agency, service, item
_CELL = attrgetter("month", "agency_id", "service_id", "item")


def tallies_table(scope: Scope, period: Period) -> ExportTable:
    """A row for each month, agency, service and question that was rated."""
    wanted = Narrowing(
        province_id=scope.province.id, months=period.months, sector=scope.sector, agencies=scope.agencies
    )
    items, register = items_of(scope.sector, current_language()), fetch_register(scope.province.id)
    rows = _rows(wanted, items, register)
    count = count_tally_rows(wanted, items.own)
    return ExportTable(_columns(), rows, _rules(), count)


def _rows(wanted: Narrowing, items: Items, register: UnitRegister) -> Iterator[DataRow]:
    beside = _beside_few(stream_tallies(wanted, items.own))
    for key, cell in groupby(stream_tallies(wanted, items.own), key=_CELL):
        month, agency_id, service_id, item = key
        agency, service = register.agencies[agency_id], register.services.get(service_id)
        counts = dict.fromkeys(VALUES, 0) | {row.value: row.times for row in cell}
        named = [service.code, service.name] if service else [None, None]
        yield [
            month,
            agency.code,
            agency.name,
            *named,
            item,
            items.texts.get(item),
            *_told(counts.values(), hide=key in beside),
        ]


def _told(counts: Iterable[int], *, hide: bool) -> tuple[int | None, ...]:
    return (None,) * (len(VALUES) + 1) if hide else shown(tuple(counts))


def _beside_few(tallies: Iterable[Tallied]) -> frozenset[CellKey]:
    """The rows from which one of few answers would be told.

    Of each question the sums of an agency's services, of a service's agencies and of a year's months stand in other
    files and pages: what is hidden of them is nothing, or two rows and more that hold ten answers.
    """
    of_items: dict[str, Counter[CellKey]] = defaultdict(Counter)
    for row in tallies:
        of_items[row.item][_CELL(row)] += row.times
    return frozenset(key for counts in of_items.values() for key in _beside_few_of_item(counts))


def _beside_few_of_item(of_item: Counter[CellKey]) -> Iterator[CellKey]:
    keys = dict(enumerate(of_item))
    counts = {str(place): of_item[key] for place, key in keys.items()}
    few = {cell for cell, n in counts.items() if n < FEWEST_STAFF}
    if not few:
        return
    lines: dict[CellKey, list[str]] = defaultdict(list)
    for place, (month, agency_id, service_id, item) in keys.items():
        for sum_of in ((month, agency_id, -1, item), (month, -1, service_id, item), ("", agency_id, service_id, item)):
            lines[sum_of].append(str(place))
    hidden = complement_of_lines(counts, lines.values(), few, fewest=FEWEST_STAFF)
    yield from (keys[int(cell)] for cell in hidden - few)


@lru_cache(maxsize=100_000)
def shown(counts: Counts) -> tuple[int | None, ...]:
    """The total and the counts as staff may see them, None where held back.

    Under 10 answers no count is shown, under 5 not even the total. Otherwise counts under 5 are hidden, and what would
    give them away by subtraction from the total with them.
    """
    total = sum(counts)
    if total < FEWEST_STAFF:
        return (None if hidden_count(total) else total, *[None] * len(counts))
    hidden = suppress([*counts, total], [SumConstraint(tuple(range(len(counts))), len(counts))])
    visible: list[Any] = [None if gone else count for count, gone in zip((*counts, total), hidden, strict=True)]
    return (visible[-1], *visible[:-1])


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
            "Dòng dưới 10 phiếu: không nêu số đếm nào, dưới 5 phiếu: không nêu cả tổng. Các dòng khác: số đếm dưới 5 "
            "để trống, cùng với số đếm mà phép trừ từ tổng sẽ làm lộ."
        ),
        _(
            "Vài dòng đủ phiếu cũng để trống: tổng của cơ quan, của dịch vụ hay của năm trừ các dòng khác sẽ lộ dòng "
            "ít phiếu."
        ),
        _("Dùng trong cơ quan; số liệu để công bố là bản đã công bố trên trang kết quả."),
    )
