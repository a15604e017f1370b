"""Anonymised responses as a table: what was answered, and as much of the circumstances as hides who answered."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any

from flask import has_request_context
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import Select

from analysis.exports.anonymity import AGENCY_ONLY, DAY, HELD_BACK, MONTH, TOGETHER, Circumstances, levels
from analysis.exports.items import items_of
from analysis.exports.queries import Narrowing, count_responses, fetch_received, stream_responses
from analysis.exports.table import DataColumn, DataRow, ExportTable, coded
from analysis.exports.told_rows import beside, told_months
from analysis.figures.register import UnitRegister, fetch_register
from analysis.presentation.scope import Scope
from survey.accounts.permissions import Action
from survey.feedback.reach_queries import answers_apart, may_read_words
from survey.foundation.languages.language import current_language
from survey.foundation.periods import Period
from survey.foundation.vocabulary import CHANNELS, RESPONDENT_KINDS, SCALE, SECTORS, UNKNOWN_KIND
from survey.questionnaires.packs.service import language_names
from survey.responses.masking import mask


def responses_table(scope: Scope, period: Period, *, comments: bool = False) -> ExportTable:
    """A row for each response that can be told of without telling whose it is; `comments` adds them, masked."""
    wanted = Narrowing(
        province_id=scope.province.id,
        months=period.months,
        sector=scope.sector,
        agencies=scope.agencies,
        apart=_apart() if comments else None,
    )
    items, register = items_of(scope.sector, current_language()).texts, fetch_register(scope.province.id)
    tells = told_months(fetch_received(beside(scope, period)))
    rows = _rows(wanted, tuple(items), register, tells, comments=comments)
    own = (*_columns(), *_comment_columns(comments))
    taken = {name.lower() for column in own for name in (column.code, column.heading)}
    asked = (_item_column(f"item.{code}" if code in taken else code, text) for code, text in items.items())
    columns = (*_columns(), *asked, *_comment_columns(comments))
    return ExportTable(columns, rows, _rules(), count_responses(wanted))


def _rows(
    wanted: Narrowing,
    items: tuple[str, ...],
    register: UnitRegister,
    tells: Callable[[str, int, str], bool],
    *,
    comments: bool,
) -> Iterator[DataRow]:
    may_read = _may_read(wanted.province_id)
    for (month, agency_id), group in groupby(stream_responses(wanted), key=attrgetter("month", "agency_id")):
        agency = register.agencies[agency_id]
        head = (month, agency.code, agency.name)
        rows = [
            [*head, *_told(row, level, register), *map(row.answers.get, items), *_comment(row, comments, may_read)]
            for sector, alike in _by_sector(group)
            if tells(sector, agency_id, month)
            for row, level in zip(
                alike, levels([Circumstances._make(_circumstances(row)) for row in alike]), strict=True
            )
            if level < HELD_BACK
        ]
        random.shuffle(rows)  # the order in which answers came says who gave them
        yield from rows


def _apart() -> Select[Any] | None:
    """Whoever works at the command line has the whole database."""
    return answers_apart(current_user, Action.VIEW_COMMENTS) if has_request_context() else None


def _may_read(province_id: int) -> Callable[[Any], bool]:
    """Whether the words of a row are for this reader."""
    if not has_request_context():
        return lambda _row: True
    may_read = may_read_words(current_user, Action.VIEW_COMMENTS)
    return lambda row: may_read(province_id, row.sector, row.agency_id, row.comment)


def _by_sector(rows: Iterable[Any]) -> Iterable[tuple[str, list[Any]]]:
    by_sector: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        by_sector[row.sector].append(row)
    return by_sector.items()


_circumstances = attrgetter("day", "service_id", "channel", "respondent_kind", "language")


def _told(row: Any, level: int, register: UnitRegister) -> tuple[object, ...]:
    service = register.services.get(row.service_id) if level < AGENCY_ONLY else None
    named = (service.code, service.name) if service else (None, None)
    if level > MONTH:
        return (row.sector, None, *named, None, None, None)
    return (row.sector, row.day if level == DAY else None, *named, row.channel, row.respondent_kind, row.language)


def _comment(row: Any, comments: bool, may_read: Callable[[Any], bool]) -> tuple[str | None, ...]:
    return (mask(row.comment) if row.comment and may_read(row) else None,) if comments else ()


def _columns() -> tuple[DataColumn, ...]:
    coarse = _("để trống: giữ lại vì quá ít phiếu giống nhau")
    kinds = {**{code: str(text) for code, text in RESPONDENT_KINDS.items()}, UNKNOWN_KIND: _("Không rõ")}
    return (
        DataColumn("month", _("Tháng"), _("Tháng trả lời, giờ Việt Nam"), _("dạng 2026-10")),
        DataColumn("agency", _("Mã cơ quan"), _("Mã cơ quan, đơn vị")),
        DataColumn("agency_name", _("Cơ quan"), _("Tên cơ quan, đơn vị")),
        DataColumn(
            "sector", _("Ngành"), _("Ngành của phiếu"), coded({code: str(text) for code, text in SECTORS.items()})
        ),
        DataColumn("day", _("Ngày"), _("Ngày trả lời"), coarse),
        DataColumn("service", _("Mã dịch vụ"), _("Mã dịch vụ; để trống: không rõ"), coarse),
        DataColumn("service_name", _("Dịch vụ"), _("Tên dịch vụ; để trống: không rõ"), coarse),
        DataColumn(
            "channel", _("Kênh"), _("Kênh trả lời"), f"{coded({c: str(t) for c, t in CHANNELS.items()})}; {coarse}"
        ),
        DataColumn("respondent_kind", _("Đối tượng trả lời"), _("Cá nhân hay tổ chức"), f"{coded(kinds)}; {coarse}"),
        DataColumn("language", _("Ngôn ngữ"), _("Ngôn ngữ của phiếu"), f"{coded(language_names())}; {coarse}"),
    )


def _item_column(name: str, text: str) -> DataColumn:
    scale = coded({0: _("Không có ý kiến"), **{value: str(words) for value, words in SCALE.items()}})
    empty = _("để trống: không trả lời")
    return DataColumn(name, name, text, f"{scale}; {empty}")


def _comment_columns(comments: bool) -> tuple[DataColumn, ...]:
    return (DataColumn("comment", _("Ý kiến"), _("Số, thư điện tử và họ tên đã được che")),) if comments else ()


def _rules() -> tuple[str, ...]:
    return (
        _("Không có mã phiếu, thiết bị, quầy, giờ phút hay địa chỉ mạng; thứ tự các dòng trong tháng là ngẫu nhiên."),
        _(
            "Trong mỗi cơ quan, ngành và tháng, những gì nêu về một phiếu (ngày, dịch vụ, kênh, đối tượng, ngôn ngữ) "
            "phải chung cho ít nhất %(n)s phiếu. Không đủ thì bỏ ngày; vẫn không đủ thì chỉ nêu dịch vụ; rồi chỉ nêu "
            "cơ quan và tháng, cùng nhóm nhỏ nhất nếu những phiếu ấy không đủ. Tháng ít phiếu của một cơ quan, và "
            "tháng mà phép trừ sẽ làm lộ tháng ấy, không có trong tệp.",
            n=TOGETHER,
        ),
        _("Tệp này chưa gia quyền: tỷ lệ tính từ đây không phải là kết quả. Dùng trong cơ quan, không công bố."),
    )
