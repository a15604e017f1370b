"""Every setting the program reads is explained in docs/settings.md, and nothing else is."""

from __future__ import annotations

import ast
import dataclasses
import re

from survey.foundation.configuration.settings import Settings
from tests.guards.source import ROOT, imported, modules

PAGE = ROOT / "docs" / "settings.md"
FOR_TESTS = {"testing", "release_step"}


def documented() -> list[str]:
    return re.findall(r"^- `([A-Z_]+)` \(default: ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)


def read_by_settings() -> set[str]:
    """Names that settings.py asks the environment for: ``env.get(NAME)``, ``env[NAME]``, ``_integer(env, NAME, …)``."""
    (module,) = (module for module in modules() if module.name == "survey.foundation.configuration.settings")
    variables = set()
    for node in module.nodes:
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "env.get":
            variables.add(node.args[0])
        elif isinstance(node, ast.Call) and len(node.args) > 1 and ast.unparse(node.args[0]) == "env":
            variables.add(node.args[1])
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "env":
            variables.add(node.slice)
    return {str(node.value) for node in variables if isinstance(node, ast.Constant)}


def read_by_the_server() -> set[str]:
    text = (ROOT / "deploy" / "gunicorn.conf.py").read_text(encoding="utf-8")
    return set(re.findall(r"environ\.get\(['\"]([A-Z_]+)", text))


def test_every_setting_is_documented_and_every_documented_setting_is_read() -> None:
    assert len(documented()) == len(set(documented()))
    assert set(documented()) == read_by_settings() | read_by_the_server()


def test_every_field_of_the_settings_comes_from_a_variable_of_its_name() -> None:
    fields = {field.name for field in dataclasses.fields(Settings)} - FOR_TESTS
    assert {name.upper() for name in fields} <= read_by_settings()


def test_the_documented_default_is_the_real_one() -> None:
    said = re.findall(r"^- `([A-Z_]+)` \(default: ([^)]*)\):", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    told = {name: default.strip("`") for name, default in said}
    plain = Settings.from_environment({"SECRET_KEY": "x" * 16})
    for name in ("TRUSTED_PROXIES", "LOG_LEVEL", "PUBLIC_URL"):
        assert told[name] == str(getattr(plain, name.lower()))
    assert told["DATABASE_URL"] == plain.database_url.replace(f"{ROOT}/", "")


def test_nothing_else_reads_the_environment() -> None:
    readers = {"environ", "environb", "getenv", "getenvb"}
    # `command_words` sets the one variable by which gettext, and so Click, chooses its language.
    may = ("survey.foundation.configuration.settings", "survey.foundation.commands.command_words", "wsgi")
    others = [module for module in modules() if module.name not in may]
    asked = [
        f"{module.place}:{node.lineno}"
        for module in others
        for node in module.nodes
        if isinstance(node, ast.Attribute) and node.attr in readers and ast.unparse(node) != "request.environ"
    ]
    taken = [
        f"{module.place}:{line}"
        for module in others
        for line, name in imported(module)
        if name in {f"os.{reader}" for reader in readers}
    ]
    assert asked + taken == []
