"""Official figures stand beside ours, with source, apart from ours, and cut where their method changed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask import Flask, render_template_string
from flask_sqlalchemy import SQLAlchemy

from analysis.reference.catalogue import install_reference_figures, shipped_figures
from analysis.reference.service import NEW_METHOD_FROM, fetch_reference_figures
from tests.support.html import parse_html

pytestmark = pytest.mark.one_database

PAGE = (
    '{% from "components/reference.html" import reference_figures %}'
    "<!doctype html><html lang=vi><head><title>x</title></head><body><h1>x</h1>"
    "{{ reference_figures(reference, 'Sơn La') }}</body></html>"
)


def test_a_province_finds_its_figures_beside_the_countrys(database: SQLAlchemy) -> None:
    figures = fetch_reference_figures("son-la")
    by_year = {year.year: year for year in (*figures.before, *figures.since)}
    assert by_year[2021].own is not None
    assert (by_year[2021].own.share, by_year[2021].own.rank) == (Decimal("0.9030"), 6)
    assert by_year[2022].country is not None
    assert by_year[2022].country.share == Decimal("0.8008")
    assert [year.year for year in (*figures.before, *figures.since)] == sorted(by_year)


def test_years_on_both_sides_of_the_new_method_are_never_in_one_row(database: SQLAlchemy) -> None:
    figures = fetch_reference_figures("son-la")
    assert max(year.year for year in figures.before) < NEW_METHOD_FROM <= min(year.year for year in figures.since)
    assert "Phương pháp khác từ năm 2022" in figures.break_words


def test_a_province_that_was_merged_stands_beside_its_successor_and_not_inside_it(database: SQLAlchemy) -> None:
    by_year = {year.year: year for year in fetch_reference_figures("an-giang").since}
    assert by_year[2023].own is None
    assert [(figure.name, figure.share) for figure in by_year[2023].merged] == [("Kiên Giang", Decimal("0.8439"))]


def test_a_rank_without_a_value_is_kept_without_inventing_the_value(database: SQLAlchemy) -> None:
    (year,) = (year for year in fetch_reference_figures("son-la").before if year.year == 2018)
    assert year.own is not None
    assert (year.own.share, year.own.rank) == (None, 1)


def test_an_unknown_province_is_shown_the_country_alone(database: SQLAlchemy) -> None:
    figures = fetch_reference_figures("khong-co")
    assert {year.own for year in (*figures.before, *figures.since)} == {None}


def test_every_shipped_figure_names_its_source_and_says_something() -> None:
    rows = shipped_figures()
    assert len(rows) > 10
    assert [row for row in rows if len(row["source"]) < 10] == []
    assert [row for row in rows if not (row["value"] or row["rank"] or row["note"])] == []


def test_installing_again_adds_nothing_and_keeps_what_was_corrected(database: SQLAlchemy) -> None:
    from analysis.reference.models import ReferenceFigure

    row = database.session.query(ReferenceFigure).filter_by(province="dak-lak", year=2020).one()
    row.value = "77.43"
    database.session.commit()
    with database.engine.begin() as connection:
        install_reference_figures(connection)
    database.session.expire_all()
    assert database.session.query(ReferenceFigure).count() == len(shipped_figures())
    assert row.value == "77.43"


@pytest.mark.parametrize("province", ["son-la", "an-giang", "dak-lak"])
def test_the_page_says_that_the_method_is_another_one(app: Flask, database: SQLAlchemy, province: str) -> None:
    with app.test_request_context():
        text = render_template_string(PAGE, reference=fetch_reference_figures(province))
    root = parse_html(text)
    words = " ".join("".join(root.itertext()).split())
    assert "không lấy trung bình" in words
    assert "Phương pháp khác từ năm 2022" in words
    assert "80,08 %" in words


def test_where_nothing_is_known_the_page_shows_nothing(app: Flask, database: SQLAlchemy) -> None:
    with app.test_request_context():
        text = render_template_string(PAGE, reference=fetch_reference_figures("son-la", "sipas_policy_of_mars"))
    assert "Số liệu tham khảo" not in text
