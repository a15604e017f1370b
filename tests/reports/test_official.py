"""Official SIPAS figures stand apart in half-years and years, cut in 2022, with their sources."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.reports.making import differences, make, paragraphs, section, tables

pytestmark = pytest.mark.one_database


def official(report) -> list:
    return [table for table in tables(report.document) if "Số liệu chính thức" in table.caption]


def test_the_years_before_and_after_2022_stand_in_tables_of_their_own(world: Flask) -> None:
    report = make(world, "so-noi-vu", "2026-H1")
    before, since = official(report)
    assert "phương pháp khác" in before.caption
    assert "đến năm 2021" in before.caption
    assert "từ năm 2022" in since.caption
    assert {row[0]: row[1] for row in before.rows}["2020"] == "77,42 %"
    assert {row[0]: row[-1] for row in since.rows}["2024"] == "83,94 %"
    said = paragraphs(report.document)
    assert any("Phương pháp khác từ năm 2022" in text for text in said)
    assert any("không lấy trung bình" in text for text in said)
    sources = [item for block in section(report.document, "SIPAS").blocks for item in getattr(block, "items", ())]
    assert any("hanoitimes.vn" in source for source in sources)


def test_only_departments_half_years_and_years_carry_them(world: Flask) -> None:
    assert official(make(world, "so-noi-vu", "2026"))
    assert official(make(world, "so-y-te", "2026"))
    assert not official(make(world, "so-noi-vu", "2026-Q3"))
    assert not official(make(world, "bv-tinh", "2026"))


def test_figures_published_later_than_the_year_are_left_out(world: Flask) -> None:
    assert {row[0] for official_table in official(make(world, "so-noi-vu", "2020")) for row in official_table.rows} == {
        "2018",
        "2019",
        "2020",
    }


def test_a_corrected_official_figure_is_seen(world: Flask) -> None:
    from analysis.reference.models import ReferenceFigure
    from survey.foundation.storage.database import writing

    report = make(world, "so-noi-vu", "2026")
    assert differences(world, report) == []
    with world.app_context(), writing() as session:
        session.query(ReferenceFigure).filter_by(province="dak-lak", year=2020).one().value = "77.50"
    assert differences(world, report) == ["official 2026, figures, 2020 own"]
