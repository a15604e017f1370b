"""Import of caseloads: dossiers, visits or pupils per agency x service x month (x respondent kind)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, bindparam, func, insert, select, true, update
from sqlalchemy.orm import Session

from survey.foundation.caching.register import current_register
from survey.foundation.clock import month_of, today
from survey.foundation.formatting import date
from survey.foundation.periods import Period
from survey.foundation.vocabulary import CASELOAD_UNITS, RESPONDENT_KINDS
from survey.registry.files.caseload_layouts import Unfolding, month_headings
from survey.registry.files.caseload_units import Tracks, check_units
from survey.registry.files.columns import FileColumn, code, one_of, whole_number
from survey.registry.files.dates import month
from survey.registry.files.district_end import name_caseloads_of_districts, outlives_districts
from survey.registry.files.given import Given
from survey.registry.files.headings import Headings
from survey.registry.files.problems import Problems
from survey.registry.files.records import Change, ImportScope, Key, RecordKind, Stored
from survey.registry.files.reference_checks import refuse_out_of_scope, refuse_unknown
from survey.registry.files.rows import RecordRow
from survey.registry.files.spelling import Spelling
from survey.registry.files.tables import FileTable
from survey.registry.models import Agency, Caseload, CaseloadMark, Service


@dataclass(frozen=True)
class KnownAgency:
    """What the checks need of an agency."""

    id: int
    province_id: int
    valid_from: dt.date | None
    valid_to: dt.date | None
    kind: str
    level: str

    def was_no_more(self, month: str) -> bool:
        """Whether this is a district's authority, and districts had ended when the month began."""
        return outlives_districts(self.kind, self.level, Period.parse(month).first_day)


class Caseloads(RecordKind):
    """Caseloads by agency, service, month and respondent kind."""

    name = "caseloads"
    table_name = "caseloads"
    columns = (
        FileColumn("agency", code, required=True, names="agencies"),
        FileColumn("service", code, required=True, names="services"),
        FileColumn("month", month, required=True),
        FileColumn("respondent_kind", one_of(RESPONDENT_KINDS), default=""),
        FileColumn("unit", one_of(CASELOAD_UNITS), required=True),
        FileColumn("count", whole_number, required=True),
        FileColumn("overdue", whole_number),
    )
    key_names = ("agency", "service", "month", "respondent_kind")

    def headings(self) -> Headings:
        """The months across are a header too."""
        return Headings(self.name, self.columns, more_fit=month_headings)

    def unfold(
        self, session: Session, table: FileTable, spelling: Spelling, given: Given, problems: Problems
    ) -> FileTable:
        """Also services down and months across, and lists of one agency or month."""
        sectors = {code_: sector for code_, (_id, sector) in _sectors(session).items()}
        return Unfolding(spelling, sectors.get, given, problems).unfold(table)

    def fetch(self, session: Session, rows: Sequence[RecordRow]) -> dict[Key, Stored]:
        """The caseloads of the months that the rows are about."""
        months = sorted({row.values["month"] for row in rows if "month" in row.values})
        return self._fetch(session, Caseload.month.in_(months))

    def fetch_all(self, session: Session) -> dict[Key, Stored]:
        """Every caseload."""
        return self._fetch(session, true())

    def _fetch(self, session: Session, wanted: ColumnElement[bool]) -> dict[Key, Stored]:
        query = (
            select(
                Caseload.id,
                Agency.code,
                Service.code,
                Caseload.month,
                Caseload.respondent_kind,
                Caseload.unit,
                Caseload.count,
                Caseload.overdue,
            )
            .join(Agency, Agency.id == Caseload.agency_id)
            .join(Service, Service.id == Caseload.service_id)
            .where(wanted)
        )
        names = [column.name for column in self.columns]
        return {
            tuple(values[:4]): Stored(id_, dict(zip(names, values, strict=True)))
            for id_, *values in session.execute(query)
        }

    def rests_on(self, session: Session) -> tuple[int, int]:
        """The register's stamp, and the marks of all caseloads."""
        marks = session.scalar(select(func.coalesce(func.sum(CaseloadMark.stamp), 0)))
        return current_register(session).stamp, int(marks or 0)

    def check(self, session: Session, changes: Sequence[Change], scope: ImportScope, problems: Problems) -> None:
        """Known codes within scope, an agency that existed in the month, overdue within count, one unit throughout."""
        agencies, services = _places(session), _sectors(session)
        agency_mend = _("Nhập cơ quan trước, hoặc sửa mã.")
        service_mend = _("Nhập dịch vụ trước, hoặc sửa mã.")
        for change in changes:
            known = not refuse_unknown(change, "agency", change.after["agency"], agencies, agency_mend, problems)
            known &= not refuse_unknown(change, "service", change.after["service"], services, service_mend, problems)
            if known and change.sound:
                place = agencies[change.after["agency"]]
                _check_existence(change, place, problems)
                _check_begun(change, problems)
                if change.differs and not scope.allows(
                    place.province_id, services[change.after["service"]][1], place.id
                ):
                    refuse_out_of_scope(change, "agency", problems)
            if change.sound:
                _check_overdue(change, problems)
        sound = [change for change in changes if change.sound]
        placed = [(change, agencies[change.after["agency"]]) for change in sound if change.after["agency"] in agencies]
        gone = {change.after["agency"] for change, place in placed if place.was_no_more(change.after["month"])}
        name_caseloads_of_districts(sorted(gone), problems)
        check_units(sound, _tracks(session, sound), problems)

    def write(self, session: Session, changes: Sequence[Change]) -> None:
        """Insert the new ones, update the others."""
        agencies, services = _places(session), _sectors(session)
        new = [
            {name: c.after[name] for name in ("month", "respondent_kind", "unit", "count", "overdue")}
            | {"agency_id": agencies[c.after["agency"]].id, "service_id": services[c.after["service"]][0]}
            for c in changes
            if c.id is None
        ]
        if new:
            session.connection().execute(insert(Caseload.__table__), new)
        changed = [
            {"row_id": c.id} | {f"new_{name}": c.after[name] for name in ("unit", "count", "overdue")}
            for c in changes
            if c.id is not None
        ]
        if changed:
            table = Caseload.__table__
            statement = (
                update(table)
                .where(table.c.id == bindparam("row_id"))
                .values({name: bindparam(f"new_{name}") for name in ("unit", "count", "overdue")})
            )
            session.connection().execute(statement, changed)
        session.expire_all()

    def provinces(self, session: Session, changes: Sequence[Change]) -> Mapping[Key, int | None]:
        """The province of the agency."""
        agencies = _places(session)
        return {change.key: agencies[change.after["agency"]].province_id for change in changes}


def _places(session: Session) -> dict[str, KnownAgency]:
    lifetime = (Agency.valid_from, Agency.valid_to)
    query = select(Agency.code, Agency.id, Agency.province_id, *lifetime, Agency.kind, Agency.level)
    return {
        code_: KnownAgency(id_, province, first, last, kind, level)
        for code_, id_, province, first, last, kind, level in session.execute(query)
    }


def _sectors(session: Session) -> dict[str, tuple[int, str]]:
    query = select(Service.code, Service.id, Service.sector)
    return {code_: (id_, sector) for code_, id_, sector in session.execute(query)}


def _tracks(session: Session, changes: Sequence[Change]) -> Tracks:
    """Unit and respondent kinds already stored for each agency x service x month that the changes are about."""
    months = sorted({change.after["month"] for change in changes})
    query = (
        select(Agency.code, Service.code, Caseload.month, Caseload.respondent_kind, Caseload.unit)
        .join(Agency, Agency.id == Caseload.agency_id)
        .join(Service, Service.id == Caseload.service_id)
        .where(Caseload.month.in_(months))
    )
    return [(agency, service, month_, kind, unit) for agency, service, month_, kind, unit in session.execute(query)]


def _check_existence(change: Change, place: KnownAgency, problems: Problems) -> None:
    span = Period.parse(change.after["month"])
    began_later = place.valid_from is not None and place.valid_from > span.last_day
    ended_before = place.valid_to is not None and place.valid_to < span.first_day
    if began_later or ended_before:
        problems.add(
            _("Cơ quan %(agency)s không hoạt động trong tháng này.", agency=change.after["agency"]),
            _days_of(place)
            + " "
            + _("Sửa tháng, hoặc ghi số liệu cho cơ quan hoạt động lúc đó (ngày thành lập, ngày kết thúc)."),
            line=change.line,
            column="month",
            value=change.after["month"],
        )


def _days_of(place: KnownAgency) -> str:
    first, last = place.valid_from, place.valid_to
    if first and last:
        return str(_("Cơ quan hoạt động từ %(first)s đến hết %(last)s.", first=date(first), last=date(last)))
    if last:
        return str(_("Cơ quan hoạt động đến hết %(last)s.", last=date(last)))
    return str(_("Cơ quan hoạt động từ %(first)s.", first=date(first)))


def _check_begun(change: Change, problems: Problems) -> None:
    if change.after["month"] > month_of(today()):
        problems.add(
            _("Tháng này chưa bắt đầu."),
            _("Kiểm tra lại năm và tháng; chỉ nhập số của tháng đã qua hoặc tháng này."),
            line=change.line,
            column="month",
            value=change.after["month"],
        )


def _check_overdue(change: Change, problems: Problems) -> None:
    overdue, count = change.after["overdue"], change.after["count"]
    if overdue is not None and overdue > count:
        problems.add(
            _("Số quá hạn lớn hơn tổng số (%(count)s).", count=count),
            _("Sửa số lượng hoặc số quá hạn."),
            line=change.line,
            column="overdue",
            value=overdue,
        )
