"""What a page says of figures: marked rows, lists and sentences, and shares with intervals in running words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from tests.guards.one_figure.claims import Claim, Loose
from tests.guards.one_figure.numbers import PRINTED, count

IN_ENGLISH = re.compile(r"\(([\d.,]+ %); .*; n = ([\d.]+) of ([\d.]+) ")
SENTENCE = re.compile(r"\(([\d.,]+ %); .*; n = ([\d.]+) trong ([\d.]+) phiếu nhận được\)")
ALONE = re.compile(r"\(([\d.,]+ %); .*; n = ([\d.]+)\)")  # how many came is held back


LOOSE = re.compile(
    r"(\d+(?:,\d+)?) % (?:hài lòng |satisfied )?\((?:khoảng 90 %: |90 % interval: )?(\d+(?:,\d+)?)-(\d+(?:,\d+)?) %"
)
BLOCKS = {*("p", "li", "td", "th", "dd", "dt", "figcaption", "summary", "caption", "h1", "h2", "h3", "div", "section")}
MARKS = ("data-figure", "data-sentence")
COUNT = re.compile(r"\d[\d.,]*")
USED = re.compile(r"\bn\b|\(n\)")  # what a column of answers used is called, in either language


def of_page(place: str, page: Element) -> Iterator[Claim]:
    """The figures of a page (or of a document as HTML): marked rows and lists, and marked sentences."""
    english = page.get("lang") == "en"
    for element in page.iter():
        if "data-figure" in element.attrib:
            held = {
                child.attrib["data-holds"]: words_of(child, english=english)
                for child in element.iter()
                if "data-holds" in child.attrib
            }
            share = held.get("share", "")
            printed = share if PRINTED.fullmatch(share) else None
            yield Claim(
                place, element.attrib["data-figure"], printed, count(held.get("n")), count(held.get("received"))
            )
        elif "data-sentence" in element.attrib:
            words, key = words_of(element, english=english), element.attrib["data-sentence"]
            if said := (IN_ENGLISH if english else SENTENCE).search(words):
                yield Claim(place, key, said[1], count(said[2]), count(said[3]))
            elif alone := ALONE.search(words):
                yield Claim(place, key, alone[1], count(alone[2]), None)


def loose_on(place: str, page: Element) -> Iterator[Loose]:
    """Shares with their 90 % interval in running words that are not marked."""
    english = page.get("lang") == "en"
    shares = [element for element in page.iter() if element.get("data-holds") == "share"]
    beside = frozenset(words_of(share, english=english).removesuffix(" %") for share in shares)
    for element in _unmarked(page):
        if element.tag in BLOCKS and not any(inner.tag in BLOCKS for inner in element.iter() if inner is not element):
            for said in LOOSE.finditer(words_of(element, english=english)):
                yield Loose(place, said[1], said[2], said[3], beside)


def unread(page: Element) -> Iterator[str]:
    """Rows with a share, in tables with a column of answers used, that say not whose figure it is: nothing compares."""
    for table in page.iter("table"):
        headings = [words_of(cell) for row in table.iter("tr") for cell in row.iter("th") if cell.get("scope") == "col"]
        if any(USED.search(heading) for heading in headings):
            for row in table.iter("tr"):
                marked = any(mark in inner.attrib for inner in row.iter() for mark in MARKS)
                cells = [words_of(cell) for cell in row.iter("td")]
                if not marked and any(map(PRINTED.search, cells)) and any(COUNT.fullmatch(cell) for cell in cells):
                    yield words_of(row)


def _unmarked(element: Element) -> Iterator[Element]:
    if not any(mark in element.attrib for mark in MARKS):
        yield element
        for child in element:
            yield from _unmarked(child)


def words_of(element: Element, *, english: bool = False) -> str:
    """What stands in an element; English numbers as Vietnamese readers write them: "1,234" 1.234, "79.6%" 79,6 %."""
    text = " ".join("".join(element.itertext()).replace("\N{NO-BREAK SPACE}", " ").split())
    return re.sub(r"(?<=\d)%", " %", text.translate(str.maketrans(".,", ",."))) if english else text
