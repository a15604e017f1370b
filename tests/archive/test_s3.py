"""An archive on S3: the same files, from a server of our own on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from flask import Flask
from moto.server import ThreadedMotoServer

from analysis.archive.files import ArchiveFolder
from analysis.archive.manifest import ArchiveProblem
from analysis.archive.reading import read_province
from analysis.archive.writing import archive_province
from analysis.figures.register import fetch_province

BUCKET = "thong-ke"


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of an empty folder in a bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
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


def test_an_address_that_leads_nowhere_is_said(provinces: Flask) -> None:
    with pytest.raises(ArchiveProblem, match="s4://"):
        ArchiveFolder("s4://nowhere")
