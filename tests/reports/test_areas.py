"""Reports tell how remote areas and forms in each language were rated, and nothing of a few by subtraction."""

from __future__ import annotations

import pytest
from flask import Flask

from analysis.reports.document import DocumentTable
from tests.desk.world import answer
from tests.reports.making import differences, make, section, table

pytestmark = pytest.mark.one_database

CAPTION = "Theo vùng và ngôn ngữ của phiếu"
CLAUSE = "“hỗ trợ đặc biệt người nghèo, người thuộc diện chính sách và đồng bào dân tộc thiểu số, vùng sâu, vùng xa”"


def place(app: Flask, **area_of: str) -> None:
    """Write the area of agencies (bv_tinh for bv-tinh) into the register."""
    from survey.foundation.storage.database import writing
    from survey.registry.models import Agency

    with app.app_context(), writing() as session:
        for code, area in area_of.items():
            session.query(Agency).filter_by(code=code.replace("_", "-")).one().area = area


def rows(areas: DocumentTable) -> dict[str, tuple[str, ...]]:
    return {row[0]: row[1:] for row in areas.rows}


@pytest.fixture
def placed(world: Flask) -> Flask:
    """The hospital in town, the commune's health station in a remote area; some forms in English."""
    place(world, bv_tinh="urban", tyt_xa="remote")
    with world.app_context():
        for day in range(2, 20, 2):
            answer("bv-tinh", "kham-benh", f"2026-10-{day:02d}", 2, 5 if day % 4 else 2, language="en")
    return world


def test_remote_areas_and_languages_stand_in_a_table_under_the_clause_that_names_them(placed: Flask) -> None:
    report = make(placed)
    told = rows(table(report.document, CAPTION))
    assert list(told) == ["Vùng: Thành thị", "Vùng: Vùng sâu, vùng xa", "Phiếu: Tiếng Anh", "Phiếu: Tiếng Việt"]
    assert told["Vùng: Vùng sâu, vùng xa"][:2] == ("20", "20")
    assert told["Phiếu: Tiếng Anh"][:2] == ("18", "18")
    assert all(len(row) == 5 and "%" in row[3] and "-" in row[4] for row in told.values())
    blocks = section(report.document, "Vùng sâu, vùng xa; ngôn ngữ").blocks
    assert [getattr(block, "text", "") for block in blocks[:2]] == [
        "Mục II.3 Quyết định số 323/QĐ-UBND ngày 13/02/2012 của UBND tỉnh Đắk Lắk (áp dụng đến hết năm 2020):",
        CLAUSE,
    ]


def test_figures_by_area_and_language_are_recomputed(placed: Flask) -> None:
    report = make(placed)
    asked = {figures["question"]["by"] for figures in report.figures["answers"]}
    assert {"area", "language"} <= asked
    assert differences(placed, report) == []
    with placed.app_context():
        answer("tyt-xa", "kham-benh", "2026-10-09", 3, 1, language="en")
    changed = " ".join(differences(placed, report))
    assert "theo area, remote" in changed
    assert "theo language, en" in changed


def test_answers_of_agencies_without_an_area_are_counted_below_the_table(placed: Flask) -> None:
    place(placed, bv_tinh="")
    report = make(placed)
    areas = table(report.document, CAPTION)
    assert "Vùng: Thành thị" not in rows(areas)
    assert areas.note.endswith("168 phiếu nhận được ở vùng không nêu, hoặc ở cơ quan chưa ghi vùng.")
    assert report.figures["derived"]["areas untold health_service"] == 168


def test_nothing_is_said_where_nothing_is_told_apart(world: Flask) -> None:
    with pytest.raises(StopIteration):
        table(make(world).document, CAPTION)


def test_an_agency_alone_is_not_set_beside_areas(placed: Flask) -> None:
    with pytest.raises(StopIteration):
        table(make(placed, "bv-tinh").document, CAPTION)
