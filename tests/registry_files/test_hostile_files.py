"""Whatever is sent as a file to any import at the desk: a message in Vietnamese, and nothing half stored."""

from __future__ import annotations

import io
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from survey.foundation.tables import limited
from survey.registry.files.problems import ImportRefused
from survey.registry.files.service import import_file
from survey.registry_pages.imports.jobs import is_long
from survey.registry_pages.imports.kinds import OFFERED
from tests.registry_files.files import workbook
from tests.registry_files.test_limits import BOMBS, MAIN, SIMPLE, bomb, with_parts, zipped
from tests.support.fuzz import stored
from tests.support.fuzz_forms import administrator_of, token_of
from tests.support.html import parse_html

TOO_LARGE = "quá lớn hoặc quá phức tạp khi mở ra"


def sheet(rows: str) -> bytes:
    text = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    return with_parts({"xl/worksheets/sheet1.xml": text})


def many_rows() -> bytes:
    return sheet("<row><c><v>1</v></c></row>" * 500_000)


def many_columns() -> bytes:
    return sheet("<row>" + "<c><v>1</v></c>" * 16_384 + "</row>")


def a_far_cell() -> bytes:
    return sheet('<row r="1048576"><c r="XFD1048576"><f>1+1</f><v>1</v></c></row>')


def a_row_beyond_all() -> bytes:
    return sheet('<row r="99999999999999999999"><c r="A99999999999999999999"><v>1</v></c></row>')


def many_names() -> bytes:
    names = '<definedName name="a">Sheet1!$A$1</definedName>' * 400_000
    return with_parts({"xl/workbook.xml": f'<workbook xmlns="{MAIN}"><definedNames>{names}</definedNames></workbook>'})


HOSTILE: dict[Callable[[], bytes], str] = {
    **dict.fromkeys((many_rows, many_columns, a_far_cell, a_row_beyond_all, many_names, lambda: bomb(190)), TOO_LARGE),
    **dict.fromkeys((make for make in BOMBS), ""),
    lambda: sheet('<row r="-5"><c r="ZZZZZZZ0"><v>1</v></c></row>'): "Không mở được tệp Excel",
    lambda: sheet('<row><c t="s"><v>99999999999999999999</v></c></row>'): "Không mở được tệp Excel",
    lambda: zipped({"word/document.xml": "<a>" * 10_000}): "Đây là tệp Word hoặc tệp nén",
    lambda: SIMPLE[:-300]: "Không mở được tệp Excel",
    lambda: b"%PDF-1.7": "Đây là tệp PDF",
    lambda: b"\x89PNG\r\n": "Đây là ảnh",
    lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 10_000: "Không mở được tệp Excel",
    lambda: b"\0" * 100_000: "",
    lambda: b"\n" * 1_000_000: "",
    lambda: b'code,name\n"' + b"a" * 2_000_000: "",
    lambda: b"code" + b",x" * 1_000_000 + b"\n": "",
}
FORMULAS = workbook([["code", "name", "sector"]] + [[f"S{number}", "Khám" * 20, "=1+1"] for number in range(20_000)])


def ended(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """The child is killed, as by a machine that is short of memory."""
    program = folder / "killed"
    program.write_text("#!/bin/sh\nkill -9 $$\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(limited.sys, "executable", str(program))


LIMITS: dict[str, Callable[[pytest.MonkeyPatch, Path], None]] = {
    "killed": ended,
    "memory": lambda monkeypatch, _folder: monkeypatch.setattr(limited, "MEGABYTES", 100),
    "processor": lambda monkeypatch, _folder: monkeypatch.setattr(limited, "SECONDS", 0),
    "patience": lambda monkeypatch, _folder: monkeypatch.setattr(limited, "PATIENCE", 0.01),
}


class Desk:
    """Sends files to every import."""

    def __init__(self, app: Flask) -> None:
        self.client, self.app = administrator_of(app), app
        self.token = token_of(self.client)

    def send(self, kind: str, content: bytes) -> str:
        """What is said of a file that is refused; nothing is stored of it."""
        before = stored(self.app)
        said = self._looked_through(kind, content) if is_long(content) else self._sent(kind, content)
        assert stored(self.app) == before, (kind, content[:40])
        return said

    def _sent(self, kind: str, content: bytes) -> str:
        given = {"csrf_token": self.token, "kind": kind, "file": (io.BytesIO(content), "tep.xlsx")}
        answer = self.client.post("/desk/imports", data=given)
        assert answer.status_code == 422, (kind, answer.location, content[:40])
        (main,) = parse_html(answer.text).iter("main")
        return " ".join("".join(main.itertext()).split())

    def _looked_through(self, kind: str, content: bytes) -> str:
        """As the process does that looks through a long file."""
        with self.app.test_request_context(), pytest.raises(ImportRefused) as refused:
            import_file(kind, "tep.xlsx", content, dry_run=True)
        return " ".join(refused.value.lines())


@pytest.fixture
def desk(demonstration: Flask) -> Desk:
    return Desk(demonstration)


def test_no_hostile_file_is_taken_or_leaves_anything(desk: Desk) -> None:
    kinds = sorted(OFFERED)
    for number, (make, words) in enumerate(HOSTILE.items()):
        assert words in desk.send(kinds[number % len(kinds)], make()), number


@pytest.mark.parametrize("limit", LIMITS)
def test_a_reader_that_is_ended_is_told_in_every_import(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, limit: str
) -> None:
    LIMITS[limit](monkeypatch, tmp_path)
    assert {kind: TOO_LARGE in desk.send(kind, FORMULAS) for kind in OFFERED} == dict.fromkeys(OFFERED, True)
