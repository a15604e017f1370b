"""A local name says what it holds: "found" and "one" say only that something was looked for."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from jinja2 import Environment, nodes

from tests.guards.source import ROOT

SAY_NOTHING = {"found", "one"}
EVERYWHERE = ("survey", "kiosk", "analysis", "migrations", "benchmarks", ".ci", "deploy", "tests")
JINJA = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.loopcontrols"], autoescape=True)


def bound_in_code(source: str) -> Iterator[int]:
    """The lines of Python where a name that says nothing is given to something."""
    for node in ast.walk(ast.parse(source)):
        is_bound = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id in SAY_NOTHING
        if is_bound or (isinstance(node, ast.arg) and node.arg in SAY_NOTHING):
            yield node.lineno


def bound_in_template(source: str) -> Iterator[int]:
    """The same of a template: loops, `set`, and what macros take."""
    for name in JINJA.parse(source).find_all(nodes.Name):
        if name.ctx in ("store", "param") and name.name in SAY_NOTHING:
            yield name.lineno


def test_no_local_of_the_code_is_called_found_or_one() -> None:
    folders = [ROOT / name for name in EVERYWHERE]
    assert all(folder.is_dir() for folder in folders)
    files = [path for folder in folders for path in sorted(folder.rglob("*.py")) if "node_modules" not in path.parts]
    assert [
        f"{path.relative_to(ROOT)}:{line}" for path in files for line in bound_in_code(path.read_text("utf-8"))
    ] == []


def test_no_local_of_a_template_is_called_found_or_one() -> None:
    files = sorted((ROOT / "templates").rglob("*.*"))
    assert len(files) > 100
    assert [
        f"{path.relative_to(ROOT)}:{line}" for path in files for line in bound_in_template(path.read_text("utf-8"))
    ] == []


def test_the_guard_sees_each_way_of_giving_a_name() -> None:
    code = "one = 1\ndef seek(found): ...\n[0 for one in ()]\nlambda one: one\nwith open('') as found: ...\n"
    assert set(bound_in_code(code)) == {1, 2, 3, 4, 5}
    template = (
        "{% set one = 1 %}\n{% for one in [] %}{% endfor %}\n{% macro link(found) %}{% endmacro %}\n{{ one.name }}"
    )
    assert set(bound_in_template(template)) == {1, 2, 3}
