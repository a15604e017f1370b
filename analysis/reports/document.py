"""The report as data: what every engine (PDF, Word, HTML) lays out and none of them computes.

Strings are final: NFC, formatted by `survey.foundation.formatting`, numbered. The only raw numbers are the coordinates
of charts and the figures of the attachment.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any

from analysis.presentation.charts.model import Chart

_SIGNS = re.compile(r" (?=%)|(?<=[>≥=]) (?=\d)|(?<=\bn) (?== \d)")


def joined(text: str) -> str:
    """The same text for paper: a number and its sign stay on one line."""
    return _SIGNS.sub("\N{NO-BREAK SPACE}", text)


@dataclass(frozen=True)
class Paragraph:
    """Running text; `lead` is set bold in front of it."""

    text: str
    lead: str = ""
    style: str = "body"  # body | quote | note | lead (a line that announces what follows)
    type: str = field(default="paragraph", init=False)


@dataclass(frozen=True)
class Subheading:
    """A numbered heading below a section: "1. Kết quả chung" on level 2, "a) …" on level 3."""

    text: str
    level: int = 2
    type: str = field(default="subheading", init=False)


@dataclass(frozen=True)
class Bullets:
    """Short items, each its own line."""

    items: tuple[str, ...]
    type: str = field(default="bullets", init=False)


@dataclass(frozen=True)
class Column:
    """A column of a table: `width` is its share of the table beside the others; numbers align right.

    `holds`: which number of a row's figure stands here, for tables whose rows are figures.
    """

    heading: str
    width: float = 1.0
    align: str = "left"  # left | right | center
    holds: str = ""  # share | n | received


@dataclass(frozen=True)
class DocumentTable:
    """A table with its caption above and a note below; every row has as many cells as there are columns.

    `keys`: the figure each row is (`Figure.key`), for tables whose rows are figures.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    keys: tuple[str, ...] = ()
    type: str = field(default="table", init=False)

    def __post_init__(self) -> None:
        if self.keys and len(self.keys) != len(self.rows):
            raise ValueError(f"{self.caption}: {len(self.keys)} keys for {len(self.rows)} rows")
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"{self.caption}: a row has {len(row)} cells for {len(self.columns)} columns")


Block = Paragraph | Subheading | Bullets | DocumentTable | Chart


@dataclass(frozen=True)
class Section:
    """A numbered part of the body: "I", "KẾT QUẢ" and what stands below."""

    number: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Annex:
    """An annex on pages of its own, numbered from 1; wide tables lie across. `enclosed`: in which document."""

    label: str
    title: str
    blocks: tuple[Block, ...]
    landscape: bool = False
    enclosed: str = ""


@dataclass(frozen=True)
class Letterhead:
    """Decree 30/2020/NĐ-CP, annex I: who stands above, who issues, symbol and place; the clerk fills number and day."""

    superior: tuple[str, ...]  # lines
    agency: str
    symbol: str
    place: str
    year: int


@dataclass(frozen=True)
class Signature:
    """Authority prefix lines and the title of the signer; the name is left to the office."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Document:
    """Everything on the pages, in reading order."""

    letterhead: Letterhead
    kind_name: str
    subject: str
    addressees: tuple[str, ...]
    marks: tuple[str, ...]  # DỰ THẢO, số liệu tạm thời, dữ liệu minh họa: on page 1 and at the foot of every page
    sections: tuple[Section, ...]
    closing: str
    copies_to: tuple[str, ...]
    signature: Signature
    annexes: tuple[Annex, ...] = ()
    footer: str = ""


@dataclass(frozen=True)
class Report:
    """A document with what it rests on.

    `figures` is the attachment: questions with their answers, suppressed where the pages are; `digest` is the SHA-256
    of its canonical JSON.
    """

    name: str  # file name without its ending
    document: Document
    cut_off: dt.date
    figures: dict[str, Any]
    digest: str
