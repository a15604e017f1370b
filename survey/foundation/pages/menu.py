"""The desk's one menu: features register their pages here, each in its group."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from flask import Flask, request, url_for
from flask_babel import LazyString, lazy_gettext

from survey.foundation.registered import PerApp

GROUPS: dict[str, LazyString] = {
    "results": lazy_gettext("Kết quả"),
    "voices": lazy_gettext("Ý kiến, phản ánh"),
    "publishing": lazy_gettext("Báo cáo, công bố"),
    "collecting": lazy_gettext("Thu thập"),
    "administration": lazy_gettext("Quản trị"),
}


@dataclass(frozen=True)
class Page:
    """A page of the desk in one of GROUPS, whose order is its place there.

    `visible` decides for the current user, `also` names endpoints that belong to it, `waiting` says how many things
    wait for the user there.
    """

    group: str
    order: int
    endpoint: str
    label: LazyString | str
    visible: Callable[[], bool]
    also: frozenset[str] = frozenset()
    waiting: Callable[[], int] = lambda: 0


PAGES: PerApp[Page] = PerApp("page of the menu")


@dataclass(frozen=True)
class MenuItem:
    """What a template shows; `waiting` 0: nothing waits."""

    label: str
    url: str
    current: bool
    waiting: int


@dataclass(frozen=True)
class MenuGroup:
    """The pages of a group that the user may open; at least one."""

    label: str
    items: list[MenuItem]

    @property
    def url(self) -> str:
        """Its first page."""
        return self.items[0].url

    @property
    def current(self) -> bool:
        """Whether the page shown belongs to it."""
        return any(item.current for item in self.items)

    @property
    def waiting(self) -> int:
        """How many things wait in all its pages."""
        return sum(item.waiting for item in self.items)


def register_page(app: Flask, page: Page) -> None:
    """Add a page to the menu."""
    PAGES.add(app, page.endpoint, page)


def init_menu(app: Flask) -> None:
    """Give templates `menu_groups()`: the pages the current user may open, by group and in order.

    A function, because only the desk's pages show the menu and it asks the database what waits.
    """

    @app.template_global()
    def menu_groups() -> list[MenuGroup]:
        return list(_groups(PAGES.members().values()))


def _groups(pages: Iterable[Page]) -> Iterator[MenuGroup]:
    places = list(GROUPS)
    ordered = sorted(pages, key=lambda page: (places.index(page.group), page.order))
    for group, some in groupby((page for page in ordered if page.visible()), key=lambda page: page.group):
        yield MenuGroup(str(GROUPS[group]), [_item(page) for page in some])


def _item(page: Page) -> MenuItem:
    current = request.endpoint in {page.endpoint, *page.also}
    return MenuItem(str(page.label), url_for(page.endpoint), current, page.waiting())
