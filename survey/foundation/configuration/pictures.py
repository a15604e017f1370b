"""A picture that whoever runs the program chose, as one SVG drawing: what pages for paper take."""

from __future__ import annotations

import base64
import xml.etree.ElementTree as ET
from pathlib import Path

from survey.foundation.bilingual import bilingual as _

LARGEST = 1_000_000  # bytes
PNG = b"\x89PNG\r\n\x1a\n"


def read_picture(path: Path) -> str:
    """The SVG of a file that holds an SVG or a PNG (which is put into a drawing of its own size).

    Raises:
        OSError: it cannot be read.
        ValueError: it is neither, or too large.
    """
    content = path.read_bytes()
    if len(content) > LARGEST:
        raise ValueError(_("tệp có %(n)s byte", n=len(content)))
    if content.startswith(PNG):
        return _around(content)
    try:
        tag = ET.fromstring(content).tag
    except ET.ParseError as error:
        raise ValueError(_("tệp không phải XML (%(error)s)", error=error)) from error
    if tag.rpartition("}")[2] != "svg":
        raise ValueError(_("tệp mở đầu bằng <%(tag)s>", tag=tag))
    return content.decode("utf-8")


def _around(png: bytes) -> str:
    width, height = (int.from_bytes(png[start : start + 4], "big") for start in (16, 20))
    data = base64.b64encode(png).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 {width} '
        f'{height}"><image width="{width}" height="{height}" xlink:href="data:image/png;base64,{data}"/></svg>'
    )
