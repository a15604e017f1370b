"""An archive is the old one or the new one, holds what may be told and nothing that names anybody."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
import threading
import uuid
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select, update

import analysis.archive.writing as writing_module
from analysis.archive.files import ArchiveFolder
from analysis.archive.manifest import MANIFEST, Manifest
from analysis.archive.writing import archive_province
from analysis.figures.register import fetch_province
from survey.foundation.storage.database import db, writing
from survey.registry.models import Agency, Counter, Service
from survey.responses.models import AnswerBeyondCapacity, Rating, Response
from survey.retention.service import erase
from tests.archive.killing import Power, killed_at
from tests.archive.world import LATER, MONTHS


def archive(folder: ArchiveFolder, key: str = "dak-lak") -> bool:
    db.session.rollback()
    return archive_province(folder, fetch_province(key))


def manifest_of(folder: ArchiveFolder, key: str = "dak-lak") -> Manifest:
    manifest = folder.read_manifest(key)
    assert manifest is not None
    return manifest


def files(folder: ArchiveFolder, key: str = "dak-lak") -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path(folder.path(key, "")).iterdir()}


def unpacked(folder: ArchiveFolder, key: str = "dak-lak") -> bytes:
    """Every value of an archive's files, as it is and as text: compressed, a byte search would miss it."""
    tables = [pq.read_table(path) for path in Path(folder.path(key, "")).glob("*.parquet")]
    return b"\n".join(str(row).encode() for table in tables for row in table.to_pylist())


def a_response(key: str = "dak-lak", month: str = "2026-04") -> uuid.UUID:
    province = fetch_province(key)
    query = select(Rating.response_id).where(Rating.province_id == province.id, Rating.month == month).limit(1)
    return uuid.UUID(str(db.session.scalar(query)))


def test_every_rating_of_a_finished_month_is_archived_under_codes(provinces: Flask, folder: ArchiveFolder) -> None:
    assert archive(folder)
    manifest = manifest_of(folder)
    assert sorted(manifest.months) == MONTHS
    tables = [pq.read_table(folder.path("dak-lak", file.name)) for file in manifest.months.values()]
    province = fetch_province("dak-lak")
    query = (
        select(Rating.month, Agency.code, Rating.value, func.count())
        .join(Agency, Agency.id == Rating.agency_id)
        .where(Rating.province_id == province.id)
        .group_by(Rating.month, Agency.code, Rating.value)
    )
    stored = {tuple(row[:3]): row[3] for row in db.session.execute(query)}
    archived: dict[Any, int] = {}
    for table in tables:
        for row in table.select(["month", "agency", "value"]).to_pylist():
            archived[tuple(row.values())] = archived.get(tuple(row.values()), 0) + 1
    assert archived == stored


@pytest.mark.parametrize(
    "said",
    [
        {"items_answered": 32767, "items_satisfied": 0, "language": "en", "channel": "web", "value": 5},
        {"items_answered": 24, "items_satisfied": 23, "language": "vi", "channel": "import", "value": 1},
        {"respondent_kind": "organisation", "language": "tlh", "day": dt.date(2026, 4, 1), "service_id": None},
        {"respondent_kind": "unknown", "subject": "procedures_and_service", "day": dt.date(2026, 4, 30), "value": 3},
        {"counter_id": None, "received_at": dt.datetime(2026, 5, 31, 23, 59, 59, tzinfo=dt.UTC), "channel": "ticket"},
    ],
)
@pytest.mark.parametrize("beyond", [True, False])
def test_all_that_a_rating_says_is_in_its_row(
    provinces: Flask, folder: ArchiveFolder, said: dict[str, Any], *, beyond: bool
) -> None:
    id_ = a_response()
    with writing() as session:
        session.execute(update(Rating).where(Rating.response_id == id_).values(**said))
        if beyond:
            session.add(AnswerBeyondCapacity(response_id=id_))
    archive(folder)
    rating = db.session.scalars(select(Rating).where(Rating.response_id == id_)).one()
    names = {
        model: dict(db.session.execute(select(model.id, model.code)).all()) for model in (Agency, Service, Counter)
    }
    expected = {
        name: getattr(rating, name) for name in ("subject", "respondent_kind", "day", "channel", "value", "month")
    }
    expected |= {name: getattr(rating, name) for name in ("items_answered", "items_satisfied")}
    expected |= {
        "agency": names[Agency][rating.agency_id], "service": names[Service].get(rating.service_id, ""),
        "counter": names[Counter].get(rating.counter_id, ""), "received_at": int(rating.received_at.timestamp()),
        "language": rating.language if rating.language in ("vi", "en") else "", "by_file": False,
        "beyond_capacity": beyond,
    }  # fmt: skip
    table = pq.read_table(folder.path("dak-lak", manifest_of(folder).months["2026-04"].name))
    rows = table.to_pylist()
    assert expected in rows
    assert sum(row["beyond_capacity"] for row in rows) == beyond


def test_the_order_of_rows_is_that_of_what_they_say(provinces: Flask, folder: ArchiveFolder) -> None:
    archive(folder)
    table = pq.read_table(folder.path("dak-lak", manifest_of(folder).months["2026-05"].name))
    names = ["subject", "agency", "service", "respondent_kind", "counter", "day", "channel", "value"]
    rows = [tuple(row.values()) for row in table.select(names).to_pylist()]
    assert rows == sorted(rows)


def test_nothing_is_written_where_nothing_changed(provinces: Flask, folder: ArchiveFolder) -> None:
    assert archive(folder)
    before = files(folder)
    assert not archive(folder)
    assert files(folder) == before


def test_an_erased_answer_is_found_nowhere_and_only_its_month_is_written_again(
    provinces: Flask, folder: ArchiveFolder
) -> None:
    archive(folder)
    before = manifest_of(folder)
    gone = a_response()
    assert erase(gone, "theo đơn") == 1
    assert archive(folder)
    after = manifest_of(folder)
    assert {month for month in MONTHS if before.months[month] != after.months[month]} == {"2026-04"}
    assert after.months["2026-04"].rows == before.months["2026-04"].rows - 1
    assert set(files(folder)) == {*after.files, MANIFEST}
    for everything in (b"".join(files(folder).values()), unpacked(folder)):
        assert gone.bytes not in everything
        assert gone.hex.encode() not in everything
        assert str(gone).encode() not in everything


def test_no_id_of_any_answer_is_in_an_archive(provinces: Flask, folder: ArchiveFolder) -> None:
    archive(folder)
    everything = b"".join(files(folder).values()) + unpacked(folder)
    assert b"kham-1" in everything  # what is there is found
    table = pq.read_table(folder.path("dak-lak", manifest_of(folder).months["2026-04"].name))
    assert "response_id" not in table.column_names
    for id_ in db.session.scalars(select(Response.id).limit(50)):
        assert id_.bytes not in everything


@pytest.mark.parametrize("step", range(9))
def test_killed_at_any_step_the_archive_is_the_old_one_or_the_new_one(
    provinces: Flask, folder: ArchiveFolder, step: int
) -> None:
    archive(folder)
    old = manifest_of(folder)
    erase(a_response(month="2026-04"), "theo đơn")
    erase(a_response(month="2026-05"), "theo đơn")
    with killed_at(step, folder):
        archive(folder)
    there = manifest_of(folder)
    for file in (*there.months.values(), *there.register_tables.values()):
        assert hashlib.sha256(Path(folder.path("dak-lak", file.name)).read_bytes()).hexdigest() == file.sha256
    archive(folder)
    new = manifest_of(folder)
    assert there.months in (old.months, new.months)
    assert set(files(folder)) == {*new.files, MANIFEST}


def test_whenever_the_power_goes_the_archive_is_the_old_one_or_the_new_one(
    provinces: Flask, folder: ArchiveFolder, tmp_path: Path
) -> None:
    """At each touch of the disk, in the middle of a file too; afterwards nothing of what was erased is left."""
    archive(folder)
    old, before = manifest_of(folder), tmp_path / "before"
    shutil.copytree(folder.place, before)
    gone = [a_response(month=month) for month in ("2026-04", "2026-05")]
    for id_ in gone:
        erase(id_, "theo đơn")
    seen = set()
    for step in range(1, 100):
        shutil.rmtree(folder.place)
        shutil.copytree(before, folder.place)
        power = Power(step)
        with power.cut(folder):
            archive(folder)
        there = manifest_of(folder)
        for file in (*there.months.values(), *there.register_tables.values()):
            assert hashlib.sha256(Path(folder.path("dak-lak", file.name)).read_bytes()).hexdigest() == file.sha256
        archive(folder)
        new = manifest_of(folder)
        assert set(files(folder)) == {*new.files, MANIFEST}
        seen.add("old" if there.months == old.months else "new")
        assert there.months in (old.months, new.months)
        if not power.went:
            break
    assert step > 12  # two months and the manifest, three touches and a folder's each, and two removals
    assert seen == {"old", "new"}


def test_two_runs_at_once_come_one_after_the_other(
    provinces: Flask, folder: ArchiveFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two that write at once one would take away the files that the other's manifest is about to name."""
    inside, most, lock = 0, 0, threading.Lock()
    write = ArchiveFolder.write

    def counting(self: ArchiveFolder, *arguments: Any) -> None:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        write(self, *arguments)
        with lock:
            inside -= 1

    monkeypatch.setattr(ArchiveFolder, "write", counting)
    changed = []

    def run() -> None:
        with time_machine.travel(LATER, tick=False), provinces.app_context():
            changed.append(archive_province(folder, fetch_province("dak-lak")))

    runs = [threading.Thread(target=run) for _ in range(3)]
    for each in runs:
        each.start()
    for each in runs:
        each.join()
    assert most == 1
    assert sorted(changed) == [False, False, True]


def test_the_running_month_waits_until_it_is_over(provinces: Flask, folder: ArchiveFolder) -> None:
    archive(folder)
    assert manifest_of(folder).until == "2026-06"


def test_another_version_of_the_program_writes_everything_again(
    provinces: Flask, folder: ArchiveFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive(folder)
    monkeypatch.setattr(writing_module, "made_here", lambda: "2/9.9.9/later")
    monkeypatch.setattr(writing_module, "program_version", lambda: "9.9.9")
    assert archive(folder)
    assert manifest_of(folder).program == "9.9.9"


def test_the_command_says_what_it_did_and_refuses_what_it_cannot(
    provinces: Flask, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    place = str(tmp_path / "kho")
    first = runner.invoke(args=["analysis", "archive", "--to", place, "--province", "son-la"])
    assert (first.exit_code, first.output.strip()) == (0, "son-la: đã lưu.")
    second = runner.invoke(args=["analysis", "archive", "--to", place, "--province", "son-la"])
    assert second.output.strip() == "son-la: không có gì mới."
    for wrong in (["--province", "atlantis"], ["--until", "2026"], ["--until", "hôm qua"]):
        refused = runner.invoke(args=["analysis", "archive", "--to", place, *wrong])
        assert refused.exit_code == 2
        assert "Traceback" not in refused.output
