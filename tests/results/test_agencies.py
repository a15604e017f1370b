"""For citizens: their own commune, hospital or school, each year against its promise, as it was published then."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from analysis.results.closing.service import close_period, publish_period
from analysis.results.publication.publication_builder import hide_promises
from survey.foundation.periods import Period
from tests.desk.world import NOW, answer, make_world
from tests.registry.pages import text_of
from tests.results.test_publishing import page
from tests.support.worlds import stored_world

pytestmark = pytest.mark.one_database

SCHOOL, HOSPITAL = "/results/dak-lak/agencies/thpt-1", "/results/dak-lak/agencies/bv-tinh"


def publish(*periods: str) -> None:
    for code in periods:
        close_period("dak-lak", Period.parse(code))
        publish_period("dak-lak", Period.parse(code))


SCHOOL_MONTHS = ("2025-09", "2025-10", "2025-11")


def make_published_world(app: Flask) -> None:
    """2025 and October 2026 published; 2025 holds a school year of its own."""
    make_world(app)
    with app.app_context():
        from survey.foundation.storage.database import writing
        from survey.registry.models import Agency, Caseload, Service

        with writing() as session:
            school, service = (
                session.query(model).filter_by(code=code).one()
                for model, code in ((Agency, "thpt-1"), (Service, "giao-duc"))
            )
            for month in SCHOOL_MONTHS:
                pupils = {"month": month, "unit": "pupil", "count": 1500}
                session.add(Caseload(agency_id=school.id, service_id=service.id, **pupils))
        for month in SCHOOL_MONTHS:
            for day in (6, 13, 20, 27):
                answer("thpt-1", "giao-duc", f"{month}-{day:02d}", 9, 5)
                answer("thpt-1", "giao-duc", f"{month}-{day:02d}", 1, 2)
        publish("2025", "2026-10")


database_url = stored_world("published_agencies", make_published_world, "published", at=NOW)


@pytest.fixture
def published(app: Flask) -> Flask:
    return app


@pytest.fixture
def world(app: Flask) -> Flask:
    """Nothing published yet."""
    make_world(app)
    return app


def text(client: FlaskClient, path: str) -> str:
    return text_of(page(client, path)).replace("\N{NO-BREAK SPACE}", " ")


def test_a_citizen_finds_the_own_school_and_reads_each_year_against_the_promise(
    published: Flask, client: FlaskClient
) -> None:
    assert "/results/dak-lak/agencies/" in page(client, "/results/dak-lak/")
    shown = page(client, "/results/dak-lak/agencies/?q=truong thpt")
    assert "Trường THPT số 1" in shown
    assert SCHOOL in shown
    assert "Bệnh viện" not in shown
    school = text(client, SCHOOL)
    assert "Năm 2025 Cứ 100 lượt phục vụ thì khoảng 90 lượt người dân hài lòng (90,0 %;" in school
    assert "Tỉnh đặt mục tiêu > 80 % người dân hài lòng vào năm 2020. Đó là mục tiêu của cả tỉnh" in school
    assert "mục III.2" in school
    assert "Sự hài lòng của cá nhân đối với dịch vụ do đơn vị sự nghiệp" in school
    assert "Tháng 10/2026 : Cứ 100 lượt" in school


def test_the_province_sets_each_year_beside_its_promise_with_the_clause(published: Flask, client: FlaskClient) -> None:
    province = text(client, "/results/dak-lak/")
    years = province[province.index("Từng năm so với cam kết") : province.index("Tìm xã, bệnh viện")]
    assert "Năm 2025" in years
    assert "Giáo dục. Cứ 100 lượt phục vụ thì khoảng 90 lượt người dân hài lòng (90,0 %;" in years
    assert "Tỉnh đặt mục tiêu > 80 % người dân hài lòng vào năm 2020." in years
    assert "(mục III.2)" in years
    assert "Tháng 10/2026" not in years


def test_what_is_held_back_in_a_publication_is_held_back_on_the_agencys_page(
    published: Flask, client: FlaskClient
) -> None:
    hospital = text(client, HOSPITAL)
    assert "Không nêu, vì quá ít phiếu hoặc để không lộ nơi có quá ít phiếu." in hospital
    assert "Cứ 100 lượt" not in hospital
    rows = list(csv.DictReader(io.StringIO(client.get(f"{HOSPITAL}/data.csv").data.decode("utf-8-sig"))))
    assert {(row["suppressed"], row["satisfied_share"], row["n"]) for row in rows} == {("yes", "", "")}


def test_the_agencys_file_holds_the_very_rows_of_the_publications(published: Flask, client: FlaskClient) -> None:
    answer = client.get(f"{SCHOOL}/data.csv")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    own = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [(row["period"], row["table"], row["domain"]) for row in own] == [
        ("2026-10", "agency", "thpt-1"),
        ("2025", "agency", "thpt-1"),
        ("2025", "service_of_agency", "thpt-1/giao-duc"),
    ]
    for row in own:
        whole = client.get(f"/results/dak-lak/{row['period']}/data.csv").data.decode("utf-8-sig")
        assert row in list(csv.DictReader(io.StringIO(whole)))


def test_an_agencys_page_tells_its_services_there_once_a_year_beside_the_whole_province(
    published: Flask, client: FlaskClient
) -> None:
    shown = text(client, SCHOOL)
    services = shown[shown.index("Dịch vụ ở đây") : shown.index("Dữ liệu mở")]
    here, everywhere = services.split("Giáo dục trung học phổ thông")[1].split("Cả tỉnh:")
    assert "Tại đây: 90,0 %" in here
    assert "Năm 2025, n = 120 · nhận được 120" in here
    assert "Tháng 10/2026, n = 100 · nhận được 100" in everywhere
    assert "service_of_agency" not in client.get("/results/dak-lak/2026-10/data.json").text


def test_the_tables_of_a_period_lead_to_the_agencys_page(published: Flask, client: FlaskClient) -> None:
    assert f'href="{SCHOOL}"' in page(client, "/results/dak-lak/2025")


def test_an_agency_that_was_never_published_does_not_exist_here(published: Flask, client: FlaskClient) -> None:
    for path in ("/results/dak-lak/agencies/so-gddt", "/results/dak-lak/agencies/x", "/results/son-la/agencies/thpt-1"):
        assert client.get(path).status_code == 404
        assert client.get(f"{path}/data.csv").status_code == 404
    assert "Tỉnh chưa công bố kỳ nào" in text(client, "/results/son-la/agencies/")
    assert "Không có tên nào chứa “zzz”" in text(client, "/results/dak-lak/agencies/?q=zzz")


def test_an_agencys_own_promise_is_named_and_never_shows_what_its_row_holds_back(
    world: Flask, client: FlaskClient
) -> None:
    from analysis.targets.models import Target
    from survey.foundation.storage.database import writing
    from survey.registry.models import Agency

    with world.app_context():
        with writing() as session:
            for code, shipped in (
                ("thpt-1", "D4e"),
                ("bv-tinh", "D4h"),
            ):
                agency = session.query(Agency).filter_by(code=code).one()
                old = session.query(Target).filter_by(code=shipped).one()
                fields = {key: getattr(old, key) for key in Target.__table__.columns.keys() if key != "id"}  # noqa: SIM118
                own = {"code": f"own-{code}", "agency_id": agency.id, "from_year": 2026, "due_year": 2026}
                session.add(Target(**(fields | own)))
        publish("2026-10")
    targets = {
        target["id"]: target for target in json.loads(client.get("/results/dak-lak/2026-10/data.json").data)["targets"]
    }
    assert targets["own-thpt-1"]["figure"]["n"] == 100
    assert targets["own-bv-tinh"]["figure"]["suppressed"]  # the hospital's row is hidden: this is the same figure
    assert targets["own-bv-tinh"]["figure"]["n"] is None
    assert targets["own-bv-tinh"]["verdict"] is None
    assert "Giáo dục, Trường THPT số 1" in text(client, "/results/dak-lak/2026-10")
    assert "Trường THPT số 1 đặt mục tiêu > 80 % người dân hài lòng vào năm 2026" in text(
        client, "/results/dak-lak/2026-10"
    )


def row(domain: str, n: int | None) -> dict[str, Any]:
    return {"domain": domain, "n": n, "suppressed": n is None}


@pytest.mark.parametrize(
    ("rows", "n", "hidden"),
    [
        ([row("a", 100), row("b", 50)], 150, False),
        ([row("a", 100), row("b", None)], 140, True),
        ([row("a", 100), row("b", 50)], 130, True),  # 20 answers could be worked out
        ([row("a", 100), row("b", 50)], 110, False),
        ([row("a", 100), row("b", 50), row("c", None)], 150, False),  # c is nothing of its
    ],
)
def test_a_promise_is_held_back_where_subtraction_would_tell(rows: list[dict[str, Any]], n: int, hidden: bool) -> None:
    target = {"subject": "x", "agencies": ["a", "b"], "figure": row("", n), "verdict": {}}
    hide_promises({"targets": [target], "subjects": {"x": {"by": {"agency": rows}}}})
    assert target["figure"]["suppressed"] is hidden
