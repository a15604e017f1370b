"""Every page that staff and citizens can reach holds WCAG 2.2 AA: axe-core finds nothing, the keyboard gets everywhere.

Each page is drawn once, at 360 px, and looked at again at 1280 px; in English, whose elements are the same and whose
texts are not, axe-core looks at it where there is least room. A page is looked at for the first visitor who reaches it,
and again for another if that one is shown an element of a kind the first was not.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from playwright.sync_api import Page, ViewportSize

from survey.accounts.models import User
from survey.foundation.storage.database import db
from tests.guards.crawler import walk
from tests.guards.test_pages import BILINGUAL, PUBLIC_STARTS, STAFF_STARTS, STRANGER, visitor
from tests.journeys.clipping import cut_off
from tests.journeys.keyboard import keyboard_problems
from tests.support.accessibility import accessibility_problems, carry_axe
from tests.support.applications import LiveServer, serving
from tests.support.browsers import MakeContext
from tests.support.run_directory import locked
from tests.support.staff import session_of

WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 360, "height": 740}
ADMINISTRATOR, REVIEWER = "quan-tri", "so-y-te"
VISITORS = [STRANGER, ADMINISTRATOR, REVIEWER]
AT_LEAST = {STRANGER: 6, ADMINISTRATOR: 30, REVIEWER: 1}  # pages, or the walk has gone astray
YEARS = 20 * 365 * 24 * 3600
# Two elements are of one kind if they and all around them agree in these and in which other attributes they have:
# addresses, texts and identifiers differ from page to page.
TELLING = {"class", "role", "type", "hidden", "tabindex", "aria-hidden", "aria-expanded", "aria-current", "style"}
Kinds = frozenset[tuple[str, ...]]


@pytest.fixture
def server(demonstration: Flask) -> Iterator[LiveServer]:
    """The demonstration behind a real port."""
    # The browser's clock is not stopped: what may be kept for an hour on the demonstration's day is old to it at once.
    demonstration.config["SEND_FILE_MAX_AGE_DEFAULT"] = YEARS
    with socket.create_server(("127.0.0.1", 0)) as listener, serving(demonstration, listener):
        yield LiveServer(url=f"http://127.0.0.1:{listener.getsockname()[1]}", app=demonstration)


def kinds(element: Element, around: tuple[str, ...] = ()) -> Kinds:
    """Which kinds of element a page is made of, but for what is shown to nobody."""
    if element.get("type") == "hidden":
        return frozenset()
    attributes = (f"{name}={value}" if name in TELLING else name for name, value in sorted(element.attrib.items()))
    here = (*around, " ".join((str(element.tag), *attributes)))
    return frozenset({here}).union(*(kinds(child, here) for child in element))


def walked(app: Flask, name: str) -> Iterator[tuple[str, str, Kinds]]:
    """One page of every endpoint a visitor reaches by links: endpoint, address and what it is made of."""
    starts = PUBLIC_STARTS if name == STRANGER else STAFF_STARTS
    for visit in walk(app, visitor(app, name), starts, pages=1):
        if visit.is_page and visit.answer.status_code == 200 and visit.endpoint not in BILINGUAL:
            yield visit.endpoint, visit.address, kinds(visit.tree)


def to_look_at(app: Flask) -> dict[str, list[str]]:
    """Each visitor's pages, but for those of which the visitors before have seen every kind of element."""
    seen: dict[str, Kinds] = {}
    violations: dict[str, list[str]] = {name: [] for name in VISITORS}
    for name in VISITORS:
        pages = [page for page in walked(app, name) if not page[2] <= seen.get(page[0], frozenset())]
        for endpoint, address, made_of in pages:
            violations[name].append(address)
            seen[endpoint] = seen.get(endpoint, frozenset()) | made_of
        assert len(pages) >= AT_LEAST[name]
    return violations


@pytest.fixture
def pages(demonstration: Flask, run_directory: Path) -> dict[str, list[str]]:
    """By visitor: the addresses to look at.

    Every test has a copy of the same demonstration at the same hour, so the walk is done once per run.
    """
    kept = run_directory / "pages-to-look-at.json"
    with locked(run_directory, kept.name):
        if not kept.exists():
            kept.write_text(json.dumps(to_look_at(demonstration)), encoding="utf-8")
    violations: dict[str, list[str]] = json.loads(kept.read_text(encoding="utf-8"))
    return violations


def sign_in(page: Page, server: LiveServer, name: str) -> None:
    """Give the browser the session of an account."""
    with server.app.app_context():
        user_id = db.session.query(User.id).filter_by(username=name).scalar()
    page.context.add_cookies([{"name": "hai_long", "value": session_of(server.app, user_id), "url": server.url}])


@pytest.mark.parametrize("name", VISITORS)
def test_axe_finds_nothing_wide_or_narrow_and_the_keyboard_gets_everywhere(
    server: LiveServer, pages: dict[str, list[str]], new_context: MakeContext, name: str
) -> None:
    page = opened(server, new_context, name)
    problems = []
    for address in pages[name]:
        page.set_viewport_size(NARROW)
        page.goto(server.url + address)
        problems += wrong_to_look_at(page)
        problems += [f"{page.url}: {problem}" for problem in keyboard_problems(page)]
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("name", VISITORS)
def test_the_same_pages_hold_in_english(
    server: LiveServer, pages: dict[str, list[str]], new_context: MakeContext, name: str
) -> None:
    page = opened(server, new_context, name)
    problems = []
    for address in pages[name]:
        page.set_viewport_size(NARROW)
        page.goto(f"{server.url}{address}{'&' if '?' in address else '?'}lang=en")
        problems += problems_at(page, NARROW) + cut_off(page)
        page.set_viewport_size(WIDE)
        problems += cut_off(page)
    assert not problems, "\n".join(problems)


def opened(server: LiveServer, new_context: MakeContext, name: str) -> Page:
    """A page of a visitor's own browser."""
    context = new_context(viewport=NARROW)
    carry_axe(context)
    page = context.new_page()
    if name != STRANGER:
        sign_in(page, server, name)
    return page


def wrong_to_look_at(page: Page) -> list[str]:
    """What axe-core finds on a page opened at 360 px, there and at 1280 px, and what is cut off at either width."""
    return [*problems_at(page, NARROW), *cut_off(page), *problems_at(page, WIDE), *cut_off(page)]


def problems_at(page: Page, size: ViewportSize) -> list[str]:
    page.set_viewport_size(size)
    return [f"{page.url} at {size['width']} px: {problem}" for problem in accessibility_problems(page)]
