"""What came by a kiosk's file, or beyond what a counter can serve, stands beside every published figure it is in."""

from __future__ import annotations

import csv
import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from sqlalchemy import select

from analysis.results.closing.service import close_period, publish_period
from survey.devices.models import Device, QueueFile, QueueFileAnswer
from survey.foundation.identifiers import new_id
from survey.foundation.storage.database import writing
from survey.responses.models import AnswerBeyondCapacity, Response
from tests.desk.world import NOW
from tests.results.test_publishing import OCTOBER, page

pytestmark = pytest.mark.one_database

SECTOR, SUBJECT = "education", "education_service"
BY_FILE, BEYOND = "Lấy từ tệp hàng chờ của kiosk", "Nhiều hơn mức một quầy phục vụ được"
HERE = "/results/dak-lak"


@pytest.fixture
def marked(world: Flask) -> Flask:
    """October, of which sixty answers of education came by file and sixty beyond capacity, closed and published."""
    with world.app_context(), writing() as session:
        device = Device(id=new_id(), name="máy", key_digest="0" * 64, paired_at=NOW, status={})
        session.add(device)
        session.flush()
        file = QueueFile(device_id=device.id, content_digest="1" * 64, taken_at=NOW)
        session.add(file)
        session.flush()
        asked = select(Response.id).where(Response.month == OCTOBER.code, Response.sector == SECTOR).order_by("id")
        ids = list(session.scalars(asked))
        assert len(ids) >= 100
        session.add_all(QueueFileAnswer(response_id=id_, queue_file_id=file.id) for id_ in ids[:60])
        session.add_all(AnswerBeyondCapacity(response_id=id_) for id_ in ids[-60:])
    with world.app_context():
        close_period("dak-lak", OCTOBER)
        publish_period("dak-lak", OCTOBER)
    return world


@pytest.mark.usefixtures("marked")
def test_pages_say_it_beside_the_promise_the_tables_and_the_agency(client: FlaskClient) -> None:
    period = page(client, f"{HERE}/2026-10")
    promise = period[period.index('id="target-D4e"') : period.index('id="units"')]
    table = period[period.index('id="units"') : period.index('id="method"')]
    code = client.get("/api/v1/provinces/dak-lak/publications/2026-10").get_json()["subjects"][SUBJECT]["by"]["agency"]
    shown = next(row["domain"] for row in code if row["estimate"] is not None)
    for text in (promise, table, page(client, f"{HERE}/agencies/{shown}")):
        assert BY_FILE in text
        assert BEYOND in text


@pytest.mark.usefixtures("marked")
def test_files_and_the_interface_say_it_of_its_subject_alone(client: FlaskClient) -> None:
    figures = client.get("/api/v1/provinces/dak-lak/publications/2026-10").get_json()
    assert {subject for subject, entry in figures["subjects"].items() if "marked" in entry} == {SUBJECT}
    assert [note["code"] for note in figures["subjects"][SUBJECT]["marked"]] == ["queue_file", "beyond_capacity"]
    document = client.get("/api/v1/openapi.json").get_json()
    schema = {"$ref": "#/components/schemas/PublishedFigures", "components": document["components"]}
    assert list(Draft202012Validator(schema).iter_errors(figures)) == []
    for address in (f"{HERE}/2026-10/data.csv", f"{HERE}/agencies/{agency_of(figures)}/data.csv"):
        rows = list(csv.DictReader(io.StringIO(client.get(address).data.decode("utf-8-sig"))))
        told = {row["subject"] for row in rows if BY_FILE in row["marked"] and BEYOND in row["marked"]}
        untold = {row["subject"] for row in rows if not row["marked"]}
        assert told == {SUBJECT}
        assert SUBJECT not in untold


def agency_of(figures: dict[str, dict[str, dict[str, dict[str, list[dict[str, str]]]]]]) -> str:
    return figures["subjects"][SUBJECT]["by"]["agency"][0]["domain"]
