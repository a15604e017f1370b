"""A file of another kind is called by its name, so that nobody mends headings that are right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from survey.registry.files.columns import FileColumn
from survey.registry.files.problems import Problems
from survey.registry.files.tables import FileTable
from survey.registry.files.words import header_words, plain_words

TITLES: Mapping[str, LazyString] = {
    "agencies": _l("cơ quan"),
    "services": _l("dịch vụ"),
    "counters": _l("quầy"),
    "caseloads": _l("hồ sơ"),
    "accounts": _l("tài khoản"),
    "targets": _l("chỉ tiêu"),
    "responses": _l("lượt đánh giá"),
}
# What no file of the kind lacks; told apart from the columns themselves, which belong to modules above this one.
MARKS: Mapping[str, frozenset[str]] = {
    "agencies": frozenset({"code", "name", "kind", "level", "province"}),
    "services": frozenset({"code", "name", "sector"}),
    "counters": frozenset({"code", "agency", "name"}),
    "caseloads": frozenset({"agency", "service", "month", "count"}),
    "accounts": frozenset({"username", "role"}),
    "targets": frozenset({"province", "code", "subject", "threshold"}),
    "responses": frozenset({"id", "answered_at", "questionnaire"}),
}


def refuse_other_kind(kind: str, columns: Sequence[FileColumn], table: FileTable, problems: Problems) -> None:
    """Refuse a table that lacks columns of its kind and has all of another's.

    Raises:
        ImportRefused: naming the kind it seems to be.
    """
    required = {column.name for column in columns if column.required}
    if kind in MARKS:
        required = required & MARKS[kind] or required
    if required <= set(table.header):
        return
    other = next(
        (
            kind_of_file
            for kind_of_file in MARKS
            if kind_of_file != kind and MARKS[kind_of_file] <= _columns(kind_of_file, table)
        ),
        None,
    )
    if other is not None:
        problems.add(
            _("Đây có vẻ là tệp %(other)s, không phải tệp %(this)s.", other=TITLES[other], this=TITLES.get(kind, kind)),
            _("Chọn loại tệp “%(other)s” (%(kind)s), hoặc chọn tệp khác.", other=TITLES[other], kind=other),
            line=table.line,
        )
        problems.refuse_if_any()


def _columns(kind: str, table: FileTable) -> set[str]:
    words = header_words(kind)
    names = {plain_words(name): name for name in MARKS[kind]}
    return {
        stored_name
        for cell in table.written
        if (stored_name := names.get(plain_words(cell)) or words.get(plain_words(cell)))
    }
