"""A province's page opens with its years drawn against what was promised; the table behind it says the same."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from flask import Flask

from analysis.periods.models import Closing
from analysis.results.years.promise_years import promise_years
from analysis.results.years.years_picture import BOTTOM, TOP, axes_of, picture_of
from tests.results.test_publishing import page
from tests.support.html import parse_html

KINDS = ["individual"]


def target(id_: str, due: int, threshold: str, low: float | None, high: float | None = None) -> dict[str, Any]:
    interval = None if low is None or high is None else {"level": 0.9, "low": low, "high": high}
    estimate = None if low is None or high is None else (low + high) / 2
    figure = {"suppressed": low is None, "estimate": estimate, "interval_90": interval, "n": 50, "received": 60}
    head = {"id": id_, "subject": "health_service", "coverage_of": None, "agency": None, "kind": "satisfaction"}
    return {
        **head,
        "due_year": due,
        "threshold": threshold,
        "comparator": ">",
        "counted_kinds": KINDS,
        "document": "Quyết định 1",
        "clause": "I.2",
        "status": "due",
        "verdict": None,
        "figure": figure,
    }


def closing(period: str, *targets: dict[str, Any]) -> Closing:
    return Closing(period=period, revision=1, closed_at=dt.datetime.now(dt.UTC), figures={"targets": list(targets)})


def test_years_ascend_and_months_are_no_years() -> None:
    (years,) = promise_years(
        [closing("2026-10", target("A", 2015, "0.6", 0.1, 0.2)), closing("2018"), closing("2015")]
        + [closing(str(year), target("A", 2015, "0.6", 0.6, 0.7)) for year in (2014, 2013)]
    )
    assert [cell.year for cell in years.cells] == [2013, 2014]


def test_a_later_promise_takes_over_where_the_earlier_was_due_and_both_stand_in_their_years() -> None:
    (years,) = promise_years(
        [
            closing("2013", target("old", 2015, "0.6", 0.6, 0.7)),
            closing("2018", target("new", 2020, "0.8", 0.7, 0.8), target("old", 2015, "0.6", 0.7, 0.8)),
        ]
    )
    assert [(step.target["id"], step.first, step.due_year, step.last) for step in years.steps] == [
        ("old", 2013, 2015, 2018),
        ("new", 2015, 2020, 2020),
    ]
    assert [element["id"] for element in years.latest.targets] == ["old", "new"]
    assert years.of_two is years.latest


@pytest.mark.parametrize(
    ("before", "now", "trend"),
    [
        ((0.6, 0.7), (0.71, 0.8), "risen"),
        ((0.6, 0.7), (0.4, 0.59), "fallen"),
        ((0.6, 0.7), (0.7, 0.9), "unsure"),
        ((0.6, 0.7), (0.55, 0.61), "unsure"),
    ],
)
def test_it_is_said_to_rise_or_fall_only_where_the_intervals_do_not_touch(
    before: tuple[float, float], now: tuple[float, float], trend: str
) -> None:
    (years,) = promise_years(
        [closing("2018", target("A", 2020, "0.8", *before)), closing("2019", target("A", 2020, "0.8", *now))]
    )
    assert years.trend == trend


def test_a_figure_held_back_has_no_dot_and_gives_no_trend() -> None:
    (years,) = promise_years(
        [closing("2018", target("A", 2020, "0.8", 0.6, 0.7)), closing("2019", target("A", 2020, "0.8", None))]
    )
    axes = axes_of([years])
    assert axes is not None
    assert years.trend is None
    assert [dot.y is None for dot in picture_of(years, axes).dots] == [False, True]


def test_pictures_of_one_page_share_their_axes_and_hold_every_mark() -> None:
    closings = [closing(str(year), target("A", 2015, "0.6", 0.34, 0.9)) for year in (2013, 2019)]
    (years,) = promise_years(closings)
    axes = axes_of([years])
    assert axes is not None
    assert (axes.first, axes.last, axes.bottom_share) == (2013, 2019, 0.3)
    for dot in picture_of(years, axes).dots:
        assert dot.low is not None
        assert TOP <= dot.high <= dot.y <= dot.low <= BOTTOM  # type: ignore[operator]


def test_the_page_opens_with_pictures_and_the_table_before_sentences(demonstration: Flask) -> None:
    document = parse_html(page(demonstration.test_client(), "/results/dak-lak/"))
    figures = [element for element in document.iter("figure") if element.get("class") == "years-figure"]
    assert [figure.get("id") for figure in figures] == [
        *("procedures", "health_service", "education_service", "health_and_education", "agency_service")
    ]
    order = [
        element.get("class") or element.tag
        for element in document.iter()
        if element.tag in ("figure", "table", "details")
    ]
    assert order.index("years-figure") < order.index("years-table") < order.index("details")
    health = " ".join("".join(figures[1].itertext()).split())
    assert "> 60 % đến 2015" in health.replace("\N{NO-BREAK SPACE}", " ")
    assert "Năm 2018 có hai mức vì cùng văn bản hứa hai giai đoạn" in health
