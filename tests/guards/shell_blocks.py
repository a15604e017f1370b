"""The commands that README and docs tell a reader to type."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.guards.source import ROOT

PAGES = [ROOT / "README.md", ROOT / "README.vi.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", flags=re.MULTILINE | re.DOTALL)
SHELL = {"sh", ""}  # a table of cron's, whose lines end in a command, has no name
INLINE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
FLASK = re.compile(r"(?:^|\s|/)flask --app wsgi ((?:[^;&|`]|(?<=\w)\|(?=\w))*)")
PARTS = "survey|kiosk|analysis|tests|templates|static|migrations|deploy|benchmarks|docs"
FILE = re.compile(rf"(?<![\w/.-])(?:{PARTS})/[\w./-]*")
SOURCE = re.compile(r"(?<![\w/.*{-])[\w.-]+(?:/[\w.-]+)*\.(?:py|js|html)(?![\w.])")
MODULE = re.compile(rf"-m ((?:{PARTS})(?:\.\w+)+)")


@dataclass(frozen=True)
class Command:
    """One command line and where it stands."""

    page: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}: {self.text}"


def blocks(page: Path) -> list[str]:
    """The shell blocks of a page as they stand."""
    return [text for language, text in BLOCK.findall(page.read_text(encoding="utf-8")) if language in SHELL]


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


def flask_arguments(command: Command, groups: Iterable[str]) -> list[list[str]]:
    """The arguments of each call of our command line in a text; shell variables become plain words.

    Of choices, `agencies|services`, the first is taken, and what may be left out, `[--dry-run]`, as if it were given.
    In prose a call may lack its beginning: `flask analysis sums`, or `analysis sums`, by the names of the groups.
    """
    short = re.match(rf"(?:flask )?((?:{'|'.join(groups)}) [a-z].*)|flask ([a-z].*)", command.text)
    calls = [text for text in short.groups() if text] if short else FLASK.findall(command.text)
    split_calls = []
    for call in calls:
        plain = re.sub(r"[\[\]]|\|\w+", "", re.sub(r"\$\([^)]*\)|\$\w+", "x", call))
        split_calls.append(shlex.split(plain.split("  #")[0].split(" # ")[0].strip().rstrip("`"), comments=True))
    return [arguments for arguments in split_calls if arguments]


def files(command: Command) -> list[str]:
    """The files and folders of the project that a text names, and those of the modules it starts."""
    modules = [name.replace(".", "/") for name in MODULE.findall(command.text)]
    return FILE.findall(command.text) + [name if (ROOT / name).is_dir() else f"{name}.py" for name in modules]


def sources(command: Command) -> list[str]:
    """The files of source that a text names, often by the last parts of their path alone."""
    return SOURCE.findall(command.text)
