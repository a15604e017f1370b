"""What somebody who fills in a form whole would send: whatever a control stands empty gets something that fits it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from survey.foundation.clock import today
from tests.guards.forms import forms_of

UNTYPED = {"hidden", "submit", "button", "reset", "image", "file", "password"}


def filled_forms_of(page: Element, mark: str, *, rewritten: bool = False) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each form of a page that posts: where to, and what is sent once it is filled in.

    `mark`: stands in each text that is typed. `rewritten`: what stands in free text already gets the mark too.
    """
    typed = [list(_typed(form, mark)) for form in page.iter("form") if form.get("method") == "post"]
    for (action, fields), given in zip(forms_of(page), typed, strict=True):
        for name, value in given:
            standing = fields.get(name, [])
            if not any(standing):
                fields[name] = [value]
            elif rewritten and value.endswith(f" {mark}") and not standing[0].endswith(mark):
                fields[name] = [f"{standing[0]} {mark}"]
        yield action, fields


def _typed(form: Element, mark: str) -> Iterator[tuple[str, str]]:
    """Radios and boxes too: the first of each name."""
    for control in form.iter():
        name, kind = control.get("name"), control.get("type", "text")
        if not name:
            continue
        if control.tag == "textarea":
            yield name, f"Lời của {mark}"
        elif control.tag == "select":
            yield name, _first_option(control)
        elif control.tag == "input" and kind in ("radio", "checkbox"):
            yield name, control.get("value", "on")
        elif control.tag == "input" and kind not in UNTYPED:
            yield name, _text(control, name, kind, mark)


def _first_option(select: Element) -> str:
    values = [option.get("value", option.text or "") for option in select.iter("option")]
    return next((value for value in values if value), "")


def _text(control: Element, name: str, kind: str, mark: str) -> str:
    words = f"{name} {control.get('inputmode', '')} {control.get('class', '')} {control.get('placeholder', '')}"
    if kind == "number" or "numeric" in words or "decimal" in words:
        return control.get("min") or "1"
    if kind == "email" or "email" in words:
        return f"{mark}@example.vn"
    if kind == "month":
        return f"{today():%Y-%m}"
    if kind == "date" or any(word in words for word in ("day", "_on", "ngày", "date")):
        return f"{today() + dt.timedelta(days=20):%d/%m/%Y}"
    if "code" in words or "username" in words:
        return mark.upper() if "code" in words else mark
    return f"Chữ {mark}"
