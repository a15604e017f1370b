"""QR codes in a PDF or on a page as a phone reads them: drawn, and every code on the drawing decoded by a decoder."""

from __future__ import annotations

import io
import re

import pypdfium2
import typst
import zxingcpp
from PIL import Image


def pages_of(pdf: bytes, dpi: int = 150) -> list[Image.Image]:
    """Every page as a picture."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=dpi / 72).to_pil() for page in document]
    finally:
        document.close()


def codes_on(page: Image.Image) -> list[str]:
    """What each code on a page says, from the top left to the bottom right."""
    barcodes = zxingcpp.read_barcodes(page)
    return [
        code.text for code in sorted(barcodes, key=lambda code: (code.position.top_left.y, code.position.top_left.x))
    ]


def codes_in(pdf: bytes, dpi: int = 150) -> list[list[str]]:
    """The codes of every page."""
    return [codes_on(page) for page in pages_of(pdf, dpi)]


def codes_drawn_on(html: str) -> list[str]:
    """What the codes say that a page draws itself, in their order; of a file of its own, too."""
    return [code for svg in re.findall(r"<svg.*?</svg>", html, re.DOTALL) for code in codes_on(_picture(svg))]


def _picture(svg: str) -> Image.Image:
    if "xmlns=" not in svg:  # inside a page it needs none
        svg = svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    page = (
        b'#set page(width: 60mm, height: 60mm, margin: 0mm)\n#image(bytes(sys.inputs.svg), format: "svg", width: 60mm)'
    )
    drawn = typst.compile(page, sys_inputs={"svg": svg}, format="png")
    assert isinstance(drawn, bytes)
    return Image.open(io.BytesIO(drawn))
