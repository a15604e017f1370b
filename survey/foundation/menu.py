"""The desk's one menu: features register their pages here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, request, url_for
from flask_babel import LazyString


@dataclass(frozen=True)
class Page:
    """A page of the desk; `visible` decides for the current user, `also` names endpoints that belong to it."""

    order: int
    endpoint: str
    label: LazyString | str
    visible: Callable[[], bool]
    also: frozenset[str] = frozenset()


@dataclass(frozen=True)
class MenuItem:
    """What a template shows."""

    label: str
    url: str
    current: bool


def register_page(app: Flask, page: Page) -> None:
    """Add a page to the menu."""
    app.extensions.setdefault("menu", []).append(page)


def init_menu(app: Flask) -> None:
    """Give templates `menu_items`: the pages the current user may open, in order."""

    @app.context_processor
    def menu_context() -> dict[str, list[MenuItem]]:
        pages: list[Page] = sorted(app.extensions.get("menu", []), key=lambda page: page.order)
        return {
            "menu_items": [
                MenuItem(str(page.label), url_for(page.endpoint), request.endpoint in {page.endpoint, *page.also})
                for page in pages
                if page.visible()
            ]
        }
