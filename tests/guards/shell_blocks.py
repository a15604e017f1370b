"""The commands that README and docs tell a reader to type."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from tests.guards.source import ROOT

PAGES = [ROOT / "README.md", ROOT / "README.vi.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```sh\n(.*?)^```", flags=re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
FLASK = re.compile(r"(?:^|\s|/)flask --app wsgi ([^;&|)`]*)|^flask ((?:analysis|survey|kiosk|staff|demo|db)\b[^`]*)")


@dataclass(frozen=True)
class Command:
    """One command line and where it stands."""

    page: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}: {self.text}"


def blocks(page: Path) -> list[str]:
    """The shell blocks of a page as they stand."""
    return BLOCK.findall(page.read_text(encoding="utf-8"))


def commands(page: Path) -> list[Command]:
    """The lines of a page's shell blocks."""
    name = str(page.relative_to(ROOT))
    lines = [line.strip() for block in blocks(page) for line in block.splitlines()]
    return [Command(name, line) for line in lines if line and not line.startswith("#")]


def mentioned(page: Path) -> list[Command]:
    """Block lines and what stands in backticks in the text."""
    name = str(page.relative_to(ROOT))
    prose = BLOCK.sub("", page.read_text(encoding="utf-8"))
    return [*commands(page), *(Command(name, text) for text in INLINE.findall(prose))]


def make_targets(command: Command) -> list[str]:
    """The targets a text tells make to build."""
    words = re.findall(r"(?:^|&& )make ([a-z-]+)", command.text)
    return [word for word in words if not word.startswith("-")]


def flask_arguments(command: Command) -> list[list[str]]:
    """The arguments of each call of our command line in a text; shell variables become plain words."""
    found = []
    for with_app, bare in FLASK.findall(command.text):
        text = re.sub(r"\$\([^)]*\)|\$\w+", "x", with_app or bare).split("  #")[0].split(" # ")[0].strip()
        found.append(shlex.split(text.rstrip("`"), comments=True))
    return [arguments for arguments in found if arguments]
