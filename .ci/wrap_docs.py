"""Wrap the prose of our Markdown pages at 120 characters: `.ci/wrap_docs.py [--check]`.

Only paragraphs and list items with a longer line are touched. Code, which nobody can break, stays as it is; so does a
word, a link or a piece of code that is longer by itself. The row of a table cannot be wrapped: one that is longer is
refused, for such a table is better a list.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
WIDTH = 120
LONG_LINE = f"longer than {WIDTH} characters; `make format` wraps it"
LONG_ROW = f"a row longer than {WIDTH} characters; shorten its cells or make the table a list"
VENDORED = ("static/vendor/", "tests/vendor/")
FENCE = re.compile(r"\s*(```|~~~)")
ITEM = re.compile(r"(\s*)([-*+]|\d+[.)])( +)")
ALONE = re.compile(
    r"\s*($|#|\||>|<|\[[^]]+\]: |---)"
)  # a blank line, heading, row, quotation, HTML, target of links, rule
# What must stay on one line: code, a link or picture with its address, what is set in bold, a word.
PIECE = re.compile(r"(?:`[^`]*`|!?\[[^\]]*\]\([^)]*\)|\S)+")
BEGINS_SOMETHING = re.compile(r"([-+*#>|]|\d+[.)])(\s|$)|[|>#]")  # no line of a paragraph may begin so


def pages() -> list[Path]:
    """Our own Markdown pages: those Git knows, or all where there is no checkout."""
    asked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    names = (
        asked.stdout.splitlines() if asked.returncode == 0 else [str(p.relative_to(ROOT)) for p in ROOT.rglob("*.md")]
    )
    own = [name for name in names if not name.startswith((*VENDORED, ".venv/", "var/")) and "node_modules/" not in name]
    return [ROOT / name for name in sorted(own) if (ROOT / name).is_file()]


def blocks(lines: list[str]) -> Iterator[tuple[bool, list[str]]]:
    """The lines in order, as blocks: whether it is a paragraph or list item that may be wrapped, and its lines."""
    fenced = False
    block: list[str] = []
    for line in lines:
        fence = bool(FENCE.match(line))
        apart = fenced or fence or bool(ALONE.match(line))
        if block and (apart or ITEM.match(line)):
            yield True, block
            block = []
        if apart:
            yield False, [line]
        else:
            block.append(line)
        fenced ^= fence
    if block:
        yield True, block


def wrapped(block: list[str]) -> list[str]:
    """A paragraph or list item whose lines have at most 120 characters, where its pieces allow."""
    item = ITEM.match(block[0])
    first = item[0] if item else re.match(r"\s*", block[0])[0]  # type: ignore[index]
    later = " " * len(first)
    made, line = [], first
    for piece in PIECE.findall(" ".join(block)[len(first) :]):
        room = len(line) + len(piece) + 1 <= WIDTH
        if line.strip() in ("", first.strip()) or room or BEGINS_SOMETHING.match(piece):
            line += piece if line == first or not line.strip() else f" {piece}"
        else:
            made.append(line)
            line = later + piece
    return [*made, line]


def wrap(text: str) -> str:
    """The page with its long prose wrapped; everything else byte for byte."""
    out: list[str] = []
    for prose, block in blocks(text.split("\n")):
        too_long = prose and any(len(line) > WIDTH for line in block)
        out += wrapped(block) if too_long else block
    return "\n".join(out)


def long_rows(text: str) -> list[int]:
    """The numbers of lines that are rows of tables, longer than a line may be."""
    rows, fenced = [], False
    for number, line in enumerate(text.split("\n"), 1):
        fenced ^= bool(FENCE.match(line))
        if not fenced and line.startswith("|") and len(line) > WIDTH:
            rows.append(number)
    return rows


def main(arguments: list[str]) -> int:
    """Wrap, or with `--check` only name what is too long: 1 if something is."""
    complaints = []
    for page in pages():
        before = page.read_text(encoding="utf-8")
        after = wrap(before)
        complaints += [f"{page.relative_to(ROOT)}:{n}: {LONG_ROW}" for n in long_rows(before)]
        if after == before:
            continue
        if "--check" in arguments:
            numbers = [
                n for n, line in enumerate(before.split("\n"), 1) if len(line) > WIDTH and line not in after.split("\n")
            ]
            complaints += [f"{page.relative_to(ROOT)}:{number}: {LONG_LINE}" for number in numbers]
        else:
            page.write_text(after, encoding="utf-8")
    sys.stderr.writelines(f"{complaint}\n" for complaint in complaints)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
