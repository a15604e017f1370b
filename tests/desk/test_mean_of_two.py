"""A target on health and education together is judged on a mean of two figures: it says so and leads to both."""

from __future__ import annotations

from flask import Flask

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
