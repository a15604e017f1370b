"""Addresses are compiled once per process, not once per application: that is half the time it takes to make one."""

from __future__ import annotations

from copy import copy
from operator import attrgetter
from typing import Any

from flask import Flask
from werkzeug.routing import Map, Rule
from werkzeug.routing.matcher import StateMachineMatcher

_of_rule = attrgetter(
    *("rule", "endpoint", "subdomain", "host", "build_only", "alias", "redirect_to", "websocket"),
    *("strict_slashes", "merge_slashes", "provide_automatic_options"),
)
_of_map = attrgetter(
    *("default_subdomain", "host_matching", "strict_slashes", "merge_slashes", "redirect_defaults"),
    *("sort_parameters", "sort_key"),
)
_compiled: dict[tuple[Any, ...], Map] = {}


class SharedMap(Map):
    """Collects an application's rules; when they are first needed, takes what the same rules were compiled to before.

    Rules name view functions by their endpoints, so nothing in them belongs to one application. What was compiled is
    never changed: a rule more makes another key.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._added: list[Rule] = []
        super().__init__(*args, **kwargs)

    def add(self, rule: Rule) -> None:
        """Keep the rule until `update`."""
        self._added.append(rule)
        self._remap = True

    def update(self) -> None:
        """Werkzeug calls this before it matches, builds or lists."""
        if not self._remap:
            return
        key = (_of_map(self), *self.converters.items(), *map(_key, self._added))
        if key not in _compiled:
            _compiled[key] = self._compile()
        self._matcher, self._rules_by_endpoint = _compiled[key]._matcher, _compiled[key]._rules_by_endpoint
        self._remap = False

    def _compile(self) -> Map:
        made = copy(self)
        made._matcher, made._rules_by_endpoint = StateMachineMatcher(self.merge_slashes), {}
        for rule in self._added:
            Map.add(made, copy(rule))
        Map.update(made)
        return made


def _key(rule: Rule) -> tuple[Any, ...]:
    return (_of_rule(rule), frozenset(rule.methods or ()), repr(rule.defaults))


Flask.url_map_class = SharedMap
