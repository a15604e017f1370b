"""A workbook that would fill the server is refused within seconds, and the server's own memory does not grow."""

from __future__ import annotations

import io
import os
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable

import pytest

from survey.foundation.configuration.settings import ROOT
from survey.foundation.tables import limited
from survey.foundation.tables.cells import TableRefused
from survey.foundation.tables.reading import read_sheets
from tests.registry_files.files import Import, workbook

pytestmark = pytest.mark.one_database

SIMPLE = workbook([["code", "name", "sector"], ["S1", "Khám", "health"]])


def bomb(megabytes: int) -> bytes:
    """A workbook whose shared strings unpack to so much."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(SIMPLE)) as simple, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in simple.infolist():
            if entry.filename != "xl/sharedStrings.xml":
                archive.writestr(entry, simple.read(entry))
        item = "<si><t>" + "a" * 1000 + "</t></si>"
        start = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        archive.writestr("xl/sharedStrings.xml", start + item * (megabytes * 1000) + "</sst>")
    return buffer.getvalue()


def processor_time() -> float:
    """Seconds that this process and those it started have worked: a busy machine is no failure."""
    return sum(os.times()[:4])


def test_a_small_file_that_unpacks_to_much_is_refused_at_once(run_import: Import) -> None:
    content = bomb(190)
    assert len(content) < 1_500_000
    spent, before = processor_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result = run_import("services", content, name="nho.xlsx")
    assert result.exit_code == 2
    assert "quá lớn hoặc quá phức tạp khi mở ra" in result.stderr
    assert processor_time() - spent < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kilobytes


def zipped(entries: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def with_parts(parts: dict[str, str | bytes]) -> bytes:
    """The simple workbook with parts of its own in place of what they are called."""
    with zipfile.ZipFile(io.BytesIO(SIMPLE)) as simple:
        return zipped({**{entry.filename: simple.read(entry) for entry in simple.infolist()}, **parts})


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def one_text_in_every_cell() -> bytes:
    """Every cell names the same text of 30,000 letters; the formula asks for the reader that shares it."""
    row = "<row>" + '<c t="s"><v>0</v></c>' * 400 + "</row>"
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData><row><c><f>1</f></c></row>{row * 800}</sheetData></worksheet>'
    strings = f'<sst xmlns="{MAIN}"><si><t>{"a" * 30_000}</t></si></sst>'
    return with_parts({"xl/worksheets/sheet1.xml": sheet, "xl/sharedStrings.xml": strings})


def laughing() -> bytes:
    text = f'<!DOCTYPE sst [<!ENTITY l0 "{"ha" * 50}">{LAUGHS}]><sst xmlns="{MAIN}"><si><t>&l9;</t></si></sst>'
    return with_parts({"xl/sharedStrings.xml": text})


def repeated() -> bytes:
    """An OpenDocument sheet of one cell, to be read a million times sixteen thousand times."""
    cell = '<table:table-cell office:value-type="string" table:number-columns-repeated="16384"><text:p>a</text:p>'
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-cell></table:table-row>'
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    body = f'<office:body><office:spreadsheet><table:table table:name="a">{row}</table:table></office:spreadsheet>'
    content = f'<?xml version="1.0"?><office:document-content {spaces}>{body}</office:body></office:document-content>'
    return zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


def nested() -> bytes:
    """An archive in an archive, where the text should be."""
    return with_parts({"xl/sharedStrings.xml": zipped({"a": b"0" * 100_000_000})})


def many_parts() -> bytes:
    return with_parts({f"xl/worksheets/sheet{number}.xml": "" for number in range(2, 3000)})


def endless_old_format() -> bytes:
    """What begins as a file of old Excel and whose list of sectors leads back to itself."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + b"\x3e\0\x03\0\xfe\xff\x09\0\x06\0" + bytes(10)
    return header + b"\xff\xff\xff\x7f" + bytes(460) + (b"\0\0\0\0" * 128) * 50


def shared_by_as_many_as_are_allowed() -> bytes:
    """Not refused: a text of 30,000 letters with marks in 2,130 cells, a little less than all cells may hold."""
    row = "<row>" + '<c t="s"><v>0</v></c>' * 10 + "</row>"
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{row * 213}</sheetData></worksheet>'
    strings = f'<sst xmlns="{MAIN}"><si><t>{"ệ" * 30_000}</t></si></sst>'
    return with_parts({"xl/worksheets/sheet1.xml": sheet, "xl/sharedStrings.xml": strings})


def texts_that_differ() -> bytes:
    """As many letters, of which none is another's: in 160 MB of XML the server would hold them three times."""
    items = "".join(f"<si><t>{number}{'ệ' * 20_000}</t></si>" for number in range(1_200))
    cells = "".join(f'<row><c t="s"><v>{number}</v></c></row>' for number in range(1_200))
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>'
    strings = f'<sst xmlns="{MAIN}">{items}</sst>'
    return with_parts({"xl/worksheets/sheet1.xml": sheet, "xl/sharedStrings.xml": strings})


BOMBS = [one_text_in_every_cell, laughing, repeated, nested, many_parts, endless_old_format, texts_that_differ]


SERVER = """
import resource, sys
from survey.foundation.tables.reading import read_sheets
from survey.foundation.tables.cells import TableRefused
most = lambda whose: resource.getrusage(whose).ru_maxrss
content, before = sys.stdin.buffer.read(), most(resource.RUSAGE_SELF)
try:
    read_sheets(content, len)
    print("read")
except TableRefused:
    print("refused")
print(most(resource.RUSAGE_SELF) - before, most(resource.RUSAGE_CHILDREN))
"""


def opened_by_a_server(content: bytes) -> tuple[str, int, int]:
    """What becomes of it, and kilobytes: by how much a server grew at the most, and how large the child was.

    The server is a process of its own: what this one has opened before must not count as the workbook's.
    """
    done = subprocess.run([sys.executable, "-c", SERVER], input=content, capture_output=True, cwd=ROOT, check=True)
    became, grown, of_child = done.stdout.decode().split()
    return became, int(grown), int(of_child)


@pytest.mark.parametrize("make", BOMBS)
def test_whatever_a_small_file_would_become_it_is_refused_and_the_server_stays_small(
    make: Callable[[], bytes],
) -> None:
    content = make()
    assert len(content) < 1_500_000
    became, grown, of_child = opened_by_a_server(content)
    assert became == "refused"
    assert grown < 100_000
    assert of_child < 1_100_000  # the child's own limit


def test_what_many_cells_share_the_server_holds_once() -> None:
    became, grown, _of_child = opened_by_a_server(shared_by_as_many_as_are_allowed())
    assert became == "read"
    assert grown < 50_000


@pytest.mark.parametrize(("megabytes", "seconds"), [(120, 20), (1024, 0)], ids=["memory", "time"])
def test_a_workbook_that_needs_too_much_is_given_up(
    monkeypatch: pytest.MonkeyPatch, megabytes: int, seconds: int
) -> None:
    rows = [["code", "name", "sector"]] + [[f"S{n}", "Khám" * 20, "=1+1"] for n in range(30_000)]
    monkeypatch.setattr(limited, "MEGABYTES", megabytes)
    monkeypatch.setattr(limited, "SECONDS", seconds)
    with pytest.raises(TableRefused, match="quá lớn"):
        read_sheets(workbook(rows), lambda cells: len(cells))


def test_more_columns_than_any_list_has_are_refused() -> None:
    with pytest.raises(TableRefused, match="quá lớn"):
        read_sheets(workbook([["code", *("x" for _ in range(600))]]), lambda cells: len(cells))


@pytest.mark.parametrize("cut", [30, 300, 2000])
def test_a_damaged_workbook_is_told(cut: int) -> None:
    with pytest.raises(TableRefused, match="Không mở được tệp Excel"):
        read_sheets(SIMPLE[:-cut], lambda cells: len(cells))
