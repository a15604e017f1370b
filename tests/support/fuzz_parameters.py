"""Fuzzing of addresses: names no page knows, and every parameter a page reads, with values nobody means.

Which parameters a page reads is seen when it is asked for: `PlainTexts` keeps the names that were looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from secrets import token_hex
from urllib.parse import quote, urlencode

from flask import Flask, Response, request
from flask.testing import FlaskClient
from werkzeug.routing import AnyConverter, IntegerConverter, Rule, UUIDConverter

from tests.guards.addresses import path_of
from tests.guards.requests import ENDS_THE_SESSION, Asked, everything
from tests.support.fuzz import DIGITS, HOSTILE, FuzzReport
from tests.support.fuzz_places import place_to_fuzz
from tests.support.staff import client_of, make_user

# What `url_for`, `render_template` and the router call their own arguments, and what scripts and advertisers add.
UNKNOWN = [
    *("endpoint", "values", "_method", "_scheme", "_external", "_anchor", "url_scheme", "force_external"),
    *("append_unknown", "template_name_or_list", "context", "self", "cls", "request", "session", "g", "config"),
    *("__class__", "x[]", "", "fbclid", "zarsrc", "csrf_token", "token", "data", "errors", "meta", "form"),
]
PARTS = [
    "%00",
    "x%7F",
    "0000",
    "0000-01",
    "0000-01..0000-02",
    "9999-99",
    DIGITS,
    "²",
    "%EF%BF%BF",
    "a%2Fb",
    "..",
    "%25",
]
IDS = ["2147483648", "9223372036854775808", DIGITS, "0", "٣", "-1", "1.0"]
# What may change who is let in comes last.
ENDS = ("users.", "proposals.", "second_factor.", "security_keys.", "staff.")


def fuzz_unknown_parameters(app: Flask) -> FuzzReport:
    """Names that no page reads, all at once behind every address: the answer has the same status as without them."""
    report, client = FuzzReport(), _client(app)
    for call in _in_order(app):
        noise = urlencode([(name, value) for name in UNKNOWN for value in ("x", "POST")])
        plain = client.open(call.path, method=call.method).status_code if call.method == "GET" else None
        status = client.open(f"{call.path}?{noise}", method=call.method).status_code
        report.note(f"{call} {plain} {status}", when=status >= 500 or (plain is not None and status != plain))
    return report


def fuzz_read_parameters(app: Flask, values: int, pages: int) -> FuzzReport:
    """Every parameter that a page reads, on at most so many pages, with so many hostile values each, all in turn."""
    report, client, hostile, met = FuzzReport(), _client(app), cycle(HOSTILE), Counter[str]()
    for call, read in _parameters_read(app, client):
        names = [name for name in read if met[name] < pages]
        met.update(names)
        for name in names:
            for value in islice(hostile, values):
                query = quote(value.encode("utf-8", "surrogatepass"))
                status = client.open(f"{call.path}?{quote(name)}={query}", method=call.method).status_code
                report.note(f"{call} {name}={value[:60]!r} {status}", when=status >= 500)
    return report


def fuzz_paths(app: Flask, values: int) -> FuzzReport:
    """Every part of every address, read or sent to, with so many values that no row, calendar or page has."""
    report, client = FuzzReport(), _client(app)
    parts, ids = cycle(PARTS), cycle(IDS)
    for rule, method in _rules(app):
        for name, converter in rule._converters.items():
            numbers = isinstance(converter, IntegerConverter)
            for value in islice(ids if numbers else parts, values):
                path = _with_part(app, rule, name, value)
                status = client.open(path, method=method).status_code
                report.note(f"{method} {path[:200]} {status}", when=status >= 500)
    return report


def _client(app: Flask) -> FlaskClient:
    return client_of(app, make_user(app, f"thu-dia-chi-{token_hex(4)}", "administrator"))


def _in_order(app: Flask) -> list[Asked]:
    asked = everything(app, place_to_fuzz(app))
    return sorted(asked, key=lambda call: (call.endpoint.startswith(ENDS), call.method == "POST"))


def _parameters_read(app: Flask, client: FlaskClient) -> Iterator[tuple[Asked, Sequence[str]]]:
    names: set[str] = set()

    def notice(answer: Response) -> Response:
        names.update(request.args.read)  # type: ignore[attr-defined]  # PlainTexts
        return answer

    app.after_request_funcs.setdefault(None, []).append(notice)
    try:
        for call in _in_order(app):
            names.clear()
            client.open(call.path, method=call.method)
            yield call, sorted(names)
    finally:
        app.after_request_funcs[None].remove(notice)


def _rules(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in ENDS_THE_SESSION:
            yield from ((rule, method) for method in sorted((rule.methods or set()) & {"GET", "POST"}))


def _with_part(app: Flask, rule: Rule, name: str, value: str) -> str:
    """The rule's path with the value, as it stands, in place of one part."""
    standing = {"province": "dak-lak", "sector": "all", "period": "2026-10", "key": "health"}
    others = {each: value for each, value in standing.items() if each in rule.arguments and _takes(rule, each, value)}
    others.pop(name, None)
    converter = rule._converters[name]
    if isinstance(converter, AnyConverter | UUIDConverter):
        at = path_of(app, rule, others)
        kept = str(min(converter.items)) if isinstance(converter, AnyConverter) else "0" * 8
        return at.replace(kept, value, 1)
    return path_of(app, rule, {**others, name: 7777}).replace("7777", value)


def _takes(rule: Rule, name: str, value: str) -> bool:
    converter = rule._converters[name]
    return not isinstance(converter, AnyConverter) or value in converter.items
