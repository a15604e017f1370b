"""Import of agencies: a tree in time. Parents and successors may stand later in the same file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session, aliased

from survey.foundation.batched import batched
from survey.foundation.registered import Registered
from survey.foundation.storage.database import Base
from survey.foundation.vocabulary import AGENCY_KINDS, AGENCY_LEVELS, AREAS
from survey.registry.files.columns import FileColumn, code, codes, one_of, province_key, text
from survey.registry.files.cycles import circle_from
from survey.registry.files.dates import day
from survey.registry.files.district_end import name_districts_without_end, outlives_districts
from survey.registry.files.problems import Problems
from survey.registry.files.records import CHUNK, Change, ImportScope, Key, RecordKind, Stored, delete_where
from survey.registry.files.reference_checks import refuse_out_of_scope, refuse_unknown
from survey.registry.files.rows import RecordRow
from survey.registry.models import Agency, AgencySuccession, Province
from survey.registry.successions import fetch_documents, set_document, set_successors

COLUMNS = (
    FileColumn("code", code, required=True, names="agencies"),
    FileColumn("name", text(300), required=True),
    FileColumn("kind", one_of(AGENCY_KINDS), required=True),
    FileColumn("level", one_of(AGENCY_LEVELS), required=True),
    FileColumn("area", one_of(AREAS)),
    FileColumn("parent", code, names="agencies"),
    FileColumn("province", province_key, required=True),
    FileColumn("valid_from", day),
    FileColumn("valid_to", day),
    FileColumn("successor", codes, default=(), names="agencies"),
    FileColumn("one_stop_since", day),
    FileColumn("method_defined_on", day),
    FileColumn("document", text(300)),
)
RESERVED_CODES: Registered[str] = Registered("code of something else")  # what is called so, beside agencies
PLAIN = ("name", "kind", "level", "area", "valid_from", "valid_to", "one_stop_since", "method_defined_on")


class Agencies(RecordKind):
    """Agencies by code."""

    name = "agencies"
    table_name = "agencies"
    columns = COLUMNS

    def fetch(self, session: Session, rows: Sequence[RecordRow]) -> dict[Key, Stored]:
        """Every agency: the tree and the successions can only be checked whole."""
        return {(code,): stored for code, stored in fetch_agencies(session).items()}

    def check(self, session: Session, changes: Sequence[Change], scope: ImportScope, problems: Problems) -> None:
        """Known provinces, parents and successors; a tree without circles; days in order; within scope."""
        stored = {key[0]: record for key, record in self.fetch(session, ()).items()}
        whole = {code: record.values for code, record in stored.items()}
        whole |= {change.after["code"]: change.after for change in changes if change.after["code"]}
        provinces = {key: id_ for id_, key in session.execute(select(Province.id, Province.key))}
        mend = _("Dùng một trong: %(choices)s.", choices=", ".join(sorted(provinces)))
        for change in changes:
            known = not refuse_unknown(change, "province", change.after["province"], provinces, mend, problems)
            if known and change.sound:
                _check_scope(change, provinces, stored, scope, problems)
            if change.sound:
                _check_code(change, problems)
                _check_days(change, problems)
                _check_province_stays(change, problems)
            _check_parent(change, whole, problems)
            _check_successors(change, whole, problems)
            _check_document(change, problems)
        name_districts_without_end(
            [c.after["code"] for c in changes if c.sound and outlives_districts(*_span(c))], problems
        )

    def write(self, session: Session, changes: Sequence[Change]) -> None:
        """Records first, then parents, successors and documents, so that their order in the file does not matter."""
        provinces = {key: id_ for id_, key in session.execute(select(Province.id, Province.key))}
        new = [change for change in changes if change.id is None]
        if new:
            session.execute(
                insert(Agency),
                [
                    {"code": c.after["code"], "province_id": provinces[c.after["province"]]}
                    | {name: c.after[name] for name in PLAIN}
                    for c in new
                ],
            )
        ids = {code: id_ for id_, code in session.execute(select(Agency.id, Agency.code))}
        rows = [
            {"row_id": ids[c.after["code"]], "parent_id": ids[c.after["parent"]] if c.after["parent"] else None}
            | {name: c.after[name] for name in PLAIN}
            for c in changes
        ]
        if rows:
            agencies = Agency.__table__
            session.connection().execute(update(agencies).where(agencies.c.id == bindparam("row_id")), rows)
        set_successors(
            session, {ids[c.after["code"]]: [ids[successor] for successor in c.after["successor"]] for c in changes}
        )
        for c in changes:
            if c.after["document"] or (c.before and c.before["document"]):
                set_document(session, ids[c.after["code"]], c.after["document"] or "")
        session.expire_all()

    def remove(self, session: Session, ids: Sequence[int]) -> None:
        """Their successions go with them; the tree among them is taken apart first."""
        links = Base.metadata.tables["agency_successions"].c
        delete_where(session, links.predecessor_id, ids)
        delete_where(session, links.successor_id, ids)
        for some in batched(ids, CHUNK):
            session.execute(update(Agency).where(Agency.id.in_(some)).values(parent_id=None))
        super().remove(session, ids)

    def provinces(self, session: Session, changes: Sequence[Change]) -> Mapping[Key, int | None]:
        """By the province's key."""
        ids = {key: id_ for id_, key in session.execute(select(Province.id, Province.key))}
        return {change.key: ids[change.after["province"]] for change in changes}


def fetch_agencies(session: Session) -> dict[str, Stored]:
    """Every agency in the file's terms, by code."""
    successors: dict[int, list[str]] = {}
    for predecessor_id, successor in session.execute(
        select(AgencySuccession.predecessor_id, Agency.code).join(Agency, Agency.id == AgencySuccession.successor_id)
    ):
        successors.setdefault(predecessor_id, []).append(successor)
    documents = fetch_documents(session)
    parent = aliased(Agency)
    query = (
        select(Agency.id, Agency.code, Province.key, parent.code, *(getattr(Agency, name) for name in PLAIN))
        .join(Province, Province.id == Agency.province_id)
        .outerjoin(parent, parent.id == Agency.parent_id)
    )
    stored = {}
    for id_, code_, province, parent_code, *plain in session.execute(query):
        values: dict[str, Any] = {column.name: None for column in COLUMNS}
        values |= {"code": code_, "province": province, "parent": parent_code} | dict(zip(PLAIN, plain, strict=True))
        values |= {"successor": tuple(sorted(successors.get(id_, ()))), "document": documents.get(id_)}
        stored[code_] = Stored(id_, values)
    return stored


def _span(change: Change) -> tuple[str, str, dt.date | None]:
    return change.after["kind"], change.after["level"], change.after["valid_to"]


def _check_scope(
    change: Change, provinces: Mapping[str, int], stored: Mapping[str, Stored], scope: ImportScope, problems: Problems
) -> None:
    province = provinces[change.after["province"]]
    if change.id is not None and change.differs and not scope.allows(province, None, change.id):
        refuse_out_of_scope(change, "code", problems)
    # A new agency is judged by the agency it is put under; so is one that moves.
    above = stored.get(change.after["parent"] or "")
    moves = change.before is None or change.before["parent"] != change.after["parent"]
    if moves and not scope.allows(province, None, above.id if above else None):
        refuse_out_of_scope(change, "parent" if change.before else "code", problems)


def _check_code(change: Change, problems: Problems) -> None:
    if change.before is None and (other := RESERVED_CODES.get(change.after["code"].lower())):
        problems.add(
            _("Mã này là của %(other)s ở trang báo cáo.", other=other),
            _("Đặt mã khác, ví dụ thêm mã tỉnh phía trước."),
            line=change.line,
            column="code",
            value=change.after["code"],
        )


def _check_days(change: Change, problems: Problems) -> None:
    first, last = change.after["valid_from"], change.after["valid_to"]
    if first and last and last < first:
        problems.add(
            _("Ngày kết thúc trước ngày bắt đầu (%(day)s).", day=first.isoformat()),
            _("Sửa ngày thành lập hoặc ngày kết thúc; ngày kết thúc là ngày cuối cùng còn hoạt động."),
            line=change.line,
            column="valid_to",
            value=last.isoformat(),
        )


def _check_province_stays(change: Change, problems: Problems) -> None:
    if change.before and change.before["province"] != change.after["province"]:
        problems.add(
            _("Mã cơ quan này đã thuộc tỉnh %(province)s.", province=change.before["province"]),
            _("Mã không dùng lại: đặt mã mới cho cơ quan của tỉnh khác."),
            line=change.line,
            column="province",
            value=change.after["province"],
        )


def _check_parent(change: Change, whole: Mapping[str, Mapping[str, Any]], problems: Problems) -> None:
    parent = change.after["parent"]
    if parent is None or refuse_unknown(
        change, "parent", parent, whole, _("Thêm cơ quan cấp trên vào tệp hoặc sửa mã."), problems
    ):
        return
    if change.sound and whole[parent]["province"] not in (None, change.after["province"]):
        problems.add(
            _("Cơ quan cấp trên thuộc tỉnh khác."),
            _("Chọn cơ quan cấp trên trong cùng tỉnh."),
            line=change.line,
            column="parent",
            value=parent,
        )
    circle = circle_from(change.after["code"], lambda code: filter(None, [whole.get(code, {}).get("parent")]))
    if circle:
        problems.add(
            _("Cơ quan cấp trên tạo thành vòng: %(circle)s.", circle=" → ".join(circle)),
            _("Sửa cơ quan cấp trên của một cơ quan trong vòng."),
            line=change.line,
            column="parent",
            value=parent,
        )


def _check_successors(change: Change, whole: Mapping[str, Mapping[str, Any]], problems: Problems) -> None:
    mend = _("Thêm cơ quan kế thừa vào tệp hoặc sửa mã; nhiều mã cách nhau bằng dấu cách.")
    unknown = [refuse_unknown(change, "successor", code, whole, mend, problems) for code in change.after["successor"]]
    if any(unknown):
        return
    circle = circle_from(change.after["code"], lambda code: whole.get(code, {}).get("successor", ()))
    if circle:
        problems.add(
            _("Kế thừa tạo thành vòng: %(circle)s.", circle=" → ".join(circle)),
            _("Cơ quan kế thừa phải khác cơ quan cũ; sửa cột cơ quan kế thừa."),
            line=change.line,
            column="successor",
            value=" ".join(change.after["successor"]),
        )


def _check_document(change: Change, problems: Problems) -> None:
    after = change.after
    ends = after["valid_to"] or after["successor"]
    if change.sound and after["document"] and not ends and after["document"] != (change.before or {}).get("document"):
        problems.add(
            _("Có văn bản nhưng cơ quan không kết thúc và không có cơ quan kế thừa."),
            _("Ghi văn bản ở dòng của cơ quan cũ, kèm ngày kết thúc hoặc cơ quan kế thừa; hoặc để trống."),
            line=change.line,
            column="document",
            value=after["document"],
        )
