"""A disk that is full: nothing half written stays, what is said names the file, and room that came back is enough."""

from __future__ import annotations

import errno
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from survey.backups.archive import ArchiveWriter
from survey.foundation.commands.new_files import NotWritten, put_in_place, write_whole
from tests.channels.world import MANY, make_world

ROOM = 64 * 1024  # bytes


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """Let no file grow beyond so many bytes: the system refuses the rest, as a full disk does, at closing too."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is brought to a disk is refused."""

    def refuse(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)


def test_a_backup_for_which_there_is_no_room_leaves_nothing_of_itself(tmp_path: Path) -> None:
    writer = ArchiveWriter(tmp_path / "all.zip")
    with room_for(ROOM):
        with pytest.raises(OSError, match="large"):
            writer.write_table("responses", (os.urandom(1000) for _row in range(1000)))
        writer.discard()
    assert list(tmp_path.iterdir()) == []


def test_a_file_for_which_there_is_no_room_leaves_the_one_before_it(tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(b"of last month")
    with room_for(ROOM), pytest.raises(NotWritten, match=r"report\.pdf"):
        write_whole(file, os.urandom(2 * ROOM))
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("report.pdf", b"of last month")]


def test_what_a_file_is_written_to_may_be_a_pipe_or_a_link(tmp_path: Path) -> None:
    write_whole(Path("/dev/null"), b"some")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    write_whole(tmp_path / "link", b"some")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_bytes() == b"some"


def test_a_disk_without_hard_links_takes_a_backup_too_and_never_one_in_place_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_source: Path, _target: Path) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    for name in ("draft", "second"):
        (tmp_path / name).write_text(name)
    put_in_place(tmp_path / "draft", tmp_path / "all.zip")
    with pytest.raises(FileExistsError):
        put_in_place(tmp_path / "second", tmp_path / "all.zip")
    assert (tmp_path / "all.zip").read_text() == "draft"
    assert not (tmp_path / "draft").exists()


@pytest.mark.parametrize(
    "command",
    [
        "survey backup {}/all.zip",
        "survey backup-nightly {}",
        "survey export --kind agencies {}/agencies.csv",
        f"survey posters --counter {MANY} --out {{}}/sheets.pdf",
        "survey questionnaires export administration 1 {}/administration.json",
        "survey languages template {}/texts.po",
        "survey schemas {}",
    ],
)
@pytest.mark.usefixtures("full")
def test_a_command_that_finds_no_room_says_so_in_one_sentence(app: Flask, tmp_path: Path, command: str) -> None:
    make_world(app)
    answer = app.test_cli_runner().invoke(args=command.format(tmp_path).split())
    said = [line for line in answer.stderr.splitlines() if not line.startswith("Sao lưu các dòng")]
    assert (answer.exit_code, len(said)) == (2, 1), repr(answer.exception)
    assert "ổ đĩa đã đầy" in said[0]
    assert said[0].count(str(tmp_path)) <= 1
    assert list(tmp_path.iterdir()) == []
