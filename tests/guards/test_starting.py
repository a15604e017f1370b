"""Starting is quick: what takes long to load and only some need is loaded when it is first used."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.guards.source import Module, imported, modules, within

SLOW = (
    *("docx", "lxml", "matplotlib", "openpyxl", "PIL", "pypdf", "qrcode"),
    *("scipy.special", "scipy.stats", "typst", "xlsxwriter"),
)
LATER = (ast.FunctionDef, ast.AsyncFunctionDef)


def at_once(module: Module) -> Module:
    """The module without what only its functions and type checkers import."""
    return Module(module.path, module.name, ast.Module(list(_statements(module.tree)), type_ignores=[]))


def _statements(node: ast.AST) -> Iterator[ast.stmt]:
    for child in ast.iter_child_nodes(node):
        for_types = isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        elif isinstance(child, ast.stmt) and not isinstance(child, LATER) and not for_types:
            yield from _statements(child)


def test_the_program_starts_without_what_is_slow_to_load() -> None:
    known = {module.name: at_once(module) for module in modules()}
    loaded, chain, waiting = {"wsgi"}, [], ["wsgi"]
    while waiting:
        module = known[waiting.pop()]
        for line, name in imported(module):
            if any(within(name, slow) for slow in SLOW):
                chain.append(f"{module.place}:{line} imports {name}")
            target = name if name in known else name.rpartition(".")[0]
            if target in known and target not in loaded:
                loaded.add(target)
                waiting.append(target)
    assert "analysis.desk.chart_export" in loaded
    assert "analysis.reports.rendering.pdf" not in loaded
    assert chain == []
