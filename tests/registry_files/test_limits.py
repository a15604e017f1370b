"""A workbook that would fill the server is refused within seconds, and the server's own memory does not grow."""

from __future__ import annotations

import io
import resource
import time
import zipfile

import pytest

from survey.foundation.tables import limited
from survey.foundation.tables.cells import TableRefused
from survey.foundation.tables.reading import read_sheets
from tests.registry_files.files import Import, workbook

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


def test_a_small_file_that_unpacks_to_much_is_refused_at_once(run_import: Import) -> None:
    content = bomb(190)
    assert len(content) < 1_500_000
    started, before = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result = run_import("services", content, name="nho.xlsx")
    assert result.exit_code == 2
    assert "quá lớn hoặc quá phức tạp khi mở ra" in result.stderr
    assert time.monotonic() - started < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kilobytes


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
