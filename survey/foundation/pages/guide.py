"""The user guide of the desk, `docs/guide.vi.md`, read into sections: the same text in the repository and at the desk.

Of Markdown it knows what the guide uses: headings, paragraphs, lists, tables, pictures, bold and code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markupsafe import Markup, escape

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "guide.vi.md"
PICTURES = GUIDE.parent / "img"
_PAGES = re.compile(r"<!-- pages: (.+) -->")
_PICTURE = re.compile(r"!\[(.+)\]\(img/(guide-[a-z]+\.png)\)")
_INLINE = re.compile(r"\*\*(.+?)\*\*|`(.+?)`")
_NUMBERED = re.compile(r"\d+\. ")


@dataclass(frozen=True)
class Block:
    """`kind`: h3, p, ul, ol, table (with `rows` of cells) or picture (`lines`: its words and its file's name)."""

    kind: str
    lines: tuple[Markup, ...] = ()
    rows: tuple[tuple[Markup, ...], ...] = ()


@dataclass(frozen=True)
class Section:
    """What the guide says of some pages. `pages`: their blueprints, the first names the section in addresses."""

    title: str
    pages: tuple[str, ...]
    blocks: tuple[Block, ...]

    @property
    def anchor(self) -> str:
        """Its name in addresses."""
        return self.pages[0]


@cache
def sections() -> tuple[Section, ...]:
    """The guide in its order."""
    parts = GUIDE.read_text(encoding="utf-8").split("\n## ")[1:]
    return tuple(_section(part) for part in parts)


def section_of(blueprint: str | None) -> Section | None:
    """The section that explains the pages of a blueprint."""
    return next((section for section in sections() if blueprint in section.pages), None)


def _section(text: str) -> Section:
    title, _newline, body = text.partition("\n")
    pages = _PAGES.search(body)
    if pages is None:
        raise ValueError(f"{GUIDE.name}: “{title}” names no pages")
    chunks = [chunk.strip() for chunk in _PAGES.sub("", body).split("\n\n")]
    return Section(title.strip(), tuple(pages[1].split()), tuple(_block(chunk) for chunk in chunks if chunk))


def _block(text: str) -> Block:
    if text.startswith("### "):
        return Block("h3", (_inline(text.removeprefix("### ")),))
    if picture := _PICTURE.fullmatch(text):
        return Block("picture", (escape(picture[1]), escape(picture[2])))
    lines = text.split("\n")
    if text.startswith("|"):
        rows = [tuple(_inline(cell.strip()) for cell in line.strip("|").split("|")) for line in lines]
        return Block("table", rows=(rows[0], *rows[2:]))
    if text.startswith("- "):
        return Block("ul", tuple(_items(lines, re.compile("- "))))
    if _NUMBERED.match(text):
        return Block("ol", tuple(_items(lines, _NUMBERED)))
    return Block("p", (_inline(" ".join(lines)),))


def _items(lines: Sequence[str], mark: re.Pattern[str]) -> Iterator[Markup]:
    items: list[str] = []
    for line in lines:
        if mark.match(line):
            items.append(mark.sub("", line, count=1))
        else:
            items[-1] += " " + line.strip()
    return (_inline(item) for item in items)


def _inline(text: str) -> Markup:
    return Markup(  # every part is escaped
        _INLINE.sub(
            lambda match: f"<strong>{match[1]}</strong>" if match[1] else f"<code>{match[2]}</code>", str(escape(text))
        )
    )
