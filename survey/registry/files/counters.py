"""Import of counters: the code is the printed one in ``/c/<counter>`` and never changes hands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from survey.registry.files.columns import FileColumn, code, codes, text
from survey.registry.files.problems import Problems
from survey.registry.files.records import Change, ImportScope, Key, RecordKind, Stored, delete_where
from survey.registry.files.reference_checks import refuse_out_of_scope, refuse_unknown
from survey.registry.files.rows import RecordRow
from survey.registry.models import Agency, Counter, Service, counter_services


class Counters(RecordKind):
    """Counters by code; no services named means all services of the agency."""

    name = "counters"
    table_name = "counters"
    columns = (
        FileColumn("code", code, required=True, names="counters"),
        FileColumn("agency", code, required=True, names="agencies"),
        FileColumn("name", text(300), required=True),
        FileColumn("services", codes, default=(), names="services"),
    )

    def fetch(self, session: Session, rows: Sequence[RecordRow]) -> dict[Key, Stored]:
        """Every counter."""
        services: dict[int, list[str]] = {}
        links = counter_services.c
        for counter_id, service in session.execute(
            select(links.counter_id, Service.code).join(Service, Service.id == links.service_id)
        ):
            services.setdefault(counter_id, []).append(service)
        query = select(Counter.id, Counter.code, Agency.code, Counter.name).join(Agency, Agency.id == Counter.agency_id)
        return {
            (code_,): Stored(
                id_,
                {"code": code_, "agency": agency, "name": name, "services": tuple(sorted(services.get(id_, ())))},
            )
            for id_, code_, agency, name in session.execute(query)
        }

    def check(self, session: Session, changes: Sequence[Change], scope: ImportScope, problems: Problems) -> None:
        """Known agencies and services; the agency before and after within scope."""
        agencies = {code_: (id_, province) for code_, id_, province in _agencies(session)}
        services = set(session.scalars(select(Service.code)))
        agency_mend = _("Nhập cơ quan trước, hoặc sửa mã.")
        service_mend = _("Nhập dịch vụ trước, hoặc sửa mã; nhiều mã cách nhau bằng dấu cách.")
        for change in changes:
            known = not refuse_unknown(change, "agency", change.after["agency"], agencies, agency_mend, problems)
            for service in change.after["services"]:
                refuse_unknown(change, "services", service, services, service_mend, problems)
            touched = [change.after["agency"], *([change.before["agency"]] if change.before else [])]
            places = [agencies[code_] for code_ in touched] if known and change.sound and change.differs else []
            if not all(scope.allows(province, None, agency_id) for agency_id, province in places):
                refuse_out_of_scope(change, "agency", problems)

    def write(self, session: Session, changes: Sequence[Change]) -> None:
        """Counters, then the services they serve."""
        agencies = {code_: id_ for code_, id_, _province in _agencies(session)}
        rows = [
            {"row_id": c.id, "code": c.after["code"], "name": c.after["name"], "agency_id": agencies[c.after["agency"]]}
            for c in changes
        ]
        new = [{name: row[name] for name in ("code", "name", "agency_id")} for row in rows if row["row_id"] is None]
        if new:
            session.execute(insert(Counter), new)
        changed = [row for row in rows if row["row_id"] is not None]
        if changed:
            counters = Counter.__table__
            session.connection().execute(update(counters).where(counters.c.id == bindparam("row_id")), changed)
        _write_services(session, changes)
        session.expire_all()

    def remove(self, session: Session, ids: Sequence[int]) -> None:
        """With the services they serve."""
        delete_where(session, counter_services.c.counter_id, ids)
        super().remove(session, ids)

    def provinces(self, session: Session, changes: Sequence[Change]) -> Mapping[Key, int | None]:
        """The province of the counter's agency."""
        provinces = {code_: province for code_, _id, province in _agencies(session)}
        return {change.key: provinces[change.after["agency"]] for change in changes}


def _agencies(session: Session) -> list[tuple[str, int, int]]:
    query = select(Agency.code, Agency.id, Agency.province_id)
    return [(code_, id_, province) for code_, id_, province in session.execute(query)]


def _write_services(session: Session, changes: Sequence[Change]) -> None:
    counters = {code_: id_ for id_, code_ in session.execute(select(Counter.id, Counter.code))}
    services = {code_: id_ for id_, code_ in session.execute(select(Service.id, Service.code))}
    touched = [counters[change.after["code"]] for change in changes]
    delete_where(session, counter_services.c.counter_id, touched)
    links = [
        {"counter_id": counters[change.after["code"]], "service_id": services[service]}
        for change in changes
        for service in change.after["services"]
    ]
    if links:
        session.execute(insert(counter_services), links)
