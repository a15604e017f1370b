"""Short lists with a few known columns: the header wherever it stands, under titles and on whichever visible sheet."""

from __future__ import annotations

from collections.abc import Sequence

from survey.foundation.tables.cells import FileLine, Workbook
from survey.foundation.tables.text_files import SEARCHED, Fit


def headed(book: Workbook, fit: Fit) -> tuple[Sequence[str], list[FileLine]]:
    """The line that names most of the columns, and the lines below it; no line names any: an empty header and all."""
    visible = [sheet.lines for sheet in book.sheets if sheet.visible and sheet.lines]
    candidates = [
        (fit(cells), -number, -place)
        for number, lines in enumerate(visible)
        for place, (_line, cells) in enumerate(lines[:SEARCHED])
    ]
    named, number, place = max(candidates, default=(0, 0, 0))
    if not named:
        return (), visible[0] if visible else []
    lines = visible[-number]
    return lines[-place][1], lines[1 - place :]
