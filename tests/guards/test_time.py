"""One clock tells the time, and every instant has its zone."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from sqlalchemy import DateTime

from survey.foundation.storage.database import Instant, db
from tests.guards.source import Module, modules

CLOCK = "survey.foundation.clock"
TELLS_THE_TIME = {
    "now": ("datetime", "dt"),
    "utcnow": ("datetime", "dt"),
    "today": ("datetime", "date", "dt"),
    "fromtimestamp": ("datetime", "date", "dt"),
    "utcfromtimestamp": ("datetime", "dt"),
    "time": ("time",),
    "time_ns": ("time",),
    "localtime": ("time",),
    "gmtime": ("time",),
}


def other_clocks(module: Module) -> Iterator[str]:
    for node in module.nodes:
        if isinstance(node, ast.Attribute) and node.attr in TELLS_THE_TIME:
            owner = ast.unparse(node.value).rpartition(".")[2]
            if owner in TELLS_THE_TIME[node.attr]:
                yield f"{module.place}:{node.lineno} asks {ast.unparse(node)}"
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            names = {alias.name for alias in node.names} & TELLS_THE_TIME.keys()
            yield from (f"{module.place}:{node.lineno} imports {name} from time" for name in names)


def test_only_the_clock_tells_the_time() -> None:
    assert [place for module in modules() if module.name != CLOCK for place in other_clocks(module)] == []


def naive_instants(module: Module) -> Iterator[str]:
    days = {id(node.value) for node in module.nodes if isinstance(node, ast.Attribute) and node.attr == "date"}
    for node in module.nodes:
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute | ast.Name):
            continue
        called = ast.unparse(node.func)
        zoned = any(keyword.arg == "tzinfo" for keyword in node.keywords) or len(node.args) >= 8
        combined = called.endswith("datetime.combine") and not zoned and len(node.args) < 3
        made = called in ("datetime", "dt.datetime", "datetime.datetime") and not zoned
        read = called.endswith("datetime.strptime") and id(node) not in days
        if made or combined or read:
            yield f"{module.place}:{node.lineno} makes {ast.unparse(node)}"


def test_no_instant_is_made_without_its_zone() -> None:
    assert [place for module in modules() for place in naive_instants(module)] == []


def test_columns_of_instants_keep_their_zone() -> None:
    import wsgi  # noqa: F401 - knows every table

    columns = [column for table in db.metadata.tables.values() for column in table.columns]
    assert sum(isinstance(column.type, Instant) for column in columns) > 20
    assert [str(column) for column in columns if isinstance(column.type, DateTime)] == []
