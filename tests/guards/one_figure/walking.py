"""Walks by links, and by the choices of forms that only ask, and reads the figures of whatever it meets.

Bounded in number for each kind of page: what tells figures is opened oftener than what tells none.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit
from xml.etree.ElementTree import Element

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.guards.crawler import Visit, endpoint_of, links, local
from tests.guards.one_figure import pages
from tests.guards.one_figure.claims import Claim, Loose
from tests.guards.one_figure.reading import Reader, Unread

NARROWING = ("by", "method", "channel", "kind", "boundaries", "other_period", "lang")  # what makes another kind of page
PLACES = ("agency", "b")  # and whether it is narrowed to a place, or sets two side by side


@dataclass(frozen=True)
class Bounds:
    """How many pages of a kind are opened: until `telling` told figures, at most `most`; `of_endpoint` in all."""

    telling: int
    most: int
    of_endpoint: int


@dataclass
class Told:
    """What was read on a walk. `visits`, `claims_of`: by endpoint; `unread`: figures shown that nothing compares."""

    claims: list[Claim] = field(default_factory=list)
    loose: list[Loose] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    visits: Counter[str] = field(default_factory=Counter)
    claims_of: Counter[str] = field(default_factory=Counter)

    def add(self, other: Told) -> None:
        """Take in what was read on another walk."""
        self.claims += other.claims
        self.loose += other.loose
        self.unread += other.unread
        self.visits += other.visits
        self.claims_of += other.claims_of


def walked(app: Flask, client: FlaskClient, who: str, starts: list[str], bounds: Bounds, within: str = "/") -> Told:
    """Everything told to a visitor called `who`: at all of `starts`, and from there on below `within`, in bounds."""
    queue, seen, told, reader = deque(starts), set(starts), Told(), Reader(app, client)
    opened: Counter[tuple[str, ...]] = Counter()
    telling: Counter[tuple[str, ...]] = Counter()
    while queue:
        address = queue.popleft()
        endpoint, kind = endpoint_of(app, address), kind_of(app, address)
        enough = opened[kind] >= bounds.most or telling[kind] >= bounds.telling
        if endpoint == "static" or (address not in starts and (enough or told.visits[endpoint] >= bounds.of_endpoint)):
            continue
        opened[kind] += 1
        told.visits[endpoint] += 1
        visit = Visit(address, "", endpoint, client.get(address, buffered=True))
        claims = list(_read(visit, f"{who}: {endpoint}", reader, told))
        telling[kind] += bool(claims)
        told.claims += claims
        told.claims_of[endpoint] += len(claims)
        for following in _following(visit):
            if following.startswith(within) and following not in seen:
                seen.add(following)
                queue.append(following)
    return told


def kind_of(app: Flask, address: str) -> tuple[str, ...]:
    """What pages have in common that differ by their data alone."""
    parts = urlsplit(address)
    asked = dict(parse_qsl(parts.query))
    ending = parts.path.rpartition("/")[2].rpartition(".")[2] if "." in parts.path.rpartition("/")[2] else ""
    return (
        endpoint_of(app, address),
        ending,
        *(asked.get(name, "") for name in NARROWING),
        *(name for name in PLACES if asked.get(name)),
    )


def _read(visit: Visit, place: str, reader: Reader, told: Told) -> Iterator[Claim]:
    if visit.answer.status_code != 200:
        return
    if visit.is_page:
        yield from pages.of_page(place, visit.tree)
        told.loose += pages.loose_on(place, visit.tree)
        told.unread += [f"{visit.address}: {row}" for row in pages.unread(visit.tree)]
        return
    try:
        yield from reader.of_file(place, visit.address, visit.answer)
    except Unread as problem:
        told.unread.append(f"{visit.address}: {problem}")


def _following(visit: Visit) -> Iterator[str]:
    if visit.answer.status_code in (301, 302, 303, 307, 308):
        yield local(visit.answer.headers["Location"], visit.address) or "/"
    elif visit.is_page:
        yield from links(visit.tree, visit.address)
        for form in visit.tree.iter("form"):
            if (form.get("method") or "get").lower() == "get":
                yield from choices(form, visit.address)


def choices(form: Element, address: str) -> Iterator[str]:
    """Where a form that only asks leads, with each choice of each list changed alone."""
    action = local(form.get("action") or address.partition("?")[0], address)
    fields: dict[str, str] = {}
    lists: dict[str, list[str]] = defaultdict(list)
    for element in form.iter():
        name = element.get("name")
        if (
            name
            and element.tag == "input"
            and (element.get("type") not in ("radio", "checkbox") or "checked" in element.attrib)
        ):
            fields[name] = element.get("value") or ""
        elif name and element.tag == "select":
            options = list(element.iter("option"))
            lists[name] = [option.get("value") or "" for option in options]
            fields[name] = next(
                (option.get("value") or "" for option in options if "selected" in option.attrib),
                lists[name][0] if lists[name] else "",
            )
    for name, values in lists.items():
        for value in values:
            asked = {key: chosen for key, chosen in (fields | {name: value}).items() if chosen}
            if action:
                yield f"{action.partition('?')[0]}?{urlencode(asked)}"


def interface(app: Flask, client: FlaskClient) -> Iterator[str]:
    """Every address of the interface that its own description names, for each province and publication."""
    description = _json(client.get("/api/v1/openapi.json"))
    base = urlsplit(description["servers"][0]["url"]).path.rstrip("/") if description.get("servers") else ""
    for province in _json(client.get("/api/v1/provinces"))["provinces"]:
        published = _json(client.get(f"/api/v1/provinces/{province['key']}/publications"))["publications"]
        for path, methods in description["paths"].items():
            if "get" not in methods or set(_names(path)) - {"province", "period"}:
                continue
            for period in [row["period"] for row in published] if "{period}" in path else [""]:
                yield base + path.replace("{province}", province["key"]).replace("{period}", period)


def _names(path: str) -> list[str]:
    return [part.partition("}")[0] for part in path.split("{")[1:]]


def _json(answer: TestResponse) -> dict[str, object]:
    assert answer.status_code == 200, answer.request.path
    return answer.json
