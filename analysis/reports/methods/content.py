"""A method's sections as JSON and back, and how two of them differ."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from analysis.reports.document import Block, Bullets, Paragraph, Section

Content = list[dict[str, Any]]


class Difference(NamedTuple):
    """A line that one has and the other lacks."""

    is_added: bool
    line: str


def content_of(sections: Sequence[Section]) -> Content:
    """Sections as they are stored. Raises TypeError for a block that methods do not have."""
    return [{"title": section.title, "blocks": [_stored(block) for block in section.blocks]} for section in sections]


def sections_of(content: Content) -> tuple[Section, ...]:
    """Stored sections as they are shown, numbered I, II, …"""
    numbers = ("I", "II", "III", "IV", "V", "VI", "VII")
    return tuple(
        Section(number, section["title"], tuple(_block(block) for block in section["blocks"]))
        for number, section in zip(numbers, content, strict=False)
    )


def differences(before: Content, after: Content) -> list[Difference]:
    """What was taken away and what was added, line by line, in reading order."""
    lines = difflib.ndiff(list(_lines(before)), list(_lines(after)))
    return [Difference(line.startswith("+ "), line[2:]) for line in lines if line[:2] in ("+ ", "- ")]


def _stored(block: Block) -> dict[str, Any]:
    if isinstance(block, Bullets):
        return {"items": list(block.items)}
    if isinstance(block, Paragraph):
        return {"text": block.text, "lead": block.lead, "style": block.style}
    raise TypeError(f"a method has no {type(block).__name__}")


def _block(stored: dict[str, Any]) -> Block:
    return Bullets(tuple(stored["items"])) if "items" in stored else Paragraph(**stored)


def _lines(content: Content) -> Iterator[str]:
    for section in content:
        yield section["title"]
        for block in section["blocks"]:
            yield from block["items"] if "items" in block else (f"{block['lead']} {block['text']}".strip(),)
