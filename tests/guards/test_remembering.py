"""One way of remembering for each span of time: docs/decisions/0016-remembering.md."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.guards.source import modules

THE_WAYS = {
    "survey.foundation.caching.object_cache",
    "survey.foundation.caching.transaction_cache",
    "survey.foundation.caching.weighted_lru",
}
NO_CACHES = {
    "survey.registry.files.undoing: _WATCHERS",  # filled when the program is loaded, never after
    "survey.foundation.storage.sqlite_writers: _of_this_process",  # one lock a database file
    # the record of what a document asked, which stands in its attachment
    "analysis.reports.recorded_queries: self._answers",
    "survey.channels.web.pages: pages.definitions",  # published versions, which never change and never go
}
EMPTY = ("{}", "dict()", "OrderedDict()", "WeakKeyDictionary()", "WeakValueDictionary()")


def by_hand(tree: ast.Module) -> Iterator[str]:
    """Dictionaries of a module that begin empty, and what is kept on a request or a database session."""
    for node in tree.body:
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        if value is not None and (ast.unparse(value) in EMPTY or ast.unparse(value).startswith("defaultdict(")):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target  # type: ignore[union-attr]
            yield ast.unparse(target)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "g.setdefault" and len(node.args) > 1:
            if isinstance(node.args[1], ast.Dict | ast.Call):  # a list collects for the answer
                yield ast.unparse(node.func)
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("session.info"):
            yield ast.unparse(node)
        elif isinstance(node, ast.If):
            yield from filled_where_missing(node)


def filled_where_missing(node: ast.If) -> Iterator[str]:
    """`if key not in self.kept: self.kept[key] = …`: what an object keeps under keys of its own."""
    test = node.test
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.NotIn):
        kept, key = test.comparators[0], ast.unparse(test.left)
        filled = {ast.unparse(at) for at in ast.walk(node) if isinstance(at, ast.Subscript)}
        if isinstance(kept, ast.Attribute) and f"{ast.unparse(kept)}[{key}]" in filled:
            yield ast.unparse(kept)


def test_nothing_is_remembered_by_hand() -> None:
    kept = {f"{module.name}: {name}" for module in modules() for name in by_hand(module.tree)}
    assert sorted(name for name in kept - NO_CACHES if name.partition(":")[0] not in THE_WAYS) == []
    assert kept >= NO_CACHES
    assert {name.partition(":")[0] for name in kept} >= {"survey.foundation.caching.transaction_cache"}


def test_a_cache_made_by_hand_would_be_seen() -> None:
    text = "_KEPT: dict[int, str] = {}\ndef f():\n    return g.setdefault('x', {}), db.session.info['y']"
    assert list(by_hand(ast.parse(text))) == ["_KEPT", "g.setdefault", "db.session.info['y']"]
    text = "def f(brief):\n    if 'x' not in brief.kept:\n        brief.kept['x'] = g()\n    return brief.kept['x']"
    assert list(by_hand(ast.parse(text))) == ["brief.kept"]
