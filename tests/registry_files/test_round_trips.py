"""What was imported can be exported and imported again: nothing changes, whatever the names and dates."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner
from flask_sqlalchemy import SQLAlchemy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey.foundation.tables.cells import TableRefused
from survey.foundation.tables.text_files import read_text
from survey.foundation.text.damaged_text import damage
from survey.foundation.text.vietnamese_text import normal
from survey.registry.files.columns import FileColumn, Parser, codes, text, whole_number
from survey.registry.files.dates import day, instant, month
from survey.registry.files.headings import Headings
from survey.registry.files.problems import CellError, ImportRefused, Problems
from survey.registry.files.service import RECORD_KINDS, import_file
from survey.registry.files.tables import read_table
from tests.registry_files.files import WORLD, Import
from tests.registry_files.test_records import everything


def test_an_export_imported_again_changes_nothing(
    database: SQLAlchemy, world: Import, runner: FlaskCliRunner, tmp_path: Path, subtests: pytest.Subtests
) -> None:
    before = everything(database)
    for kind, content in WORLD.items():
        with subtests.test(kind):
            file = tmp_path / f"{kind}.csv"
            assert runner.invoke(args=["survey", "export", "--kind", kind, str(file)]).exit_code == 0
            result = world(kind, file.read_bytes())
            assert f"mới 0, thay đổi 0, giữ nguyên {content.count(chr(10)) - 1}." in result.stdout
            assert everything(database) == before
            again = runner.invoke(args=["survey", "export", "--kind", kind, str(file)])
            assert again.exit_code == 2  # never overwritten


def has_damage(name: str) -> bool:
    """Whether a file refuses the name as misread or out of an old font: those have tests of their own."""
    return damage(normal(name)) is not None


NAMES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30).filter(
    lambda name: normal(name).strip() and not normal(name).startswith(("=", "+", "-", "@")) and not has_damage(name)
)
CODE_AND_NAME = Headings.of("services", [FileColumn("code", text(40)), FileColumn("name", text(40))])
DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(
    services=st.lists(st.tuples(NAMES, st.sampled_from(["health", "education"]), NAMES), min_size=1, max_size=5),
    separator=st.sampled_from([",", ";", "\t"]),
)
def test_any_names_survive_import_export_and_import(
    database: SQLAlchemy, services: list[tuple[str, str, str]], separator: str
) -> None:
    from survey.registry.files.export import export_lines

    database.session.rollback()
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=separator)
    writer.writerow(["code", "name", "sector", "field"])
    writer.writerows([f"S{number}", *service] for number, service in enumerate(services))
    import_file("services", "tep.csv", buffer.getvalue().encode())
    database.session.rollback()
    stored = RECORD_KINDS["services"].fetch_all(database.session())
    for number, (name, _sector, field) in enumerate(services):
        values = stored[(f"S{number}",)].values
        assert values["name"] == normal(name).strip()
        assert values["field"] == normal(field).strip()
    exported = "".join(export_lines(database.session(), RECORD_KINDS["services"])).encode()
    outcome = import_file("services", "tep.csv", exported)
    assert (outcome.new, outcome.changed) == (0, 0)


@given(DAYS)
def test_a_day_is_the_same_in_every_way_of_writing_it(date: dt.date) -> None:
    assert day(date.isoformat()) == date
    assert day(f"{date.day:02d}/{date.month:02d}/{date.year}") == date
    assert day(f"{date.day}.{date.month}.{date.year}") == date


@given(st.integers(2000, 2099), st.integers(1, 12))
def test_a_month_is_the_same_in_every_way_of_writing_it(year: int, number: int) -> None:
    wanted = f"{year}-{number:02d}"
    ways = (wanted, f"{year}-{number}", f"{number}/{year}", f"{number:02d}/{year}", f"{wanted}-01")
    assert {month(way) for way in ways} == {wanted}


@given(st.datetimes(dt.datetime(2000, 1, 2), dt.datetime(2099, 12, 30), timezones=st.just(dt.UTC)))  # noqa: DTZ001
def test_an_instant_without_an_offset_is_vietnamese_time(moment: dt.datetime) -> None:
    moment = moment.replace(second=0, microsecond=0)
    local = moment + dt.timedelta(hours=7)
    ways = (
        moment.isoformat(),
        f"{local:%Y-%m-%d %H:%M}",
        f"{local:%Y-%m-%dT%H:%M:%S}",
        f"{local.day}/{local.month}/{local.year} {local:%H:%M}",
    )
    assert {instant(way) for way in ways} == {moment}


def test_a_day_alone_stands_for_its_noon_in_vietnam() -> None:
    assert instant("05/10/2026") == instant("2026-10-05") == dt.datetime(2026, 10, 5, 5, tzinfo=dt.UTC)


@given(st.text(max_size=40))
def test_any_text_in_a_cell_is_read_or_refused_with_advice(cell: str) -> None:
    for parse in (day, month, instant, whole_number, codes, text(30)):
        refusal = refused(parse, cell.strip() or "x")
        assert refusal is None or (refusal.message and refusal.mend)


def refused(parse: Parser, cell: str) -> CellError | None:
    try:
        parse(cell)
    except CellError as error:
        return error
    return None


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    assert read_lines(content)


def read_lines(content: bytes) -> list[str]:
    try:
        return read_table(content, CODE_AND_NAME, Problems("tep.csv")).header or ["(empty)"]
    except ImportRefused as refusal:
        return refusal.lines()


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["C"])), min_size=2, max_size=2), max_size=5))
def test_every_cell_of_a_csv_file_comes_out_as_it_went_in(rows: list[list[str]]) -> None:
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    buffer = io.StringIO()
    csv.writer(buffer).writerows([["code", "name"], *rows])
    try:
        sheet = read_text(buffer.getvalue().encode(), CODE_AND_NAME.fit).sheets[0]
    except TableRefused:
        assert any("\ufffd" in cell for row in rows for cell in row)
    else:
        assert [cells for _line, cells in sheet.lines[1:]] == rows
