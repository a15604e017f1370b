"""What an office adds itself: its words, number and dates of its reports, who has sent, the decision they rest on."""

from __future__ import annotations

import html
import json
import re

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from analysis.reports.models import DueReport, ReportDelivery
from analysis.reports.rendering import pdf
from survey.accounts.models import RoleGrant, User
from survey.foundation.storage.database import db, writing
from tests.guards.forms import form_on
from tests.reports.making import differences, make, paragraphs, section, table
from tests.reports.pages import strings_of
from tests.support.cases import in_one_world
from tests.support.html import assert_valid_html
from tests.support.staff import client_of, make_user, signed_in

pytestmark = pytest.mark.one_database

DESK = "/desk/reports/dak-lak"
WORDS, JOURNAL = f"{DESK}/so-y-te/2026-10/words", f"{DESK}/so-y-te/2026-10/journal"
RECEIVED, DECISION = f"{DESK}/2026-10/received", f"{DESK}/decision"
HOME_SECTOR, HOME_WORDS = "administration", f"{DESK}/so-noi-vu/2026-10/words"
OWN = "Khoa Khám bệnh thiếu hai bác sĩ.\n\n  Máy phát số hỏng ba ngày.  "


@pytest.fixture
def owner(world: Flask) -> FlaskClient:
    """Who answers for health."""
    return signed_in(world, "yte", "method_owner", sector="health")


@pytest.fixture
def home(world: Flask) -> FlaskClient:
    """Who answers for the province at Sở Nội vụ."""
    return signed_in(world, "noi-vu", "method_owner")


def send(client: FlaskClient, address: str, **fields: str) -> int:
    return client.post(address, data=form_on(client, address) | fields).status_code


def said(world: Flask, title: str, recipient: str = "so-y-te") -> list[str]:
    return [block.text for block in section(make(world, recipient).document, title).blocks if hasattr(block, "text")]


def test_the_form_begins_with_the_programs_drafts_and_keeping_them_writes_nothing(
    world: Flask, owner: FlaskClient
) -> None:
    before = make(world)
    shown = form_on(owner, WORDS)
    assert shown["shortcomings"][0].splitlines() == said(world, "TỒN TẠI")
    assert send(owner, WORDS) == 302
    assert make(world).digest == before.digest


def test_who_answers_for_one_sector_and_sees_all_writes_the_words_of_so_noi_vu_and_is_led_to_no_other(
    world: Flask,
) -> None:
    user_id = make_user(world, "cchc", "officer")
    with world.app_context(), writing() as session:
        user = session.get_one(User, user_id)
        user.grants.append(RoleGrant(role="method_owner", province_id=user.grants[0].province_id, sector=HOME_SECTOR))
    with time_machine.travel("2026-11-30T05:00:00Z", tick=False):  # the reports of the year can be made
        office = client_of(world, user_id)
        listed = re.findall(rf'href="({DESK}/[^"]+/(?:words|journal)[^"]*)"', office.get("/desk/reports/").text)
        own = [address for address in listed if "/so-noi-vu/" in address]
        assert {office.get(html.unescape(address)).status_code for address in own} == {200}
        assert not [address for address in listed if "/so-gddt/" in address]
        assert office.get(WORDS).status_code == 403
    assert signed_in(world, "mot-nganh", "method_owner", sector=HOME_SECTOR).get(HOME_WORDS).status_code == 404


def test_an_offices_words_stand_in_place_of_the_draft_in_every_report_from_then_on(
    world: Flask, owner: FlaskClient
) -> None:
    assert send(owner, WORDS, shortcomings=OWN) == 302
    assert said(world, "TỒN TẠI") == ["Khoa Khám bệnh thiếu hai bác sĩ.", "Máy phát số hỏng ba ngày."]
    assert dict(table(make(world).document, "Nguồn gốc").rows)["Tồn tại, nguyên nhân"] == "Lời của cơ quan"
    assert "bác sĩ" not in " ".join(strings_of(make(world, "so-noi-vu").document))


def test_words_are_kept_with_the_document_and_verify_still_compares_numbers(world: Flask, owner: FlaskClient) -> None:
    drafted = make(world)
    send(owner, WORDS, shortcomings=OWN)
    written = make(world)
    content = json.loads(pdf.figures_json(written))
    assert content["words"] == {"shortcomings": "Khoa Khám bệnh thiếu hai bác sĩ.\nMáy phát số hỏng ba ngày."}
    assert written.digest != drafted.digest
    assert content["derived"] == json.loads(pdf.figures_json(drafted))["derived"]
    assert differences(world, drafted) == []
    assert differences(world, written) == []


def test_an_emptied_part_is_the_programs_draft_again(world: Flask, owner: FlaskClient) -> None:
    drafted = said(world, "TỒN TẠI")
    send(owner, WORDS, shortcomings=OWN)
    send(owner, WORDS, shortcomings="")
    assert said(world, "TỒN TẠI") == drafted


@in_one_world("address", [WORDS, JOURNAL, RECEIVED, DECISION])
def test_the_pages_are_valid(home: FlaskClient, address: str) -> None:
    answer = home.get(address)
    assert_valid_html(answer.text, answer.headers["Content-Security-Policy"])


@in_one_world(
    ("fields", "told"),
    [
        ({"signed_on": "2026-11-03"}, "Báo cáo đã ký thì có số"),
        ({"number": "45/BC-SYT", "sent_on": "2026-11-03"}, "hãy ghi ngày ký"),
        ({"number": "45/BC-SYT", "signed_on": "2026-11-05", "sent_on": "2026-11-03"}, "không thể trước ngày ký"),
        ({"number": "45/BC-SYT", "signed_on": "2026-11-30"}, "chưa đến"),
        ({"number": "45/BC-SYT", "signed_on": "2026-02-30"}, "Ghi ngày/tháng/năm có trong lịch"),
    ],
)
def test_what_cannot_be_is_refused_and_stays_as_typed(owner: FlaskClient, fields: dict[str, str], told: str) -> None:
    answer = owner.post(JOURNAL, data=form_on(owner, JOURNAL) | fields)
    assert answer.status_code == 422
    assert told in answer.text
    assert fields.get("number", "45") in answer.text


def test_the_journal_runs_from_made_over_signed_and_sent_to_received(
    world: Flask, owner: FlaskClient, home: FlaskClient
) -> None:
    assert "3 trong 4 nơi" not in home.get(RECEIVED).text
    assert send(owner, JOURNAL, number="45/BC-SYT", signed_on="2026-11-03", sent_on="2026-11-04") == 302
    row = home.get(RECEIVED).text
    assert "45/BC-SYT" in row
    assert home.post(RECEIVED, data=form_on(home, RECEIVED) | {"recipient": "so-y-te", "received_on": "2026-11-05"})
    report = make(world, "so-noi-vu")
    told = table(report.document, "của cơ quan, đơn vị")
    assert ("Sở Y tế", "45/BC-SYT", "03/11/2026", "04/11/2026", "05/11/2026") in told.rows
    assert told.rows[-1][0] == "Sở Y tế"
    assert any("đã gửi báo cáo của kỳ; chưa gửi:" in text for text in strings_of(report.document))
    assert differences(world, report) == []


def test_a_day_entered_later_contradicts_no_earlier_report_but_a_changed_one_does(
    world: Flask, owner: FlaskClient
) -> None:
    send(owner, JOURNAL, number="45/BC-SYT", signed_on="2026-11-03")
    report = make(world, "so-noi-vu")
    send(owner, JOURNAL, sent_on="2026-11-04")
    assert differences(world, report) == []
    send(owner, JOURNAL, signed_on="2026-11-02")
    assert len(differences(world, report)) == 1


def test_the_consolidated_report_draws_on_what_offices_that_sent_propose(world: Flask, owner: FlaskClient) -> None:
    send(owner, WORDS, proposals="Bổ sung hai bác sĩ.")
    send(owner, JOURNAL, number="45/BC-SYT", signed_on="2026-11-03")
    assert "Bổ sung hai bác sĩ." not in paragraphs(make(world, "so-noi-vu").document)
    send(owner, JOURNAL, sent_on="2026-11-04")
    assert "Bổ sung hai bác sĩ." in paragraphs(make(world, "so-noi-vu").document)


def test_only_whoever_answers_for_the_province_says_what_came(owner: FlaskClient) -> None:
    assert owner.get(RECEIVED).status_code == 404
    assert owner.get(DECISION).status_code == 404


def test_the_day_of_receipt_is_typed_as_officials_write_it_and_a_wrong_one_stays_to_be_mended(
    world: Flask, home: FlaskClient
) -> None:
    assert 'type="date"' not in home.get(RECEIVED).text
    fields = form_on(home, RECEIVED) | {"recipient": "so-y-te"}
    wrong = home.post(RECEIVED, data=fields | {"received_on": "31/11/2026"})
    assert wrong.status_code == 422
    assert 'value="31/11/2026"' in wrong.text
    assert "như 05/11/2026" in wrong.text
    assert home.post(RECEIVED, data=fields | {"received_on": "5/11/2026"}).status_code == 302
    assert "05/11/2026" in home.get(RECEIVED).text


def test_a_decision_entered_once_is_what_reports_rest_on_from_its_year_on(world: Flask, home: FlaskClient) -> None:
    assert send(home, DECISION, number="77/QĐ-UBND", signed_on="2026-01-15") == 302
    assert paragraphs(make(world).document)[0].startswith(
        "Thực hiện Quyết định số 77/QĐ-UBND ngày 15/01/2026 của UBND tỉnh Đắk Lắk, tiếp nối mục VI.8"
    )
    assert paragraphs(make(world, period="2025-10").document)[0].startswith("Theo chế độ báo cáo nội bộ")
    sheet = make(world, "ubnd-ea-tam", kind="work-sheet")
    assert paragraphs(sheet.document)[0].startswith("Thực hiện Quyết định số 77/QĐ-UBND")
    for kind, cut_off in (("scoring", "2026-11-11"), ("plan", "2026-07-24")):
        said = paragraphs(make(world, "so-y-te", "2026", cut_off, kind=kind).document)
        assert "sau năm 2020 tiếp tục theo Quyết định số 77/QĐ-UBND" in said[0]


def test_a_work_sheet_of_today_does_not_rest_on_a_programme_that_has_ended(world: Flask) -> None:
    said = paragraphs(make(world, "ubnd-ea-tam", kind="work-sheet").document)[0]
    assert said.startswith("Theo chế độ báo cáo nội bộ, tiếp nối mục II.3 Quyết định số 323/QĐ-UBND")


def test_the_scoring_file_names_both_days_where_its_last_one_is_a_saturday(world: Flask) -> None:
    said = paragraphs(make(world, "so-y-te", "2026", "2026-11-11", kind="scoring").document)
    assert any("14/11/2026, là ngày nghỉ, nên việc phải xong trong ngày làm việc 13/11/2026" in line for line in said)


def test_those_that_have_not_sent_are_reminded_once_at_the_addresses_subscribed_for_them(
    world: Flask, home: FlaskClient
) -> None:
    runner = world.test_cli_runner()
    where = ["--province", "dak-lak", "--recipient", "so-y-te"]
    runner.invoke(args=["reports", "subscribe", *where, "--since", "2026-11-01", "phong-nvy@daklak.gov.vn"])
    runner.invoke(args=["reports", "send-due"])
    page = home.post(f"{DESK}/2026-10/reminders", data=form_on(home, RECEIVED), follow_redirects=True).text
    assert "Đã xếp 1 thư nhắc" in page
    again = home.post(f"{DESK}/2026-10/reminders", data=form_on(home, RECEIVED), follow_redirects=True).text
    assert "Đã xếp 0 thư nhắc" in again


@pytest.mark.parametrize(("kind", "words"), [("scoring", "hồ sơ chấm điểm"), ("plan", "kế hoạch năm sau")])
def test_scoring_files_and_plans_have_a_journal_and_reminders_of_their_own(
    world: Flask, owner: FlaskClient, home: FlaskClient, kind: str, words: str
) -> None:
    page = f"{DESK}/2026/received?kind={kind}"
    assert page in home.get("/desk/reports/").text
    everybody = len(re.findall('name="recipient"', home.get(page).text))
    assert everybody > 1
    assert f"{everybody} trong {everybody} nơi chưa gửi" in home.get(page).text
    assert send(owner, f"{DESK}/so-y-te/2026/journal?kind={kind}", number="9/SYT", signed_on="2026-11-10") == 302
    assert home.post(page, data=form_on(home, page) | {"recipient": "so-y-te", "received_on": "12/11/2026"})
    told = home.get(page).text
    assert "12/11/2026" in told
    assert f"{everybody - 1} trong {everybody} nơi chưa gửi" in told
    assert f"{everybody} trong {everybody} nơi chưa gửi" in home.get(f"{DESK}/2026/received").text, "another document"
    reminded = home.post(f"{DESK}/2026/reminders?kind={kind}", data=form_on(home, page), follow_redirects=True)
    assert words in reminded.text
    assert home.get(f"{DESK}/2026-10/received?kind={kind}").status_code == 404
    assert home.get(f"{DESK}/2026/received?kind=work-sheet").status_code == 404


def test_whoever_has_not_entered_the_day_of_sending_is_called_on_the_last_working_day_by_itself(
    world: Flask, owner: FlaskClient
) -> None:
    runner = world.test_cli_runner()
    where = ["--province", "dak-lak", "--recipient"]
    runner.invoke(args=["reports", "subscribe", *where, "so-y-te", "phong-nvy@daklak.gov.vn"])
    runner.invoke(args=["reports", "subscribe", *where, "so-gddt", "vp@daklak.gov.vn"])
    journal = "/desk/reports/dak-lak/so-y-te/2026/journal"
    assert send(owner, journal, number="9/BC-SYT", signed_on="2026-11-19", sent_on="2026-11-20") == 302
    with time_machine.travel("2026-12-01T03:00:00+00:00", tick=False):
        runner.invoke(args=["reports", "send-due"])
        assert calls(world) == []
    with time_machine.travel("2026-12-02T03:00:00+00:00", tick=False):  # the last good day before 03/12
        runner.invoke(args=["reports", "send-due"])
        runner.invoke(args=["reports", "send-due"])
    assert calls(world) == [("so-gddt", "2026", "vp@daklak.gov.vn")]


def calls(world: Flask) -> list[tuple[str, str, str]]:
    """Whom the program called by itself: author, period, address."""
    with world.app_context():
        query = select(DueReport.recipient, DueReport.period, ReportDelivery.email).join(
            ReportDelivery, ReportDelivery.due_report_id == DueReport.id
        )
        return [tuple(row) for row in db.session.execute(query.where(ReportDelivery.kind == "last_call"))]


def test_an_address_added_late_is_sent_what_was_due_since_the_day_it_names(world: Flask) -> None:
    runner = world.test_cli_runner()
    where = ["--province", "dak-lak", "--recipient", "so-gddt"]
    runner.invoke(args=["reports", "subscribe", *where, "moi@daklak.gov.vn"])
    assert "lập 0" in runner.invoke(args=["reports", "send-due"]).output
    runner.invoke(args=["reports", "subscribe", *where, "--since", "2026-11-01", "muon@daklak.gov.vn"])
    assert "lập 2" in runner.invoke(args=["reports", "send-due"]).output  # October, and the scoring file of 14/11


def test_whoever_answers_for_administration_receives_the_reports_and_others_do_not(
    world: Flask, owner: FlaskClient
) -> None:
    receiver = signed_in(world, "cchc", "method_owner", sector="administration")
    assert receiver.get(RECEIVED).status_code == 200
    index = receiver.get("/desk/reports/").text
    assert "/received" in index
    assert DECISION not in index
    assert receiver.get(DECISION).status_code == 404
    assert owner.get(RECEIVED).status_code == 404
    assert "/received" not in owner.get("/desk/reports/").text


def test_too_few_answers_are_no_proof_that_nothing_is_wrong(world: Flask) -> None:
    """Twenty contented answers, for reference only: that no shortcoming stands out is not known."""
    said = strings_of(make(world, "tyt-xa").document)
    assert any("chưa đủ để nói có tồn tại nào hay không" in text for text in said)
    assert not any("chưa cho thấy tồn tại nào nổi lên" in text for text in said)
