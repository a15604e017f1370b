"""Reading and sending forms of the desk as a browser does: with every field the page holds."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from xml.etree.ElementTree import Element

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.html import assert_valid_html

Fields = dict[str, Any]


def text_of(page: str) -> str:
    """What a reader sees, on one line."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<svg.*?</svg>", " ", page, flags=re.DOTALL))))


def without_links(page: str) -> str:
    """A page whose names lead nowhere, for sentences that hold some."""
    return re.sub(r"</?a\b[^>]*>", "", page)


def open_page(client: FlaskClient, path: str) -> Element:
    """The tree of a valid page."""
    answer = client.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return assert_valid_html(answer.text, answer.headers["Content-Security-Policy"])


def fields_of(page: Element, containing: str) -> Fields:
    """The fields of the page's POST form that has a field (or button) of this name, as they would be sent."""
    for form in page.iter("form"):
        if form.get("method", "").lower() == "post" and any(
            element.get("name") == containing for element in form.iter()
        ):
            return _fields(form)
    raise AssertionError(f"no form with {containing}")


def _fields(form: Element) -> Fields:
    fields: Fields = {}
    for element in form.iter():
        name = element.get("name")
        if name and element.tag == "select":
            options = list(element.iter("option"))
            chosen = [option for option in options if option.get("selected") is not None] or options[:1]
            _add(fields, name, chosen[0].get("value", "") if chosen else "")
        elif name and element.tag == "textarea":
            fields[name] = element.text or ""
        elif name and element.tag == "input" and element.get("type") == "checkbox":
            if element.get("checked") is not None:
                fields.setdefault(name, []).append(element.get("value"))
        elif name and element.tag == "input" and element.get("type") == "radio":
            if element.get("checked") is not None:
                fields[name] = element.get("value", "")
        elif name and element.tag == "input" and element.get("type") not in ("file", "submit"):
            fields[name] = element.get("value", "")
    return fields


def _add(fields: Fields, name: str, value: str) -> None:
    """A list of several of the same name."""
    fields[name] = value if name not in fields else [*_listed(fields[name]), value]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def submit(client: FlaskClient, path: str, containing: str, **changes: Any) -> TestResponse:
    """Open a page, change some fields of its form, and send it."""
    fields = fields_of(open_page(client, path), containing) | changes
    answer = client.post(path, data=fields, content_type="multipart/form-data")
    if answer.status_code != 302:
        assert_valid_html(answer.text, answer.headers["Content-Security-Policy"])
    return answer
