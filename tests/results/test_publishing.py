"""Closing freezes, publishing shows, revisions stay, and what is not published is not there."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from flask_babel import force_locale
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import insert, select, update

from analysis.periods.models import Closing
from analysis.results.closing.service import NotPossible, close_period, publish_period
from survey.foundation.changes.audit_entry import AuditEntry
from survey.foundation.formatting import as_printed
from survey.foundation.periods import Period
from survey.foundation.storage.database import writing
from survey.registry.models import Agency, Caseload, Service
from tests.desk.world import NOW, answer
from tests.registry.pages import without_links
from tests.support.html import assert_valid_html

OCTOBER = Period.parse("2026-10")


@pytest.fixture
def published(world: Flask) -> Flask:
    """The small province with October 2026 closed and published."""
    with world.app_context():
        close_period("dak-lak", OCTOBER)
        publish_period("dak-lak", OCTOBER)
    return world


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert "Set-Cookie" not in answer.headers
    assert_valid_html(answer.text, answer.headers["Content-Security-Policy"])
    return answer.text


def data(client: FlaskClient, query: str = "") -> dict[str, Any]:
    return json.loads(client.get(f"/results/dak-lak/2026-10/data.json{query}").data)


def row(figures: dict[str, Any], subject: str, by: str, domain: str) -> dict[str, Any]:
    return next(row for row in figures["subjects"][subject]["by"][by] if row["domain"] == domain)


def test_before_anything_is_published_the_pages_say_so(client: FlaskClient) -> None:
    assert "Chưa công bố kỳ nào." in page(client, "/results/")
    for path in ("", "agencies/", "compare"):
        assert "Tỉnh chưa công bố kỳ nào." in page(client, f"/results/dak-lak/{path}")
    assert client.get("/results/dak-lak/2026-10").status_code == 404
    assert client.get("/results/nowhere/").status_code == 404


def test_a_closed_period_is_not_shown_until_it_is_published(world: Flask, client: FlaskClient) -> None:
    with world.app_context():
        close_period("dak-lak", OCTOBER)
    for path in ("2026-10", "2026-10?revision=1", "2026-10/data.json", "2026-10/data.csv", "2026-10/SHA256SUMS"):
        assert client.get(f"/results/dak-lak/{path}").status_code == 404


def test_citizens_read_the_promise_the_result_and_the_clause(published: Flask, client: FlaskClient) -> None:
    text = page(client, "/results/dak-lak/2026-10").replace("\N{NO-BREAK SPACE}", " ")
    assert "Cứ 100 lượt phục vụ thì khoảng 69 lượt người dân hài lòng (69,1 %;" in text
    assert "Tỉnh đặt mục tiêu &gt; 80 % người dân hài lòng vào năm 2020." in text
    assert "Đủ căn cứ kết luận chưa đạt" in text
    assert "mục III.2" in text
    assert "Sự hài lòng của cá nhân đối với dịch vụ do đơn vị sự nghiệp" in text


def test_the_published_figure_is_the_one_the_service_gives(published: Flask, client: FlaskClient) -> None:
    from analysis.figures.query import FigureQuery
    from analysis.figures.service import answer

    with published.app_context():
        figure = answer(
            FigureQuery(province="dak-lak", subject="health_service", period=OCTOBER, audience="public")
        ).total.estimate
    assert figure is not None
    total = data(client)["subjects"]["health_service"]["total"]
    assert figure.estimate is not None
    assert (total["estimate"], total["n"]) == (as_printed(figure.estimate, 3), figure.responses)


def test_small_groups_are_held_back_and_so_is_what_would_give_them_away(published: Flask, client: FlaskClient) -> None:
    figures = data(client)
    small = row(figures, "health_service", "agency", "tyt-xa")  # 20 answers in October
    large = row(figures, "health_service", "agency", "bv-tinh")
    assert small["suppressed"]
    assert large["suppressed"], "total minus the hospital would be the small station"
    assert {small["estimate"], small["n"], large["estimate"], large["n"]} == {None}
    assert not figures["subjects"]["health_service"]["total"]["suppressed"]
    said = (
        "Không nêu, vì quá ít phiếu hoặc để không lộ nơi có quá ít phiếu: Bệnh viện đa khoa tỉnh; Trạm y tế xã Ea Kao."
    )
    assert said in without_links(page(client, "/results/dak-lak/2026-10"))


def test_what_is_published_reads_in_both_languages_whatever_the_publisher_speaks(
    world: Flask, client: FlaskClient
) -> None:
    with world.app_context(), force_locale("en"):
        answer("thpt-1", "giao-duc", "2026-10-06", 31, 2, named=False)
        answer("thpt-1", "giao-duc", "2026-10-07", 300, 5)
        with writing() as session:
            session.execute(update(Caseload).values(overdue=1))
        close_period("dak-lak", OCTOBER)
        publish_period("dak-lak", OCTOBER)
    [note] = [note for note in data(client)["warnings"] if note["code"] == "no_caseload"]
    assert note["message"].startswith("Không rõ dịch vụ")
    assert note["message_en"].startswith("Service unknown")
    vietnamese, english = (page(client, f"/results/dak-lak/2026-10?lang={language}") for language in ("vi", "en"))
    assert note["message"] in vietnamese
    assert note["message"] not in english
    assert note["message_en"] in english
    assert '<th scope="row">October 2026</th>' in english


def test_an_agency_whom_nobody_rated_is_not_said_to_lack_its_caseload(world: Flask, client: FlaskClient) -> None:
    with world.app_context():
        with writing() as session:
            ids = {"agency_id": select(Agency.id).where(Agency.code == "so-gddt").scalar_subquery()}
            ids["service_id"] = select(Service.id).where(Service.code == "giao-duc").scalar_subquery()
            session.execute(insert(Caseload).values(**ids, month="2026-10", unit="pupil", count=20))
        close_period("dak-lak", OCTOBER)
        publish_period("dak-lak", OCTOBER)
    text = without_links(page(client, "/results/dak-lak/2026-10"))
    assert "Chưa có phiếu, hoặc chưa đủ phiếu để nêu: Sở Giáo dục và Đào tạo." in text
    assert "để gia quyền:" not in text


def test_a_service_that_stands_for_a_hidden_agency_is_hidden_with_it(world: Flask, client: FlaskClient) -> None:
    with world.app_context():
        close_period("dak-lak", OCTOBER)
        publish_period("dak-lak", OCTOBER)
    figures = data(client)
    # 30 answers at Sở Y tế's own counter, all for one service that nobody else handles, are too unsure by themselves;
    # the commune is hidden with them, and so must be its only service.
    assert row(figures, "procedures", "agency", "ubnd-ea-tam")["suppressed"]
    assert row(figures, "procedures", "service", "ho-tich")["suppressed"]


def test_late_answers_change_nothing_until_the_next_revision(published: Flask, client: FlaskClient) -> None:
    before = page(client, "/results/dak-lak/2026-10")
    old = data(client)["subjects"]["education_service"]["total"]["n"]
    with time_machine.travel(NOW + dt.timedelta(hours=1), tick=False), published.app_context():
        for day in range(11, 21):
            answer("thpt-1", "giao-duc", f"2026-10-{day}", 4, 5, received_at=NOW + dt.timedelta(minutes=30))
        assert page(client, "/results/dak-lak/2026-10") == before
        close_period("dak-lak", OCTOBER)
        assert page(client, "/results/dak-lak/2026-10") == before
        publish_period("dak-lak", OCTOBER)
    assert data(client)["subjects"]["education_service"]["total"]["n"] == old + 40
    assert data(client, "?revision=1")["subjects"]["education_service"]["total"]["n"] == old
    assert "bản 1" in page(client, "/results/dak-lak/2026-10?revision=2")
    assert client.get("/results/dak-lak/2026-10?revision=3").status_code == 404


def test_a_revision_with_a_handful_of_new_answers_keeps_the_earlier_figure(
    published: Flask, client: FlaskClient
) -> None:
    before = data(client)
    old = before["subjects"]["education_service"]["total"]
    promises = {promise["id"]: promise for promise in before["targets"] if promise["subject"] == "education_service"}
    assert promises["D4e"]["figure"]["n"] == old["n"]
    with time_machine.travel(NOW + dt.timedelta(hours=1), tick=False), published.app_context():
        answer("thpt-1", "giao-duc", "2026-10-20", 3, 1, received_at=NOW + dt.timedelta(minutes=30))
        close_period("dak-lak", OCTOBER)
        publish_period("dak-lak", OCTOBER)
    after = data(client)
    assert after["subjects"]["education_service"]["total"] == old | {"kept": True}
    for target in after["targets"]:  # the promise is that very figure: moved, it would give the three answers away
        if target["id"] in promises:
            earlier = promises[target["id"]]
            assert target["figure"] == earlier["figure"] | {"kept": True}
            assert target["verdict"] == earlier["verdict"]


def test_a_quarter_does_not_give_away_a_month_that_was_held_back(world: Flask, client: FlaskClient) -> None:
    quarter = Period.parse("2026-Q3")
    with world.app_context():
        answer("thpt-1", "giao-duc", "2026-08-05", 12, 5)
        for period in (Period.parse("2026-09"), quarter):
            close_period("dak-lak", period)
            publish_period("dak-lak", period)
    figures = json.loads(client.get("/results/dak-lak/2026-Q3/data.json").data)
    # 112 answers in the quarter, 100 of them in September: the 12 of August could be subtracted.
    assert row(figures, "education_service", "agency", "thpt-1")["suppressed"]


def test_files_match_their_checksums(published: Flask, client: FlaskClient) -> None:
    sums = client.get("/results/dak-lak/2026-10/SHA256SUMS").text
    text = page(client, "/results/dak-lak/2026-10")
    for line in sums.splitlines():
        digest, name = line.split("  ")
        answer = client.get(f"/results/dak-lak/2026-10/{name}")
        assert hashlib.sha256(answer.data).hexdigest() == digest
        assert digest in text
        assert "attachment" in answer.headers["Content-Disposition"]


def test_the_csv_says_the_same_as_the_json(published: Flask, client: FlaskClient) -> None:
    text = client.get("/results/dak-lak/2026-10/data.csv").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    total = next(row for row in rows if row["table"] == "total" and row["subject"] == "education_service")
    figure = data(client)["subjects"]["education_service"]["total"]
    assert float(total["satisfied_share"]) == figure["estimate"]
    assert int(total["n"]) == figure["n"]
    hidden = next(row for row in rows if row["domain"] == "tyt-xa")
    assert (hidden["suppressed"], hidden["satisfied_share"], hidden["n"]) == ("yes", "", "")
    target = next(row for row in rows if row["table"] == "target" and row["domain"] == "D4h")
    assert (target["target"], target["point_verdict"], target["evidence_verdict"]) == (">0.8", "not_met", "not_met")


def test_names_are_found_with_and_without_diacritics(published: Flask, client: FlaskClient) -> None:
    for asked in ("Trường THPT", "truong thpt"):
        text = client.get("/results/dak-lak/2026-10", query_string={"q": asked}).text
        assert "Trường THPT số 1" in text
        assert "Bệnh viện đa khoa tỉnh" not in text
    assert "Không có tên nào chứa “zzz”." in page(client, "/results/dak-lak/2026-10?q=zzz")


def test_an_unfinished_period_cannot_be_closed(world: Flask) -> None:
    with world.app_context(), pytest.raises(NotPossible, match="Tháng 11/2026 chưa kết thúc nên chưa chốt được"):
        close_period("dak-lak", Period.parse("2026-11"))


def test_an_open_period_cannot_be_published_nor_a_revision_twice(world: Flask) -> None:
    with world.app_context():
        with pytest.raises(NotPossible, match="Tháng 10/2026 chưa được chốt"):
            publish_period("dak-lak", OCTOBER)
        close_period("dak-lak", OCTOBER)
        publish_period("dak-lak", OCTOBER)
        with pytest.raises(NotPossible, match="đã công bố bản 1"):
            publish_period("dak-lak", OCTOBER)


def test_commands_close_publish_and_refuse_with_exit_status_2(
    world: Flask, runner: FlaskCliRunner, client: FlaskClient
) -> None:
    arguments = ["--province", "dak-lak", "--period", "2026-10"]
    refused = runner.invoke(args=["analysis", "publish", *arguments])
    assert (refused.exit_code, "chưa được chốt" in refused.stderr) == (2, True), refused.exception
    assert runner.invoke(args=["analysis", "close", *arguments]).exit_code == 0
    assert "bản 1" in runner.invoke(args=["analysis", "publish", *arguments]).output
    assert client.get("/results/dak-lak/2026-10").status_code == 200
    for wrong in (["--province", "nowhere", "--period", "2026-10"], ["--province", "dak-lak", "--period", "2026-13"]):
        assert runner.invoke(args=["analysis", "close", *wrong]).exit_code == 2


def test_closing_and_publishing_leave_a_trace(published: Flask, database: SQLAlchemy) -> None:
    entries = database.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(entry.action, entry.after) for entry in entries] == [
        ("close_period", {"period": "2026-10", "revision": 1, "state": "closed"}),
        ("publish_period", {"period": "2026-10", "revision": 1, "state": "published"}),
    ]
    assert database.session.scalars(select(Closing)).one().figures is not None


def test_the_list_shows_the_latest_period_first(published: Flask, client: FlaskClient) -> None:
    with published.app_context():
        close_period("dak-lak", Period.parse("2026-09"))
        publish_period("dak-lak", Period.parse("2026-09"))
    text = page(client, "/results/dak-lak/")
    assert text.index("Tháng 10/2026") < text.index("Tháng 9/2026")
    assert "Mới nhất: tháng 10/2026" in text


@pytest.mark.parametrize(("unnamed", "words"), [(2, "dưới 30 phiếu"), (31, "từ 30 phiếu (")])
def test_what_is_said_of_left_out_answers_cannot_be_subtracted_from_another_publication(
    world: Flask, client: FlaskClient, unnamed: int, words: str
) -> None:
    with world.app_context():
        answer("thpt-1", "giao-duc", "2026-10-06", unnamed, 2, named=False)
        answer("thpt-1", "giao-duc", "2026-10-07", 300, 5)
        close_period("dak-lak", OCTOBER)
        publish_period("dak-lak", OCTOBER)
    [said] = [warning["message"] for warning in data(client)["warnings"] if warning["code"] == "no_caseload"]
    assert words in said
    assert f" {unnamed} phiếu" not in said


def test_how_many_came_is_left_out_where_it_would_tell_of_a_few_that_name_no_service(
    world: Flask, client: FlaskClient
) -> None:
    with world.app_context():
        answer("thpt-1", "giao-duc", "2026-10-06", 2, 2, named=False)
        close_period("dak-lak", OCTOBER)
        publish_period("dak-lak", OCTOBER)
    total = data(client)["subjects"]["education_service"]["total"]
    assert (total["n"], total["received"], total["unweighted"]) == (100, None, None)
    text = page(client, "/results/dak-lak/2026-10").replace("\N{NO-BREAK SPACE}", " ")
    assert "; n = 100)." in text  # used, which is not what came


@pytest.mark.parametrize(
    ("period", "days", "words", "held_back"),
    [("2026-10", 10, "từ 120 phiếu (", False), ("2026-08", 1, "dưới 30 phiếu", True)],
)
def test_answers_beyond_capacity_stand_beside_what_is_published_with_and_without_a_figure(
    world: Flask, client: FlaskClient, period: str, days: int, words: str, held_back: bool
) -> None:
    with world.app_context():
        for day in range(11, 11 + days):  # 30 an hour is what one counter serves
            answer("thpt-1", "giao-duc", f"{period}-{day}", 40, 5)
        close_period("dak-lak", Period.parse(period))
        publish_period("dak-lak", Period.parse(period))
    figures = json.loads(client.get(f"/results/dak-lak/{period}/data.json").data)
    assert figures["subjects"]["education_service"]["total"]["suppressed"] is held_back
    said = page(client, f"/results/dak-lak/{period}").replace("\N{NO-BREAK SPACE}", " ")
    assert f"Nhiều hơn mức một quầy phục vụ được trong một giờ, vẫn được tính: {words}" in said
