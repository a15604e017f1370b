"""Long files to print are made by a process of their own: watched, fetched by whoever asked, and by nobody else."""

from __future__ import annotations

import datetime as dt
import io
import re
import time
import uuid
import zipfile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from survey.channels.paper import routes as paper_routes
from survey.channels.paper import run_printing
from survey.channels.paper.numbers import printed, serials_of
from survey.channels.printing.models import PrintJob
from survey.channels.web import sheet_routes
from survey.foundation.clock import now
from survey.foundation.commands import behind
from survey.foundation.storage.database import db, writing
from tests.channels.world import CLOSED, HEALTH, MANY, SCHOOL
from tests.registry.pages import open_page, submit, text_of
from tests.support.printed_codes import codes_in
from tests.support.staff import signed_in


@pytest.fixture
def office(world: Flask, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """Sees all counters of the province; more than two sheets or forms are long."""
    monkeypatch.setattr(sheet_routes, "FEW", 2)
    for module in (paper_routes, run_printing):
        monkeypatch.setattr(module, "FEW", 2)
    return signed_in(world, "so-noi-vu", "officer")


def asked_for(client: FlaskClient, agency: str = "") -> str:
    """The page of the file with an agency's slips."""
    chosen = {"agency": agency, "format": "slip", "languages": "vi"}
    answer = submit(client, "/desk/counters/sheets", "format", **chosen)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def when_done(client: FlaskClient, page: str) -> None:
    """Wait, as the page's script does, until the process is done."""
    for _ in range(600):
        if not client.get(f"{page}/progress").get_json()["runs"]:
            return
        time.sleep(0.2)
    raise AssertionError("the process never came to an end")


def job_of(page: str) -> PrintJob:
    """The job of a page, to be changed."""
    job: PrintJob = db.session.get_one(PrintJob, uuid.UUID(page.rpartition("/")[2]))
    return job


def test_sheets_of_many_counters_are_made_behind_the_page_for_whoever_asked(world: Flask, office: FlaskClient) -> None:
    page = asked_for(office)
    assert "Tệp nhiều trang nên được tạo ở phía sau" in text_of(office.get(page).text)
    assert office.get(f"{page}/file").status_code == 404
    when_done(office, page)
    assert "Đã xong: In tờ mã QR" in text_of(office.get(page).text)
    answer = office.get(f"{page}/file")
    assert answer.mimetype == "application/pdf"
    codes = {code.rpartition("/c/")[2] for codes in codes_in(answer.data) for code in codes}
    assert codes >= {MANY, HEALTH, SCHOOL}
    assert CLOSED not in codes
    other = signed_in(world, "thanh-tra", "auditor")
    for address in (page, f"{page}/progress", f"{page}/file"):
        assert other.get(address).status_code == 404
    open_page(office, page)


def test_few_sheets_come_at_once_and_a_long_file_is_asked_for_on_its_page(world: Flask, office: FlaskClient) -> None:
    assert office.get("/desk/counters/sheets.pdf").headers["Location"] == "/desk/counters/sheets"
    at_once = asked_for(office, "bv-vung")
    assert at_once.startswith("/desk/counters/sheets.pdf?agency=bv-vung")
    assert office.get(at_once).mimetype == "application/pdf"
    manager = signed_in(world, "xa", "agency_manager", agency="ubnd-ea-kao")
    foreign = submit(manager, "/desk/counters/sheets", "format", agency="bv-vung", format="slip", languages="vi")
    assert foreign.status_code == 404


def test_the_forms_of_a_long_run_come_in_pieces_with_every_number_once(
    world: Flask, monkeypatch: pytest.MonkeyPatch, office: FlaskClient
) -> None:
    run = submit(office, f"/desk/counters/{HEALTH}/paper", "count", count="3").headers["Location"]
    assert office.get(f"{run}.pdf").headers["Location"] == run
    button = re.findall(r'action="([^"]+/print)"', office.get(run).text)[0]
    token = re.findall(r'name="csrf_token"[^>]* value="([^"]+)"', office.get(run).text)
    page = str(office.post(button, data={"csrf_token": token[0] if token else ""}).headers["Location"])
    when_done(office, page)
    answer = office.get(f"{page}/file")
    assert answer.mimetype == "application/zip"
    numbers = [printed(serial).replace(" ", "") for serial in serials_of(int(run.rpartition("/")[2]), 3)]
    assert forms_in(answer.data) == {f"{run.rpartition('/')[2]}-1-3": numbers}
    monkeypatch.setattr(run_printing, "PIECE", 2)
    with world.test_request_context("/"):
        row = run_printing.fetch_run(db.session(), int(run.rpartition("/")[2]))
        assert row is not None
        pieces = forms_in(run_printing._in_pieces(row))
    assert [len(forms) for forms in pieces.values()] == [2, 1]
    assert [number for forms in pieces.values() for number in forms] == numbers


def forms_in(content: bytes) -> dict[str, list[str]]:
    """The numbers of the forms in each piece."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        pieces = {name: archive.read(name) for name in archive.namelist()}
    read = {}
    for name, pdf in pieces.items():
        assert PdfReader(io.BytesIO(pdf)).pages
        read[name.removeprefix("phieu-giay-").removesuffix(".pdf")] = [c for codes in codes_in(pdf) for c in codes]
    return read


def test_a_process_that_ended_without_a_word_or_may_not_is_told(
    world: Flask, office: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(behind, "COMMAND", ("-c", "pass"))
    page = asked_for(office)
    assert office.get(f"{page}/progress").get_json()["runs"]
    with world.app_context(), writing():
        job_of(page).beat_at = now() - dt.timedelta(minutes=3)
    assert "Việc tạo tệp bị ngắt giữa chừng" in text_of(office.get(page).text)
    open_page(office, page)
    with world.app_context():
        with writing():
            job = job_of(page)
            job.beat_at, job.asked = now(), {"agency": "khong-co", "format": "slip", "languages": "vi"}
            job_id = str(job.id)
        assert world.test_cli_runner().invoke(args=["survey", "run-print", job_id]).exit_code == 0
    assert "Việc tạo tệp bị ngắt giữa chừng" in text_of(office.get(page).text)


def test_a_file_is_there_for_a_day_and_until_the_next_one(
    world: Flask, office: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(behind, "COMMAND", ("-c", "pass"))
    first = asked_for(office)
    second = asked_for(office)
    assert office.get(first).status_code == 404
    with world.app_context(), writing():
        job_of(second).created_at = now() - dt.timedelta(hours=25)
    assert office.get(second).status_code == 404
