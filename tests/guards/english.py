"""What an English reader would stumble over on a page: numbers, days, months, plurals, Vietnamese that has its English.

Names, comments and quotes of documents are Vietnamese and stay so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from xml.etree.ElementTree import Element

from babel.messages.pofile import read_po

from tests.guards.source import ROOT
from tests.guards.test_texts import VIETNAMESE

CATALOGUE = ROOT / "survey/foundation/translations/en/LC_MESSAGES/messages.po"
OWN_NAMES = {"Hài lòng", "Tiếng Việt", "Y tế", "Giáo dục"}  # the program, a language, fields of services
READ_ALOUD = ("alt", "title", "aria-label", "placeholder")
NOT_READ = {"script", "style", "code", "textarea"}
UNENGLISH = {
    "a decimal comma": re.compile(r"(?<![\d.,/])\d{1,3},\d{1,2}(?![\d,])\s?(?:%|point|×)"),
    "thousands with a point": re.compile(r"(?<![\d.,/v-])[1-9]\d{0,2}(?:\.\d{3})+(?![\d.,/%-])"),
    "a month in figures": re.compile(r"(?<![\d/])(?:0?[1-9]|1[0-2])/20\d\d\b"),
    "a day in figures": re.compile(r"(?<!ngày )(?<![\d/])\d{1,2}/\d{1,2}/20\d\d\b"),
    "one of many": re.compile(r"(?<![\d.,/:-])\b1 (?!less\b|times\b|is\b|was\b|has\b|across\b|this\b)[a-z]+s\b"),
}


# What heads columns: one of them over names, many over counts. "Services" of a counter are words and stay.
NOUNS = "Account Agency Answer Comment Counter Kiosk Questionnaire Service Signal"
OF_ONE = {noun: noun.removesuffix("y") + "ies" if noun.endswith("cy") else f"{noun}s" for noun in NOUNS.split()}
OF_MANY = frozenset(OF_ONE.values()) - {"Services"}
COUNT = re.compile(r"[\d,]+|–|not told|< \d+|too few.*")


def stumbled_over(page: Element) -> Iterator[str]:
    """Everything on a page that no English reader would have written, one line each."""
    yield from (problem for text in told(page) for problem in unenglish(text))
    yield from headed(page)


def headed(page: Element) -> Iterator[str]:
    """Each column of a table whose heading speaks of many where its cells name one, or of one where they count."""
    for table in page.iter("table"):
        heads = ["".join(cell.itertext()).strip() for cell in table.findall("./thead/tr/th")]
        rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in table.findall("./tbody/tr")]
        for place, head in enumerate(heads):
            cells = ["".join(row[place].itertext()).strip() for row in rows if len(row) == len(heads)]
            are_counts = all(COUNT.fullmatch(cell) for cell in cells)
            if cells and head in (OF_ONE if are_counts else OF_MANY):
                yield f"a column headed {head!r} over {cells[0][:40]!r}"


def told(element: Element) -> Iterator[str]:
    """Every text of a page but what is marked as another language, each in one piece."""
    if element.tag in NOT_READ or element.get("lang", "en") != "en":
        return
    yield from (element.get(name) or "" for name in READ_ALOUD)
    yield element.text or ""
    for child in element:
        yield from told(child)
        yield child.tail or ""


@cache
def translated() -> frozenset[str]:
    """The Vietnamese texts that have an English one of their own; those with figures in them are left to the others."""
    with CATALOGUE.open("rb") as file:
        texts = [message.id for message in read_po(file) if isinstance(message.id, str)]
    return frozenset(text for text in texts if VIETNAMESE.search(text) and "%(" not in text)


def unenglish(text: str) -> Iterator[str]:
    """What an English reader would stumble over in a text, one line each."""
    words = " ".join(text.split())
    if words in translated() - OWN_NAMES:
        yield f"Vietnamese: {words}"
    for what, shape in UNENGLISH.items():
        if shape.search(words):
            yield f"{what}: {words}"
