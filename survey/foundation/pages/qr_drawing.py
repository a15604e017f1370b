"""A QR code as the path of a drawing, for pages and paper: nothing is fetched for it, so no log holds a secret."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

QUIET = 4  # modules around it (ISO/IEC 18004)


def qr_path(text: str, *, lasting: bool = False) -> tuple[int, str]:
    """How many modules the square has on each side, its margin included, and the SVG path of the dark ones.

    `lasting`: a quarter of it may be scratched or dirty, as on what hangs at a counter for years.
    """
    import qrcode
    from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q

    level = ERROR_CORRECT_Q if lasting else ERROR_CORRECT_M
    code: qrcode.QRCode[Any] = qrcode.QRCode(error_correction=level, border=QUIET)
    code.add_data(text)
    modules = code.get_matrix()
    return len(modules), "".join(_runs(row, line) for row, line in enumerate(modules))


def _runs(row: int, line: Iterable[bool | None]) -> str:
    # One rectangle a run: squares side by side would show hairs between them in print.
    drawn, column = "", 0
    for is_dark, run in groupby(line):
        width = len(list(run))
        drawn += f"M{column} {row}h{width}v1h-{width}z" if is_dark else ""
        column += width
    return drawn
