"""Whoever sends an archive that is broken, or made to look so, is told that it is: no reader of archives fails."""

from __future__ import annotations

import contextlib
import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from survey.backups.archive import MANIFEST, Archive, BackupProblem
from survey.foundation.tables.archives import kind_of_archive, weight
from survey.foundation.tables.cells import TableRefused
from survey.foundation.tables.reading import read_sheets
from survey.questionnaires.packs.reading import PackProblem, read_pack

pytestmark = pytest.mark.one_database

METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
ENCRYPTED = 6  # where the flags of an entry stand behind its mark


def archive_of(names: tuple[str, ...], method: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name in names:
            archive.writestr(name, f'{{"{name}": 1}}' * 50)
    return file.getvalue()


def damaged(content: bytes, chance: random.Random) -> bytes:
    """With signs changed, left out, or a part that says it is encrypted."""
    signs = bytearray(content)
    for _again in range(chance.randint(1, 4)):
        place = chance.randrange(len(signs))
        match chance.randrange(4):
            case 0:
                signs[place] = chance.randrange(256)
            case 1:
                del signs[place : place + chance.randint(1, 20)]
            case 2:
                signs[place] ^= 1 << chance.randrange(8)
            case _ if (mark := signs.find(chance.choice((b"PK\x03\x04", b"PK\x01\x02")))) >= 0:
                signs[mark + ENCRYPTED + 2 * (signs[mark + 2] == 1)] |= 1
    return bytes(signs)


def as_workbook(content: bytes, _path: Path) -> None:
    weight(content)
    with pytest.raises(TableRefused):
        read_sheets(b"PK\x03\x04" + content[4:], len)


def as_pack(content: bytes, _path: Path) -> None:
    with contextlib.suppress(PackProblem):  # which a lost sign of what is left out is not
        read_pack(content)


def as_backup(content: bytes, path: Path) -> None:
    path.write_bytes(content)
    with pytest.raises(BackupProblem):
        Archive(path)


READERS = {
    ("META-INF/manifest.xml", "mimetype", "a.txt"): as_workbook,
    ("manifest.json", "texts.po", "sounds/a.mp3", "elsewhere/x"): as_pack,
    (MANIFEST, "tables/a.jsonl"): as_backup,
}


@pytest.mark.parametrize(("names", "read"), READERS.items(), ids=["workbook", "pack", "backup"])
@pytest.mark.parametrize("method", METHODS, ids=["stored", "deflated", "bzip2", "lzma"])
def test_whatever_is_broken_in_an_archive_is_refused_in_words(
    app: Flask, tmp_path: Path, names: tuple[str, ...], read: Callable[[bytes, Path], None], method: int
) -> None:
    chance = random.Random(f"{names}{method}")
    with app.test_request_context():
        for _again in range(150):
            read(damaged(archive_of(names, method), chance), tmp_path / "damaged")


def test_a_workbook_in_an_archive_with_a_password_is_said_to_have_one(app: Flask) -> None:
    content = bytearray(archive_of(("xl/workbook.xml",), zipfile.ZIP_DEFLATED))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(mark) + flags] |= 1
    assert kind_of_archive(bytes(content)) == "locked"
    with app.test_request_context(), pytest.raises(TableRefused, match="mật khẩu"):
        read_sheets(bytes(content), len)
