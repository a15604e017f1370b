"""Due reports are made once, mailed to each address, tried again, and failures are seen without stopping the others."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import update

from analysis.reports.delivery import claims
from analysis.reports.rendering import pdf
from survey.foundation.configuration.settings import Settings
from survey.foundation.storage.database import writing
from survey.registry.models import Agency
from tests.desk.world import NOW, answer
from tests.reports.mailbox import Mailbox, open_mailbox
from tests.reports.making import make
from tests.reports.processes import Running
from tests.support.staff import signed_in


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mailbox]:
    with open_mailbox(tmp_path_factory.mktemp("mailbox")) as opened:
        yield opened


@pytest.fixture
def mailbox(server: Mailbox) -> Mailbox:
    """The server's mailbox, empty and in a good mood."""
    server.empty()
    return server


@pytest.fixture
def settings(settings: Settings, mailbox: Mailbox) -> Settings:
    return settings.but(smtp_url=mailbox.url, mail_from="hai-long@daklak.gov.vn")


def subscribe(runner: FlaskCliRunner, *addresses: str, recipient: str = "so-y-te") -> None:
    for address in addresses:
        command = ["reports", "subscribe", "--province", "dak-lak", "--recipient", recipient, address]
        outcome = runner.invoke(args=command)
        assert outcome.exit_code == 0, outcome.output


def run(runner: FlaskCliRunner, status: int = 0) -> str:
    outcome = runner.invoke(args=["reports", "send-due"])
    assert outcome.exit_code == status, outcome.output
    return outcome.output


def on(day: str) -> time_machine.travel:
    return time_machine.travel(dt.datetime.fromisoformat(f"{day}T02:00:00+00:00"), tick=False)


def due_rows(world: Flask) -> list[tuple[str, str, int]]:
    from analysis.reports.models import DueReport

    with world.app_context():
        rows = claims.db.session.query(DueReport).order_by(DueReport.last_day, DueReport.period)
        return [(row.period, row.status, row.attempts) for row in rows]


def of_month(mailbox: Mailbox, month: str = "tháng 11/2026") -> list[EmailMessage]:
    """The reports on a month; announcements are left out."""
    return [
        message
        for message in mailbox.messages
        if message["Subject"].startswith("Dự thảo") and month in message["Subject"]
    ]


def test_a_sign_the_font_lacks_is_named_to_whoever_runs_receives_and_reads_the_report(
    world: Flask, runner: FlaskCliRunner, mailbox: Mailbox
) -> None:
    with world.app_context(), writing() as session:
        session.execute(update(Agency).where(Agency.code == "bv-tinh").values(name="Bệnh viện ✈ tỉnh"))
    with world.app_context():
        answer("bv-tinh", "kham-benh", "2026-11-03", 12, 5)  # who was silent is not in the document
    subscribe(runner, "nvy@syt.daklak.gov.vn")
    with on("2026-12-05"):
        said = run(runner)
        (letter,) = of_month(mailbox)
        page = signed_in(world, "quan-tri", "administrator").get("/desk/reports/").text
    for told in (said, letter.get_body(("plain",)).get_content(), page):
        assert "✈ tỉnh” (U+2708)" in told


def test_the_month_is_made_on_the_fifth_day_and_mailed_with_the_pdf(
    world: Flask, runner: FlaskCliRunner, mailbox: Mailbox
) -> None:
    subscribe(runner, "nvy@syt.daklak.gov.vn")
    with on("2026-12-04"):
        run(runner)
        assert of_month(mailbox) == []
    with on("2026-12-05"):
        run(runner)
        expected = pdf.render(make(world, period="2026-11"))
    (message,) = of_month(mailbox)
    assert message["To"] == "nvy@syt.daklak.gov.vn"
    assert message["From"] == "hai-long@daklak.gov.vn"
    (attachment,) = message.iter_attachments()
    assert attachment.get_filename() == "bao-cao-dak-lak-so-y-te-2026-11.pdf"
    assert attachment.get_content() == expected


def test_a_deadline_is_announced_and_its_report_comes_before_the_last_good_day(
    world: Flask, runner: FlaskCliRunner, mailbox: Mailbox
) -> None:
    subscribe(runner, "nvy@syt.daklak.gov.vn")
    with on("2026-11-27"):
        run(runner)
        announced = {mail["Subject"]: mail.get_content() for mail in mailbox.messages}
        legal = announced["Sắp đến hạn báo cáo năm 2026: ngày cuối cùng 02/12/2026"]
        assert "Số liệu được chốt hết ngày 29/11/2026" in legal
        assert "hạn nội bộ" not in legal
        assert "hạn nội bộ" in announced["Sắp đến hạn báo cáo tháng 11/2026: ngày cuối cùng 05/12/2026"]
    with on("2026-11-30"):
        run(runner)
    (message,) = [mail for mail in mailbox.messages if mail["Subject"] == "Dự thảo báo cáo mức độ hài lòng năm 2026"]
    (attachment,) = message.iter_attachments()
    assert attachment.get_filename() == "bao-cao-dak-lak-so-y-te-2026-den-20261129.pdf"


def test_running_again_sends_nothing_twice(world: Flask, runner: FlaskCliRunner, mailbox: Mailbox) -> None:
    subscribe(runner, "a@syt.vn", "b@syt.vn")
    with on("2026-12-05"):
        run(runner)
        sent = len(mailbox.messages)
        run(runner)
    assert len(mailbox.messages) == sent > 0
    assert len({message["Message-ID"] for message in mailbox.messages}) == sent


def test_two_processes_at_once_make_and_send_a_report_once(
    world: Flask, runner: FlaskCliRunner, mailbox: Mailbox, settings: Settings, tmp_path: Path
) -> None:
    from analysis.reports.models import ArchivedReport

    subscribe(runner, "a@syt.vn", "b@syt.vn")
    at = dt.datetime(2026, 12, 5, 2, tzinfo=dt.UTC)
    servers = [Running(settings, at, ("reports", "send-due", "--format", "json"), tmp_path) for _ in range(2)]
    for message in servers:
        message.go()
    outcomes = [json.loads(server.result()[0]) for server in servers]
    assert [outcome["problems"] for outcome in outcomes] == [[], []]
    kept = [(mail["Subject"], mail["To"]) for mail in mailbox.messages]
    assert len(kept) == len(set(kept)) == sum(outcome["sent"] for outcome in outcomes) > 0
    with world.app_context():
        archived = claims.db.session.query(ArchivedReport).all()
        assert len(archived) == len({(report.recipient, report.period) for report in archived})
        assert len(archived) == sum(outcome["made"] for outcome in outcomes) > 0


def test_a_refused_address_is_given_up_and_the_others_receive(
    world: Flask, runner: FlaskCliRunner, mailbox: Mailbox
) -> None:
    mailbox.refuse("gone@syt.vn", "550 5.1.1 no such mailbox")
    subscribe(runner, "gone@syt.vn", "here@syt.vn")
    with on("2026-12-05"):
        assert "gone@syt.vn: 550 5.1.1 no such mailbox" in run(runner, status=1)
        run(runner)  # given up: nothing is tried again
    assert {message["To"] for message in mailbox.messages} == {"here@syt.vn"}


def test_a_busy_server_is_tried_again_later(world: Flask, runner: FlaskCliRunner, mailbox: Mailbox) -> None:
    mailbox.refuse("a@syt.vn", "451 4.3.2 try later")
    subscribe(runner, "a@syt.vn")
    with on("2026-12-05"):
        run(runner, status=1)
        mailbox.accept("a@syt.vn")
        run(runner)
        assert mailbox.messages == []  # the pause is not over
    with time_machine.travel(dt.datetime(2026, 12, 5, 2, 6, tzinfo=dt.UTC), tick=False):
        run(runner)
    assert [message["To"] for message in mailbox.messages]


def test_a_server_that_is_down_is_tried_again_when_it_is_back(
    world: Flask, runner: FlaskCliRunner, mailbox: Mailbox
) -> None:
    subscribe(runner, "a@syt.vn")
    mailbox.stop()
    with on("2026-12-05"):
        assert "a@syt.vn:" in run(runner, status=1)
        assert "a@syt.vn:" in page_of_administrator(world)  # seen at the desk
    mailbox.start()
    with time_machine.travel(dt.datetime(2026, 12, 5, 2, 6, tzinfo=dt.UTC), tick=False):
        run(runner)
    assert len(of_month(mailbox)) == 1


def test_a_report_that_cannot_be_made_stops_no_other_and_is_seen(
    world: Flask, runner: FlaskCliRunner, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    from analysis.reports.delivery import run as running

    honest = running.build_report

    def failing(province: str, recipient: str, *rest: object, **more: object) -> object:
        if recipient == "so-gddt":
            raise ValueError("số liệu hỏng")
        return honest(province, recipient, *rest, **more)

    monkeypatch.setattr(running, "build_report", failing)
    subscribe(runner, "a@sgddt.vn", recipient="so-gddt")
    subscribe(runner, "a@syt.vn")
    with on("2026-12-05"):
        assert "so-gddt 2026-11: số liệu hỏng" in run(runner, status=1)
        page = page_of_administrator(world)
    assert {message["To"] for message in of_month(mailbox)} == {"a@syt.vn"}
    assert "số liệu hỏng" in page
    assert ("2026-11", "waiting", 1) in due_rows(world)


def page_of_administrator(world: Flask) -> str:
    from tests.support.staff import signed_in

    return signed_in(world, "quan-tri", "administrator").get("/desk/reports/").get_data(as_text=True)


def test_work_of_a_server_that_died_is_taken_over(world: Flask, runner: FlaskCliRunner) -> None:
    from analysis.reports.delivery.plan import plan
    from analysis.reports.models import DueReport

    subscribe(runner, "a@syt.vn")
    with on("2026-12-05"), world.app_context():
        plan()
        (first, *_rest) = claims.fetch_ready(DueReport)
        assert claims.claim(DueReport, first)
        assert not claims.claim(DueReport, first)
    with time_machine.travel(dt.datetime(2026, 12, 5, 2, 16, tzinfo=dt.UTC), tick=False), world.app_context():
        assert claims.claim(DueReport, first)


@pytest.mark.parametrize("address", ["khong-phai-dia-chi", "a@b", "a b@c.vn"])
def test_a_wrong_address_is_refused(world: Flask, runner: FlaskCliRunner, address: str) -> None:
    outcome = runner.invoke(args=["reports", "subscribe", "--province", "dak-lak", "--recipient", "so-y-te", address])
    assert outcome.exit_code == 2
    assert "không phải địa chỉ thư điện tử" in outcome.stderr


def test_whoever_unsubscribes_receives_no_further_report(
    world: Flask, runner: FlaskCliRunner, mailbox: Mailbox
) -> None:
    subscribe(runner, "a@syt.vn", "b@syt.vn")
    command = ["reports", "unsubscribe", "--province", "dak-lak", "--recipient", "so-y-te", "b@syt.vn"]
    assert runner.invoke(args=command).exit_code == 0
    with on("2026-12-05"):
        run(runner)
    assert {message["To"] for message in mailbox.messages} == {"a@syt.vn"}


def test_reports_due_before_the_subscription_are_not_made_up_for(world: Flask, runner: FlaskCliRunner) -> None:
    subscribe(runner, "a@syt.vn")
    run(runner)
    assert [period for period, _status, _attempts in due_rows(world)] == []


class TestArchive:
    """Kept for ever, as it was."""

    def test_an_archived_pdf_is_given_back_byte_for_byte_with_its_maker(self, world: Flask) -> None:
        from tests.support.staff import signed_in

        client = signed_in(world, "yte", "method_owner", sector="health")
        form = {"recipient": "dak-lak/so-y-te", "period": "2026-10", "csrf_token": token_of(client)}
        kept = client.post("/desk/reports/archive", data=form)
        assert kept.status_code == 302
        assert client.get(kept.location).data == pdf.render(make(world))
        page = client.get("/desk/reports/").get_data(as_text=True)
        assert "bao-cao-dak-lak-so-y-te-2026-10.pdf" in page
        assert "<td>yte</td>" in page
        stranger = signed_in(world, "gddt", "method_owner", sector="education")
        assert stranger.get(kept.location).status_code == 404

    def test_the_same_bytes_are_kept_once(self, world: Flask) -> None:
        from analysis.reports.archive import fetch_archived, keep

        report = make(world)
        content = pdf.render(report)
        with world.app_context():
            first = keep(report, content)
            assert keep(report, content) == first
            entry = fetch_archived(first)
            assert entry is not None
            assert entry.sha256 == hashlib.sha256(content).hexdigest()
            assert entry.made_at == NOW

    @pytest.mark.parametrize("statement", ["UPDATE archived_reports SET name = 'x'", "DELETE FROM archived_reports"])
    def test_the_database_refuses_any_change(self, world: Flask, statement: str) -> None:
        from sqlalchemy import text
        from sqlalchemy.exc import DBAPIError

        from analysis.reports.archive import keep
        from survey.foundation.storage.database import writing

        report = make(world)
        with world.app_context():
            keep(report, b"%PDF")
            with pytest.raises(DBAPIError, match="archived reports are never changed"), writing() as session:
                session.execute(text(statement))


def token_of(client: object) -> str:
    import re

    page = client.get("/desk/reports/").get_data(as_text=True)
    match = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert match
    return match[1]


def test_the_coverage_report_is_announced_made_mailed_and_listed_with_the_years_report(
    world: Flask, runner: FlaskCliRunner, mailbox: Mailbox
) -> None:
    subscribe(runner, "cchc@snv.daklak.gov.vn", recipient="so-noi-vu")
    subscribe(runner, "nvy@syt.daklak.gov.vn")
    with on("2026-11-27"):
        run(runner)
        announced = {(mail["To"], mail["Subject"]): mail.get_content() for mail in mailbox.messages}
        words = announced[
            "cchc@snv.daklak.gov.vn", "Sắp đến hạn báo cáo độ bao phủ năm 2026: ngày cuối cùng 02/12/2026"
        ]
        assert "Báo cáo về độ bao phủ năm 2026 phải gửi chậm nhất ngày 02/12/2026" in words
        assert not any("độ bao phủ" in subject for address, subject in announced if address != "cchc@snv.daklak.gov.vn")
    with on("2026-11-30"):
        run(runner)
        assert run(runner).startswith("Thêm 0 báo cáo")
    (message,) = [mail for mail in mailbox.messages if mail["Subject"] == "Dự thảo báo cáo độ bao phủ năm 2026"]
    (attachment,) = message.iter_attachments()
    assert attachment.get_filename() == "bao-cao-do-bao-phu-dak-lak-so-noi-vu-2026-den-20261129.pdf"
    with on("2026-11-30"):
        from tests.support.staff import signed_in

        reader = signed_in(world, "snv", "method_owner")
        page = reader.get("/desk/reports/").get_data(as_text=True)
        links = re.findall('href="(/desk/[^"]*/[a-z]+)"', page[page.index('id="due"') :])
        assert {reader.get(link).status_code for link in links} == {200}
    due = page[page.index('id="due"') :]
    assert 'Năm 2026 <span class="sub">độ bao phủ</span>' in due
    assert "1 đã gửi, 0 chờ gửi" in due
