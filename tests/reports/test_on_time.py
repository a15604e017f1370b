"""Solved on time by the register and phản ánh answered in time: counted beside satisfaction, and verified."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from analysis.reports.parts.on_time import NOT_MEASURED
from analysis.reports.rendering.pdf import figures_json
from tests.reports.making import differences, make, table
from tests.reports.pages import strings_of
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database


def say_late(world: Flask, agency: str, late: int) -> None:
    """Every caseload of an agency says how many of its dossiers were late."""
    from survey.foundation.storage.database import writing
    from survey.registry.models import Agency, Caseload

    with world.app_context(), writing() as session:
        own = select(Agency.id).where(Agency.code == agency).scalar_subquery()
        session.execute(update(Caseload).where(Caseload.agency_id == own).values(overdue=late))


def test_a_report_tells_how_much_was_solved_on_time(world: Flask) -> None:
    say_late(world, "ubnd-ea-tam", 40)
    said = " ".join(strings_of(make(world, "ubnd-ea-tam").document))
    assert (
        "Giải quyết đúng hạn theo sổ: 90,0 % trong 400 hồ sơ có ghi số trễ hạn (mốc của tỉnh ≥ 80 %, mục III.1, "
        "số 323/QĐ-UBND, chỉ tiêu đến năm 2013)."
    ) in said
    assert "theo cách tính của Quyết định số 766/QĐ-TTg: 90,0 %." in said


def test_a_report_on_health_counts_visits_and_calls_none_a_dossier(world: Flask) -> None:
    say_late(world, "bv-tinh", 100)
    said = " ".join(strings_of(make(world, "so-y-te").document))
    assert "trong 10.000 lượt khám có ghi số trễ hạn" in said
    assert "Theo số lượt khám và số trễ hạn do đơn vị gửi" in said
    assert "hồ sơ có ghi số trễ hạn" not in said


def test_agencies_stand_with_their_share_the_latest_first(world: Flask) -> None:
    say_late(world, "ubnd-ea-tam", 40)
    say_late(world, "so-y-te", 0)
    document = make(world, "so-noi-vu").document
    rows = table(document, "Giải quyết đúng hạn theo đơn vị").rows
    assert rows == (("UBND phường Ea Tam", "400", "40", "90,0 %"), ("Sở Y tế", "90", "0", "100,0 %"))
    by_service = table(document, "Giải quyết đúng hạn theo dịch vụ").rows
    assert by_service[0] == ("Đăng ký khai sinh", "400", "40", "90,0 %")


def test_months_stand_in_their_order_where_there_are_several(world: Flask) -> None:
    say_late(world, "ubnd-ea-tam", 40)
    document = make(world, "ubnd-ea-tam", "2026-09..2026-10").document
    rows = table(document, "Giải quyết đúng hạn theo tháng").rows
    assert rows == (("Tháng 9/2026", "400", "40", "90,0 %"), ("Tháng 10/2026", "400", "40", "90,0 %"))


def test_of_days_that_cut_a_month_the_register_says_nothing(world: Flask) -> None:
    say_late(world, "ubnd-ea-tam", 40)
    report = make(world, "ubnd-ea-tam", "2026-09-05..2026-10-20")
    assert not [text for text in strings_of(report.document) if "đúng hạn" in text]
    assert report.figures["on_time"] == []
    assert differences(world, report) == []


def test_the_province_is_held_to_four_fifths_on_time_as_its_programme_says(world: Flask) -> None:
    say_late(world, "ubnd-ea-tam", 40)
    rows = table(make(world, "so-noi-vu", "2026").document, "Các chỉ tiêu về độ bao phủ").rows
    (row,) = [row for row in rows if "đúng hạn" in row[0]]
    assert row[1].startswith("≥ 80 % (mục III.1, số 323/QĐ-UBND)")
    assert row[2:5] == ("800", "720", "90,0 %")
    assert row[5].startswith("Đạt; mốc tham chiếu")


def test_a_share_just_below_its_mark_is_never_printed_as_the_mark(world: Flask) -> None:
    from analysis.results.closing.service import close_period, publish_period
    from survey.foundation.periods import Period
    from survey.foundation.storage.database import writing
    from survey.registry.models import Agency, Caseload

    with world.app_context():
        with writing() as session:
            own = select(Agency.id).where(Agency.code == "ubnd-ea-tam").scalar_subquery()
            nearly = {"count": 100_000, "overdue": 20_010}
            session.execute(update(Caseload).where(Caseload.agency_id == own).values(nearly))
        close_period("dak-lak", Period.parse("2026-10"))
        publish_period("dak-lak", Period.parse("2026-10"))
    desk, public = signed_in(world, "quan-tri", "administrator"), world.test_client()
    said = {
        "desk": desk.get("/desk/dak-lak/all?year=2026").text,
        "published": public.get("/results/dak-lak/2026-10").text,
        "coverage": " ".join(strings_of(make(world, "so-noi-vu", "2026", kind="coverage").document)),
        "month": " ".join(strings_of(make(world, "ubnd-ea-tam").document)),
    }
    for place, words in said.items():
        assert "79,99 %" in words.replace("\N{NO-BREAK SPACE}", " "), place
    assert "(80,0 %)" not in said["coverage"]
    assert "theo cách tính của Quyết định số 766/QĐ-TTg: 79,99 %" in said["month"]


def test_what_is_not_measured_is_named_whether_or_not_anything_is(world: Flask) -> None:
    named = {
        (province, recipient): NOT_MEASURED["an-giang"]
        in strings_of(make(world, recipient, province=province).document)
        for province, recipient in (("an-giang", "so-noi-vu"), ("an-giang", "so-y-te"), ("dak-lak", "so-noi-vu"))
    }
    assert list(named.values()) == [True, False, False]
    assert "giảm 1/3 thời gian giải quyết" in NOT_MEASURED["an-giang"]
    source = (Path(__file__).parents[1] / "data" / "documents" / "an-giang-930.txt").read_text(encoding="utf-8")
    assert "giảm 1/3 thời gian giải quyết" in source


def test_where_no_caseload_says_how_many_were_late_nothing_is_said(world: Flask) -> None:
    assert not [text for text in strings_of(make(world, "so-noi-vu").document) if "đúng hạn" in text]


def test_a_caseload_corrected_afterwards_is_found_by_verify(world: Flask) -> None:
    say_late(world, "ubnd-ea-tam", 40)
    report = make(world, "so-noi-vu")
    assert differences(world, report) == []
    assert json.loads(figures_json(report))["on_time"][0]["by_agency"] == {"ubnd-ea-tam": [400, 40]}
    say_late(world, "ubnd-ea-tam", 41)
    assert [where for where in differences(world, report) if where.startswith("on_time")]
