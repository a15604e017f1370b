"""Import of services: what citizens come for. Services are shared by all provinces."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy import bindparam, column, exists, insert, select, table, update
from sqlalchemy.orm import Session

from survey.foundation.vocabulary import SECTORS
from survey.registry.files.columns import FileColumn, code, one_of, text
from survey.registry.files.problems import CellError, Problems
from survey.registry.files.records import Change, ImportScope, Key, RecordKind, Stored
from survey.registry.files.reference_checks import refuse_out_of_scope
from survey.registry.files.rows import RecordRow
from survey.registry.models import Service

RESPONSES = table("responses", column("service_id"))  # the registry stands below whoever stores answers
NAMES = ("code", "name", "sector", "field", "national_code")

# Six digits stand behind the point of a national code; a spreadsheet drops zeros at the end, also on the way to CSV.
_CUT_CODE, _CUT_NATIONAL = re.compile(r"^\d[.,]\d{3,5}$"), re.compile(r"^\d[.,]\d{1,5}$")


def _code(cell: str) -> str:
    _refuse_cut(_CUT_CODE, cell)
    return code(cell)


def _national_code(cell: str) -> str:
    _refuse_cut(_CUT_NATIONAL, cell)
    return str(text(40)(cell))


def _refuse_cut(cut: re.Pattern[str], cell: str) -> None:
    if cut.match(cell):
        raise CellError(
            _("Mã thủ tục quốc gia có 6 chữ số sau dấu chấm: số 0 ở cuối đã mất (1.000650 thành 1.00065)."),
            _("Đặt cột thành dạng Text trong Excel rồi gõ lại mã như trong văn bản."),
        )


class Services(RecordKind):
    """Services by code."""

    name = "services"
    table_name = "services"
    columns = (
        FileColumn("code", _code, required=True, names="services"),
        FileColumn("name", text(300), required=True),
        FileColumn("sector", one_of(SECTORS), required=True),
        FileColumn("field", text(120), default=""),
        FileColumn("national_code", _national_code, default="", is_code=True),
    )

    def fetch(self, session: Session, rows: Sequence[RecordRow]) -> dict[Key, Stored]:
        """Every service."""
        query = select(Service.id, *(getattr(Service, name) for name in NAMES))
        return {
            (values[0],): Stored(id_, dict(zip(NAMES, values, strict=True))) for id_, *values in session.execute(query)
        }

    def check(self, session: Session, changes: Sequence[Change], scope: ImportScope, problems: Problems) -> None:
        """Within scope; the sector stays once there are answers, for it decides whose figures they are in."""
        for change in (change for change in changes if change.sound):
            if change.differs and not scope.allows(None):
                refuse_out_of_scope(change, "code", problems)
            if change.before and change.before["sector"] != change.after["sector"] and _has_answers(session, change):
                problems.add(
                    _("Dịch vụ đã có đánh giá thuộc ngành %(sector)s.", sector=change.before["sector"]),
                    _("Giữ nguyên ngành, hoặc tạo dịch vụ mới với mã khác."),
                    line=change.line,
                    column="sector",
                    value=change.after["sector"],
                )

    def write(self, session: Session, changes: Sequence[Change]) -> None:
        """Insert the new ones, update the others."""
        new = [change.after for change in changes if change.id is None]
        if new:
            session.execute(insert(Service), new)
        changed = [{"row_id": change.id} | change.after for change in changes if change.id is not None]
        if changed:
            services = Service.__table__
            session.connection().execute(update(services).where(services.c.id == bindparam("row_id")), changed)
        session.expire_all()

    def provinces(self, session: Session, changes: Sequence[Change]) -> Mapping[Key, int | None]:
        """None: services belong to no province."""
        return {change.key: None for change in changes}


def _has_answers(session: Session, change: Change) -> bool:
    return bool(session.scalar(select(exists().where(RESPONSES.c.service_id == change.id))))
