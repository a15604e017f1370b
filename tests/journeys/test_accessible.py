"""Every page that staff and citizens can reach holds WCAG 2.2 AA: axe-core finds nothing, the keyboard gets everywhere.

Each page is drawn once, at 1280 px, and looked at again at 360 px. A page is looked at for the first visitor who
reaches it, and again for another if that one is shown an element of a kind the first was not.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from playwright.sync_api import Page

from survey.staff.models import User
from tests.guards.crawler import walk
from tests.guards.test_pages import BILINGUAL, PUBLIC_STARTS, STAFF_STARTS, STRANGER, visitor
from tests.support.accessibility import accessibility_problems
from tests.support.applications import LiveServer, serving
from tests.support.browsers import MakeContext
from tests.support.html import parse_html

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
ADMINISTRATOR, REVIEWER = "quan-tri", "so-y-te"
VISITORS = [STRANGER, ADMINISTRATOR, REVIEWER]
AT_LEAST = {STRANGER: 6, ADMINISTRATOR: 30, REVIEWER: 1}  # pages, or the walk has gone astray
# Two elements are of one kind if they and all around them agree in these and in which other attributes they have:
# addresses, texts and identifiers differ from page to page.
TELLING = {"class", "role", "type", "hidden", "tabindex", "aria-hidden", "aria-expanded", "aria-current", "style"}
Kinds = frozenset[tuple[str, ...]]


@pytest.fixture
def server(demonstration: Flask) -> Iterator[LiveServer]:
    """The demonstration behind a real port."""
    with socket.create_server(("127.0.0.1", 0)) as listener, serving(demonstration, listener):
        yield LiveServer(url=f"http://127.0.0.1:{listener.getsockname()[1]}", app=demonstration)


def kinds(element: Element, around: tuple[str, ...] = ()) -> Kinds:
    """Which kinds of element a page is made of."""
    attributes = (f"{name}={value}" if name in TELLING else name for name, value in sorted(element.attrib.items()))
    here = (*around, " ".join((str(element.tag), *attributes)))
    return frozenset({here}).union(*(kinds(child, here) for child in element))


_walked: dict[tuple[str, str], list[tuple[str, str, Kinds]]] = {}


def pages(app: Flask, name: str, language: str) -> list[tuple[str, str, Kinds]]:
    """One page of every endpoint a visitor reaches by links: endpoint, address and what it is made of.

    Every test has a copy of the same demonstration at the same hour, so each walk is done once.
    """
    if (name, language) not in _walked:
        starts = PUBLIC_STARTS if name == STRANGER else STAFF_STARTS
        query = "" if language == "vi" else f"?lang={language}"
        _walked[name, language] = [
            (visit.endpoint, visit.address, kinds(parse_html(visit.answer.text)))
            for visit in walk(app, visitor(app, name), [start + query for start in starts], pages=1)
            if visit.is_page and visit.answer.status_code == 200 and visit.endpoint not in BILINGUAL
        ]
    return _walked[name, language]


def addresses(app: Flask, name: str, language: str) -> list[str]:
    """The pages of a visitor, but for those of which the visitors before have seen every kind of element."""
    seen: dict[str, Kinds] = {}
    for earlier in VISITORS[: VISITORS.index(name)]:
        for endpoint, _address, made_of in pages(app, earlier, language):
            seen[endpoint] = seen.get(endpoint, frozenset()) | made_of
    found = [
        address
        for endpoint, address, made_of in pages(app, name, language)
        if not made_of <= seen.get(endpoint, frozenset())
    ]
    assert len(found) >= AT_LEAST[name]
    return found


def sign_in(page: Page, server: LiveServer, name: str) -> None:
    """Give the browser the session of an account."""
    with server.app.app_context():
        user = User.query.filter_by(username=name).one()
        session = {"_user_id": f"{user.id}:{user.session_version}", "_fresh": True}
    serializer = server.app.session_interface.get_signing_serializer(server.app)  # type: ignore[attr-defined]
    page.context.add_cookies([{"name": "hai_long", "value": serializer.dumps(session), "url": server.url}])


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", VISITORS)
def test_axe_finds_nothing_on_any_page_wide_or_narrow(
    server: LiveServer, new_context: MakeContext, name: str, language: str
) -> None:
    page = new_context(viewport=WIDE).new_page()
    if name != STRANGER:
        sign_in(page, server, name)
    problems = []
    for address in addresses(server.app, name, language):
        page.set_viewport_size(WIDE)
        page.goto(server.url + address)
        for width in (WIDE, NARROW):
            page.set_viewport_size(width)
            problems += [f"{address} at {width['width']} px: {text}" for text in accessibility_problems(page)]
        overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        problems += [f"{address} at 360 px: {overflow} px too wide"] if overflow > 0 else []
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("name", [STRANGER, ADMINISTRATOR])
def test_the_keyboard_skips_to_the_content_sees_its_focus_and_is_never_trapped(
    server: LiveServer, new_context: MakeContext, name: str
) -> None:
    page = new_context(viewport=WIDE).new_page()
    if name != STRANGER:
        sign_in(page, server, name)
    for address in addresses(server.app, name, "vi"):
        page.goto(server.url + address)
        if not page.locator("header").count():
            continue  # a sheet to be printed: there is nothing to skip
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('href')") == "#main", address
        assert page.evaluate(FOCUS_SHOWS), address
        page.keyboard.press("Enter")
        assert page.evaluate("location.hash") == "#main", address
        unreached = page.evaluate(TABBABLE)
        for _step in range(min(unreached, 40) + 1):
            page.keyboard.press("Tab")
            left, shows = page.evaluate(f"[document.activeElement === document.body, {FOCUS_SHOWS}]")
            if left:
                break  # no trap
            assert shows, f"{address}: {page.evaluate('document.activeElement.outerHTML')}"


FOCUS_SHOWS = """(() => {
    const style = getComputedStyle(document.activeElement);
    const box = document.activeElement.getBoundingClientRect();
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && box.width > 0 && box.right > 0;
})()"""
TABBABLE = """document.querySelectorAll(
    '#main a[href], #main button, #main input, #main select, #main textarea, #main summary, #main [tabindex="0"]'
).length"""
