"""What is needed apart is carried apart: no text of our own is cut into its parts again."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

import pytest

from tests.guards.source import ROOT, Module, imported, modules

CUTS = {"split", "rsplit", "splitlines", "partition", "rpartition", "removeprefix", "removesuffix", "strip", "lstrip"}
# Whose functions write texts for people; and fields that hold such a text.
WRITERS = re.compile(r"\.(formatting|phrases|labels|\w*words|flask_babel)\.\w+$|^flask_babel\.\w+$")
TEXTS = {"document", "short_document", "clause", "quote", "label", "title", "heading", "caption", "note", "sentence"}
READS_FILES = {
    "survey.registry.files.caseload_parts": "the titles of a spreadsheet that an office wrote",
    "survey.registry.files.month_columns": "the headings of a spreadsheet, one below the other",
}
IN_TEMPLATE = re.compile(
    r"\|\s*(?:points|percent|number|date|moment|period)[^}]*?\)\s*\[|\.(?:split|partition)\(|\.domain\["
)


def cuts(module: Module) -> Iterator[str]:
    """Where a module takes a text of ours apart."""
    writers = {name.rpartition(".")[2] for _line, name in imported(module) if WRITERS.search(f".{name}")}
    rooms = {"labels", "phrases"} & {name.rpartition(".")[2] for _line, name in imported(module)}
    for function in module.nodes:
        if isinstance(function, ast.FunctionDef):
            held = {
                target.id
                for node in ast.walk(function)
                if isinstance(node, ast.Assign) and _is_text(node.value, writers, rooms, frozenset())
                for target in node.targets
                if isinstance(target, ast.Name)
            }
            for node in ast.walk(function):
                if (cut := _cut(node)) is not None and _is_text(cut, writers, rooms, frozenset(held)):
                    yield f"{module.place}:{cut.lineno}: {ast.unparse(node)}"


def _cut(node: ast.AST) -> ast.expr | None:
    """What an expression cuts, if it cuts a text."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CUTS:
        with_arguments = node.args or node.func.attr in ("split", "splitlines")
        return node.func.value if with_arguments else None
    return node.value if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice) else None


def _is_text(node: ast.expr, writers: set[str], rooms: set[str], held: frozenset[str]) -> bool:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        inner = node.func.id == "str" and node.args and _is_text(node.args[0], writers, rooms, held)
        return bool(inner) or node.func.id in writers
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return isinstance(node.func.value, ast.Name) and node.func.value.id in rooms
    if isinstance(node, ast.Attribute):
        return node.attr in TEXTS
    return isinstance(node, ast.Name) and node.id in held | TEXTS


def test_no_text_of_ours_is_cut_into_its_parts_again() -> None:
    cutting: Mapping[str, list[str]] = {module.name: places for module in modules() if (places := list(cuts(module)))}
    assert [place for name, places in cutting.items() if name not in READS_FILES for place in places] == []
    assert READS_FILES.keys() - cutting.keys() == set(), "a reason for nothing"


def test_no_template_cuts_what_is_written_for_people() -> None:
    templates = sorted((ROOT / "templates").rglob("*.html"))
    assert len(templates) > 50
    assert {
        str(path.relative_to(ROOT)): IN_TEMPLATE.findall(text)
        for path in templates
        if IN_TEMPLATE.search(text := path.read_text(encoding="utf-8"))
    } == {}


@pytest.mark.parametrize(
    "body",
    [
        "document.split(' (')[0]",
        "target.document.partition(' ngày')[0]",
        "points(gap).removeprefix('+')",
        "str(labels.status(one)).split(',')",
        "percent(share)[:-2]",
        "low = percent(share)\n    return low.removesuffix(' %')",
    ],
)
def test_the_guard_sees_a_cut(body: str) -> None:
    head = "from survey.foundation.formatting import percent, points\nfrom analysis.presentation import labels\n"
    source = f"{head}def f(document):\n    {body if 'return' in body else f'return {body}'}\n"
    assert len(list(cuts(Module(ROOT / "analysis" / "x.py", "analysis.x", ast.parse(source))))) == 1
