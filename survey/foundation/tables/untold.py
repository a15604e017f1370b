"""What the readers of workbooks do not tell of a sheet and is looked for in the file: formulas, formats, hidden parts.

Runs in the child process of `limited.py`, as do its neighbours for each format; knows nothing of Flask.
"""

from __future__ import annotations

from dataclasses import dataclass, field

MOST_ROWS, MOST_COLUMNS = 250_000, 500
Hidden = tuple[list[int], list[int], list[tuple[int, int, int]]]  # lines, columns, merged cells as in `cells.Unseen`
Place = tuple[int, int]  # line from 1, column from 0


@dataclass
class Untold:
    """One sheet: cells that hold formulas, number formats that keep zeros, hidden lines and columns, merged cells."""

    formulas: set[Place] = field(default_factory=set)
    formats: dict[Place, str] = field(default_factory=dict)
    lines: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int]] = field(default_factory=list)

    def hidden(self) -> Hidden:
        """What of it is not shown or shown as one cell."""
        return sorted(self.lines), sorted(self.columns), self.merged

    def add_merged(self, top: int, bottom: int, left: int, right: int) -> None:
        """Cells shown as one: only those merged downwards within a column say something of each line."""
        if left == right and bottom > top:
            self.merged.append((left, top, bottom))
