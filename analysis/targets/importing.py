"""A province's own targets as records: their columns in a file or form, what is checked, and how they are stored."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from analysis.targets.catalogue import shipped_codes
from analysis.targets.models import Target
from analysis.targets.queries import fetch_places, fetch_rows, insert_target, update_target
from survey.accounts.agency_access import UserScope
from survey.accounts.approvals.approvals import required
from survey.foundation.vocabulary import RESPONDENT_KINDS, SECTOR_OF_SUBJECT, SUBJECTS
from survey.registry.files.columns import FileColumn, code, one_of, province_key, text, year
from survey.registry.files.problems import CellError, Problems
from survey.registry.files.records import Change, ImportScope, Key, RecordKind, Stored
from survey.registry.files.reference_checks import refuse_out_of_scope, refuse_unknown
from survey.registry.files.rows import RecordRow
from survey.registry.files.runs import signed_in_id
from survey.registry.files.words import value_of

COVERAGE = ("surveyed_units", "method_defined", "one_stop", "on_time")
DOCUMENT = ("document", "document_number", "document_short")
PLAIN = ("from_year", "due_year", "last_year", *DOCUMENT, "clause", "quote", "note", "ended_by")
_SIGNS = {">": ">", ">=": ">=", "≥": ">=", "=>": ">=", "=": "="}
_TWO_PEOPLE = lazy_gettext("Tỉnh yêu cầu hai người khi thay đổi chỉ tiêu.")
_EACH_APART = lazy_gettext("Thêm hoặc sửa từng chỉ tiêu ở trang Chỉ tiêu để người thứ hai xác nhận.")
_SHARE = re.compile(r"^(\d+(?:[.,]\d+)?)(\s*%)?$")


def comparator(cell: str) -> str:
    """``>`` for "trên", ``>=`` for "đạt", ``=``, or in words; with or without the apostrophe a spreadsheet needs."""
    written = cell.removeprefix("'").strip()
    sign = _SIGNS.get(written) or value_of(written, _SIGNS.values())
    if sign is None:
        raise CellError(_("Không phải dấu so sánh."), _("Dùng > (trên), >= (đạt, từ … trở lên) hoặc =."))
    return sign


def share(cell: str) -> str:
    """A share as an exact decimal fraction: "82,5 %" and "0.825" are both kept as "0.825"."""
    mend = _("Viết 80 % hoặc 0.8; phải trên 0 và không quá 100 %.")
    match = _SHARE.match(cell)
    try:
        value = Decimal(match[1].replace(",", ".")) / (100 if match[2] else 1) if match else Decimal(-1)
    except InvalidOperation as error:
        raise CellError(_("Không phải tỷ lệ."), mend) from error
    if not 0 < value <= 1:
        raise CellError(_("Không phải tỷ lệ."), mend)
    written = f"{value.normalize():f}"
    if len(written) > 6:
        raise CellError(
            _("Quá nhiều chữ số."), _("Ghi đúng như trong văn bản, tối đa hai chữ số phần trăm sau dấu phẩy.")
        )
    return written


def respondents(cell: str) -> tuple[str, ...]:
    """Whose ratings count: `individual`, `organisation`, or both separated by a space."""
    read = one_of(RESPONDENT_KINDS)
    if value_of(cell, RESPONDENT_KINDS):
        return (read(cell),)
    return tuple(sorted({read(part) for part in (cell.split(",") if "," in cell else cell.split())}))


def short_code(cell: str) -> str:
    """A target's code."""
    if len(code(cell)) > 20:
        raise CellError(_("Mã dài quá 20 ký tự."), _("Đặt mã ngắn, ví dụ Y2030."))
    return cell


class Targets(RecordKind):
    """Targets by province and code. Those of the three programmes are shipped and only read."""

    name = "targets"
    table_name = "targets"
    columns = (
        FileColumn("province", province_key, required=True),
        FileColumn("code", short_code, required=True),
        FileColumn("agency", code, names="agencies"),
        FileColumn("subject", one_of((*SUBJECTS, *COVERAGE)), required=True),
        FileColumn("respondent_kinds", respondents, default=tuple(sorted(RESPONDENT_KINDS))),
        FileColumn("comparator", comparator, required=True),
        FileColumn("threshold", share, required=True),
        FileColumn("from_year", year, required=True),
        FileColumn("due_year", year, required=True),
        FileColumn("last_year", year),
        FileColumn("document", text(300), required=True),
        FileColumn("clause", text(60), required=True),
        FileColumn("quote", text(2000), required=True),
        FileColumn("note", text(1000), default=""),
        FileColumn("ended_by", text(300), default=""),
        FileColumn("document_number", text(60), default=""),
        FileColumn("document_short", text(300), default=""),
    )
    key_names = ("province", "code")

    def fetch(self, session: Session, rows: Sequence[RecordRow]) -> dict[Key, Stored]:
        """Every target."""
        return {
            (province, target.code): Stored(target.id, _values(target, province, agency))
            for target, province, agency in fetch_rows(session)
        }

    def check(self, session: Session, changes: Sequence[Change], scope: ImportScope, problems: Problems) -> None:
        """Own targets only, within scope, at a place that exists, years in order, and a document for the end too."""
        provinces, agencies = fetch_places(session)
        for change in changes:
            mend = _("Dùng một trong: %(choices)s.", choices=", ".join(sorted(provinces)))
            known = not refuse_unknown(change, "province", change.after["province"], provinces, mend, problems)
            known &= _is_place(change, agencies, problems)
            if known and change.sound and change.differs:
                _check_own(change, problems)
                _check_two_people(change, scope, problems)
                _check_scope(change, provinces, agencies, scope, problems)
                _check_years(change, problems)
                _check_end(change, problems)

    def write(self, session: Session, changes: Sequence[Change]) -> None:
        """Insert the new ones, update the others."""
        provinces, agencies = fetch_places(session)
        for change in changes:
            values = _columns(change.after, provinces, agencies)
            if change.id is None:
                insert_target(session, values)
            else:
                update_target(session, change.id, values)
        session.expire_all()

    def provinces(self, session: Session, changes: Sequence[Change]) -> Mapping[Key, int | None]:
        """By the province's key."""
        ids, _agencies = fetch_places(session)
        return {change.key: ids[change.after["province"]] for change in changes}


def _values(target: Target, province: str, agency: str | None) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(target, name) for name in ("code", "comparator", "threshold", *PLAIN)}
    kinds = tuple(sorted(target.respondent_kinds))
    subject = target.subject or target.coverage_of
    return values | {"province": province, "agency": agency, "subject": subject, "respondent_kinds": kinds}


def _columns(values: Mapping[str, Any], provinces: Mapping[str, int], agencies: Mapping[str, Any]) -> dict[str, Any]:
    subject = values["subject"]
    is_coverage = subject in COVERAGE
    return {name: values[name] for name in ("code", "comparator", "threshold", *PLAIN)} | {
        "province_id": provinces[values["province"]],
        "agency_id": agencies[values["agency"]][0] if values["agency"] else None,
        "kind": "coverage" if is_coverage else "satisfaction",
        "subject": None if is_coverage else subject,
        "coverage_of": subject if is_coverage else None,
        "sector": SECTOR_OF_SUBJECT.get(subject),
        "respondent_kinds": list(values["respondent_kinds"]),
        "takes_unknown": len(values["respondent_kinds"]) > 1,  # a clause about one kind needs to know who answered
    }


def _is_place(change: Change, agencies: Mapping[str, tuple[int, str]], problems: Problems) -> bool:
    agency, subject = change.after["agency"], change.after["subject"]
    if agency is None:
        return True
    if refuse_unknown(change, "agency", agency, agencies, _("Để trống nếu chỉ tiêu của cả tỉnh."), problems):
        return False
    message = None
    if agencies[agency][1] != change.after["province"]:
        message = _("Cơ quan này thuộc tỉnh khác.")
    elif subject in COVERAGE or subject == "health_and_education":
        message = _("Chỉ tiêu này chỉ đặt được cho cả tỉnh.")
    if message:
        mend = _("Để trống nếu chỉ tiêu của cả tỉnh.")
        problems.add(message, mend, line=change.line, column="agency", value=agency)
    return message is None


def _check_own(change: Change, problems: Problems) -> None:
    if (change.after["province"], change.after["code"]) in shipped_codes():
        problems.add(
            _("Chỉ tiêu của chương trình đi kèm phần mềm, không sửa được."),
            _("Thêm chỉ tiêu mới của tỉnh với mã khác; khi đến hạn, chỉ tiêu mới thay chỉ tiêu cũ."),
            line=change.line,
            column="code",
            value=change.after["code"],
        )


def undone_by_one(_session: Session, changes: Sequence[tuple[int | None, Change]]) -> str | None:
    """Why whoever is signed in cannot undo an import of targets alone; None where nobody asks for a second person."""
    asked = signed_in_id() is not None and any(required(change.after["province"]) for _place, change in changes)
    return f"{_TWO_PEOPLE} {_EACH_APART}" if asked else None


def _check_two_people(change: Change, scope: ImportScope, problems: Problems) -> None:
    # A form's change waits for its second person by itself; a file has no place to wait. Commands are the operator's.
    if change.line is not None and isinstance(scope, UserScope) and required(change.after["province"]):
        problems.add(
            str(_TWO_PEOPLE),
            str(_EACH_APART),
            line=change.line,
            column="province",
            value=change.after["province"],
        )


def _check_scope(
    change: Change,
    provinces: Mapping[str, int],
    agencies: Mapping[str, tuple[int, str]],
    scope: ImportScope,
    problems: Problems,
) -> None:
    # Where it was and where it would be: nobody takes a target over from another's scope, or gives one away.
    for values in (change.before, change.after):
        if values is None:
            continue
        agency_id = agencies[values["agency"]][0] if values["agency"] else None
        if not scope.allows(provinces[values["province"]], SECTOR_OF_SUBJECT.get(values["subject"]), agency_id):
            refuse_out_of_scope(change, "subject", problems)
            return


def _check_years(change: Change, problems: Problems) -> None:
    first, due, last = (change.after[name] for name in ("from_year", "due_year", "last_year"))
    if due < first:
        problems.add(
            _("Năm đến hạn trước năm bắt đầu (%(year)s).", year=first),
            _("Sửa năm bắt đầu hoặc năm đến hạn."),
            line=change.line,
            column="due_year",
            value=due,
        )
    if last is not None and last < first:
        problems.add(
            _("Năm cuối trước năm bắt đầu (%(year)s).", year=first),
            _("Ghi năm cuối cùng chỉ tiêu còn hiệu lực, hoặc để trống."),
            line=change.line,
            column="last_year",
            value=last,
        )


def _check_end(change: Change, problems: Problems) -> None:
    if (change.after["last_year"] is None) != (not change.after["ended_by"]):
        problems.add(
            _("Chấm dứt một chỉ tiêu cần cả năm cuối và văn bản."),
            _("Điền cả hai ô, hoặc để trống cả hai."),
            line=change.line,
            column="ended_by",
            value=change.after["ended_by"],
        )
