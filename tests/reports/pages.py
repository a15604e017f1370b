"""What tests see of a PDF: its words between the margins, its fonts, its tags, and its pages as pictures."""

from __future__ import annotations

import dataclasses
import io
import unicodedata
from collections.abc import Iterator
from typing import Any

import numpy as np
import pypdfium2
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

from analysis.reports.document import Chart

MM = 72 / 25.4
TOP, BOTTOM = 19 * MM, 21 * MM  # the body lies between; page numbers and the foot are outside


def words_of(pdf: bytes) -> str:
    """The text of all pages' bodies, NFC, without white space."""
    document = pypdfium2.PdfDocument(pdf)
    parts = []
    for page in document:
        width, height = page.get_size()
        parts.append(page.get_textpage().get_text_bounded(0, BOTTOM, width, height - TOP))
    document.close()
    return squashed("".join(parts))


def squashed(text: str) -> str:
    """NFC, without white space: line breaks say nothing. PDFium marks a hyphen at a line's end."""
    return "".join(unicodedata.normalize("NFC", text).replace("\ufffe", "-").replace("\x02", "-").split())


def strings_of(value: Any, *, drawn: bool = True) -> Iterator[str]:
    """Every string of a document that stands on its pages; `drawn` False leaves out the words inside charts."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Chart) and not drawn:
        yield value.caption
    elif dataclasses.is_dataclass(value):
        for item in dataclasses.fields(value):
            if item.name not in ("style", "type", "form", "align", "alt", "footer"):
                yield from strings_of(getattr(value, item.name), drawn=drawn)
    elif isinstance(value, tuple):
        for item in value:
            yield from strings_of(item, drawn=drawn)


def fonts_of(pdf: bytes) -> dict[str, bool]:
    """Names of all fonts on the pages, and whether each is embedded."""
    found: dict[str, bool] = {}

    def collect(resources: DictionaryObject) -> None:
        for font in resources.get("/Font", {}).values():
            descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            found[str(font.get_object()["/BaseFont"])] = "/FontFile2" in descriptor
        for form in resources.get("/XObject", {}).values():
            if "/Resources" in form.get_object():
                collect(form.get_object()["/Resources"].get_object())

    for page in PdfReader(io.BytesIO(pdf)).pages:
        collect(page["/Resources"].get_object())
    return found


def tags_of(pdf: bytes) -> list[tuple[str, str]]:
    """(role, alternative text) of every structure element in reading order."""
    root = PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"]
    found: list[tuple[str, str]] = []

    def walk(node: Any) -> None:
        node = node.get_object() if isinstance(node, IndirectObject) else node
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, DictionaryObject):
            if "/S" in node:
                found.append((str(node["/S"]), str(node.get("/Alt", ""))))
            if "/K" in node:
                walk(node["/K"])

    walk(root["/K"])
    return found


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
