"""Import of official figures of other years: ``province,year,indicator,value,rank,source`` and three more columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from analysis.reference.models import COUNTRY
from analysis.reference.queries import fetch_stored, insert_figures, update_figures
from analysis.reference.service import INDICATORS
from survey.registry.files.columns import FileColumn, one_of, province_key, text, whole_number, year
from survey.registry.files.problems import CellError, Problems
from survey.registry.files.records import Change, ImportScope, Key, RecordKind, Stored
from survey.registry.files.rows import RecordRow
from survey.registry.files.words import plain_words


def per_cent(cell: str) -> str:
    """A value as published, 0-100, with a point or a comma: "82,18" is kept as "82.18"."""
    try:
        value = Decimal(cell.replace(",", ".").removesuffix("%").strip())
    except InvalidOperation as error:
        raise CellError(_("Không phải số phần trăm."), _("Viết 82,18 hoặc 82.18.")) from error
    if value.is_finite() and 0 < value < 1:
        raise CellError(
            _("Không rõ là tỷ lệ hay phần trăm."), _("Giá trị là phần trăm: viết 82,18, không viết 0,8218.")
        )
    if not value.is_finite() or not 0 <= value <= 100:
        raise CellError(_("Ngoài khoảng 0-100."), _("Giá trị là phần trăm, ví dụ 82,18."))
    if len(str(value)) > 8:
        raise CellError(_("Quá nhiều chữ số."), _("Ghi đúng như số đã công bố, ví dụ 82,18."))
    return str(value)


def rank(cell: str) -> int:
    """A rank, from 1."""
    number = whole_number(cell)
    if number < 1:
        raise CellError(_("Thứ hạng bắt đầu từ 1."), _("Sửa thứ hạng, hoặc để trống nếu không biết."))
    return number


def _place(cell: str) -> str:
    """A province's key or name, or ``vn`` for the country."""
    return COUNTRY if plain_words(cell) in ("ca nuoc", "toan quoc", "viet nam") else province_key(cell)


class ReferenceFigureRecords(RecordKind):
    """Official figures by province, year and indicator."""

    name = "reference_figures"
    columns = (
        FileColumn("province", _place, required=True),
        FileColumn("year", year, required=True),
        FileColumn("indicator", one_of(INDICATORS), required=True),
        FileColumn("value", per_cent),
        FileColumn("rank", rank),
        FileColumn("source", text(300), required=True),
        FileColumn("name", text(120), default=""),
        FileColumn("part_of", province_key),
        FileColumn("note", text(200), default=""),
    )
    key_names = ("province", "year", "indicator")

    def fetch(self, session: Session, rows: Sequence[RecordRow]) -> dict[Key, Stored]:
        """Every figure."""
        names = tuple(column.name for column in self.columns)
        return {
            tuple(values[name] for name in self.key_names): Stored(id_, values)
            for id_, values in fetch_stored(session, names)
        }

    def check(self, session: Session, changes: Sequence[Change], scope: ImportScope, problems: Problems) -> None:
        """A figure says something: a value, a rank or a note. Shared by all provinces, so only who may touch all."""
        for change in (change for change in changes if change.sound):
            if not any(change.after[name] for name in ("value", "rank", "note")):
                problems.add(_("Không có giá trị, thứ hạng hay ghi chú."), _("Điền ít nhất một."), line=change.line)
            if change.differs and not scope.allows(None):
                problems.add(_("Ngoài phạm vi được giao."), _("Nhờ quản trị nhập số liệu tham khảo."), line=change.line)

    def write(self, session: Session, changes: Sequence[Change]) -> None:
        """Insert the new ones, update the others; a province without a name is called by its key."""
        rows = [
            (change.id, {**change.after, "name": change.after["name"] or change.after["province"]})
            for change in changes
        ]
        insert_figures(session, [values for id_, values in rows if id_ is None])
        update_figures(session, [(id_, values) for id_, values in rows if id_ is not None])

    def provinces(self, session: Session, changes: Sequence[Change]) -> Mapping[Key, int | None]:
        """None: a figure may be about a province that is no more, or the country."""
        return {change.key: None for change in changes}
