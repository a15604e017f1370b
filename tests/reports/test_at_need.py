"""Reports at need on any span of days: at the command line, at the desk, in the archive, and verified."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from tests.desk.world import answer
from tests.reports.making import charts, differences, make, paragraphs, result, section, table
from tests.reports.pages import strings_of
from tests.reports.test_delivery import token_of
from tests.support.cases import in_one_world
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database

SPAN = "2026-09-04..2026-10-05"
HEADLINE = "Kết quả chung"


def said_in(block: object) -> str:
    return " ".join(strings_of(block))


def test_it_speaks_about_exactly_its_days_and_says_what_was_assumed(world: Flask) -> None:
    with world.app_context():
        answer("bv-tinh", "kham-benh", "2026-09-03", 40, 1)
        answer("bv-tinh", "kham-benh", "2026-10-06", 40, 1)
    report = make(world, period=SPAN)
    document = report.document
    assert report.name == f"bao-cao-dak-lak-so-y-te-{SPAN}"
    assert document.subject.replace("\N{NO-BREAK SPACE}", " ").endswith("từ ngày 04/09/2026 đến ngày 05/10/2026")
    rows = dict(table(document, HEADLINE).rows)
    # nine days of September and two of October; the days around them hold the 40 answers each
    assert rows["Phiếu dùng trong con số này (n)"] == str(11 * (11 + 4 + 2))
    assert rows["Số lượt khám trong kỳ (N)"] == "11.515"  # 10,600 a month: 19 of 20 and 3 of 22 working days
    words = "tháng 9/2026: 19 trong 20 ngày làm việc; tháng 10/2026: 3 trong 22 ngày làm việc"
    for title in ("ĐỘ PHỦ VÀ CHẤT LƯỢNG", "PHƯƠNG PHÁP"):
        assert words in said_in(section(document, title))
    assert "Đây là giả định" in said_in(section(document, "PHƯƠNG PHÁP"))
    assert "trọng số tạm tính, chưa kết luận" in result(document)
    assert differences(world, report) == []


def test_a_span_of_whole_months_says_what_the_months_say(world: Flask) -> None:
    by_days, by_months = make(world, period="2026-09-01..2026-10-31"), make(world, period="2026-09..2026-10")
    assert table(by_days.document, HEADLINE).rows == table(by_months.document, HEADLINE).rows
    assert not any("giả định: trong tháng" in text for text in paragraphs(by_days.document))
    assert "11.515" not in said_in(by_days.document)


def test_its_last_month_ends_with_it_on_the_chart(world: Flask) -> None:
    marks = charts(make(world, period=SPAN).document)[-1].marks
    assert [mark.label for mark in marks] == ["9/26", "1-5/10/26"]
    assert marks[0].under == "n = 170"  # the whole month, for comparison
    assert marks[1].under == "n = 30"  # two days of seventeen answers, without the station's four: too few to weigh


def test_comments_are_those_of_its_days(world: Flask) -> None:
    with world.app_context():
        answer("bv-tinh", "kham-benh", "2026-10-05", 6, 2, comment="Chờ lâu quá")
        answer("bv-tinh", "kham-benh", "2026-10-06", 7, 2, comment="Chờ lâu quá")
        answer("bv-tinh", "kham-benh", "2026-09-03", 8, 2, comment="Chờ lâu quá")
    report = make(world, period=SPAN)
    assert "có 6 ý kiến góp ý bằng lời" in said_in(section(report.document, "Ý KIẾN"))
    assert differences(world, report) == []


def test_the_command_makes_it_and_verify_finds_what_changed_inside_the_days_only(
    world: Flask, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    command = ["analysis", "report", "--province", "dak-lak", "--recipient", "bv-tinh", "--period", SPAN]
    outcome = runner.invoke(args=[*command, "--out", str(tmp_path), "--format", "json"])
    assert outcome.exit_code == 0, outcome.output
    made = json.loads(outcome.stdout)["file"]
    with world.app_context():
        answer("bv-tinh", "kham-benh", "2026-10-06", 30, 1)
    assert runner.invoke(args=["analysis", "verify", made]).exit_code == 0
    with world.app_context():
        answer("bv-tinh", "kham-benh", "2026-10-05", 30, 1)
    assert runner.invoke(args=["analysis", "verify", made]).exit_code == 1


def test_the_desk_takes_two_days_as_officials_write_them(world: Flask) -> None:
    client = signed_in(world, "yte", "method_owner", sector="health")
    days = {"from": "4/9/2026", "to": "05/10/2026"}
    chosen = client.get(
        "/desk/reports/", query_string={"recipient": "dak-lak/so-y-te", "period": "2026-10", "cut_off": "", **days}
    )
    assert chosen.status_code == 302
    assert chosen.location == f"/desk/reports/dak-lak/so-y-te/{SPAN}.pdf"
    for ending in ("pdf", "docx", "html"):
        assert client.get(f"/desk/reports/dak-lak/so-y-te/{SPAN}.{ending}").status_code == 200


def test_the_archive_keeps_it_and_lists_it_by_its_days(world: Flask) -> None:
    client = signed_in(world, "yte", "method_owner", sector="health")
    form = {"recipient": "dak-lak/so-y-te", "period": "2026-10", "csrf_token": token_of(client)}
    form |= {"from": "04/09/2026", "to": "05/10/2026"}
    kept = client.post("/desk/reports/archive", data=form)
    assert kept.status_code == 302
    assert client.get(kept.location).data.startswith(b"%PDF")
    listed = client.get("/desk/reports/").get_data(as_text=True)
    assert "từ ngày 04/09/2026 đến ngày 05/10/2026" in listed


@in_one_world(
    ("days", "vietnamese", "english"),
    [
        ({"from": "31/9/2026", "to": "05/10/2026"}, "không phải ngày có trong lịch", "is not a day of the calendar"),
        ({"from": "04/09/2026"}, "cần cả hai ngày", "needs both days"),
        ({"from": "05/10/2026", "to": "04/09/2026"}, "bằng hoặc sau ngày đầu", "on or after the first"),
        ({"from": "21/11/2026", "to": "30/11/2026"}, "chưa bắt đầu", "has not begun"),
    ],
)
def test_wrong_days_are_explained_in_the_readers_language_and_nothing_typed_is_lost(
    world: Flask, days: dict[str, str], vietnamese: str, english: str
) -> None:
    client = signed_in(world, f"{days}", "method_owner", sector="health")
    form = {"recipient": "dak-lak/so-y-te", "period": "2026-10", **days}
    token = {"csrf_token": token_of(client)}
    for language, words in (("vi", vietnamese), ("en", english)):
        for page in (
            client.post(f"/desk/reports/archive?lang={language}", data=form | token),
            client.get("/desk/reports/", query_string={**form, "lang": language}),
        ):
            text = page.get_data(as_text=True)
            assert page.status_code == 422
            assert words in text[text.index('role="alert"') :][:300]
            assert all(f'value="{day}"' in text for day in days.values())


def test_other_pages_still_ask_for_whole_months(world: Flask, runner: FlaskCliRunner, tmp_path: Path) -> None:
    outcome = runner.invoke(
        args=["analysis", "report-all", "--province", "dak-lak", "--period", SPAN, "--out", str(tmp_path)]
    )
    assert outcome.exit_code == 2
    assert "only reports at need" in outcome.stderr
