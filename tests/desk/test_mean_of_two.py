"""A target on health and education together is judged on a mean of two figures: it says so and leads to both."""

from __future__ import annotations

import pytest
from flask import Flask

from analysis.figures.query import FigureQuery
from analysis.figures.service import answer as ask
from survey.foundation.periods import Period
from tests.desk.world import answer
from tests.support.html import parse_html
from tests.support.staff import signed_in


def test_the_mean_of_two_figures_leads_to_both_and_to_how_each_was_worked_out(world: Flask) -> None:
    client = signed_in(world, "quan-tri", "administrator")
    page = parse_html(client.get("/desk/dak-lak/all?year=2026&target=D4p").text)
    row = next(row for row in page.iter("tr") if " health_and_education " in row.get("data-figure", ""))
    assert [link.get("href") for link in row.iter("a")][-1] == "/desk/dak-lak/all?year=2026&target=D4p#mean"
    (mean,) = (element for element in page.iter() if element.get("id") == "mean")
    parts = {part.get("data-figure", "").split()[1]: part for part in mean.iter("span") if part.get("data-figure")}
    assert parts.keys() == {"health_service", "education_service"}
    for subject, part in parts.items():
        (link,) = part.iter("a")
        working = parse_html(client.get(link.attrib["href"]).text)
        (told,) = (element for element in working.iter("dl") if f" {subject} " in element.get("data-figure", ""))
        assert told.get("data-figure") == part.get("data-figure")


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("unnamed", "elsewhere", "told"),
    [
        (2, 0, {"service_unknown": 12}),  # the page of education tells its 2 by its n and received alone
        (0, 3, {"service_unknown": 10, "no_caseload": None}),
        (2, 3, {"several_reasons": 15}),
        (6, 7, {"service_unknown": 16, "no_caseload": 7}),
    ],
)
def test_what_the_mean_leaves_out_is_all_that_came_and_is_not_used(
    world: Flask, unnamed: int, elsewhere: int, told: dict[str, int | None]
) -> None:
    with world.app_context():
        answer("bv-tinh", "kham-benh", "2026-10-13", 10, 5, named=False)
        answer("thpt-1", "giao-duc", "2026-10-13", unnamed, 5, named=False)
        answer("so-gddt", "giao-duc", "2026-10-13", elsewhere, 5)
        mean = ask(
            FigureQuery(province="dak-lak", subject="health_and_education", period=Period.parse("2026-10"))
        ).total
    assert dict(mean.left_out) == told
    assert mean.received is not None
    assert mean.n is not None
    assert mean.received - mean.n == 10 + unnamed + elsewhere
