"""An office's clerk is handed a workbook that reaches for files of the server, for another machine, or for a shell."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from survey.foundation.tables.cells import TableRefused
from survey.foundation.tables.reading import read_sheets
from tests.registry_files.conftest import run_import
from tests.registry_files.files import Import, workbook
from tests.registry_files.test_limits import MAIN, with_parts, zipped

pytestmark = pytest.mark.one_database

__all__ = ["run_import"]
SECRET = "bi-mat-cua-may-chu"
STRINGS = "xl/sharedStrings.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
Make = Callable[[str], bytes]


def entity(address: str) -> bytes:
    """A text of a cell is what an address says."""
    return with_parts(
        {STRINGS: f'<!DOCTYPE s [<!ENTITY x SYSTEM "{address}">]><sst xmlns="{MAIN}"><si><t>&x;</t></si></sst>'}
    )


def parameter_entity(address: str) -> bytes:
    """The declarations themselves are fetched."""
    return with_parts(
        {STRINGS: f'<!DOCTYPE s [<!ENTITY % x SYSTEM "{address}"> %x;]><sst xmlns="{MAIN}"><si><t>a</t></si></sst>'}
    )


def included(address: str) -> bytes:
    inner = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" parse="text" href="{address}"/>'
    return with_parts({STRINGS: f'<sst xmlns="{MAIN}"><si><t>{inner}</t></si></sst>'})


def linked(address: str) -> bytes:
    """Another book is said to hold the sheet."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    link = f'<Relationship Id="rId1" Type="{kind}" Target="{address}" TargetMode="External"/>'
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return with_parts({RELATIONS: f'<Relationships xmlns="{space}">{link}</Relationships>'})


def of_open_document(address: str) -> bytes:
    content = f'<!DOCTYPE c [<!ENTITY x SYSTEM "{address}">]><office:document-content>&x;</office:document-content>'
    return zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


def outside(address: str) -> bytes:
    """Parts whose names lead out of the folder that a careless reader would unpack them into."""
    folder = Path(address.removeprefix("file://")).parent
    return with_parts(dict.fromkeys(("../../tep-la", f"{folder}/tep-la", "xl/../../../tep-la", "C:\\tep-la"), "x"))


HOSTILE: list[Make] = [entity, parameter_entity, included, linked, of_open_document, outside]


def texts(content: bytes) -> str:
    """All that is read of a workbook, or why it is not."""
    try:
        return str(read_sheets(content, lambda rows: [list(row) for row in rows]))
    except TableRefused as refusal:
        return str(refusal)


@pytest.mark.parametrize("make", HOSTILE)
def test_no_workbook_reads_a_file_of_the_server_or_writes_one(make: Make, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    assert SECRET not in texts(make(f"file://{secret}"))
    assert [path.name for path in tmp_path.iterdir()] == ["secret.txt"]


@pytest.mark.parametrize("make", HOSTILE[:5])
def test_no_workbook_makes_the_server_call_another_machine(make: Make) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        texts(make(f"http://127.0.0.1:{listener.getsockname()[1]}/x"))
        with pytest.raises(TimeoutError):
            listener.accept()


@pytest.mark.parametrize("formula", ["=cmd|'/c calc'!A0", '=WEBSERVICE("http://127.0.0.1:9/")', '=HYPERLINK("x")'])
def test_a_formula_is_asked_back_and_becomes_nobodys_name(formula: str, run_import: Import) -> None:
    content = workbook([["code", "name", "sector"], ["S1", formula, "health"]])
    result = run_import("services", content, name="dich-vu.xlsx")
    assert result.exit_code == 2
    assert "công thức" in result.stderr
