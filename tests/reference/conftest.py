"""Files of official figures for the tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

HEADER = "province,year,indicator,value,rank,source"


@pytest.fixture
def csv_file(tmp_path: Path) -> Callable[..., Path]:
    """Writes lines below the header and gives the file."""

    def write(*lines: str, header: str = HEADER) -> Path:
        path = tmp_path / "sipas.csv"
        path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
        return path

    return write
