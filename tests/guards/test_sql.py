"""SQL stands where it is looked for: in query modules. What is written elsewhere has a reason."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.guards.source import Module, functions, imported, modules, within

STATEMENTS = {"select", "insert", "update", "delete", "text", "union", "exists"}
BY_THE_DRIVER = "survey.foundation.storage.driver_statements.run"
QUERY_MODULE = re.compile(r"(?:^|\.|_)queries(?:\.|$)")

# Modules that are about SQL though their names say more, or that write what no page or service ever does.
EXCEPTIONS = {
    "survey.registry.tree": "who stands above whom: two recursive queries",
    "survey.registry.successions": "derives the kinds of successions where they lie",
    "survey.registry.catalogue": "reference data, installed on a bare connection after a migration",
    "survey.questionnaires.catalogue": "reference data",
    "analysis.targets.catalogue": "reference data",
    "analysis.reference.catalogue": "reference data",
    "survey.questionnaires.counter_services": "which form a counter shows: one query, told apart by kind",
    "survey.questionnaires.versions": "reads published versions",
    "survey.responses.lookup": "looks up what a batch names, one query a kind",
    "survey.registry.files": "each kind of file: its columns, and how its rows are compared and written, in one place",
    "survey.registry_pages.imports.drafts": "drafts that grew old go in one statement",
    "survey.channels.paper.response_file": "which versions a file names: one query",
    "survey.foundation.storage.read_replica": "how far a standby is: two questions to the servers themselves",
    "analysis.country.province_database": "fills a database in memory from an archive: inserts alone",
    "analysis.figures.register": "provinces, agencies and services as analysis names them: queries alone",
    "analysis.figures.store": "reads, keeps and checks counts: queries alone",
    "analysis.periods.closings": "when a period was closed: one query",
    "analysis.measures.demo": "fills the demonstration once",
    "survey.demo": "fills an empty database once",
    "survey.backups": "reads and writes whatever tables there are, without their models",
    "survey.foundation.caching.register": "reads the register's stamp: one sum",
    "survey.foundation.storage.database": "begins each transaction",
    "survey.foundation.storage.turns": "asks PostgreSQL for a lock",
    "survey.foundation.server.health": "asks the database whether it answers",
    "survey.foundation.storage.schema_revision": "asks the table of the migrations, which has no model",
    "analysis.reports.delivery.claims": "claims work by a conditional UPDATE: the statement is the rule",
    "analysis.reports.archive": "the archive is one table, only ever added to",
    "kiosk.demo": "fills the demonstration once",
    "kiosk.pairing": "redeems a code by a conditional UPDATE: the statement is the rule",
}


def sql_words(module_name: str) -> list[str]:
    return [
        f"{module.place}:{line} {name}"
        for module in modules()
        if module.name == module_name
        for line, name in (*imported_statements(module), *written_statements(module))
        if not (name.endswith(".text") and module_name.endswith(".models"))  # the condition of a partial index
    ]


def imported_statements(module: Module) -> Iterator[tuple[int, str]]:
    for line, name in imported(module):
        if (name.startswith("sqlalchemy.") and name.rpartition(".")[2] in STATEMENTS) or name == BY_THE_DRIVER:
            yield line, name


def written_statements(module: Module) -> Iterator[tuple[int, str]]:
    """Statements made without importing their word: ``sa.select``, ``session.query``, ``exec_driver_sql``.

    ``session.get`` and ``session.get_one`` may stand anywhere: they name a record by its key and say nothing in SQL.
    """
    of_sqlalchemy = {
        alias.asname or alias.name.partition(".")[0]
        for node in module.nodes
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
        if within((getattr(node, "module", None) or alias.name), "sqlalchemy")
    }
    for node in module.nodes:
        if isinstance(node, ast.Attribute):
            owner = ast.unparse(node.value)
            made = node.attr in STATEMENTS and (owner.partition(".")[0] in of_sqlalchemy or owner.endswith("__table__"))
            asked = node.attr == "query" and (owner.endswith("session") or owner[:1].isupper())
            if made or asked or node.attr == "exec_driver_sql":
                yield node.lineno, f"{owner}.{node.attr}"


def is_excepted(name: str) -> bool:
    return any(within(name, exception) for exception in EXCEPTIONS)


def test_sql_stands_only_in_query_modules() -> None:
    others = [module.name for module in modules() if not QUERY_MODULE.search(module.name)]
    places = [place for name in others if not is_excepted(name) for place in sql_words(name)]
    assert not places, "\n".join(places)


def test_every_exception_is_still_needed() -> None:
    needed = {
        name for module in modules() if sql_words(module.name) for name in EXCEPTIONS if within(module.name, name)
    }
    assert sorted(EXCEPTIONS.keys() - needed) == []


def test_no_page_and_no_command_holds_sql() -> None:
    entrances = [
        module
        for module in modules()
        if module.name != "survey.foundation.server.health"
        and {"flask.Blueprint", "flask.cli.AppGroup", "flask.render_template"} & {name for _, name in imported(module)}
    ]
    assert len(entrances) > 10
    places = [place for module in entrances for place in sql_words(module.name)]
    assert not places, "\n".join(places)


def changed_unlocked(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """Names that hold a row read by `get_one` without its lock and then have a field set."""
    read = {
        target.id
        for node in ast.walk(function)
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and getattr(node.value.func, "attr", "") in {"get", "get_one"}
        and not any(keyword.arg == "with_for_update" for keyword in node.value.keywords)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    set_ = {
        part.value.id
        for node in ast.walk(function)
        if isinstance(node, ast.Assign | ast.AugAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        for part in (target.elts if isinstance(target, ast.Tuple) else [target])
        if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name)
    }
    return read & set_


def test_a_row_that_is_read_and_changed_is_locked_in_between() -> None:
    """Two people, or one who taps twice, would otherwise both find it unchanged and both leave a trace."""
    assert [
        f"{module.place}:{node.lineno} {node.name}: {name}"
        for module, node in functions()
        for name in sorted(changed_unlocked(node))
    ] == []
