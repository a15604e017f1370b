"""Addresses are compiled once per process, not once per application: that is most of the time it takes to make one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

_compile: Callable[[Rule], None] = Rule.compile
_compiled: dict[tuple[Any, ...], dict[str, Any]] = {}


def _compile_once(rule: Rule) -> None:
    # What Werkzeug compiles is a function of these alone. Its builders take the rule itself as their first argument.
    around = rule.map
    key = (rule.rule, repr(rule.defaults), rule.subdomain, rule.host, rule.merge_slashes, *around.converters.items())
    if key not in _compiled:
        _compile(rule)
        _compiled[key] = {
            "_parts": rule._parts,
            "_trace": rule._trace,
            "_converters": rule._converters,
            "arguments": rule.arguments,
            "_build": rule._build.__func__,  # type: ignore[attr-defined]
            "_build_unknown": rule._build_unknown.__func__,  # type: ignore[attr-defined]
        }
        return
    kept = _compiled[key]
    rule._parts, rule._trace = list(kept["_parts"]), list(kept["_trace"])
    rule._converters, rule.arguments = dict(kept["_converters"]), set(kept["arguments"])
    rule._build = kept["_build"].__get__(rule, None)
    rule._build_unknown = kept["_build_unknown"].__get__(rule, None)


Rule.compile = _compile_once  # type: ignore[method-assign]
