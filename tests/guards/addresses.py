"""Every address the application answers, with values in place of its parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask
from werkzeug.routing import AnyConverter, IntegerConverter, Rule, UUIDConverter


@dataclass(frozen=True)
class Address:
    """One method of one rule, at a concrete path."""

    endpoint: str
    rule: str
    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.method} {self.rule} ({self.endpoint})"


def addresses(app: Flask) -> Iterator[Address]:
    """Each rule with each method it takes (HEAD and OPTIONS follow GET)."""
    for rule in app.url_map.iter_rules():
        path = path_of(app, rule)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Address(rule.endpoint, rule.rule, method, path)


def path_of(app: Flask, rule: Rule, values: Mapping[str, Any] | None = None) -> str:
    """A path the rule matches; parameters not given are filled with something plausible."""
    filled = {name: _plausible(rule, name) for name in rule.arguments} | dict(values or {})
    adapter = app.url_map.bind("127.0.0.1")
    return adapter.build(rule.endpoint, filled, method=min(rule.methods or {"GET"}), append_unknown=False)


def takes(rule: Rule, name: str, value: object) -> bool:
    """Whether a rule that lists what a parameter may be lists this."""
    converter = rule._converters[name]
    return not isinstance(converter, AnyConverter) or value in converter.items


def _plausible(rule: Rule, name: str) -> object:
    converter = rule._converters[name]
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    if isinstance(converter, UUIDConverter):
        return UUID(int=0)
    return 1 if isinstance(converter, IntegerConverter) else "x"
