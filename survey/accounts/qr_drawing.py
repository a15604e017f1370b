"""A QR code as the path of a drawing, for a page: nothing is fetched for it, so no cache and no log holds a secret."""

from __future__ import annotations

from typing import Any

import qrcode
from qrcode.constants import ERROR_CORRECT_M

QUIET = 4  # modules around it (ISO/IEC 18004)


def qr_path(text: str) -> tuple[int, str]:
    """How many modules the square has on each side, its margin included, and the SVG path of the dark ones."""
    code: qrcode.QRCode[Any] = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    code.add_data(text)
    modules = code.get_matrix()
    rows = enumerate(modules)
    dark = (f"M{column} {row}h1v1h-1z" for row, line in rows for column, is_dark in enumerate(line) if is_dark)
    return len(modules), "".join(dark)
