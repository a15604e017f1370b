"""Which part may know which. docs/architecture.md draws it; pyproject.toml holds the order of packages."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from survey.foundation.configuration.settings import ROOT
from tests.guards.source import Module, imported, modules, within

# Inside a feature a module knows only what stands below it. Whatever answers requests or commands is on top; the
# other layers go by their names.
ROUTES, LAYERS = 0, ("routes", "service", "queries", "models")
LAYER_NAME = re.compile(r"(?:^|_)(service|queries|models)$")  # also caseload_service, page_queries
BLUEPRINT = "flask.Blueprint"
ANSWERS = {BLUEPRINT, "flask.cli.AppGroup"}
ENTRANCE = re.compile(r"(?:^|_)(?:features?|routes)$")  # registers the routes of its part, or adds to them
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")
WEB = {"request", "session", "g", "render_template", "redirect", "abort", "flash", "url_for", "Blueprint"}


def test_packages_and_files_import_in_the_order_of_the_house() -> None:
    """The contracts stand in pyproject.toml: layers, independent siblings, no circle between packages or files."""
    told = subprocess.run([LINT_IMPORTS, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout


def test_nothing_in_the_program_imports_wsgi() -> None:
    assert [
        f"{module.place}:{line} imports {name}"
        for module in modules()
        if module.name != "wsgi"
        for line, name in imported(module)
        if within(name, "wsgi")
    ] == []


def test_statistics_are_pure_functions_that_know_only_numpy_and_scipy() -> None:
    known = sys.stdlib_module_names | {"numpy", "scipy"}
    assert [
        f"{module.place}:{line} imports {name}"
        for module in modules()
        if within(module.name, "analysis.statistics")
        for line, name in imported(module)
        if name.split(".")[0] not in known and not within(name, "analysis.statistics")
    ] == []


@cache
def layers() -> dict[str, int]:
    """How high a module stands in its feature; those that are no layer (forms, tokens, words…) are left out."""
    arrows = {}
    for module in modules():
        if ANSWERS & {name for _line, name in imported(module)}:
            arrows[module.name] = ROUTES
        for part in module.name.split(".")[1:]:
            named = LAYER_NAME.search(part)
            if named:
                arrows.setdefault(module.name, LAYERS.index(named[1]))
    return arrows


def feature_of(name: str) -> str:
    return ".".join(name.split(".")[:2])


def upward() -> Iterator[str]:
    for module in modules():
        own = layers().get(module.name)
        for line, target in targets(module):
            other = layers().get(target)
            if own is not None and other is not None and other < own and feature_of(target) == feature_of(module.name):
                yield f"{module.place}:{line} imports {target}"


def targets(module: Module) -> Iterator[tuple[int, str]]:
    """The modules of ours a module imports, or imports something from."""
    known = {other.name for other in modules()}
    for line, name in imported(module):
        target = name if name in known else name.rpartition(".")[0]
        if target in known:
            yield line, target


def test_inside_a_feature_routes_know_the_service_the_service_the_queries_the_queries_the_models() -> None:
    assert list(upward()) == []


def test_only_the_entrance_of_a_part_imports_its_routes() -> None:
    routes = {module.name for module in modules() if BLUEPRINT in {name for _line, name in imported(module)}}
    assert len(routes) > 5
    assert [
        f"{module.place}:{line} imports {target}"
        for module in modules()
        if not ENTRANCE.search(module.name.rpartition(".")[2]) and module.name not in {*routes, "wsgi"}
        for line, target in targets(module)
        if target in routes
    ] == []


def knows_the_web(module: Module) -> list[str]:
    return [
        f"{module.place}:{line} imports {name}"
        for line, name in imported(module)
        if name.split(".")[0] in ("flask", "flask_login", "flask_wtf") and name.rpartition(".")[2] in WEB
    ]


def test_queries_and_models_know_nothing_of_requests_and_pages() -> None:
    below = [module for module in modules() if layers().get(module.name, ROUTES) >= LAYERS.index("queries")]
    assert len(below) > 10
    assert [place for module in below for place in knows_the_web(module)] == []
