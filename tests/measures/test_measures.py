"""Whoever answers for a place registers what is done there; before and after are set side by side."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select
from werkzeug.test import TestResponse

from analysis.figures.query import FigureQuery
from analysis.figures.service import answer
from analysis.measures.effects import effects_of, measures_for, outlooks_of, periods
from analysis.measures.models import Measure
from analysis.statistics import change as change_between
from survey.foundation.changes.audit_entry import AuditEntry
from survey.foundation.periods import Period
from survey.foundation.storage.database import db
from tests.desk.world import answer as hand_in
from tests.registry.pages import submit
from tests.support.html import assert_valid_html
from tests.support.staff import signed_in

FIELDS = {
    "agency": "bv-tinh",
    "sector": "health",
    "service": "kham-benh",
    "what": "Mở thêm một quầy lấy máu từ 6 giờ 30.",
    "who": "Trưởng khoa Khám bệnh",
    "starts_on": "2026-10-01",
}


def register(app: Flask, client: FlaskClient, **changes: str) -> int:
    app.config["WTF_CSRF_ENABLED"] = False
    answer = client.post("/desk/measures/new", data=FIELDS | changes)
    if answer.status_code == 302:
        return int(answer.headers["Location"].rpartition("/")[2])
    raise AssertionError(answer.text if answer.status_code == 422 else answer.status_code)


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert_valid_html(answer.text, answer.headers["Content-Security-Policy"])
    return answer.text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture
def owner(world: Flask) -> FlaskClient:
    return signed_in(world, "so-y-te", "method_owner", sector="health")


def test_a_measure_is_registered_with_its_trace_and_listed(
    world: Flask, owner: FlaskClient, database: SQLAlchemy
) -> None:
    assert "Chưa có biện pháp nào" in page(owner, "/desk/measures")
    assert '<option selected value="health">' in page(owner, "/desk/measures/new")
    measure_id = register(world, owner)
    text = page(owner, "/desk/measures")
    assert "Mở thêm một quầy lấy máu" in text
    assert "01/10/2026" in text
    trace = database.session.scalars(select(AuditEntry)).one()
    assert (trace.action, trace.object_id) == ("register_measure", str(measure_id))
    assert trace.after is not None
    assert trace.after["starts_on"] == "2026-10-01"


def test_before_and_after_are_the_figures_of_the_service_with_the_interval_of_their_difference(
    world: Flask, owner: FlaskClient
) -> None:
    with world.app_context():
        hand_in("bv-tinh", "kham-benh", "2026-10-15", 60, 5)
    measure_id = register(world, owner)
    with world.app_context():
        measure = db.session.query(Measure).filter_by(id=measure_id).one()
        (effect,) = effects_of(measure)
        place = {"agencies": frozenset({measure.agency_id}), "services": frozenset({measure.service_id})}
        before, after = (
            answer(FigureQuery(province="dak-lak", subject="health_service", period=Period.parse(code), **place)).total
            for code in ("2026-07..2026-09", "2026-10")
        )
        assert (effect.before.estimate, effect.after and effect.after.estimate) == (before.estimate, after.estimate)
        assert before.estimate is not None
        assert after.estimate is not None
        assert effect.change == change_between(after.estimate, before.estimate)
    text = page(owner, f"/desk/measures/{measure_id}")
    assert "tháng 10/2026" in text
    assert "từ tháng 7/2026 đến tháng 9/2026" in text
    assert "không chứng minh được nguyên nhân" in text
    workings = [html.unescape(path) for path in re.findall(r'href="(/desk/[^"]+/explain[^"]+)"', text)]
    for figure, path in zip((before, after), workings, strict=True):
        assert f'data-figure="{figure.key}"' in page(owner, path)


def test_a_measure_that_has_just_begun_has_no_after(world: Flask, owner: FlaskClient) -> None:
    measure_id = register(world, owner, starts_on="2026-11-02")
    assert "chưa có tháng trọn vẹn nào" in page(owner, f"/desk/measures/{measure_id}")


def test_months_are_whole_and_the_running_one_is_left_out() -> None:
    def codes(day: dt.date, last: str) -> tuple[str, str | None]:
        before, after = periods(day, last)
        return before.code, after and after.code

    assert codes(dt.date(2026, 8, 1), "2026-10") == ("2026-05..2026-07", "2026-08..2026-10")
    assert codes(dt.date(2026, 8, 2), "2026-10") == ("2026-05..2026-07", "2026-09..2026-10")
    assert codes(dt.date(2026, 10, 2), "2026-10") == ("2026-07..2026-09", None)
    assert codes(dt.date(2024, 1, 1), "2026-10") == ("2023-10..2023-12", "2024-01..2024-12")


def test_a_report_gets_the_measures_of_its_sector_as_they_stood_at_its_end(world: Flask, owner: FlaskClient) -> None:
    register(world, owner)
    register(world, owner, starts_on="2026-09-01", service="")
    with world.app_context():
        october = measures_for("dak-lak", "health", Period.parse("2026-10"))
        assert [shown.measure.starts_on.month for shown in october] == [10, 9]
        september = measures_for("dak-lak", "health", Period.parse("2026-09"))
        assert [shown.after_period and shown.after_period.code for shown in september] == ["2026-09"]
        assert measures_for("dak-lak", "education", Period.parse("2026-10")) == []
        assert measures_for("dak-lak", "health", Period.parse("2026-10"), agencies=frozenset()) == []


def test_the_chance_of_the_year_rests_on_its_finished_months(world: Flask, owner: FlaskClient) -> None:
    with world.app_context():
        from survey.foundation.storage.database import writing
        from survey.registry.models import Caseload

        with writing() as session:
            known = session.query(Caseload).filter_by(month="2026-10").all()
            for month in ("2026-07", "2026-08"):
                for shown in known:
                    session.add(
                        Caseload(
                            agency_id=shown.agency_id,
                            service_id=shown.service_id,
                            month=month,
                            unit=shown.unit,
                            count=shown.count,
                        )
                    )
        for month in ("2026-07", "2026-08"):
            for day in range(1, 11):
                hand_in("bv-tinh", "kham-benh", f"{month}-{day:02d}", 6, 5)
                hand_in("bv-tinh", "kham-benh", f"{month}-{day:02d}", 3 + day % 2, 2)
    measure_id = register(world, owner)
    with world.app_context():
        measure = outlooks_of(db.session.query(Measure).filter_by(id=measure_id).one())
        (d4,) = [outlook for outlook in measure if outlook.target.code == "D4h"]
        assert (d4.months, d4.year) == (4, 2026)
        assert d4.outlook.chance < 0.01  # about 64 % satisfied, two months left
    assert "khả năng vượt mốc cả năm 2026 khoảng 1 %" in page(owner, f"/desk/measures/{measure_id}"), "nothing is sure"
    with world.app_context():  # the target counts individuals
        for day in range(1, 21):
            hand_in("bv-tinh", "kham-benh", f"2026-10-{day:02d}", 10, 5, respondent_kind="organisation")
        measure = outlooks_of(db.session.query(Measure).filter_by(id=measure_id).one())
        assert [outlook.outlook for outlook in measure if outlook.target.code == "D4h"] == [d4.outlook]


def test_only_those_who_answer_for_a_place_register_there(world: Flask) -> None:
    school = signed_in(world, "hieu-truong", "agency_manager", agency="thpt-1")
    with pytest.raises(AssertionError, match="Chưa lưu được"):
        register(world, school)
    owner = signed_in(world, "so-y-te", "method_owner", sector="health")
    with pytest.raises(AssertionError, match="không gồm ngành này"):
        register(world, owner, sector="administration", service="")
    with pytest.raises(AssertionError, match="Dịch vụ này thuộc ngành Giáo dục"):
        register(world, owner, service="giao-duc")
    with world.app_context():
        assert db.session.query(Measure).count() == 0
    officer = signed_in(world, "can-bo", "officer")
    assert officer.get("/desk/measures/new").status_code == 404
    assert "Ghi biện pháp mới" not in page(officer, "/desk/measures")


def test_strangers_learn_nothing_of_a_measure(world: Flask, owner: FlaskClient) -> None:
    measure_id = register(world, owner)
    for client in (
        signed_in(world, "so-gddt", "method_owner", sector="education"),
        signed_in(world, "tram", "agency_manager", agency="tyt-xa"),
        signed_in(world, "son-la", "auditor", province="son-la"),
    ):
        assert client.get(f"/desk/measures/{measure_id}").status_code == 404
        assert "lấy máu" not in page(client, "/desk/measures")


def test_a_form_left_empty_says_what_is_missing(world: Flask, owner: FlaskClient) -> None:
    world.config["WTF_CSRF_ENABLED"] = False
    answer = owner.post("/desk/measures/new", data={"agency": "bv-tinh", "sector": "health"})
    assert answer.status_code == 422
    assert answer.text.count("Ô này bắt buộc.") >= 2
    assert "Hãy ghi ngày bắt đầu." in answer.text


def test_a_measure_without_the_csrf_token_is_refused(owner: FlaskClient) -> None:
    assert owner.post("/desk/measures/new", data=FIELDS).status_code == 400


def change(client: FlaskClient, measure_id: int, **changes: str) -> TestResponse:
    return submit(client, f"/desk/measures/{measure_id}/change", "who", **changes)


def test_the_words_of_a_measure_change_with_before_and_after_in_the_log(
    world: Flask, owner: FlaskClient, database: SQLAlchemy
) -> None:
    measure_id = register(world, owner)
    assert change(owner, measure_id, who="Giám đốc bệnh viện").status_code == 302
    assert change(owner, measure_id, who="Giám đốc bệnh viện").status_code == 302  # the same again is no change
    assert "Giám đốc bệnh viện" in page(owner, f"/desk/measures/{measure_id}")
    database.session.rollback()
    traces = list(database.session.scalars(select(AuditEntry).where(AuditEntry.action == "change_measure")))
    assert [(trace.before or {}).get("who") for trace in traces] == [FIELDS["who"]]
    assert (traces[0].after or {})["who"] == "Giám đốc bệnh viện"


def test_an_ended_measure_keeps_its_dates_and_counts_no_month_after_its_end(
    world: Flask, owner: FlaskClient, database: SQLAlchemy
) -> None:
    measure_id = register(world, owner, starts_on="2026-09-01")

    def effect_now() -> tuple[str, str | None]:
        database.session.rollback()
        (effect,) = effects_of(db.session.query(Measure).filter_by(id=measure_id).one())
        return effect.before_period.code, effect.after_period and effect.after_period.code

    assert effect_now() == ("2026-06..2026-08", "2026-09..2026-10")
    assert change(owner, measure_id, ends_on="2026-10-15").status_code == 302
    assert effect_now() == ("2026-06..2026-08", "2026-09")
    text = page(owner, f"/desk/measures/{measure_id}")
    assert "đến hết ngày 15/10/2026" in text
    assert "Khả năng đạt mốc" not in text
    change(owner, measure_id, ends_on="2026-10-31")
    assert effect_now() == ("2026-06..2026-08", "2026-09..2026-10")


def test_a_measure_does_not_end_before_it_began_nor_move_to_another_place(
    world: Flask, owner: FlaskClient, database: SQLAlchemy
) -> None:
    measure_id = register(world, owner)
    refused = change(owner, measure_id, ends_on="2026-09-30")
    assert refused.status_code == 422
    assert "Ngày kết thúc trước ngày bắt đầu (01/10/2026)" in refused.text
    change(owner, measure_id, starts_on="2026-01-01", agency="tyt-xa")
    database.session.rollback()
    measure = db.session.query(Measure).filter_by(id=measure_id).one()
    assert (measure.starts_on, measure.agency.code, measure.ends_on) == (dt.date(2026, 10, 1), "bv-tinh", None)


def test_only_those_who_answer_for_the_place_change_it(world: Flask, owner: FlaskClient) -> None:
    measure_id = register(world, owner)
    address = f"/desk/measures/{measure_id}/change"
    assert signed_in(world, "can-bo", "officer").get(address).status_code == 403
    assert signed_in(world, "tram", "agency_manager", agency="tyt-xa").get(address).status_code == 404
    assert signed_in(world, "bv", "agency_manager", agency="bv-tinh").get(address).status_code == 200


@pytest.mark.parametrize("path", ["/desk/measures/4711", "/desk/measures/4711/change"])
def test_a_measure_that_is_not_there_is_not_found(owner: FlaskClient, path: str) -> None:
    assert owner.get(path).status_code == 404


def test_a_service_that_nobody_was_asked_about_has_nothing_to_set_side_by_side(
    world: Flask, owner: FlaskClient
) -> None:
    measure_id = register(world, owner)
    with world.app_context():
        measure = db.session.query(Measure).filter_by(id=measure_id).one()
        empty = dt.date(2019, 5, 1)  # years before anybody answered
        measure.starts_on, measure.ends_on = empty, dt.date(2019, 12, 31)
        assert effects_of(measure) == []
        db.session.rollback()


def test_in_january_no_month_of_the_year_has_finished_and_nothing_is_foretold(
    world: Flask, owner: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure_id = register(world, owner)
    monkeypatch.setattr("analysis.measures.effects.today", lambda: dt.date(2027, 1, 20))
    with world.app_context():
        assert outlooks_of(db.session.query(Measure).filter_by(id=measure_id).one()) == []
