"""Questions and groups that bear names of the program's: whoever reads what was answered reads it like any other."""

from __future__ import annotations

import csv
import datetime as dt
import io
import uuid
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from survey.channels.paper.response_file import FIXED, import_responses
from survey.foundation.storage.database import db, writing
from survey.questionnaires.codes import RESERVED
from survey.questionnaires.models import QuestionnaireVersion
from survey.responses.models import Response
from tests.desk import world as sheets
from tests.desk.filled import database_url
from tests.support.html import assert_valid_html
from tests.support.report_text import made_report
from tests.support.staff import signed_in

__all__ = ["database_url"]

GROUPS = ("items", "factors", "total", "none")
# Methods of Python's containers and of SQL, names of templates and of JavaScript, columns of the program's own files,
# their Vietnamese headings without marks, and codes that differ by a line only.
CODES = (
    *("items", "keys", "values", "get", "pop", "update", "count", "index", "copy", "clear", "title", "format"),
    *("self", "class", "import", "none", "true", "name", "code", "text", "type", "key", "value", "label", "total"),
    *("all", "by", "item", "factor", "method", "period", "select", "from", "order", "then", "length", "hidden"),
    *("month", "day", "agency_name", "service_name", "n", "mean", "weight", "url_for", "request", "loop", "caller"),
    *("kenh", "quay", "ngay_gio", "y_kien", "wait", "wait_", "wait_1", "wait__1", "id_"),
)
PAGE = "/desk/dak-lak/health"
MONTH = "period=2026-10"
LATER = dt.timedelta(hours=1)


def words(code: str) -> str:
    return f"Câu có mã {code}?"


def asking() -> dict[str, Any]:
    items = [
        {"code": code, "type": "rating", "factor": GROUPS[at % len(GROUPS)], "text": {"vi": words(code)}}
        for at, code in enumerate(CODES)
    ]
    whole = {"code": "overall_health", "type": "rating", "subject": "health_service", "text": {"vi": "Chung?"}}
    groups = [{"code": code, "text": {"vi": f"Nhóm có mã {code}"}} for code in GROUPS]
    return {"source": {"document": "Mẫu thử", "confidence": "own"}, "factors": groups, "items": [whole, *items]}


@pytest.fixture
def world(app: Flask) -> Iterator[Flask]:
    """Forty answers of October 2026 to a form full of such names."""
    with time_machine.travel(sheets.NOW, tick=False):
        with app.app_context():
            with writing() as session:
                first = session.scalars(select(QuestionnaireVersion).filter_by(questionnaire_key="health")).one()
                version = {"questionnaire_key": "health", "version": 2, "published_at": first.published_at + LATER}
                session.add(QuestionnaireVersion(definition=asking(), **version))
            for value, count in ((5, 30), (2, 10)):
                answers = {"overall_health": value} | dict.fromkeys(CODES, value)
                sheets.answer("bv-tinh", "kham-benh", "2026-10-12", count, value, version=2, answers=answers)
        yield app


@pytest.fixture
def owner(world: Flask) -> FlaskClient:
    return signed_in(world, "so-y-te", "method_owner", sector="health")


def test_every_question_and_group_is_explored(owner: FlaskClient) -> None:
    for query in (*(f"item={code}" for code in CODES[::6]), *(f"factor={code}" for code in GROUPS)):
        page = owner.get(f"{PAGE}/explore?{MONTH}&{query}")
        assert page.status_code == 200, query
        assert "có mã" in page.text
    everything = owner.get(f"{PAGE}/questions?{MONTH}")
    assert_valid_html(everything.text, everything.headers["Content-Security-Policy"])
    for code in CODES:
        assert words(code) in everything.text


def test_files_have_one_column_and_one_row_a_question(owner: FlaskClient) -> None:
    heading, *rows = csv.reader(io.StringIO(owner.get(f"{PAGE}/exports/responses.csv?{MONTH}").text.lstrip("\ufeff")))
    assert len({name.lower() for name in heading}) == len(heading)
    for code in CODES:
        column = heading.index(code if code in heading else f"item.{code}")
        assert sorted(row[column] for row in rows if row[column]) == ["2"] * 10 + ["5"] * 30, code
    codes = [line[0] for line in csv.reader(io.StringIO(owner.get(f"{PAGE}/exports/responses/tu-dien.csv").text))]
    named = [code for code in codes if code]
    assert len(set(named)) == len(named)
    for kind in ("questions", "tallies", "estimates", "facts", "responses"):
        answer = owner.get(f"{PAGE}/exports/{kind}.xlsx?{MONTH}")
        sheet = openpyxl.load_workbook(io.BytesIO(answer.data), read_only=True).worksheets[0]
        assert sheet.max_column > 3
        if kind in ("questions", "tallies"):
            cells = {cell for row in sheet.iter_rows(values_only=True) for cell in row}
            assert {words(code) for code in CODES} - cells == set()


def test_the_form_is_previewed_and_reported(world: Flask, owner: FlaskClient, tmp_path: Any) -> None:
    preview = owner.get("/desk/questionnaires/health/2/preview")
    assert_valid_html(preview.text, preview.headers["Content-Security-Policy"])
    assert all(f'name="{code}"' in preview.text for code in CODES)
    assert owner.get("/desk/questionnaires/health").status_code == 200
    _file, text = made_report(world.test_cli_runner(), tmp_path)
    assert "Câu có mã" in text or "Nhóm có mã" in text


def test_a_file_of_answers_gives_each_column_to_the_question_of_that_very_code(world: Flask) -> None:
    own = {"Mã phiếu": str(uuid.uuid4()), "Quầy": "quay-bv-tinh", "Ngày giờ": "2026-10-12T10:00:00+07:00"}
    own |= {"Phiếu khảo sát": "health", "Phiên bản": "2", "Kênh": "paper", "Ý kiến": "Chờ lâu"}
    given = {code: at % 5 + 1 for at, code in enumerate(("overall_health", *CODES))}
    lines = [[*own, *given], [*own.values(), *map(str, given.values())]]
    with world.app_context():
        content = "\n".join(map(",".join, lines)).encode()
        assert import_responses("phieu.csv", content, dry_run=False).new == 1
        stored = db.session.scalars(select(Response).filter_by(channel="paper")).one()
        assert (stored.answers, stored.comment) == (given, "Chờ lâu")


def test_no_column_of_a_file_of_answers_can_be_the_code_of_a_question() -> None:
    assert {column.name for column in FIXED} - RESERVED == set()
