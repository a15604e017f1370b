"""Measures taken stand in the report with what changed since, and can be verified."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask

from analysis.reports.parts.measures import BODY_ROWS
from survey.foundation.formatting import points
from tests.desk.world import answer
from tests.reports.making import differences, make, paragraphs, table

pytestmark = pytest.mark.one_database


def take(app: Flask, what: str, starts_on: dt.date, agency: str = "bv-tinh", service: str | None = "kham-benh") -> None:
    """Store one measure."""
    from analysis.measures.models import Measure
    from survey.foundation.clock import now
    from survey.foundation.storage.database import writing
    from survey.registry.models import Agency, Service

    with app.app_context(), writing() as session:
        owner = session.query(Agency).filter_by(code=agency).one()
        served = session.query(Service).filter_by(code=service).one() if service else None
        values = {"who": "Trưởng khoa Khám bệnh", "starts_on": starts_on, "registered_at": now()}
        session.add(
            Measure(
                province_id=owner.province_id,
                sector="health",
                agency_id=owner.id,
                service_id=served and served.id,
                what=what,
                **values,
            )
        )


def test_a_measure_stands_with_before_after_and_the_change_and_a_later_answer_is_seen(world: Flask) -> None:
    take(world, "Mở thêm một quầy lấy máu từ 6 giờ 30.", dt.date(2026, 10, 1))
    with world.app_context():
        answer("bv-tinh", "kham-benh", "2026-10-15", 60, 5)
    report = make(world)
    (row,) = table(report.document, "Biện pháp đã thực hiện").rows
    assert row[0].startswith("Mở thêm một quầy lấy máu từ 6 giờ 30 (Bệnh viện đa khoa tỉnh, Khám bệnh ngoại trú;")
    assert row[1] == "01/10/2026"
    assert "(từ tháng 7/2026 đến tháng 9/2026; n = 110 trong 110 phiếu nhận được)" in row[2]
    assert "(tháng 10/2026; n = 170 trong 170 phiếu nhận được)" in row[3]
    (stored,) = report.figures["measures"]
    assert row[4].startswith(points(stored["change"]["estimate"]))
    assert row[4].endswith(": chưa đủ căn cứ nói là tăng hay giảm")  # one good day is no proof
    assert differences(world, report) == []
    with world.app_context():
        answer("bv-tinh", "kham-benh", "2026-10-16", 60, 1)
    assert any(place.startswith("measures 1 health_service, change") for place in differences(world, report))


def test_a_report_on_units_elsewhere_and_one_without_measures_say_so(world: Flask) -> None:
    take(world, "Thêm ghế chờ", dt.date(2026, 10, 1))
    assert any("Không có biện pháp cải thiện nào" in text for text in paragraphs(make(world, "tyt-xa").document))
    assert make(world, "bv-tinh").figures["measures"]


def test_a_measure_that_begins_after_the_cut_off_or_long_before_is_left_out(world: Flask) -> None:
    take(world, "Sau ngày chốt", dt.date(2026, 10, 25))
    take(world, "Đã lâu", dt.date(2025, 9, 1))
    take(world, "Trong kỳ", dt.date(2026, 10, 5))
    rows = table(make(world, cut_off="2026-10-20").document, "Biện pháp").rows
    assert [row[0].split(" (")[0] for row in rows] == ["Trong kỳ"]
    assert [row[3] for row in rows] == ["chưa có tháng trọn vẹn nào"]


def test_a_measure_that_ended_says_when_and_its_months_after_end_there(world: Flask) -> None:
    from analysis.measures.models import Measure
    from survey.foundation.storage.database import writing

    take(world, "Thêm ghế chờ", dt.date(2026, 9, 1))
    with world.app_context(), writing() as session:
        session.query(Measure).one().ends_on = dt.date(2026, 9, 30)
    (row,) = table(make(world).document, "Biện pháp đã thực hiện").rows
    assert row[1] == "01/09/2026 đến 30/09/2026"
    assert "(tháng 9/2026;" in row[3]


def test_many_measures_fill_an_annex(world: Flask) -> None:
    for number in range(BODY_ROWS + 1):
        take(world, f"Biện pháp số {number}", dt.date(2026, 9, 1 + number))
    document = make(world).document
    assert len(table(document, "Biện pháp đã thực hiện").rows) == BODY_ROWS
    assert len(table(document, "Toàn bộ biện pháp").rows) == BODY_ROWS + 1
