"""What stands beside a figure because of how its answers came stands beside it in PDF and Word too."""

from __future__ import annotations

import datetime as dt
import io
import uuid

import docx
import pytest
import time_machine
from docx.oxml.ns import qn
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from analysis.reports.document import Report
from analysis.reports.rendering.renderers import ENGINES
from survey.devices.models import Device, QueueFile, QueueFileAnswer
from survey.foundation.clock import now
from survey.foundation.configuration.settings import Settings
from survey.foundation.storage.database import writing
from survey.registry.models import Agency
from survey.responses.models import AnswerBeyondCapacity, Response
from tests.desk.world import NOW, answer
from tests.reports.making import make
from tests.support.databases import SECRET_KEY

pytestmark = pytest.mark.one_database

FROM_FILE = "Lấy từ tệp hàng chờ của kiosk, không do kiosk tự gửi: 3 phiếu"
BEYOND = "Nhiều hơn mức một quầy phục vụ được trong một giờ, vẫn được tính: 2 phiếu"
HELD_BACK = "các phiếu mới nhất còn giữ lại, để không ai đọc được phiếu của một người"


@pytest.fixture
def settings(database_url: str) -> Settings:
    """As an installation has them: the newest answers of a running month are held back."""
    return Settings(secret_key=SECRET_KEY, database_url=database_url, testing=True)


@pytest.fixture
def marked(world: Flask) -> Flask:
    """Three answers of the hospital's October came by file, two beyond what its counter can serve."""
    with world.app_context(), writing() as session:
        of_hospital = select(Response.id).join(Agency).where(Agency.code == "bv-tinh", Response.month == "2026-10")
        ids = list(session.scalars(of_hospital.order_by(Response.id).limit(5)))
        device = Device(id=uuid.uuid4(), name="Kiosk", key_digest="0" * 64, paired_at=now())
        session.add(device)
        session.flush()
        file = QueueFile(device_id=device.id, content_digest="1" * 64, taken_at=now())
        session.add(file)
        session.flush()
        session.add_all([QueueFileAnswer(response_id=id_, queue_file_id=file.id) for id_ in ids[:3]])
        session.add_all([AnswerBeyondCapacity(response_id=id_) for id_ in ids[3:]])
    return world


def text_of(report: Report, engine: str) -> str:
    """What the file says, in one line."""
    content = ENGINES[engine].render(report)
    if engine == "pdf":
        said = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    else:
        body = docx.Document(io.BytesIO(content)).element.body
        said = "".join(node.text or "" for node in body.iter(qn("w:t")))
    return " ".join(said.replace("\N{NO-BREAK SPACE}", " ").split())


@pytest.mark.parametrize("engine", ["pdf", "word"])
@pytest.mark.parametrize("recipient", ["so-y-te", "bv-tinh"])
def test_the_share_by_file_and_beyond_capacity_stands_in_the_document(
    marked: Flask, engine: str, recipient: str
) -> None:
    with time_machine.travel(NOW + dt.timedelta(days=2), tick=False):  # what came today is told tomorrow
        report = make(marked, recipient)
    said = text_of(report, engine)
    assert [words for words in (FROM_FILE, BEYOND) if words not in said] == []


@pytest.mark.parametrize("engine", ["pdf", "word"])
def test_that_the_newest_answers_are_held_back_stands_in_the_document_of_a_running_month(
    marked: Flask, engine: str
) -> None:
    with marked.app_context():
        answer("bv-tinh", "kham-benh", "2026-11-05", 45, 5)
    assert HELD_BACK in text_of(make(marked, period="2026-11"), engine)
    assert HELD_BACK not in text_of(make(marked), engine)
