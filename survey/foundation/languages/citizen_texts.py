"""Every text a citizen may meet, said by the rooms that show them: what a pack of a language must hold.

Templates are read as Jinja reads them, so a text that is added to a page is asked for from that day on. A branch of
`if` that only staff see is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from flask import Flask, current_app
from flask_babel import LazyString
from jinja2 import nodes

from survey.foundation.languages.citizen_languages import source_text
from survey.foundation.registered import PerApp

GETTEXT = ("_", "gettext")
STAFF_ONLY = ("at_desk", "preview")  # names that templates ask about


class CitizenText(NamedTuple):
    """A text in Vietnamese, where it stands, and whether it is spoken too where a language has sounds."""

    vietnamese: str
    where: str
    spoken: bool = False


CITIZEN_TEXTS: PerApp[Callable[[], Iterable[CitizenText]]] = PerApp("texts that citizens meet")


def register_citizen_texts(app: Flask, where: str, texts: Callable[[], Iterable[CitizenText]]) -> None:
    """Let the texts of one place be asked of every pack."""
    CITIZEN_TEXTS.add(app, where, texts)


def citizen_texts() -> dict[str, CitizenText]:
    """All of them by their Vietnamese; what stands in several places is spoken if it is in one."""
    known: dict[str, CitizenText] = {}
    for texts in CITIZEN_TEXTS.members().values():
        for text in texts():
            there = known.get(text.vietnamese, text)
            known[text.vietnamese] = there._replace(spoken=there.spoken or text.spoken)
    return known


def said_by(texts: Iterable[LazyString | str], where: str, *, spoken: bool = False) -> Iterator[CitizenText]:
    """Texts that programs say."""
    for text in texts:
        yield CitizenText(source_text(text) if isinstance(text, LazyString) else text, where, spoken)


def in_templates(names: Iterable[str], where: str) -> Iterator[CitizenText]:
    """The texts of templates, by their names."""
    environment = current_app.jinja_env
    for name in names:
        assert environment.loader is not None
        source = environment.loader.get_source(environment, name)[0]
        for text in _texts_in(environment.parse(source)):
            yield CitizenText(text, where)


def _texts_in(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.If) and isinstance(node.test, nodes.Name) and node.test.name in STAFF_ONLY:
        for branch in (*node.elif_, *node.else_):
            yield from _texts_in(branch)
        return
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in GETTEXT:
        yield from (given.value for given in node.args[:1] if isinstance(given, nodes.Const))
    for child in node.iter_child_nodes():
        yield from _texts_in(child)
