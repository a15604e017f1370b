"""Addresses are compiled once per process, not once per application: that is most of the time it takes to make one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

_compile: Callable[..., Any] = Rule._compile_builder
_builders: dict[tuple[str, str, str, bool], Any] = {}


def _compile_once(rule: Rule, append_unknown: bool = True) -> Any:
    # What Werkzeug compiles is a function of these alone; it takes the rule itself as its first argument.
    key = (rule.rule, repr(rule.defaults), repr(rule._trace), append_unknown)
    if key not in _builders:
        _builders[key] = _compile(rule, append_unknown)
    return _builders[key]


Rule._compile_builder = _compile_once  # type: ignore[method-assign]
