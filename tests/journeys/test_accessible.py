"""Every page that staff and citizens can reach holds WCAG 2.2 AA: axe-core finds nothing, the keyboard gets everywhere.

Each page is drawn once, at 360 px, and looked at again at 1280 px. A page is looked at for the first visitor who
reaches it, and again for another if that one is shown an element of a kind the first was not.
"""

from __future__ import annotations

import pickle
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from playwright.sync_api import Page, ViewportSize

from survey.staff.models import User
from tests.guards.crawler import walk
from tests.guards.test_pages import BILINGUAL, PUBLIC_STARTS, STAFF_STARTS, STRANGER, visitor
from tests.journeys.keyboard import keyboard_problems
from tests.support.accessibility import ALL_RULES, Rules, accessibility_problems, carry_axe
from tests.support.applications import LiveServer, serving
from tests.support.browsers import MakeContext
from tests.support.html import parse_html
from tests.support.run_directory import locked

WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 360, "height": 740}
STYLE_SHEETS = sorted((Path(__file__).parents[2] / "static" / "css").glob("*.css"))
ADMINISTRATOR, REVIEWER = "quan-tri", "so-y-te"
VISITORS = [STRANGER, ADMINISTRATOR, REVIEWER]
AT_LEAST = {STRANGER: 6, ADMINISTRATOR: 30, REVIEWER: 1}  # pages, or the walk has gone astray
YEARS = 20 * 365 * 24 * 3600
# Two elements are of one kind if they and all around them agree in these and in which other attributes they have:
# addresses, texts and identifiers differ from page to page.
TELLING = {"class", "role", "type", "hidden", "tabindex", "aria-hidden", "aria-expanded", "aria-current", "style"}
Kinds = frozenset[tuple[str, ...]]
# Other words on the same kinds of element can break whatever depends on words, their language and the room they take.
# They cannot break these, the dearest of the rules about colours and about which attributes stand where.
SAME_IN_ANY_LANGUAGE = [
    "color-contrast",
    "link-in-text-block",
    "aria-allowed-attr",
    "aria-conditional-attr",
    "aria-prohibited-attr",
    "aria-valid-attr",
    "aria-valid-attr-value",
    "autocomplete-valid",
    "nested-interactive",
]
OF_WORDS: Rules = {**ALL_RULES, "rules": {rule: {"enabled": False} for rule in SAME_IN_ANY_LANGUAGE}}
OF_SIZES: Rules = {"runOnly": ["target-size", "scrollable-region-focusable"]}


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


def to_look_at(app: Flask) -> dict[str, dict[str, Kinds]]:
    """Each visitor's pages, but for those of which the visitors before have seen every kind of element."""
    seen: dict[str, Kinds] = {}
    found: dict[str, dict[str, Kinds]] = {name: {} for name in VISITORS}
    for name in VISITORS:
        pages = [page for page in walked(app, name) if not page[2] <= seen.get(page[0], frozenset())]
        for endpoint, address, made_of in pages:
            found[name][address] = made_of
            seen[endpoint] = seen.get(endpoint, frozenset()) | made_of
        assert len(pages) >= AT_LEAST[name]
    return found


@pytest.fixture
def pages(demonstration: Flask, run_directory: Path) -> dict[str, dict[str, Kinds]]:
    """By visitor: the addresses to look at and what each page is made of.

    Every test has a copy of the same demonstration at the same hour, so the walk is done once per run.
    """
    kept = run_directory / "pages-to-look-at"
    with locked(run_directory, kept.name):
        if not kept.exists():
            kept.write_bytes(pickle.dumps(to_look_at(demonstration)))
    found: dict[str, dict[str, Kinds]] = pickle.loads(kept.read_bytes())
    return found


def sign_in(page: Page, server: LiveServer, name: str) -> None:
    """Give the browser the session of an account."""
    with server.app.app_context():
        user = User.query.filter_by(username=name).one()
        session = {"_user_id": f"{user.id}:{user.session_version}", "_fresh": True}
    serializer = server.app.session_interface.get_signing_serializer(server.app)  # type: ignore[attr-defined]
    page.context.add_cookies([{"name": "hai_long", "value": serializer.dumps(session), "url": server.url}])


@pytest.mark.parametrize("name", VISITORS)
def test_axe_finds_nothing_wide_or_narrow_and_the_keyboard_gets_everywhere(
    server: LiveServer, pages: dict[str, dict[str, Kinds]], new_context: MakeContext, name: str
) -> None:
    page = opened(server, new_context, name)
    problems = []
    for address in pages[name]:
        page.set_viewport_size(NARROW)
        page.goto(server.url + address)
        problems += everything_wrong(page)
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("name", VISITORS)
def test_the_same_pages_hold_in_english(
    server: LiveServer, pages: dict[str, dict[str, Kinds]], new_context: MakeContext, name: str
) -> None:
    page = opened(server, new_context, name)
    problems = []
    for address, made_of in pages[name].items():
        page.set_viewport_size(NARROW)
        answer = page.goto(f"{server.url}{address}{'&' if '?' in address else '?'}lang=en")
        assert answer is not None
        same = kinds(parse_html(answer.text())) <= made_of
        problems += what_words_break(page) if same else everything_wrong(page)
    assert not problems, "\n".join(problems)


def test_no_style_sheet_gives_a_language_colours_of_its_own() -> None:
    """Otherwise the colours of English pages would have to be looked at, too."""
    sheets = [path.read_text(encoding="utf-8") for path in STYLE_SHEETS]
    by_language = [rule for sheet in sheets for rule in re.findall(r"[^{}]*(?::lang\(|\[lang)[^{}]*{[^}]*}", sheet)]
    assert by_language
    assert [rule for rule in by_language if re.search(r"colou?r|background|fill|stroke|opacity", rule)] == []


def opened(server: LiveServer, new_context: MakeContext, name: str) -> Page:
    """A page of a visitor's own browser."""
    context = new_context(viewport=NARROW)
    carry_axe(context)
    page = context.new_page()
    if name != STRANGER:
        sign_in(page, server, name)
    return page


def everything_wrong(page: Page) -> list[str]:
    """What is wrong with a page opened at 360 px, there and at 1280 px, by axe-core and by keyboard."""
    return [
        *problems_at(page, NARROW, ALL_RULES),
        *overflow(page),
        *problems_at(page, WIDE, ALL_RULES),
        *(f"{page.url}: {problem}" for problem in keyboard_problems(page)),
    ]


def what_words_break(page: Page) -> list[str]:
    """What words, their language or the room they take can break on a page whose elements are sound."""
    return [*problems_at(page, NARROW, OF_WORDS), *overflow(page), *problems_at(page, WIDE, OF_SIZES)]


def problems_at(page: Page, size: ViewportSize, rules: Rules) -> list[str]:
    page.set_viewport_size(size)
    return [f"{page.url} at {size['width']} px: {problem}" for problem in accessibility_problems(page, rules)]


def overflow(page: Page) -> list[str]:
    too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [f"{page.url}: {too_wide} px too wide"] if too_wide > 0 else []
