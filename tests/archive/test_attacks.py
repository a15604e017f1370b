"""Whoever puts something else in an archive's place is found out, and what is not ours is left alone."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from analysis.archive.files import ArchiveFolder
from analysis.archive.manifest import MANIFEST, ArchiveProblem
from analysis.archive.parquet import put
from analysis.archive.reading import Withheld, read_province
from analysis.archive.writing import archive_province
from analysis.country.engines.embedded import Embedded
from analysis.country.service import country_figures
from analysis.figures.register import fetch_province
from survey.foundation.storage.database import db, writing
from survey.registry.models import Province
from survey.responses.models import Rating
from survey.retention.service import erase
from tests.country.asking import query

pytestmark = pytest.mark.one_database

MONTHS = ["2026-04", "2026-05", "2026-06"]
OWN, OTHER = "dak-lak", "son-la"
Change = Callable[[dict[str, Any], ArchiveFolder], None]


@pytest.fixture
def archived(provinces: Flask, folder: ArchiveFolder) -> ArchiveFolder:
    for key in (OWN, OTHER):
        archive_province(folder, fetch_province(key))
    return folder


def a_file_elsewhere(manifest: dict[str, Any], folder: ArchiveFolder) -> None:
    shutil.copyfile(folder.path(OWN, manifest["months"]["2026-05"]["name"]), Path(folder.place).parent / "x.parquet")
    manifest["months"]["2026-05"]["name"] = "../../x.parquet"


def an_absolute_file(manifest: dict[str, Any], folder: ArchiveFolder) -> None:
    manifest["months"]["2026-05"]["name"] = folder.path(OWN, manifest["months"]["2026-05"]["name"])


def the_file_of_another_month(manifest: dict[str, Any], folder: ArchiveFolder) -> None:
    manifest["months"]["2026-05"] = manifest["months"]["2026-04"]


def the_same_under_its_name(manifest: dict[str, Any], folder: ArchiveFolder) -> None:
    """The file itself under the name of a file of May, with its own digest."""
    april, may = manifest["months"]["2026-04"], manifest["months"]["2026-05"]
    shutil.copyfile(folder.path(OWN, april["name"]), folder.path(OWN, may["name"]))
    manifest["months"]["2026-05"] = april | {"name": may["name"]}


def the_month_of_another_province(manifest: dict[str, Any], folder: ArchiveFolder) -> None:
    other = folder.read_manifest(OTHER)
    assert other is not None
    file = other.months["2026-05"]
    shutil.copyfile(folder.path(OTHER, file.name), folder.path(OWN, file.name))
    manifest["months"]["2026-05"] = file.model_dump(mode="json")


def the_register_of_another_province(manifest: dict[str, Any], folder: ArchiveFolder) -> None:
    other = folder.read_manifest(OTHER)
    assert other is not None
    file = other.register_tables["agencies"]
    shutil.copyfile(folder.path(OTHER, file.name), folder.path(OWN, file.name))
    manifest["register_tables"]["agencies"] = file.model_dump(mode="json")


def a_table_less(manifest: dict[str, Any], folder: ArchiveFolder) -> None:
    del manifest["register_tables"]["caseloads"]


def another_number_of_rows(manifest: dict[str, Any], folder: ArchiveFolder) -> None:
    manifest["months"]["2026-05"]["rows"] += 1


def another_province(manifest: dict[str, Any], folder: ArchiveFolder) -> None:
    manifest["province"] = OTHER


def a_province_elsewhere(manifest: dict[str, Any], folder: ArchiveFolder) -> None:
    manifest["province"] = f"../{OTHER}"


def a_later_format(manifest: dict[str, Any], folder: ArchiveFolder) -> None:
    manifest.update({"format": 99, "encrypted_for": "somebody"})


def a_month_that_is_none(manifest: dict[str, Any], folder: ArchiveFolder) -> None:
    manifest["months"]["2026-13"] = manifest["months"]["2026-05"]


def agencies_nobody_knows(manifest: dict[str, Any], folder: ArchiveFolder) -> None:
    """A file that says it is ours, with the agencies of another province."""
    other = folder.read_manifest(OTHER)
    assert other is not None
    table = pq.read_table(folder.path(OTHER, other.months["2026-05"].name))
    manifest["months"]["2026-05"] = put(folder, OWN, "ratings-2026-05", table, "x").model_dump(mode="json")


CHANGES = [
    a_file_elsewhere, an_absolute_file, the_file_of_another_month, the_same_under_its_name,
    the_month_of_another_province, the_register_of_another_province, a_table_less, another_number_of_rows,
    another_province, a_province_elsewhere, a_later_format, a_month_that_is_none,
]  # fmt: skip


def change(folder: ArchiveFolder, what: Change) -> None:
    path = Path(folder.path(OWN, MANIFEST))
    manifest = json.loads(path.read_text())
    what(manifest, folder)
    path.write_text(json.dumps(manifest))


@pytest.mark.parametrize("what", CHANGES)
def test_what_stands_in_another_place_withholds_the_country_and_is_mended_by_archiving(
    archived: ArchiveFolder, what: Change
) -> None:
    right = country_figures(archived, query(), Embedded())
    change(archived, what)
    figures = country_figures(archived, query(), Embedded())
    assert figures.country is None
    assert [withheld.province for withheld in figures.withheld] == [OWN]
    assert [row.domain for row in figures.provinces] == [OTHER]
    if what is a_later_format:
        assert "99" in figures.withheld[0].reason
    Path(archived.path(OWN, MANIFEST)).unlink()  # as somebody who is told to makes it anew
    archive_province(archived, fetch_province(OWN))
    assert country_figures(archived, query(), Embedded()) == right


@pytest.mark.parametrize("what", [another_province, a_table_less, a_later_format])
def test_a_manifest_that_cannot_be_read_is_written_anew(archived: ArchiveFolder, what: Change) -> None:
    before = archived.read_manifest(OWN)
    change(archived, what)
    assert archive_province(archived, fetch_province(OWN))
    after = archived.read_manifest(OWN)
    assert after is not None
    assert after.same_as(before)


def test_agencies_that_the_register_lacks_are_no_agency_of_ours(archived: ArchiveFolder) -> None:
    change(archived, agencies_nobody_knows)
    with pytest.raises(ArchiveProblem, match=OWN):
        country_figures(archived, query(), Embedded())


def test_what_else_lies_in_a_provinces_folder_is_left_alone(archived: ArchiveFolder) -> None:
    place = Path(archived.path(OWN, ""))
    for name in ("ghi-chu.txt", "ratings.parquet", ".hidden", "ratings-2026-05-0123456789abcdef.parquet", ".a1.part"):
        (place / name).write_bytes(b"x")
    archive_province(archived, fetch_province(OWN))
    left = {path.name for path in place.iterdir() if path.read_bytes() == b"x"}
    assert left == {"ghi-chu.txt", "ratings.parquet", ".hidden"}


def test_a_folder_that_is_no_province_is_none(archived: ArchiveFolder) -> None:
    for name in ("..", "Tỉnh khác", ".git"):
        other = Path(archived.place) / name
        other.mkdir(exist_ok=True)
        (other / MANIFEST).write_text("{}")
    assert archived.provinces() == [OWN, OTHER]
    figures = country_figures(archived, query(), Embedded(), expected=["../" + OWN])
    assert [withheld.province for withheld in figures.withheld] == ["../" + OWN]


def test_a_clock_that_was_set_back_takes_nothing_away(archived: ArchiveFolder) -> None:
    before = archived.read_manifest(OWN)
    with time_machine.travel(dt.datetime(2026, 5, 2, tzinfo=dt.UTC)):
        with pytest.raises(ArchiveProblem, match="2026-06"):
            archive_province(archived, fetch_province(OWN))
        assert archived.read_manifest(OWN) == before
        assert archive_province(archived, fetch_province(OWN), "2026-04")  # as asked
    shorter = archived.read_manifest(OWN)
    assert shorter is not None
    assert shorter.until == "2026-04"


def test_an_archive_that_is_written_anew_while_it_is_read_is_read_again(
    archived: ArchiveFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, turns = ArchiveFolder.read_manifest, iter([True])
    gone = db.session.scalar(
        select(Rating.response_id).where(Rating.month == "2026-05", Rating.province_id == own_id())
    )
    assert gone

    def reading(self: ArchiveFolder, province: str) -> Any:
        manifest = read(self, province)
        if next(turns, False):  # between a manifest and its files another one is written
            erase(gone, "theo đơn")
            archive_province(self, fetch_province(OWN))
        return manifest

    before = read(archived, OWN)
    monkeypatch.setattr(ArchiveFolder, "read_manifest", reading)
    now_there = read_province(archived, OWN, MONTHS, tmp_path).manifest
    assert before is not None
    assert now_there.months["2026-05"].rows == before.months["2026-05"].rows - 1


def own_id() -> int:
    return fetch_province(OWN).id


def test_one_installation_does_not_write_over_what_another_archives_at_the_same_place(
    provinces: Flask, runner: FlaskCliRunner, archived: ArchiveFolder
) -> None:
    """Every installation knows the three provinces that the product ships with, and a province has one of its own."""
    with writing() as session:
        session.add(Province(key="cao-bang", name="Cao Bằng"))
    theirs = Path(archived.place) / "cao-bang"
    shutil.copytree(Path(archived.place) / OTHER, theirs)
    before = {path.name: path.read_bytes() for path in theirs.iterdir()}
    said = runner.invoke(args=["analysis", "archive", "--to", archived.place])
    assert said.exit_code == 0, said.output
    assert "cao-bang: không có cơ quan nào ở đây, không lưu." in said.output
    assert {path.name: path.read_bytes() for path in theirs.iterdir()} == before


@pytest.mark.parametrize("place", ["s3://khoa:bi-mat@kho/tinh?region=x", "s4://khoa:bi-mat@kho/tinh"])
def test_no_message_tells_the_keys_of_a_store(place: str) -> None:
    try:
        said = ArchiveFolder(place).named
    except ArchiveProblem as problem:
        said = str(problem)
    assert "kho/tinh" in said
    assert "bi-mat" not in said


def test_a_month_that_is_asked_beyond_the_archive_is_named(archived: ArchiveFolder, tmp_path: Path) -> None:
    with pytest.raises(Withheld, match="2026-07"):
        read_province(archived, OWN, ["2026-06", "2026-07"], tmp_path)
