"""What tests see of a PDF: its words between the margins, its fonts, its tags, and its pages as pictures."""

from __future__ import annotations

import dataclasses
import io
import re
import subprocess
import unicodedata
from collections.abc import Iterator
from typing import Any

import numpy as np
import pypdfium2
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

from analysis.presentation.charts.model import Chart

PAGE_NUMBER = re.compile(r"^\d+\n")
FOOT = "\nDỰ THẢO · "  # the foot of every page begins with the document's marks; so does a foot with no other mark
FOOT_ALONE = "\nDỰ THẢO\n"


def text_of(pdf: bytes, order: str = "-raw") -> list[str]:
    """Each page as Poppler's pdftotext gives it to a reader's program.

    `order`: ``-raw`` as the page was written, ``-layout`` as it looks from the top to the bottom.
    """
    run = subprocess.run(["pdftotext", order, "-enc", "UTF-8", "-", "-"], input=pdf, capture_output=True, check=True)
    return run.stdout.decode().split("\f")[:-1]


def words_of(pdf: bytes) -> str:
    """The text of all pages between their numbers and their feet, without white space; it must be NFC as it comes."""
    bodies = []
    for page in text_of(pdf):
        assert unicodedata.is_normalized("NFC", page)
        foot = max(page.rfind(FOOT), page.rfind(FOOT_ALONE))
        assert foot > 0, "a page without a foot"
        bodies.append(PAGE_NUMBER.sub("", page[:foot]))
    return squashed("".join(bodies))


def lines_on(page: str) -> int:
    """How many lines stand between the number of a page (see `text_of`) and its foot."""
    foot = max(page.rfind(FOOT), page.rfind(FOOT_ALONE))
    return len([line for line in PAGE_NUMBER.sub("", page[:foot]).splitlines() if line.strip()])


def squashed(text: str) -> str:
    """NFC, without white space: line breaks say nothing."""
    return "".join(unicodedata.normalize("NFC", text).split())


def strings_of(value: Any, *, drawn: bool = True) -> Iterator[str]:
    """Every string of a document that stands on its pages; `drawn` False leaves out the words inside charts."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Chart) and not drawn:
        yield value.caption
    elif dataclasses.is_dataclass(value):
        for item in dataclasses.fields(value):
            if item.name not in ("style", "type", "form", "align", "alt", "footer", "holds", "keys"):
                yield from strings_of(getattr(value, item.name), drawn=drawn)
    elif isinstance(value, tuple):
        for item in value:
            yield from strings_of(item, drawn=drawn)


def fonts_of(pdf: bytes) -> dict[str, bool]:
    """Names of all fonts on the pages, and whether each is embedded."""
    seen: dict[str, bool] = {}

    def collect(resources: DictionaryObject) -> None:
        for font in resources.get("/Font", {}).values():
            descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            seen[str(font.get_object()["/BaseFont"])] = "/FontFile2" in descriptor
        for form in resources.get("/XObject", {}).values():
            if "/Resources" in form.get_object():
                collect(form.get_object()["/Resources"].get_object())

    for page in PdfReader(io.BytesIO(pdf)).pages:
        collect(page["/Resources"].get_object())
    return seen


def tags_of(pdf: bytes) -> list[tuple[str, str]]:
    """(role, alternative text) of every structure element in reading order."""
    root = PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"]
    seen: list[tuple[str, str]] = []

    def walk(node: Any) -> None:
        node = node.get_object() if isinstance(node, IndirectObject) else node
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, DictionaryObject):
            if "/S" in node:
                seen.append((str(node["/S"]), str(node.get("/Alt", ""))))
            if "/K" in node:
                walk(node["/K"])

    walk(root["/K"])
    return seen


def pictures_of(pdf: bytes, dpi: int = 50) -> list[np.ndarray]:
    """Each page as an array of grey values (0 black, 255 white)."""
    document = pypdfium2.PdfDocument(pdf)
    pictures = [page.render(scale=dpi / 72, grayscale=True).to_numpy().squeeze() for page in document]
    document.close()
    return pictures


def ink_outside(picture: np.ndarray, left: float, right: float, dpi: int = 50) -> int:
    """Dark pixels beyond `left` and `right` mm of the page's edges."""
    per_mm = dpi / 25.4
    dark = picture < 128
    return int(dark[:, : int(left * per_mm)].sum() + dark[:, picture.shape[1] - int(right * per_mm) :].sum())
