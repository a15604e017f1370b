"""The program's own source as the guards read it: parsed, never run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("survey", "kiosk", "analysis")


@dataclass(frozen=True)
class Module:
    """One file of the program; `name` is how it is imported."""

    path: Path
    name: str
    tree: ast.Module

    @property
    def place(self) -> str:
        """Its path as a reader of the repository writes it."""
        return str(self.path.relative_to(ROOT))

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Everything in its tree: the guards ask for it again and again."""
        return tuple(ast.walk(self.tree))

    @property
    def lines(self) -> int:
        """Lines that are not blank."""
        return sum(bool(line.strip()) for line in self.path.read_text(encoding="utf-8").splitlines())


@cache
def modules() -> tuple[Module, ...]:
    """wsgi.py and every module of the three packages."""
    paths = [ROOT / "wsgi.py", *(path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")))]
    return tuple(Module(path, _name(path), ast.parse(path.read_text(encoding="utf-8"))) for path in paths)


def _name(path: Path) -> str:
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def imported(module: Module) -> tuple[tuple[int, str], ...]:
    """(line, full name) of everything a module imports, also inside functions: ``from a.b import c`` is a.b.c."""
    return tuple(_imported(module))


def _imported(module: Module) -> Iterator[tuple[int, str]]:
    for node in module.nodes:
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = module.name.split(".")[: -node.level] if module.path.stem != "__init__" else [module.name]
                base = ".".join([*package, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def within(name: str, package: str) -> bool:
    """Whether a dotted name is a package or lies in it."""
    return name == package or name.startswith(f"{package}.")


def functions() -> Iterator[tuple[Module, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every function and method with the module it stands in."""
    for module in modules():
        for node in module.nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield module, node
