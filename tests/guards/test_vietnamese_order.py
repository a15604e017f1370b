"""Lists of names stand in the order of a Vietnamese dictionary, numbers as numbers, whatever the database would do."""

from __future__ import annotations

import ast
import re

import pytest

from survey.foundation.text.vietnamese import in_order
from tests.guards.source import modules

BY_NAME = re.compile(r"order_by\(.*\b\w+\.(?:name|title|field)\b")


def test_no_statement_orders_by_a_name() -> None:
    places = [
        f"{module.place}:{node.lineno}"
        for module in modules()
        for node in module.nodes
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "order_by"
        and any(BY_NAME.search(f"order_by({ast.unparse(argument)}") for argument in node.args)
    ]
    assert places == []


SORTS = {"sorted", "sort"}
NAMES = {"name", "title", "field", "label"}
SHOWN_NOWHERE = {"analysis/signals/stuffing.py"}  # the order of strata in a computation


def sorts_by_a_name(call: ast.AST) -> bool:
    """Whether it sorts by a name, a title, a field or a label as the bytes of its letters stand."""
    if not isinstance(call, ast.Call) or getattr(call.func, "id", getattr(call.func, "attr", "")) not in SORTS:
        return False
    keys = [keyword.value for keyword in call.keywords if keyword.arg == "key"]
    return any(says_a_name(key.body if isinstance(key, ast.Lambda) else key) for key in keys)


def says_a_name(key: ast.AST) -> bool:
    if isinstance(key, ast.Call):
        if getattr(key.func, "id", "") in ("sort_key", "len"):
            return False
        if getattr(key.func, "id", getattr(key.func, "attr", "")) in ("attrgetter", "itemgetter"):
            return any(isinstance(name, ast.Constant) and name.value in NAMES for name in key.args)
    if isinstance(key, ast.Attribute) and key.attr in NAMES:
        return True
    if isinstance(key, ast.Subscript) and isinstance(key.slice, ast.Constant) and key.slice.value in NAMES:
        return True
    return any(map(says_a_name, ast.iter_child_nodes(key)))


def test_nothing_is_sorted_by_the_bytes_of_a_name() -> None:
    places = {
        f"{module.place}:{node.lineno}"
        for module in modules()
        if module.place not in SHOWN_NOWHERE
        for node in module.nodes
        if isinstance(node, ast.Call) and sorts_by_a_name(node)
    }
    assert places == set()


@pytest.mark.parametrize(
    ("code", "by_bytes"),
    [
        ("sorted(rows, key=lambda row: row.name)", True),
        ("rows.sort(key=lambda row: (row.n, row['label']))", True),
        ("sorted(rows, key=attrgetter('title'))", True),
        ("sorted(rows, key=lambda row: (row.n, row.name.lower()))", True),
        ("sorted(rows, key=lambda row: (row.n, sort_key(row.name)))", False),
        ("sorted(rows, key=lambda row: row.code)", False),
    ],
)
def test_the_guard_knows_a_name_however_it_is_asked_for(code: str, by_bytes: bool) -> None:
    assert sorts_by_a_name(ast.parse(code, mode="eval").body) == by_bytes


def test_letters_come_before_their_marks_and_numbers_count() -> None:
    names = ["Y học", "Quầy 10", "Đa khoa", "Quầy 2", "Da liễu", "Ăn uống", "An toàn", "Quầy 2A"]
    assert in_order(names, lambda name: (name,)) == [
        *("An toàn", "Ăn uống", "Da liễu", "Đa khoa", "Quầy 2", "Quầy 2A", "Quầy 10", "Y học"),
    ]
