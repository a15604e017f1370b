"""The agencies and services that a sentence names, as links to what is known of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TypeVar

from flask import url_for
from markupsafe import Markup, escape

from analysis.figures.register import fetch_register
from survey.foundation.caching.transaction_cache import read_once

T = TypeVar("T")


def names_leading(text: str, pages: Mapping[str, str]) -> Markup:
    """A text with each name in it leading to its address."""
    there = sorted((name for name in pages if name in text), key=len, reverse=True)
    if not there:
        return escape(text)
    linked, at = Markup(), 0
    for match in re.finditer(rf"(?<!\w)(?:{'|'.join(map(re.escape, there))})(?!\w)", text):
        linked += text[at : match.start()]
        linked += Markup('<a href="{}">{}</a>').format(pages[match.group()], match.group())
        at = match.end()
    return linked + text[at:]


def names_linked(text: str, province_id: int) -> Markup:
    """A text of the desk about figures of a province, which names only what its reader may see."""
    pages = _pages(province_id)
    there = {name: url_for(endpoint, code=code) for name, (endpoint, code) in pages.items() if name in text}
    return names_leading(text, there)


@read_once
def _pages(province_id: int) -> dict[str, tuple[str, str]]:
    register = fetch_register(province_id)
    return unshared(
        [
            *((agency.name, ("agencies.agency_page", agency.code)) for agency in register.agencies.values()),
            *((service.name, ("services.service_page", service.code)) for service in register.services.values()),
        ]
    )


def unshared(named: Iterable[tuple[str, T]]) -> dict[str, T]:
    """What has a name alone: a sentence does not say which of several it means."""
    pairs = list(named)
    often = Counter(name for name, _what in pairs)
    return {name: what for name, what in pairs if often[name] == 1}
