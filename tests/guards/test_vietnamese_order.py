"""Lists of names stand in the order of a Vietnamese dictionary, numbers as numbers, whatever the database would do."""

from __future__ import annotations

import ast
import re

from survey.foundation.vietnamese import in_order
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


def test_letters_come_before_their_marks_and_numbers_count() -> None:
    names = ["Y học", "Quầy 10", "Đa khoa", "Quầy 2", "Da liễu", "Ăn uống", "An toàn", "Quầy 2A"]
    assert in_order(names, lambda name: (name,)) == [
        *("An toàn", "Ăn uống", "Da liễu", "Đa khoa", "Quầy 2", "Quầy 2A", "Quầy 10", "Y học"),
    ]
