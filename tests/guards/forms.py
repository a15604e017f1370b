"""Fills the forms of a page as a browser would send them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from flask.testing import FlaskClient

from tests.support.html import parse_html

NOT_SENT = {"submit", "button", "reset", "image", "file"}


def form_on(client: FlaskClient, page: str, action: str = "") -> dict[str, Any]:
    """What the form of a page that posts to `action` ('': to the page itself) would send if nothing was typed."""
    answer = client.get(page)
    assert answer.status_code == 200, f"{page}: {answer.status_code}"
    wanted = (action,) if action else ("", page)
    own = [sent for goes_to, sent in forms_of(parse_html(answer.text)) if goes_to in wanted]
    assert own, f"{page} has no form that posts to {action or 'itself'}"
    return own[0]


def forms_of(page: Element) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each form of a page that posts: where to ('': to the page itself), and what it would send."""
    for form in page.iter("form"):
        if form.get("method") == "post":
            fields: dict[str, Any] = {}
            for name, value in _values(form):
                fields.setdefault(name, []).append(value)
            yield form.get("action", "").partition("?")[0], fields


def file_fields_of(page: Element, action: str) -> list[str]:
    """The names of the files that the forms of a page which post to `action` ask for."""
    forms = [form for form in page.iter("form") if form.get("action", "").partition("?")[0] == action]
    return [
        element.get("name", "") for form in forms for element in form.iter("input") if element.get("type") == "file"
    ]


def _values(form: Element) -> Iterator[tuple[str, str]]:
    for control in form.iter():
        name = control.get("name")
        if not name:
            continue
        if control.tag == "textarea":
            yield name, (control.text or "").lstrip("\n")
        elif control.tag == "select":
            yield from ((name, value) for value in _chosen(control))
        elif control.tag == "input" and _is_sent(control):
            yield name, control.get("value", "")


def _is_sent(control: Element) -> bool:
    kind = control.get("type", "text")
    return kind not in NOT_SENT and (kind not in ("checkbox", "radio") or control.get("checked") is not None)


def _chosen(select: Element) -> list[str]:
    options = list(select.iter("option"))
    chosen = [option for option in options if option.get("selected") is not None]
    if not chosen and select.get("multiple") is None:
        chosen = options[:1]
    return [element.get("value", element.text or "") for element in chosen]
