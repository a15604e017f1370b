"""Beside every share of the overview, of Explore and of its questions stands a link to how it was worked out.

So it does on a signal (tests/signals/test_pages.py) and on a measure (tests/measures/test_measures.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from flask import Flask

from tests.guards.test_pages import visitor
from tests.support.html import parse_html

PAGES = (
    "/desk/dak-lak/health?year=2020",
    "/desk/dak-lak/administration/explore?period=2020&by=counter&other_period=2018",
    "/desk/dak-lak/health/explore?period=2020&by=month&channel=qr&other_channel=kiosk",
    "/desk/dak-lak/health/questions?period=2020",
)


def workings_in(element: Element) -> set[str]:
    return {link.attrib["href"] for link in element.iter("a") if "/explain?" in link.get("href", "")}


def unexplained(element: Element, figure: Element | None = None) -> Iterator[str]:
    """The figures on a page whose share stands without the address of its working."""
    if "data-figure" in element.attrib:
        figure = element
    if element.get("data-holds") == "share" and figure is not None and not workings_in(figure):
        yield figure.attrib["data-figure"]
    for child in element:
        yield from unexplained(child, figure)


def test_every_share_of_the_overview_of_explore_and_of_questions_says_why(demonstration: Flask) -> None:
    desk = visitor(demonstration, "quan-tri")
    pages = {address: parse_html(desk.get(address).text) for address in PAGES}
    shares = [element for page in pages.values() for element in page.iter() if element.get("data-holds") == "share"]
    assert len(shares) > 15
    assert {address: sorted(set(unexplained(page))) for address, page in pages.items() if set(unexplained(page))} == {}
    asked = pages["/desk/dak-lak/health/questions?period=2020"]
    assert any("codes=" in address for address in workings_in(asked))
    workings = set().union(*map(workings_in, pages.values()))
    assert {address for address in workings if desk.get(address).status_code != 200} == set()
