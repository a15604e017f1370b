"""Fuzzing of all that takes input: forms by names and values, files by bytes and cells, the interface by its document.

Forms stand in fuzz_forms.py. Bounded in the tests, long in benchmarks/fuzz.py. Whatever comes: no 500, and what is
refused leaves nothing behind.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import schemathesis
import xlsxwriter
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from sqlalchemy import select

from survey.channels.tickets.keys import make_key
from survey.foundation.storage.database import db
from survey.registry.files.problems import ImportRefused
from survey.registry.files.service import FILE_IMPORTERS, RECORD_KINDS, import_file
from survey.registry.models import Agency
from tests.guards.rows import counts
from tests.support.device_text import FORMS

# A refused try may be counted; a file on its way makes room for the next, refused or not; which column of a file is
# which is remembered as it was chosen, whatever its cells then hold.
COUNTED_ANYWAY = {"attempts", "staff_sessions", "audit_entries", "register_stamps"}
COUNTED_ANYWAY |= {"import_drafts", "import_mappings", "print_jobs"}
DIGITS = "9" * 400
HOSTILE = [
    *(
        "",
        " ",
        "0",
        "-1",
        "2147483648",
        "9223372036854775808",
        DIGITS,
        "1e309",
        "NaN",
        "٣",
        "²",
        "1,5",
        "0x10",
        "on",
        "[]",
        "{}",
    ),
    *("0000-01", "9999-12", "2026-13", "0001-01-01", "9999-12-31", "2026-02-30", "2026-10", "10/2026", "Thg10-26"),
    *(
        "\0",
        "\ud7a3",
        "\uffff",
        "\u202e",
        "x" * 5000,
        "a\r\nb",
        "%s%n",
        "' OR 1=1 --",
        "<script>",
        "{{7*7}}",
        "../../etc/passwd",
    ),
    *(
        "=1+1",
        "+84",
        "@x",
        "answers",
        "validate",
        "DL-SYT",
        "dak-lak",
        "health",
        "all",
        "Së Néi vô",
        "S? N?i v?",
        "😀",
        "سلام",
    ),
]
NAMES = [
    "",
    "endpoint",
    "_method",
    "csrf_token",
    "seen",
    "x[]",
    "__class__",
    "self",
    "items-0-code",
    "items-99999-vi",
    "file",
]
OTHER_HEADERS = {
    "responses": ["id", "agency", "counter", "answered_at", "questionnaire", "version", "comment", "overall_service"],
    "accounts": ["username", "name", "role", "province", "agency", "email"],
}
values = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(codec="utf-8"), max_size=40), st.integers().map(str))
QUIETLY = {
    "deadline": None,
    "database": None,
    "derandomize": True,
    "suppress_health_check": list(HealthCheck),
    "phases": [Phase.explicit, Phase.generate],
    "print_blob": False,
}


@dataclass
class FuzzReport:
    """What was tried and what went wrong."""

    tried: int = 0
    wrong: list[str] = field(default_factory=list)
    turned_away: set[str] = field(default_factory=set)  # whose form was not met: whoever posted was to sign in first
    bare: set[str] = field(default_factory=set)  # no page shows what their form would send

    def note(self, what: str, *, when: bool) -> None:
        """Count a try, and keep it if it went wrong."""
        self.tried += 1
        if when:
            self.wrong.append(what[:400])

    def met(self, endpoint: str, *, form: bool, turned_away: bool) -> None:
        """Keep what a try of a form did not reach."""
        if turned_away:
            self.turned_away.add(endpoint)
        if not form:
            self.bare.add(endpoint)


def stored(app: Flask) -> Mapping[str, int]:
    """How many rows each table holds, but those that a refused try may add to."""
    with app.app_context(), db.engine.connect() as connection:
        return {name: count for name, count in counts(connection).items() if name not in COUNTED_ANYWAY}


def fuzz_imports(app: Flask, examples: int) -> FuzzReport:
    """Every kind of file from bytes and from cells under its own header."""
    report = FuzzReport()
    for kind in (*RECORD_KINDS, *FILE_IMPORTERS):
        _fuzz_kind(app, kind, examples, report)
    return report


def fuzz_workbooks(app: Flask, examples: int) -> FuzzReport:
    """Every kind of file from the cells of a workbook, texts, numbers, days and nothing, under its own header."""
    report = FuzzReport()
    for kind in (*RECORD_KINDS, *FILE_IMPORTERS):
        _fuzz_kind(app, kind, examples, report, workbooks=True)
    return report


def _fuzz_kind(app: Flask, kind: str, examples: int, report: FuzzReport, *, workbooks: bool = False) -> None:
    columns = [column.name for column in RECORD_KINDS[kind].columns] if kind in RECORD_KINDS else []
    header, name = columns or OTHER_HEADERS[kind], "tep.xlsx" if workbooks else "tep.csv"

    @settings(max_examples=examples, **QUIETLY)
    @given(workbook(header) if workbooks else st.one_of(st.binary(max_size=300), table(header)))
    def take_in(content: bytes) -> None:
        before = stored(app)
        said = _import(app, kind, name, content)
        half = said != "taken" and stored(app) != before
        report.note(f"{kind} {said} {content!r}", when=half or said not in ("taken", "refused"))

    take_in()


def _import(app: Flask, kind: str, name: str, content: bytes) -> str:
    with app.test_request_context():
        try:
            import_file(kind, name, content)
        except ImportRefused as refusal:
            return "refused" if refusal.lines() else "refused without a word"
        except Exception as error:  # noqa: BLE001 - this is what is looked for
            return f"{type(error).__name__}: {error}"
        finally:
            db.session.remove()
    return "taken"


def table(header: Sequence[str]) -> st.SearchStrategy[bytes]:
    cells = st.one_of(
        values,
        st.tuples(st.sampled_from(list(FORMS)), st.randoms()).map(lambda way: FORMS[way[0]]("Sở Nội vụ", way[1])),
    )
    rows = st.lists(st.lists(cells, min_size=len(header), max_size=len(header)), max_size=4)
    return st.tuples(rows, st.sampled_from(["utf-8", "utf-16", "cp1258"])).map(
        lambda table_and_codec: _written(header, *table_and_codec)
    )


def workbook(header: Sequence[str]) -> st.SearchStrategy[bytes]:
    numbers = st.one_of(st.integers(-(2**70), 2**70), st.floats(allow_nan=False, allow_infinity=False))
    days = st.dates(dt.date(1900, 3, 1))
    cells = st.one_of(values, numbers, days, st.booleans(), st.none())
    return st.lists(st.lists(cells, min_size=len(header), max_size=len(header)), max_size=4).map(
        lambda rows: _bound(header, rows)
    )


def _bound(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    buffer, options = io.BytesIO(), {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as workbook:
        sheet = workbook.add_worksheet()
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        for line, row in enumerate([header, *rows]):
            for place, value in enumerate(row):
                if isinstance(value, dt.date):
                    sheet.write_datetime(line, place, value, day)
                else:
                    sheet.write(line, place, value)
    return buffer.getvalue()


def _written(header: Sequence[str], rows: Sequence[Sequence[str]], encoding: str) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerows([header, *rows])
    return buffer.getvalue().encode(encoding, "replace")


def fuzz_interface(app: Flask, examples: int) -> FuzzReport:
    """Every operation of the interface as its own document describes it, and beyond, with a key that opens it."""
    report = FuzzReport()
    with app.app_context():
        agency = db.session.execute(select(Agency).order_by(Agency.id).limit(1)).scalar_one()
        db.session.rollback()
        key = {"Authorization": f"Bearer {make_key(agency, 'Phần mềm thử')}"}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    for operation in (result.ok() for result in schema.get_all_operations()):
        for mode in schemathesis.GenerationMode:
            with suppress(Unsatisfiable):  # what has no parameter cannot be called wrongly
                _fuzz_operation(operation.as_strategy(generation_mode=mode), key, examples, report)
    return report


def _fuzz_operation(cases: st.SearchStrategy[Any], key: Mapping[str, str], examples: int, report: FuzzReport) -> None:
    @settings(max_examples=examples, **QUIETLY)
    @given(cases)
    def call(case: Any) -> None:
        answer = case.call(headers=key)
        report.note(f"{case.method} {case.formatted_path} {answer.status_code}", when=answer.status_code >= 500)

    call()
