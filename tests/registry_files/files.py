"""Small files as offices send them, and the world they are imported into."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from click.testing import Result
from flask import Flask
from flask.testing import FlaskCliRunner
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

AGENCIES = """\
code,name,kind,level,area,parent,province,valid_from,valid_to,successor,one_stop_since,method_defined_on
EA-MOI,Xã Ea Mới,administrative,commune,rural,UBND,dak-lak,2025-07-01,,,,
EA-CU,Xã Ea Cũ,administrative,commune,rural,UBND,dak-lak,,30/06/2025,EA-MOI EA-HAI,2013-05-01,
EA-HAI,Xã Ea Hai,administrative,commune,rural,UBND,dak-lak,2025-07-01,,,,
UBND,Ủy ban nhân dân tỉnh,administrative,province,,,dak-lak,,,,,
BV,Bệnh viện đa khoa,public_service_unit,province,urban,UBND,dak-lak,,,,,2013-01-15
"""
SERVICES = """\
code,name,sector,field,national_code
KHAI-SINH,Đăng ký khai sinh,administration,Hộ tịch,1.001193
KHAM,Khám bệnh,health,,
"""
COUNTERS = """\
code,agency,name,services
Q1,EA-MOI,Quầy 1,KHAI-SINH
Q2,BV,Phòng khám,
"""
CASELOADS = """\
agency,service,month,respondent_kind,unit,count,overdue
EA-MOI,KHAI-SINH,2026-10,individual,dossier,100,3
EA-MOI,KHAI-SINH,2026-10,organisation,dossier,10,
BV,KHAM,2026-10,,visit,2500,
"""
RESPONSES = """\
id,agency,counter,service,answered_at,channel,respondent_kind,language,questionnaire,version,comment,overall_procedures,overall_service
11111111-1111-4111-8111-111111111111,,Q1,KHAI-SINH,2026-10-05T14:30:00+07:00,paper,individual,vi,administration,1,Tốt,4,5
22222222-2222-4222-8222-222222222222,EA-MOI,,,2026-10-06 08:00,import,organisation,vi,administration,1,,,2
"""
WORLD = {"agencies": AGENCIES, "services": SERVICES, "counters": COUNTERS, "caseloads": CASELOADS}

Import = Callable[..., Result]
AssertRefused = Callable[[Iterable[tuple[str, str, str]]], None]


def importer(runner: FlaskCliRunner, folder: Path) -> Import:
    """Runs `flask survey import`; content is text (written as UTF-8) or bytes."""

    def run(kind: str, content: str | bytes, *options: str, name: str = "tep.csv") -> Result:
        path = folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return runner.invoke(args=["survey", "import", "--kind", kind, str(path), *options])

    return run


def make_world(app: Flask) -> None:
    """Import the agencies, services, counters and caseloads above."""
    with tempfile.TemporaryDirectory() as folder:
        run = importer(app.test_cli_runner(), Path(folder))
        for kind, content in WORLD.items():
            result = run(kind, content)
            assert result.exit_code == 0, result.stderr


def workbook(rows: Iterable[Sequence[Any]], **more_sheets: Iterable[Sequence[Any]]) -> bytes:
    """An XLSX file whose first sheet holds `rows`."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for title, lines in more_sheets.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def everything(database: SQLAlchemy) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    database.session.rollback()
    tables = database.metadata.sorted_tables
    return {
        table.name: sorted((tuple(row) for row in database.session.execute(select(table))), key=repr)
        for table in tables
    }
