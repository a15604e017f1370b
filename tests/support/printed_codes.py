"""QR codes in a PDF as a phone reads them: every page rendered, every code on it decoded by a real decoder."""

from __future__ import annotations

import pypdfium2
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
