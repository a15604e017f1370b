"""What every page must be: HTML that parses without errors, that a screen reader can follow and that our CSP allows."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib

UNLABELLED_INPUTS = {"hidden", "submit", "button", "reset", "image"}
REFERENCES = (
    "for",
    "aria-labelledby",
    "aria-describedby",
    "aria-controls",
    "aria-errormessage",
    "form",
    "list",
    "headers",
)
DATA_BLOCKS = {"application/json", "application/ld+json"}


def parse_html(text: str) -> Element:
    """The page as an ElementTree; HTML elements have plain names, SVG ones their namespace.

    Raises:
        AssertionError: the text is not valid HTML5; names each error and its place.
    """
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root: Element = parser.parse(text)
    errors = [f"line {line}, column {column}: {code} {detail}" for (line, column), code, detail in parser.errors]
    assert not errors, "not valid HTML:\n" + "\n".join(errors)
    return root


def assert_valid_html(text: str, content_security_policy: str = "") -> Element:
    """Fail with everything that is wrong with a whole page; give back its tree.

    Args:
        text: the page.
        content_security_policy: the response's header; an inline script or style must have its hash in it.
    """
    root = parse_html(text)
    problems = page_problems(root, content_security_policy)
    assert not problems, "\n".join(problems)
    return root


def page_problems(root: Element, content_security_policy: str = "") -> list[str]:
    """What is wrong with a whole page that parses, one line each."""
    return [
        *_document_problems(root),
        *_identity_problems(root),
        *_control_problems(root),
        *_inline_problems(root, content_security_policy),
    ]


def _document_problems(root: Element) -> Iterator[str]:
    if not root.get("lang"):
        yield "<html> has no lang"
    if not (root.findtext("head/title") or "").strip():
        yield "there is no title"
    headings = list(root.iter("h1"))
    if len(headings) != 1:
        yield f"there are {len(headings)} h1, not one"
    for viewport in root.iterfind("head/meta[@name='viewport']"):
        if "user-scalable=no" in viewport.get("content", "") or "maximum-scale" in viewport.get("content", ""):
            yield "the viewport forbids zooming"
    for image in root.iter("img"):
        if image.get("alt") is None:
            yield f"an image has no alt: {image.get('src')}"


def _identity_problems(root: Element) -> Iterator[str]:
    ids = Counter(element.get("id") for element in root.iter() if element.get("id") is not None)
    yield from (f"id {name!r} is used {count} times" for name, count in ids.items() if count > 1)
    for element in root.iter():
        for attribute in REFERENCES:
            for name in (element.get(attribute) or "").split():
                if name not in ids:
                    yield f"<{element.tag} {attribute}> names {name!r}, which is no id of this page"


def _control_problems(root: Element) -> Iterator[str]:
    labelled = {label.get("for") for label in root.iter("label") if label.get("for")}
    wrapped = {id(control) for label in root.iter("label") for control in label.iter()}
    for control in root.iter():
        if control.tag not in ("input", "select", "textarea") or control.get("type") in UNLABELLED_INPUTS:
            continue
        named = control.get("aria-label") or control.get("aria-labelledby")
        if not named and control.get("id") not in labelled and id(control) not in wrapped:
            yield f"<{control.tag} name={control.get('name')!r}> has no label"


def _inline_problems(root: Element, policy: str) -> Iterator[str]:
    for element in root.iter():
        if element.get("style") is not None:
            yield f"<{element.tag}> has a style attribute: {element.get('style')}"
        yield from (f"<{element.tag}> has {name}" for name in element.keys() if name.startswith("on"))  # noqa: SIM118
        if (element.get("href") or "").strip().lower().startswith("javascript:"):
            yield f"<{element.tag}> has a javascript: address"
    for element in [*root.iter("script"), *root.iter("style")]:
        if element.get("src") is None and element.get("type") not in DATA_BLOCKS:
            digest = hashlib.sha256((element.text or "").encode()).digest()
            if f"'sha256-{base64.b64encode(digest).decode()}'" not in policy:
                yield f"an inline <{element.tag}> is not allowed by the content security policy"
