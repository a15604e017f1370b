"""Wherever the desk names an agency by itself, the name leads to what is known of it."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from flask import Flask

from survey.foundation.database import db
from survey.registry.models import Agency
from tests.guards.crawler import walk
from tests.guards.test_pages import STAFF_STARTS, visitor

# Where a name stands for itself: it is chosen, the page is about it, or the words are a heading of what follows.
NO_LINK_IN = {"a", "option", "h1", "h2", "h3", "title", "button", "label", "legend", "caption", "svg", "strong"}
NO_NEED = {
    "desk.no_role": "who has no role may open nothing",
    "imports.preview": "a file's own words",
    "reports.index": "a recipient is written to, not looked at",
    "users.index": "where a role holds",
    "users.user_page": "where a role holds",
}


def plain_names(element: Element, names: frozenset[str], inside: frozenset[str] = frozenset()) -> Iterator[str]:
    """The names that stand alone in an element and lead nowhere."""
    here = inside | {str(element.tag)}
    texts = [(element.text, here), *((child.tail, here) for child in element)]
    for text, around in texts:
        if text and text.strip() in names and not around & NO_LINK_IN:
            yield text.strip()
    for child in element:
        yield from plain_names(child, names, here)


def test_every_agency_named_by_itself_is_a_link(demonstration: Flask) -> None:
    with demonstration.app_context():
        names = frozenset(name for (name,) in db.session.query(Agency.name))
    pages = [
        visit
        for visit in walk(demonstration, visitor(demonstration, "quan-tri"), STAFF_STARTS, pages=1)
        if visit.is_page and visit.address.startswith("/desk") and visit.answer.status_code == 200
    ]
    assert len(pages) > 30
    assert {
        visit.endpoint: sorted(unlinked)[:3]
        for visit in pages
        if visit.endpoint not in NO_NEED and (unlinked := set(plain_names(visit.tree, names)))
    } == {}
