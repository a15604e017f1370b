"""QR codes of counters: they hold the public address, which never changes once it is printed."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from flask import current_app

from survey.foundation.configuration.settings import Settings

if TYPE_CHECKING:  # it brings two libraries of pictures, which few processes ever need
    import qrcode
    from qrcode.image.pil import PilImage
    from qrcode.image.svg import SvgPathFillImage

BOX = 24  # pixels a module in a PNG: sharp on paper up to A4


def public_address(counter: str) -> str:
    """The address of a counter's form, as printed."""
    settings: Settings = current_app.extensions["settings"]
    return f"{settings.public_url}/c/{counter}"


def ticket_address(code: str) -> str:
    """The address of a single-use code, as printed."""
    settings: Settings = current_app.extensions["settings"]
    return f"{settings.public_url}/t/{code}"


def as_svg(counter: str) -> bytes:
    """The counter's QR code as a drawing of black paths on white."""
    from qrcode.image.svg import SvgPathFillImage

    image = _code(counter).make_image(image_factory=SvgPathFillImage)
    return _bytes(image)


def as_png(counter: str) -> bytes:
    """The counter's QR code as a picture."""
    from qrcode.image.pil import PilImage

    return _bytes(_code(counter).make_image(image_factory=PilImage))


def _code(counter: str) -> qrcode.QRCode[Any]:
    import qrcode
    from qrcode.constants import ERROR_CORRECT_Q

    # A quarter of the modules may be scratched or dirty: these hang at counters for years.
    code: qrcode.QRCode[Any] = qrcode.QRCode(error_correction=ERROR_CORRECT_Q, box_size=BOX, border=4)
    code.add_data(public_address(counter))
    return code


def _bytes(image: PilImage | SvgPathFillImage) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer)
    return buffer.getvalue()
