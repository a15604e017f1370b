"""Wrap the prose of our Markdown pages at 120 characters: `.ci/wrap_docs.py [--check]`.

Only paragraphs and list items with a longer line are touched. Rows of tables and code, which nobody can break, stay as
they are; so does a word, a link or a piece of code that is longer by itself.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
WIDTH = 120
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
    found = (
        asked.stdout.splitlines() if asked.returncode == 0 else [str(p.relative_to(ROOT)) for p in ROOT.rglob("*.md")]
    )
    own = [name for name in found if not name.startswith((*VENDORED, ".venv/", "var/")) and "node_modules/" not in name]
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


def main(arguments: list[str]) -> int:
    """Wrap, or with `--check` only name what is too long: 1 if something is."""
    complaints = []
    for page in pages():
        before = page.read_text(encoding="utf-8")
        after = wrap(before)
        if after == before:
            continue
        if "--check" in arguments:
            numbers = [
                n for n, line in enumerate(before.split("\n"), 1) if len(line) > WIDTH and line not in after.split("\n")
            ]
            complaints += [f"{page.relative_to(ROOT)}:{number}: longer than {WIDTH} characters" for number in numbers]
        else:
            page.write_text(after, encoding="utf-8")
    sys.stderr.writelines(f"{complaint}; `make format` wraps it\n" for complaint in complaints)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
