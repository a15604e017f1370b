"""Quarters, halves, years and spans; the ranking with points of the reform index; coverage of units."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskCliRunner

from analysis.desk.ranking import ranking_of
from analysis.figures.query import FigureQuery
from analysis.figures.service import answer as figures_of
from analysis.reports.rendering import pdf
from survey.foundation.formatting import number
from survey.foundation.periods import Period
from tests.desk.world import MONTHS, NOW, answer
from tests.reports.making import make, paragraphs, result, table
from tests.support.cases import in_one_world

pytestmark = pytest.mark.one_database


@in_one_world(
    ("period", "words"),
    [
        ("2026-Q3", "quý III/2026"),
        ("2026-H2", "6 tháng cuối năm 2026"),
        ("2026", "năm 2026"),
        ("2026-09..2026-10", "từ tháng 9/2026 đến tháng 10/2026"),
    ],
)
def test_a_report_of_any_kind_names_its_period(world: Flask, period: str, words: str) -> None:
    report = make(world, period=period)
    whole = words.replace(" ", "\N{NO-BREAK SPACE}")  # never "quý" at the end of a line and "III/2026" on the next
    assert report.document.subject.endswith(f" {whole}")
    assert words in result(report.document)
    assert pdf.render(report).startswith(b"%PDF")


def test_the_year_is_due_before_it_ends_and_says_so(world: Flask) -> None:
    said = " ".join(paragraphs(make(world, period="2026", cut_off="2026-11-15").document))
    assert "trước ngày 03/12/2026 (ngày cuối cùng còn đúng hạn: 02/12/2026)" in said
    assert "125/SNV-CCHC" in said


def test_only_a_year_of_sở_nội_vụ_ranks_agencies(world: Flask) -> None:
    assert any("Xếp hạng" in annex.title for annex in make(world, "so-noi-vu", "2026").document.annexes)
    assert not any("Xếp hạng" in annex.title for annex in make(world, "so-noi-vu", "2026-Q3").document.annexes)
    assert not any("Xếp hạng" in annex.title for annex in make(world, "so-y-te", "2026").document.annexes)


def test_points_are_the_share_of_the_maximum_and_thin_agencies_get_none(world: Flask) -> None:
    with world.app_context():
        answer("so-gddt", "hanh-nghe", "2026-10-05", 12, 5)
    report = make(world, "so-noi-vu", "2026")
    (asked,) = [
        difference
        for difference in report.figures["answers"]
        if difference["question"]["by"] == "agency" and difference["question"]["subject"] == "agency_service"
    ]
    shares = {figure["label"]: figure["estimate"] for figure in asked["figures"]}
    rows = {row[1]: row for row in table(report.document, "Xếp hạng").rows}
    ranked = [row for row in rows.values() if row[0] != "không xếp hạng"]
    assert ranked
    for row in ranked:
        assert row[6] == number(shares[row[1]] * 10, 2)
    assert rows["Sở Giáo dục và Đào tạo"][0] == "không xếp hạng"
    assert rows["Sở Giáo dục và Đào tạo"][5] == "–"


def test_overlapping_agencies_share_their_range_of_ranks(world: Flask) -> None:
    with world.app_context():
        for month in MONTHS:
            for day in range(2, 29, 3):  # the two offices are then nearly alike
                answer("so-y-te", "hanh-nghe", f"{month}-{day:02d}", 4, 5)
    rows = table(make(world, "so-noi-vu", "2026").document, "Xếp hạng").rows
    ranges = [row[0] for row in rows if row[0] != "không xếp hạng"]
    assert ranges == ["1-2", "1-2"]


def test_an_agency_that_is_held_back_takes_part_in_no_ranking(world: Flask) -> None:
    """Few answers of a third hide the next smallest, which is large enough to be ranked: no rank tells of it."""
    with world.app_context():
        answer("so-gddt", "hanh-nghe", "2026-10-05", 7, 5)
        for month in MONTHS:
            for day in range(2, 29, 3):
                answer("so-y-te", "hanh-nghe", f"{month}-{day:02d}", 4, 5)
        question = FigureQuery(
            province="dak-lak", subject="agency_service", period=Period.parse("2026"), by="agency", beside=True
        )
        on_the_desk = ranking_of(figures_of(question)).rows
    rows = table(make(world, "so-noi-vu", "2026").document, "Xếp hạng").rows
    told = [(place.figure.label, str(place.rank.best)) for place in on_the_desk if place.rank]
    assert [(row[1], row[0]) for row in rows if row[0] != "không xếp hạng"] == told
    assert len(told) == 1


def test_coverage_counts_every_unit(world: Flask) -> None:
    rows = table(make(world, "so-noi-vu", "2026").document, "độ bao phủ").rows
    assert [row[2:5] for row in rows if row[0].startswith("Cơ quan hành chính")] == [("3", "0", "0,0 %")]
    assert all("Chưa đạt" in row[5] for row in rows)


def test_coverage_can_be_verified_and_a_change_is_seen(world: Flask, runner: FlaskCliRunner, tmp_path: Path) -> None:
    from survey.foundation.storage.database import writing
    from survey.registry.models import Agency

    file = tmp_path / "bao-cao.pdf"
    file.write_bytes(pdf.render(make(world, "so-noi-vu", "2026")))
    assert runner.invoke(args=["analysis", "verify", str(file)]).exit_code == 0
    with world.app_context(), writing() as session:
        session.query(Agency).filter_by(code="so-y-te").one().one_stop_since = make(world).cut_off.replace(year=2020)
    outcome = runner.invoke(args=["analysis", "verify", str(file), "--format", "json"])
    changed = json.loads(outcome.stdout)["differences"]
    assert [(difference["where"], difference["reported"], difference["recomputed"]) for difference in changed] == [
        ("coverage one_stop 2026, reached", 0, 1)
    ]


def test_annexes_are_named_in_the_closing_words_and_say_which_document_they_belong_to(world: Flask) -> None:
    document = make(world, "so-noi-vu", "2026").document
    assert document.closing.endswith("năm 2026; kèm theo các Phụ lục I-III./.")
    assert {annex.enclosed for annex in document.annexes} == {
        "(Kèm theo Báo cáo số ……/BC-SNV ngày …… tháng …… năm 2026 của Sở Nội vụ)"
    }


def test_what_is_counted_to_the_last_of_december_is_signed_in_the_year_after(world: Flask) -> None:
    with time_machine.travel(NOW + dt.timedelta(days=60), tick=False):
        document = make(world, "so-noi-vu", "2026-Q4").document
    assert document.letterhead.year == 2027
    assert "năm 2027 của Sở Nội vụ" in document.annexes[0].enclosed
