"""Words of a published picture lie on nothing else, and each picture is a file too: SVG, PNG, CSV with the clause."""

from __future__ import annotations

import csv
import io
import socket
from itertools import combinations

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.presentation.charts.placing import Box, Words, placed
from analysis.results.years.promise_years import promise_years
from analysis.results.years.years_picture import FRAME, axes_of, picture_of
from tests.results.test_promise_years import closing, target
from tests.support.applications import serving
from tests.support.browsers import MakeContext

# Words of a picture that share pixels with other words of it; the halo of a letter is no letter.
OVERLAPS = """() => [...document.querySelectorAll('.years-picture')].flatMap(picture => {
  const texts = [...picture.querySelectorAll('text')].map(text => [text.textContent, text.getBoundingClientRect()]);
  return texts.flatMap(([one, a], index) => texts.slice(index + 1).filter(([, b]) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
      && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3).map(([other]) => `${one} over ${other}`));
})"""


@st.composite
def years_of_a_promise(draw: st.DrawFn) -> list[tuple[int, float, float]]:
    years = draw(st.lists(st.integers(2012, 2030), min_size=1, max_size=8, unique=True))
    lows = [draw(st.integers(30, 95)) / 100 for _year in years]
    return [(year, low, min(1.0, low + draw(st.integers(1, 20)) / 100)) for year, low in zip(years, lows, strict=True)]


@settings(max_examples=60)
@given(years_of_a_promise(), st.sampled_from(["0.6", "0.7", "0.8", "0.9"]))
def test_words_stand_in_the_picture_and_on_no_other_words_dot_or_line(
    figures: list[tuple[int, float, float]], level: str
) -> None:
    closings = [
        closing(str(year), target("new", 2020, level, low, high), target("old", 2015, "0.6", low, high))
        for year, low, high in figures
    ]
    (years,) = promise_years(closings)
    axes = axes_of([years])
    assert axes is not None
    picture = picture_of(years, axes)
    words = [*picture.values, *picture.levels]
    for promise, other in combinations(words, 2):
        assert promise.box.shared(other.box) == 0, (promise.text, other.text)
    for promise in words:
        assert promise.box.outside(FRAME) < 1e-6
        for line in picture.steps:
            assert promise.box.shared(Box(line.x1, line.y - 1, max(line.x2, line.x3), line.y + 1)) == 0
    latest = f"{(figures_at_end(figures)) * 100:.1f}".replace(".", ",")
    assert any(latest in value.text for value in picture.values), "the last year has its value"
    assert picture.years[0].text == str(max(year for year, _low, _high in figures))


def figures_at_end(figures: list[tuple[int, float, float]]) -> float:
    _year, low, high = max(figures)
    return (low + high) / 2


def test_a_label_without_a_free_place_is_left_out_rather_than_written_over() -> None:
    frame = Box(0, 0, 100, 20)
    first, second = [Words("abc", 50, 14)], [Words("abc", 52, 14), Words("ab", 10, 14)]
    assert placed(frame, [], [first, second]) == [first[0], second[1]]
    assert placed(frame, [], [first, second[:1]]) == [first[0], None]


def test_no_words_overlap_in_a_browser_on_a_phone_and_at_a_desk(demonstration: Flask, new_context: MakeContext) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, serving(demonstration, listener):
        page = new_context(viewport={"width": 360, "height": 740}).new_page()
        for language in ("vi", "en"):
            page.goto(f"http://127.0.0.1:{listener.getsockname()[1]}/results/dak-lak/?lang={language}")
            for width in (360, 1280):
                page.set_viewport_size({"width": width, "height": 900})
                assert page.locator(".years-picture").count() == 5
                assert page.evaluate(OVERLAPS) == []


@pytest.mark.parametrize(
    ("address", "start"),
    [
        ("/results/dak-lak/pictures/health_service.svg", b"<?xml"),
        ("/results/dak-lak/pictures/health_service.png", b"\x89PNG"),
        ("/results/dak-lak/agencies/DL-BVDK/health_service.svg", b"<?xml"),
    ],
)
def test_a_picture_is_a_file_with_document_and_clause(demonstration: Flask, address: str, start: bytes) -> None:
    answer = demonstration.test_client().get(address)
    assert answer.status_code == 200
    assert answer.data.startswith(start)
    if address.endswith("svg"):
        assert "323/QĐ-UBND" in answer.text
        assert "mục III.2" in answer.text
        assert "Dữ liệu minh họa" in answer.text


def test_its_numbers_are_a_table_with_a_row_for_each_promise_of_a_year(demonstration: Flask) -> None:
    client = demonstration.test_client()
    published = client.get("/results/dak-lak/2020/data.json").json
    assert published is not None
    for subject in ("health_service", "education_service", "agency_service"):
        text = client.get(f"/results/dak-lak/pictures/{subject}.csv").text.lstrip("\ufeff")
        rows = list(csv.DictReader(io.StringIO(text)))
        assert [(row["year"], row["target"], row["clause"]) for row in rows if row["year"] in ("2018", "2020")] == [
            ("2018", ">0.6", "III.1"),
            ("2018", ">0.8", "III.2"),
            ("2020", ">0.8", "III.2"),
        ]
        figure = next(promise["figure"] for promise in published["targets"] if promise["subject"] == subject)
        assert rows[-1]["satisfied_share"] == ("" if figure["estimate"] is None else str(figure["estimate"]))


@pytest.mark.parametrize("name", ["nothing.svg", "one_stop.png", "health_service.pdf"])
def test_what_has_no_picture_is_not_found(demonstration: Flask, name: str) -> None:
    assert demonstration.test_client().get(f"/results/dak-lak/pictures/{name}").status_code == 404
