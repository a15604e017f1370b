"""Walks through the site as a visitor would: from page to page by the links that stand there."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urldefrag, urljoin, urlsplit
from xml.etree.ElementTree import Element

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from tests.support.html import parse_html

PAGES_AN_ENDPOINT = 2
BASE = "http://localhost"


@dataclass(frozen=True)
class Visit:
    """A page that was opened, and from where."""

    address: str
    linked_from: str
    endpoint: str
    answer: TestResponse

    @property
    def is_page(self) -> bool:
        """Whether it is HTML for people."""
        return self.answer.mimetype == "text/html"

    @cached_property
    def tree(self) -> Element:
        """The page's elements; reading them takes as long as making the page, so it is done once.

        Raises:
            AssertionError: the page is not valid HTML; names each error and its place.
        """
        try:
            return parse_html(self.answer.text)
        except AssertionError as error:
            raise AssertionError(f"{self.address}: {error}") from None


def walk(app: Flask, client: FlaskClient, starts: list[str], pages: int = PAGES_AN_ENDPOINT) -> Iterator[Visit]:
    """Every page reachable from `starts`, at most `pages` of each endpoint: the others differ by their data alone."""
    queue = deque((start, "") for start in starts)
    opened: set[str] = set()
    of_endpoint: Counter[str] = Counter()
    while queue:
        address, linked_from = queue.popleft()
        endpoint = endpoint_of(app, address)
        if address in opened or endpoint == "static" or of_endpoint[endpoint] >= pages:
            continue
        opened.add(address)
        of_endpoint[endpoint] += 1
        visit = Visit(address, linked_from, endpoint, client.get(address))
        yield visit
        if visit.answer.status_code in (301, 302, 303, 307, 308):
            queue.append((local(visit.answer.headers["Location"], address) or "/", address))
        elif visit.is_page:
            queue.extend((link, address) for link in links(visit.tree, address))


def endpoint_of(app: Flask, address: str) -> str:
    """The endpoint that answers an address; what does not exist counts as its own."""
    try:
        endpoint, _values = app.url_map.bind("localhost").match(urlsplit(address).path, method="GET")
    except HTTPException:
        return address
    return str(endpoint)


def links(root: Element, address: str) -> Iterator[str]:
    """The addresses of this site that a page links to or shows, without their fragments."""
    for tag, attribute in (("a", "href"), ("img", "src"), ("link", "href"), ("iframe", "src")):
        for element in root.iter(tag):
            target = local(element.get(attribute) or "", address)
            if target:
                yield target


def local(link: str, address: str) -> str | None:
    """A link as an address of this site; None if it leads elsewhere."""
    parts = urlsplit(urljoin(BASE + address, urldefrag(link).url))
    if not link or f"{parts.scheme}://{parts.netloc}" != BASE:
        return None
    return parts.path + (f"?{parts.query}" if parts.query else "")
