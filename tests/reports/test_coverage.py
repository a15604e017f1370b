"""The coverage report: every coverage target with its units, level by level, each unit named in an annex."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from analysis.figures.query import BadQuery
from analysis.reports.rendering import pdf
from survey.foundation.periods import Period
from tests.desk.world import NOW, answer
from tests.reports.making import differences, make, paragraphs, table, tables
from tests.reports.pages import squashed, strings_of, words_of
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database


def one_stop(app: Flask, code: str, since: dt.date) -> None:
    from survey.foundation.storage.database import writing
    from survey.registry.models import Agency

    with app.app_context(), writing() as session:
        session.query(Agency).filter_by(code=code).one().one_stop_since = since


def move_to_son_la(app: Flask) -> None:
    """Sơn La's clause counts units that were surveyed; its agencies are those of the small province."""
    from survey.foundation.storage.database import writing
    from survey.registry.models import Agency, Province
    from survey.responses.models import Rating, Response

    with app.app_context(), writing() as session:
        id_ = session.query(Province).filter_by(key="son-la").one().id
        for model in (Agency, Response, Rating):
            session.query(model).update({"province_id": id_})


def test_đắk_lắk_counts_units_with_a_method_and_one_stop_shops(world: Flask) -> None:
    one_stop(world, "so-y-te", dt.date(2020, 1, 1))
    one_stop(world, "so-gddt", dt.date(2026, 12, 1))  # after the cut-off
    report = make(world, "so-noi-vu", "2026", kind="coverage")
    document = report.document
    assert report.name == "bao-cao-do-bao-phu-dak-lak-so-noi-vu-2026-den-20261120"
    assert "Độ bao phủ" in document.subject
    said = " ".join(paragraphs(document))
    assert "Hơn 60% đơn vị, địa phương xác định phương pháp" in said
    assert "1 trong 3 đơn vị (33,3 %) đã đạt. So với mức 100 % (mục III.1, số 323/QĐ-UBND; " in said
    levels = table(document, "một cửa theo cấp").rows
    assert [row for row in levels if row[0] == "Tổng số"] == [("Tổng số", "3", "1", "2", "33,3 %")]
    each = table(document, "một cửa liên thông: từng đơn vị").rows
    assert each[-1] == ("Sở Y tế", "Cấp tỉnh", "Đã thực hiện", "01/01/2020")
    assert differences(world, report) == []
    one_stop(world, "so-gddt", dt.date(2026, 11, 1))
    assert "coverage one_stop 2026, each, so-gddt" in differences(world, report)


def test_sơn_la_counts_surveyed_units_up_to_the_cut_off_and_hides_small_counts(world: Flask) -> None:
    move_to_son_la(world)
    report = make(world, "so-noi-vu", "2026", kind="coverage", province="son-la", cut_off="2026-09-01")
    assert "2 trong 3 đơn vị" not in " ".join(paragraphs(report.document))
    each = {row[0]: row[2:] for row in table(report.document, "khảo sát: từng đơn vị").rows}
    assert each == {
        "Bệnh viện đa khoa tỉnh": ("Đã khảo sát", "từ 10"),
        "Trường THPT số 1": ("Đã khảo sát", "từ 10"),
        "Trạm y tế xã Ea Kao": ("Đã khảo sát", "dưới 10"),
    }
    (surveyed,) = [entry for entry in report.figures["coverage"] if entry["of"] == "surveyed_units"]
    assert (surveyed["units"], surveyed["reached"], surveyed["reached_well"]) == (3, 3, 0)
    assert surveyed["each"]["tyt-xa"] == [True, None]
    assert differences(world, report) == []


def test_every_string_stands_on_the_pages_also_where_there_is_nothing_to_count(world: Flask) -> None:
    for province in ("dak-lak", "an-giang"):
        report = make(world, "so-noi-vu", "2026", kind="coverage", province=province)
        shown = words_of(pdf.render(report)).lower()
        assert [text for text in strings_of(report.document) if squashed(text).lower() not in shown] == []
        assert all(entry.rows for entry in tables(report.document))


def test_only_the_department_that_sums_up_reports_coverage(world: Flask) -> None:
    with pytest.raises(BadQuery, match="so-noi-vu"):
        make(world, "so-y-te", "2026", kind="coverage")


def test_the_command_and_the_desk_make_it(world: Flask, runner: FlaskCliRunner, tmp_path: Path) -> None:
    command = ["analysis", "report", "--province", "dak-lak", "--recipient", "so-noi-vu", "--period", "2026"]
    outcome = runner.invoke(args=[*command, "--kind", "coverage", "--out", str(tmp_path), "--format", "json"])
    assert outcome.exit_code == 0, outcome.output
    made = Path(json.loads(outcome.stdout)["file"])
    assert runner.invoke(args=["analysis", "verify", str(made)]).exit_code == 0
    client = signed_in(world, "snv", "method_owner")
    chosen = client.get("/desk/reports/?recipient=dak-lak/so-noi-vu&period=2026&kind=coverage")
    assert chosen.status_code == 302
    answer_ = client.get(chosen.location)
    assert answer_.data == made.read_bytes()
    refused = client.get("/desk/reports/?recipient=dak-lak/so-y-te&period=2026&kind=coverage")
    assert refused.status_code == 422
    assert "so-noi-vu" in refused.get_data(as_text=True)


def test_units_abolished_by_the_cut_off_are_not_counted(world: Flask) -> None:
    from survey.foundation.storage.database import writing
    from survey.registry.models import Agency

    with world.app_context():
        answer("bv-tinh", "kham-benh", "2026-10-09", 3, 1)
        with writing() as session:
            session.query(Agency).filter_by(code="so-gddt").one().valid_to = dt.date(2026, 6, 30)
    rows = table(make(world, "so-noi-vu", "2026", kind="coverage").document, "một cửa theo cấp").rows
    assert rows[-1][1] == "2"


def test_after_the_first_of_july_2025_no_district_is_listed(world: Flask) -> None:
    from survey.foundation.storage.database import writing
    from survey.registry.models import Agency

    with world.app_context(), writing() as session:
        session.query(Agency).filter_by(code="bv-tinh").one().level = "district"
        session.query(Agency).filter_by(code="so-gddt").one().level = "district"
    move_to_son_la(world)
    report = make(world, "so-noi-vu", "2026", kind="coverage", province="son-la", cut_off="2026-10-31")
    shown = " ".join(strings_of(report.document))
    assert "Cấp huyện" not in shown
    each = {row[0]: row[1] for row in table(report.document, "khảo sát: từng đơn vị").rows}
    assert each["Bệnh viện đa khoa tỉnh"] == "Khu vực"  # a district's health centre goes on, for a region


def test_a_unit_first_surveyed_after_the_year_was_closed_is_counted_nowhere(
    world: Flask, runner: FlaskCliRunner
) -> None:
    from analysis.periods.models import Closing
    from analysis.targets.service import judged
    from survey.foundation.storage.database import writing
    from survey.registry.models import Agency, Counter, Province

    move_to_son_la(world)
    with world.app_context():
        with writing() as session:
            province = session.query(Province).filter_by(key="son-la").one()
            unit = Agency(
                province=province, code="tyt-moi", name="Trạm y tế mới", kind="public_service_unit", level="commune"
            )
            session.add_all([unit, Counter(agency=unit, code="quay-tyt-moi", name="Quầy", services=[])])
            session.add(Closing(province_id=province.id, period="2026", revision=1, closed_at=NOW))
        answer("tyt-moi", "kham-benh", "2026-11-19", 1, 5, received_at=NOW + dt.timedelta(hours=1))
        told = {
            period: next(row.units for row in judged("son-la", 2026, period=period) if row.units and row.units.reached)
            for period in (None, Period.parse("2026"), Period.parse("2026-Q4"))
        }
    report = make(world, "so-noi-vu", "2026", kind="coverage", province="son-la")
    (surveyed,) = [entry for entry in report.figures["coverage"] if entry["of"] == "surveyed_units"]
    printed = json.loads(
        runner.invoke(args=["analysis", "verdicts", "--province=son-la", "--year=2026", "--format=json"]).stdout
    )
    (row,) = [row for row in printed["verdicts"] if row["target"] == "SC"]
    assert (surveyed["reached"], surveyed["units"]) == (3, 4)
    assert (row["estimate"], row["n"]) == (3 / 4, 4)
    assert {period and period.code: units.reached for period, units in told.items()} == {
        None: 3,
        "2026": 3,
        "2026-Q4": 4,
    }
