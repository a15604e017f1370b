"""Everything that can be asked of the application, with objects of the demonstration in the addresses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from flask import Flask
from werkzeug.routing import AnyConverter, Rule

from tests.guards.addresses import addresses, path_of
from tests.guards.places import Place

ENDS_THE_SESSION = {"staff.logout", "staff.end_session", "staff.end_other_sessions"}
# Whose code an address holds, where it is not the agency's.
CODES: dict[str, Callable[[Place], str]] = {
    "posters": lambda place: place.counter,
    "tickets": lambda place: place.counter,
    "ticket_voiding": lambda place: place.counter,
    "paper": lambda place: place.counter,
    "phone": lambda place: place.counter,
    "services": lambda _place: "KB-NGOAITRU",
}


class Asked(NamedTuple):
    """One method of one address."""

    endpoint: str
    method: str
    path: str


def everything(app: Flask, place: Place, more: Mapping[str, Any] | None = None) -> list[Asked]:
    """Each address with each method it takes, but files and what ends the session; `more`: values of parameters."""
    values = {**place.values, **(more or {})}
    requests = []
    for address in addresses(app):
        rule = next(rule for rule in app.url_map.iter_rules(address.endpoint) if rule.rule == address.rule)
        known = {name: value for name, value in values.items() if _fits(rule, name, value)}
        if "code" in known:
            known["code"] = code_for(address.endpoint, place)
        if address.endpoint not in ENDS_THE_SESSION and address.endpoint != "static":
            requests.append(Asked(address.endpoint, address.method, path_of(app, rule, known)))
    return requests


def _fits(rule: Rule, name: str, value: Any) -> bool:
    converter = rule._converters.get(name)
    return converter is not None and not (isinstance(converter, AnyConverter) and value not in converter.items)


def code_for(endpoint: str, place: Place) -> str:
    """What `<code>` means in an address of this endpoint."""
    return CODES.get(endpoint.partition(".")[0], lambda place: place.agency)(place)
