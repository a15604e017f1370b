"""Every share that the desk, documents, the API or an export shows comes from `analysis/statistics` alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.guards.source import ROOT, Module, modules, within

# What divides outside, and what by: none of it is a figure.
OTHERS = {
    "analysis.national.making": "the number of a quarter or half",
    "analysis.presentation.charts.axis": "rounds the axis down to a tenth",
    "analysis.reports.parts.questions": "charts spread evenly over pages",
    "analysis.reports.rendering.word_xml": "lengths on the paper",
    "analysis.desk.explore": "rounds the axis down to a tenth",
    "analysis.desk.months_chart": "places on the paper",
    "analysis.desk.overview": "rounds the axis down to a tenth",
    "analysis.presentation.charts.drawing": "places on the paper",
    "analysis.presentation.charts.stacked": "places on the paper",
    "analysis.presentation.charts.unit_counts": "places on the paper",
    "analysis.results.agencies.agency_list": "places on the paper",
    "analysis.results.years.years_picture": "places on the paper",
    "analysis.signals.channel_detectors": "days into weeks; a probability shared between two sides",
    "analysis.signals.detectors": "a month's dossiers over its working days",
    "analysis.presentation.charts.canvas": "millimetres, points and colours",
    "analysis.reference.service": "official per cents as shares",
    "analysis.targets.importing": "per cents in a file as shares",
    "analysis.figures.store.counts": "bytes into records",
    "analysis.figures.quarters": "months into quarters and days into weeks",
    "analysis.signals.phrases": "a probability as one in so many",
    "analysis.presentation.phrases": "rounds a number of answers up to whole steps",
}
DIVIDES = {"divmod", "truediv", "floordiv", "fmean", "mean", "average", "divide", "true_divide"}
TEMPLATES = {"components/charts.html": "places on the paper", "kiosk/fleet/device.html": "bytes as megabytes"}


def divisions(module: Module) -> Iterator[int]:
    """The lines on which a module divides a number; a path is joined with / too, but never in round brackets."""
    paths = {name.id for name in module.nodes if isinstance(name, ast.Name) and _is_path(name.id)}
    paths |= {arg.arg for arg in module.nodes if isinstance(arg, ast.arg) and _says_path(arg.annotation)}
    for node in module.nodes:
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div | ast.FloorDiv):
            first = node.left if isinstance(node, ast.BinOp) else node.target
            if not _joins_paths(first, paths):
                yield node.lineno
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func).rpartition(".")[2]
            if called in DIVIDES or (called == "Fraction" and len(node.args) > 1):
                yield node.lineno


def _is_path(name: str) -> bool:
    return name in {"Path", "out", "folder", "FOLDER", "HERE", "ROOT"}


def _says_path(annotation: ast.expr | None) -> bool:
    return isinstance(annotation, ast.Name) and annotation.id == "Path"


def _joins_paths(first: ast.expr, paths: set[str]) -> bool:
    while isinstance(first, ast.BinOp) and isinstance(first.op, ast.Div):
        first = first.left
    names = {name.id for name in ast.walk(first) if isinstance(name, ast.Name)}
    return bool(names & paths)


def test_nothing_divides_one_count_by_another_but_the_statistics() -> None:
    places = [
        f"{module.place}:{line}"
        for module in modules()
        if within(module.name, "analysis")
        and not within(module.name, "analysis.statistics")
        and module.name not in OTHERS
        for line in divisions(module)
    ]
    assert places == [], "take the share from analysis.statistics"


def test_every_exception_still_divides() -> None:
    dividing = {module.name for module in modules() if any(divisions(module))}
    assert set(OTHERS) <= dividing


@pytest.mark.parametrize(
    "code",
    [
        "a / b",
        "def f(n: int): return 1 / n",
        "x //= n",
        "Fraction(k, n)",
        "divmod(k, n)",
        "np.mean(x)",
        "(good - t) / n",
        "sum(x) / len(x)",
    ],
)
def test_the_guard_sees_a_division(code: str) -> None:
    assert list(divisions(Module(ROOT / "x.py", "analysis.x", ast.parse(code))))


@pytest.mark.parametrize(
    "code",
    ["Path(a) / b", "FOLDER / 'x' / name", "def f(into: Path): return into / 'x'", "Fraction(text)", "a * b"],
)
def test_the_guard_lets_paths_and_exact_numbers_be(code: str) -> None:
    assert not list(divisions(Module(ROOT / "x.py", "analysis.x", ast.parse(code))))


def test_no_template_divides() -> None:
    pages = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "templates").rglob("*.txt")]
    expressions = re.compile(r"{[{%](.*?)[}%]}", re.DOTALL)
    words = re.compile(r"\"[^\"]*\"|'[^']*'")
    places = [
        str(page.relative_to(ROOT))
        for page in pages
        if str(page.relative_to(ROOT / "templates")) not in TEMPLATES
        and any("/" in words.sub("", expression) for expression in expressions.findall(page.read_text("utf-8")))
    ]
    assert places == []


def test_no_statement_lets_the_database_divide_or_average() -> None:
    averages = [
        f"{module.place}:{node.lineno}"
        for module in modules()
        for node in module.nodes
        if isinstance(node, ast.Attribute) and node.attr == "avg"
    ]
    words = [
        f"{module.place}:{node.lineno}"
        for module in modules()
        for node in module.nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.search(r"\bavg\s*\(", node.value, re.I)
    ]
    assert averages + words == []
