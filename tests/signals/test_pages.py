"""Those who may, see a signal's evidence, explain it and close it; strangers learn not even that it exists."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import delete, func, select

from analysis.signals.models import Signal
from analysis.signals.queries import count_open
from analysis.signals.service import detect
from survey.accounts.models import RoleGrant
from survey.foundation.changes.audit_entry import AuditEntry
from survey.responses.models import Response
from tests.guards.one_figure import pages
from tests.signals.world import stuff
from tests.support.html import assert_valid_html, parse_html
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database

TEXT = "Đoàn học sinh đánh giá cùng lúc sau buổi họp phụ huynh; đã đối chiếu sổ trực."


@pytest.fixture
def suspect(honest: Flask) -> int:
    """A burst at the school."""
    stuff(honest, "thpt-1", dt.date(2026, 10, 12), 60, seconds=9)
    with honest.app_context():
        return next(signal.id for signal in detect("dak-lak", ["2026-10"]) if signal.kind == "burst")


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert_valid_html(answer.text, answer.headers["Content-Security-Policy"])
    return answer.text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_list_tells_each_signal_in_one_sentence_and_links_to_it(honest: Flask, suspect: int) -> None:
    client = signed_in(honest, "so-gddt", "method_owner", sector="education")
    text = page(client, "/desk/signals")
    assert f'href="/desk/signals/{suspect}"' in text
    assert "Ngày 12/10/2026, 11-12 giờ:" in text
    assert "Trường THPT số 1" in text
    assert page(client, "/desk/signals?kind=burst&state=all")
    assert "Không có tín hiệu nào khớp" in page(client, "/desk/signals?kind=quiet")
    assert client.get("/desk/signals?kind=strange").status_code == 404


def test_a_signal_shows_its_hours_its_chance_and_the_four_figures(honest: Flask, suspect: int) -> None:
    text = page(signed_in(honest, "so-gddt", "method_owner", sector="education"), f"/desk/signals/{suspect}")
    assert "11-12 giờ" in text  # four o'clock UTC in Vietnam
    assert "1 phần" in text
    for way in ("Tính tất cả phiếu", "Bỏ phiếu nghi vấn", "Mỗi đợt nghi vấn", "Coi phiếu nghi vấn"):
        assert way in text
    assert "kết luận" in text


def test_all_answers_counted_a_signal_tells_the_months_own_figure(honest: Flask, suspect: int) -> None:
    client = signed_in(honest, "so-gddt", "method_owner", sector="education")
    (told,) = pages.of_page("signal", parse_html(page(client, f"/desk/signals/{suspect}")))
    asked = "subject=education_service&period=2026-10&by=agency"
    rows = pages.of_page("explore", parse_html(page(client, f"/desk/dak-lak/education/explore?{asked}")))
    (month,) = [row for row in rows if row.key == told.key and row.received is not None]
    assert told.n
    assert (told.share, told.n) == (month.share, month.n)


def test_a_signal_leads_to_the_working_of_its_months_own_figure(honest: Flask, suspect: int) -> None:
    for role, sector, agency in (("method_owner", "education", None), ("agency_manager", None, "thpt-1")):
        client = signed_in(honest, role, role, sector=sector, agency=agency)
        shown = page(client, f"/desk/signals/{suspect}")
        (told,) = pages.of_page("signal", parse_html(shown))
        (working,) = re.findall(r'href="(/desk/[^"]+/explain[^"]+)"', shown)
        (worked_out,) = pages.of_page("explain", parse_html(page(client, html.unescape(working))))
        assert (worked_out.key, worked_out.n) == (told.key, told.n)


def test_each_of_the_four_figures_says_how_it_was_worked_out(honest: Flask, suspect: int) -> None:
    client = signed_in(honest, "so-gddt", "method_owner", sector="education")
    shown = parse_html(client.get(f"/desk/signals/{suspect}").text)
    rows = [row for row in shown.iter("tr") if any(cell.get("data-holds") == "share" for cell in row.iter())]
    assert len(rows) == 4
    identified = {element.get("id"): element for element in shown.iter() if element.get("id")}
    for row in rows:
        (address,) = (link.attrib["href"] for link in row.iter("a"))
        if address.startswith("#"):
            told = ["".join(cell.itertext()) for cell in identified[address[1:]].iter("td")]
            (n,) = ("".join(cell.itertext()) for cell in row.iter("td") if cell.get("data-holds") == "n")
            assert n in told
        else:
            assert client.get(address).status_code == 200


def test_another_sector_another_agency_and_another_province_see_nothing(honest: Flask, suspect: int) -> None:
    strangers = [
        signed_in(honest, "so-y-te", "method_owner", sector="health"),
        signed_in(honest, "bv", "agency_manager", agency="bv-tinh"),
        signed_in(honest, "son-la", "method_owner", province="son-la"),
    ]
    for client in strangers:
        assert client.get(f"/desk/signals/{suspect}").status_code == 404
        assert client.post(f"/desk/signals/{suspect}/explain").status_code in (400, 404)
        assert "THPT" not in page(client, "/desk/signals")


def post(app: Flask, client: FlaskClient, path: str, **fields: str) -> int:
    app.config["WTF_CSRF_ENABLED"] = False
    return client.post(path, data=fields).status_code


def test_readers_see_the_evidence_and_cannot_explain(honest: Flask, suspect: int) -> None:
    auditor = signed_in(honest, "thanh-tra", "auditor")
    assert "chỉ được xem" in page(auditor, f"/desk/signals/{suspect}")
    assert post(honest, auditor, f"/desk/signals/{suspect}/explain", text=TEXT) == 403
    assert post(honest, auditor, f"/desk/signals/{suspect}/close", outcome="harmless") == 403


def test_a_signal_is_explained_then_closed_and_both_leave_a_trace(
    honest: Flask, suspect: int, database: SQLAlchemy
) -> None:
    answers = database.session.scalar(select(func.count()).select_from(Response))
    manager = signed_in(honest, "hieu-truong", "agency_manager", agency="thpt-1")
    assert post(honest, manager, f"/desk/signals/{suspect}/close", outcome="harmless") == 302
    assert "Hãy ghi giải trình trước khi đóng." in page(manager, f"/desk/signals/{suspect}")
    assert post(honest, manager, f"/desk/signals/{suspect}/explain", text="ngắn") == 422
    assert post(honest, manager, f"/desk/signals/{suspect}/explain", text=TEXT) == 302
    assert TEXT in page(manager, f"/desk/signals/{suspect}")
    assert post(honest, manager, f"/desk/signals/{suspect}/close", outcome="deleted") == 422
    assert post(honest, manager, f"/desk/signals/{suspect}/close", outcome="harmless") == 302
    text = page(manager, f"/desk/signals/{suspect}")
    assert "Có lý do chính đáng" in text
    assert "<textarea" not in text
    assert post(honest, manager, f"/desk/signals/{suspect}/explain", text=TEXT) == 302
    assert "Tín hiệu này đã đóng." in page(manager, f"/desk/signals/{suspect}")
    database.session.rollback()  # look again: what was read before still shows the state of then
    traces = database.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(trace.action, trace.object_id) for trace in traces] == [
        ("explain_signal", str(suspect)),
        ("close_signal", str(suspect)),
    ]
    assert traces[0].before == {"status": "open", "explanation": ""}
    assert database.session.scalar(select(func.count()).select_from(Response)) == answers
    assert database.session.get_one(Signal, suspect).outcome == "harmless"


def test_a_change_without_the_csrf_token_is_refused(honest: Flask, suspect: int) -> None:
    manager = signed_in(honest, "hieu-truong", "agency_manager", agency="thpt-1")
    assert manager.post(f"/desk/signals/{suspect}/explain", data={"text": TEXT}).status_code == 400


def test_a_signal_that_never_was_is_as_unknown_as_anothers(honest: Flask, suspect: int) -> None:
    client = signed_in(honest, "so-gddt", "method_owner", sector="education")
    for address in (f"/desk/signals/{suspect + 999}", "/desk/signals/0"):
        assert client.get(address).status_code == 404
        assert post(honest, client, f"{address}/explain", text=TEXT) == 404


def test_whose_last_role_was_taken_away_finds_no_list(honest: Flask, suspect: int, database: SQLAlchemy) -> None:
    client = signed_in(honest, "so-gddt", "method_owner", sector="education")
    with honest.app_context():
        database.session.execute(delete(RoleGrant))
        database.session.commit()
    assert client.get("/desk/signals").status_code == 404
    assert client.get(f"/desk/signals/{suspect}").status_code == 404


def test_what_waits_is_counted_for_those_who_may_see_it(honest: Flask, suspect: int, database: SQLAlchemy) -> None:
    with honest.app_context():
        signal = database.session.get_one(Signal, suspect)
        province, agency = signal.province_id, signal.agency_id
        counted = [
            count_open(province),
            count_open(province, "education"),
            count_open(province, "health"),
            count_open(province, agencies=[agency]),
            count_open(province, agencies=[agency + 999]),
            count_open(province, agencies=[]),
            count_open(province + 999),
        ]
    assert counted[:2] == [counted[0]] * 2
    assert counted[0] >= 1
    assert counted[2:] == [0, counted[0], 0, 0, 0]
