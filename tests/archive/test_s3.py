"""An archive on S3: the same files, from a server of our own on loopback."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pytest
from flask import Flask
from moto.server import ThreadedMotoServer
from pyarrow import fs
from sqlalchemy import select

from analysis.archive.files import ArchiveFolder
from analysis.archive.manifest import MANIFEST, ArchiveProblem, Manifest
from analysis.archive.reading import read_province
from analysis.archive.writing import archive_province
from analysis.figures.register import fetch_province
from survey.foundation.storage.database import db
from survey.responses.models import Rating
from survey.retention.service import erase
from tests.archive.killing import killed_at

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

pytestmark = pytest.mark.one_database
BUCKET, MONTHS = "thong-ke", ["2026-04", "2026-05", "2026-06"]


class Refusing:
    """A store's own answer to whoever writes or removes, after so many that it took."""

    def __init__(self) -> None:
        self.left: int | None = None

    def after(self, many: int | None) -> None:
        """Take so many more; None: all."""
        self.left = many

    def __call__(self, app: WSGIApplication) -> WSGIApplication:
        def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
            if environ["REQUEST_METHOD"] in ("PUT", "POST", "DELETE") and self.left is not None:
                if self.left == 0:
                    start("403 Forbidden", [("Content-Type", "application/xml")])
                    return [b"<Error><Code>AccessDenied</Code><Message>no</Message></Error>"]
                self.left -= 1
            return app(environ, start)

        return answer


@pytest.fixture
def refusing() -> Refusing:
    return Refusing()


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, refusing: Refusing) -> Iterator[str]:
    """The address of an empty folder in a bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    assert server._server is not None
    server._server.app = refusing(server._server.app)
    host, port = server.get_host_and_port()
    for name, value in (("AWS_ACCESS_KEY_ID", "key"), ("AWS_SECRET_ACCESS_KEY", "secret")):
        monkeypatch.setenv(name, value)
    boto3.client("s3", region_name="us-east-1", endpoint_url=f"http://{host}:{port}").create_bucket(Bucket=BUCKET)
    yield f"s3://{BUCKET}/kho?endpoint_override={host}:{port}&scheme=http&region=us-east-1"
    server.stop()


def test_what_is_archived_on_s3_is_what_is_archived_in_a_folder(provinces: Flask, store: str, tmp_path: Path) -> None:
    province, there, here = fetch_province("son-la"), ArchiveFolder(store), ArchiveFolder(str(tmp_path / "here"))
    assert archive_province(there, province)
    assert archive_province(here, province)
    assert not archive_province(there, province)
    assert there.provinces() == ["son-la"]
    copies = tmp_path / "copies"
    copies.mkdir()
    remote = read_province(there, "son-la", ["2026-04", "2026-05"], copies)
    local = read_province(here, "son-la", ["2026-04", "2026-05"], copies)
    assert [path.read_bytes() for path in remote.ratings] == [path.read_bytes() for path in local.ratings]
    assert remote.manifest.same_as(local.manifest)


def erase_one_answer() -> uuid.UUID:
    """Of April, by order."""
    gone = db.session.scalar(
        select(Rating.response_id).where(Rating.month == "2026-04", Rating.province_id == own_id())
    )
    assert gone
    erase(gone, "theo đơn")
    return gone


@pytest.mark.parametrize("step", range(9))
def test_killed_at_any_step_an_archive_on_s3_is_the_old_one_or_the_new_one(
    provinces: Flask, store: str, tmp_path: Path, step: int
) -> None:
    folder = ArchiveFolder(store)
    old = archived(folder, tmp_path / "old")
    gone = erase_one_answer()
    with killed_at(step, folder):
        archive_province(folder, fetch_province("son-la"))
    copies = tmp_path / "there"
    copies.mkdir()
    there = read_province(folder, "son-la", MONTHS, copies).manifest  # each file is what it names
    new = archived(folder, tmp_path / "new")
    assert there.months in (old.months, new.months)
    assert names(folder) == {*new.files, MANIFEST}
    everything = b"".join(folder.read(folder.path("son-la", name)) for name in names(folder))
    assert not [form for form in (gone.bytes, gone.hex.encode(), str(gone).encode()) if form in everything]


def test_a_store_that_refuses_a_file_leaves_the_archive_as_it_was(
    provinces: Flask, store: str, tmp_path: Path, refusing: Refusing
) -> None:
    """At each of what is written and removed: the second month is refused, or the manifest, or a removal."""
    folder = ArchiveFolder(store)
    old = archived(folder, tmp_path / "old")
    erase_one_answer()
    seen = set()
    for after in range(20):
        refusing.after(after)
        try:
            archive_province(folder, fetch_province("son-la"))
            whole = True
        except OSError:
            whole = False
            db.session.rollback()
        refusing.after(None)
        copies = tmp_path / f"there-{after}"
        copies.mkdir()
        there = read_province(folder, "son-la", MONTHS, copies).manifest
        seen.add(there.months == old.months)
        if whole:
            break
    assert after > 1
    assert seen == {True, False}
    assert names(folder) == {*there.files, MANIFEST}


def archived(folder: ArchiveFolder, into: Path) -> Manifest:
    into.mkdir()
    archive_province(folder, fetch_province("son-la"))
    return read_province(folder, "son-la", MONTHS, into).manifest


def own_id() -> int:
    return fetch_province("son-la").id


def names(folder: ArchiveFolder) -> set[str]:
    listed = folder._fs.get_file_info(fs.FileSelector(folder.path("son-la", "").rstrip("/")))
    return {info.base_name for info in listed}


def test_an_address_that_leads_nowhere_is_said(provinces: Flask) -> None:
    with pytest.raises(ArchiveProblem, match="s4://"):
        ArchiveFolder("s4://nowhere")
