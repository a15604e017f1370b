"""What a workbook may unpack to: looked at before anything is unpacked."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib

# What reading a damaged archive raises, or one that only says it is one.
DAMAGED = (
    zipfile.BadZipFile,
    RuntimeError,
    ValueError,
    LookupError,
    EOFError,
    OSError,
    zlib.error,
    lzma.LZMAError,
)
MOST_UNPACKED = 160 * 1024 * 1024
MOST_RATIO = 150  # sheets of numbers pack about 10 to 40 times
HARMLESS = 8 * 1024 * 1024  # so much may be unpacked whatever the ratio
MOST_ENTRIES = 2000
ENCRYPTED = 0x1  # of an entry's flags


def weight(content: bytes) -> int:
    """About how many bytes of CSV a file holds as much as: a workbook writes the same in some eight times as many."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return sum(entry.file_size for entry in archive.infolist()) // 8
    except DAMAGED:
        return len(content)


def kind_of_archive(content: bytes) -> str:
    """``xlsx``, ``xlsb``, ``ods``, ``numbers``, ``docx`` (or any text), ``locked`` by a password, or ``zip``.

    Raises:
        OverflowError: it would unpack to too much.
        DAMAGED: it is damaged, in any of these ways.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        if unpacked > MOST_UNPACKED or len(entries) > MOST_ENTRIES:
            raise OverflowError
        if unpacked > HARMLESS and unpacked > MOST_RATIO * len(content):
            raise OverflowError
        if any(entry.flag_bits & ENCRYPTED for entry in entries):
            return "locked"
        names = {entry.filename for entry in entries}
        if "META-INF/manifest.xml" in names and b"encryption-data" in _begin(archive, "META-INF/manifest.xml"):
            return "locked"
        is_text = "mimetype" in names and _begin(archive, "mimetype").startswith(
            b"application/vnd.oasis.opendocument.text"
        )
    if "xl/workbook.bin" in names:
        return "xlsb"
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if any(name.endswith((".iwa", "Index.zip")) for name in names):
        return "numbers"
    if is_text or any(name.startswith("word/") for name in names):
        return "docx"
    return "ods" if "content.xml" in names else "zip"


def _begin(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(65536)
