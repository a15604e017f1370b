"""Wherever an agency, a service or a counter is named, the name leads to what is known of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.accounts.models import User
from survey.foundation.storage.database import db
from survey.registry.models import Agency, Counter, Province, Service
from tests.guards.crawler import walk
from tests.guards.source import ROOT
from tests.guards.test_pages import PUBLIC_STARTS, STAFF_STARTS, STRANGER, visitor

# Where a name stands for itself: it is chosen, the page or the table is about it, it is not read by the eye.
NO_LINK_IN = {"a", "option", "h1", "h2", "h3", "title", "button", "label", "legend", "caption", "svg", "textarea"}
UNSEEN = {"visually-hidden"}
NO_NEED = {
    "agencies.agency_page": "its counters' own rows: where their names lead",
    "citizen.form": "whoever rates is to be led nowhere else",
    "desk.no_role": "who has no role may open nothing",
    "imports.preview": "a file's own words",
}
BOUNDS = r"(?:[·•;,():|/]|–|^|$)"


def pattern_of(names: Iterable[str]) -> re.Pattern[str]:
    """A name as a part of its own: a whole text, or between two marks; in a running sentence it is none."""
    longest_first = sorted({name for name in names if len(name) > 3}, key=len, reverse=True)
    every = "|".join(re.escape(name) for name in longest_first)
    return re.compile(rf"{BOUNDS}\s*({every})\s*(?={BOUNDS})")


def plain_names(
    element: Element, names: re.Pattern[str], people: Iterable[str] = (), inside: frozenset[str] = frozenset()
) -> Iterator[str]:
    """The names that stand as parts of their own in an element and lead nowhere; not those of `people`, their accounts.

    "Phòng Nghiệp vụ Y, Sở Y tế" is somebody who signs in.
    """
    here = inside | {str(element.tag)} | set((element.get("class") or "").split())
    if here & (NO_LINK_IN | UNSEEN):
        return
    for text in (element.text, *(child.tail for child in element)):
        words = " ".join((text or "").split())
        for person in people:
            words = words.replace(person, "")
        yield from names.findall(words)
    for child in element:
        yield from plain_names(child, names, people, here)


def unlinked(
    app: Flask, client: FlaskClient, starts: list[str], names: re.Pattern[str], under: str
) -> dict[str, list[str]]:
    """The first names that lead nowhere, by the kind of page."""
    missed_on, pages = {}, 0
    with app.app_context():
        people = [name for (name,) in db.session.query(User.name) if name]
    for visit in walk(app, client, starts, pages=1):
        if (
            not visit.address.startswith(under)
            or not visit.is_page
            or visit.answer.status_code != 200
            or visit.endpoint in NO_NEED
        ):
            continue
        pages += 1
        body = visit.tree.find("body/main")
        if body is not None and (missed := set(plain_names(body, names, people))):
            missed_on[visit.endpoint] = sorted(missed)[:3]
    assert pages > 9
    return missed_on


def names_of(app: Flask, *models: type[Agency] | type[Counter] | type[Service]) -> re.Pattern[str]:
    with app.app_context():
        return pattern_of(name for model in models for (name,) in db.session.query(model.name))


@pytest.mark.parametrize("name", ["quan-tri", "so-y-te", "thanh-tra"])
def test_every_agency_service_and_counter_at_the_desk_is_a_link(demonstration: Flask, name: str) -> None:
    names = names_of(demonstration, Agency, Service, Counter)
    assert unlinked(demonstration, visitor(demonstration, name), STAFF_STARTS, names, "/desk") == {}


def test_every_agency_of_which_something_is_published_is_a_link_in_public(demonstration: Flask) -> None:
    public = visitor(demonstration, STRANGER)
    with demonstration.app_context():
        agencies = db.session.query(Province.key, Agency.code, Agency.name).join(Agency.province).all()
    shown = [name for key, code, name in agencies if public.get(f"/results/{key}/agencies/{code}").status_code == 200]
    assert len(shown) > 50
    assert unlinked(demonstration, public, PUBLIC_STARTS, pattern_of(shown), "/") == {}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Sở Y tế", True),
        ("Bảng A · Sở Y tế (từ 2026)", True),
        ("thiếu số hồ sơ ở Sở Y tế; tháng 9", False),
        ("Sở Y tế nhận", False),
    ],
)
def test_a_name_is_seen_where_it_stands_as_a_part_of_its_own(text: str, named: bool) -> None:
    paragraph = Element("p")
    paragraph.text = text
    assert (list(plain_names(paragraph, pattern_of(["Sở Y tế"]))) == ["Sở Y tế"]) is named
    link = Element("a")
    link.text = text
    assert list(plain_names(link, pattern_of(["Sở Y tế"]))) == []


NAME_PRINTED = re.compile(
    r"\{\{ ?[a-z_.]*(?:agency|service|counter|holder)(?:\.name|_name)?(?:\|in_units\(\w+\))? ?\}\}"
)
PRINTED_PLAIN = {
    "components/names.html": "the links themselves",
    "desk/comments.html": "what is no service of the list; a link else",
    "desk/explain.html": "answers without a service; a link else",
    "feedback/follow.html": "for the citizen who wrote",
    "feedback/slip.html": "printed",
    "kiosk/fleet/device.html": "a counter's code behind its name",
    "registry/agency.html": "its own page, and its counters' rows",
    "registry/caseloads.html": "what an input is read aloud as, a list, the table's own agency",
    "registry/counter_form.html": "a link",
    "registry/owed.html": "read aloud alone",
    "registry/service.html": "its own page",
    "signals/index.html": "read aloud alone",
}


def test_no_template_of_the_desk_prints_such_a_name_but_by_the_links_of_one_file() -> None:
    pages = ROOT / "templates"
    desk = [
        path for path in pages.rglob("*.html") if path.parts[-2] not in ("results", "channels", "layout", "reports")
    ]
    printing = {str(path.relative_to(pages)) for path in desk if NAME_PRINTED.search(path.read_text("utf-8"))}
    assert printing == set(PRINTED_PLAIN)
