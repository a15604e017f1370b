"""The list of agencies: grouped as people look for them, the latest published share first, former ones apart."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Flask

from analysis.periods.models import Closing
from analysis.results.agencies.agency_list import bars_from, first_of, grouped
from survey.registry.models import Agency
from tests.results.test_publishing import page
from tests.support.html import parse_html

TODAY = dt.date(2026, 11, 20)


def closing(period: str, subject: str, **shares: float | None) -> Closing:
    rows: list[dict[str, Any]] = [
        {"domain": code, "label": f"Đơn vị {code}", "estimate": share, "interval_90": None}
        for code, share in shares.items()
    ]
    figures = {"subjects": {subject: {"by": {"agency": rows}}}}
    return Closing(period=period, revision=1, closed_at=dt.datetime.now(dt.UTC), figures=figures)


def agency(kind: str, level: str, valid_to: dt.date | None = None) -> Agency:
    return Agency(kind=kind, level=level, valid_to=valid_to)


def test_units_stand_in_the_group_people_look_in_and_former_ones_apart() -> None:
    register = {
        "xa": agency("administrative", "commune"),
        "so": agency("administrative", "province"),
        "cu": agency("administrative", "commune", dt.date(2025, 6, 30)),
    }
    closings = [closing("2020", "agency_service", xa=0.8, so=0.8, cu=0.8), closing("2020", "health_service", bv=0.7)]
    groups = grouped(closings, register, TODAY)
    assert {group: [line.code for line in lines] for group, lines in groups.items()} == {
        "hospitals": ["bv"],
        "communes": ["xa"],
        "departments": ["so"],
        "former": ["cu"],
    }


def test_a_figure_held_back_gives_way_to_the_latest_one_published_and_a_trend_compares_like_with_like() -> None:
    closings = [
        closing("2026-09", "health_service", bv=None),
        closing("2020", "health_service", bv=0.75),
        closing("2019-10", "health_service", bv=0.1),
        closing("2018", "health_service", bv=0.5),
    ]
    [line] = grouped(closings, {}, TODAY)["hospitals"]
    assert line.period is not None
    assert (line.period.code, line.shares) == ("2020", (0.5, 0.75))
    assert line.trend == "3.0,21.0 77.0,12.0"


def test_the_search_needs_no_diacritics_and_a_page_ends_somewhere() -> None:
    closings = [closing("2020", "health_service", bv=0.7, tyt=0.8)]
    assert [line.code for line in grouped(closings, {}, TODAY, "don vi BV")["hospitals"]] == ["bv"]
    shown, left = first_of(grouped(closings, {}, TODAY), 1)
    assert (len(shown["hospitals"]), left) == (1, 1)
    assert bars_from(shown) == 0.5


def test_the_page_folds_former_agencies_unless_one_is_searched_for(demonstration: Flask) -> None:
    client = demonstration.test_client()
    whole = parse_html(page(client, "/results/dak-lak/agencies/"))
    [folded] = list(whole.iter("details"))
    former = next(element.text for element in folded.iter("a")) or ""
    assert former
    text = page(client, f"/results/dak-lak/agencies/?q={former.split()[-1]}")
    assert "<details" not in text
    assert former in text
