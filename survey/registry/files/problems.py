"""What is wrong with a file: where, which value, and how to mend it. Every problem is collected before any is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from flask_babel import gettext as _

from survey.foundation.formatting import number, with_count
from survey.foundation.text.vietnamese_text import plain

SHOWN = 50
KEPT = 1000
VALUE_LENGTH = 60


@dataclass(frozen=True)
class Problem:
    """One mistake. `line` counts from 1 (the header); `column` is its name in the header."""

    message: str
    mend: str
    line: int | None = None
    column: str | None = None
    value: str | None = None

    def text(self, file: str) -> str:
        """One line for a person: file, line, column, value, what is wrong, how to mend it."""
        where = [file]
        if self.line is not None:
            where.append(_("dòng %(n)s", n=self.line))
        if self.column is not None:
            where.append(_("cột %(name)s", name=self.column))
        if self.value is not None:
            where.append(_("giá trị “%(value)s”", value=shortened(self.value)))
        return f"{', '.join(where)}: {self.message} {self.mend}".rstrip()


class CellError(ValueError):
    """A cell that cannot be read: what is wrong with it and how to mend it."""

    def __init__(self, message: str, mend: str) -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend


class ImportRefused(ValueError):
    """The file was refused and nothing was changed.

    `problems` are in the order of the file's lines (the first `KEPT` found); `total` counts all of them.
    """

    def __init__(self, file: str, problems: tuple[Problem, ...], total: int) -> None:
        super().__init__(f"{file}: {total}")
        self.file = file
        self.problems = problems
        self.total = total

    def lines(self, shown: int = SHOWN) -> list[str]:
        """One line a problem, at most `shown` of them, then how many more there are."""
        lines = [problem.text(self.file) for problem in self.problems[:shown]]
        if self.total > len(lines):
            more = number(self.total - len(lines))
            lines.append(_("%(file)s: còn %(n)s lỗi nữa chưa nêu.", file=self.file, n=more))
        lines.append(with_count("%(file)s: có %(n)s lỗi; chưa nhập dòng nào.", self.total, file=self.file))
        return lines


class HeaderRefused(ImportRefused):
    """The file's columns are not those of its kind: people can say which is which."""


@dataclass
class Reading:
    """An unusual way of writing in a column: the first cell, what it was read as, and how many there were."""

    line: int | None
    cell: str
    shown: str
    times: int = 0

    def text(self, column: str, why: str) -> str:
        """One line for a person."""
        example = _("“%(cell)s” đọc là %(shown)s", cell=shortened(plain(self.cell)), shown=self.shown)
        if self.times == 1:
            return str(
                _(
                    "Cột %(column)s, dòng %(n)s, %(why)s: %(example)s.",
                    column=column,
                    n=self.line,
                    why=why,
                    example=example,
                )
            )
        return str(
            _(
                "Cột %(column)s, %(times)s ô %(why)s; ví dụ dòng %(n)s: %(example)s.",
                column=column,
                times=self.times,
                why=why,
                n=self.line,
                example=example,
            )
        )


@dataclass
class Problems:
    """Collects problems of one file. `called`: what whoever reads the notes calls a column."""

    file: str
    called: Callable[[str], str] = str
    listed: list[Problem] = field(default_factory=list)
    total: int = 0
    notes: list[str] = field(default_factory=list)  # what was passed over, read in an unusual way, or looks odd
    readings: dict[tuple[str, str], Reading] = field(default_factory=dict)

    def add(
        self, message: str, mend: str, *, line: int | None = None, column: str | None = None, value: object = None
    ) -> None:
        """Note one problem; what it quotes of the file is made fit to be shown."""
        self.total += 1
        if len(self.listed) < KEPT:
            shown = [None if text is None else plain(str(text)) for text in (column, value)]
            self.listed.append(Problem(plain(message), mend, line, *shown))

    def note(self, text: str) -> None:
        """Say something that refuses nothing, once."""
        if text not in self.notes:
            self.notes.append(plain(text))

    def note_reading(self, column: str, why: str, line: int | None, cell: str, shown: str) -> None:
        """A cell was read in an unusual way: told once for each column and way, with the first as an example."""
        reading = self.readings.setdefault((column, why), Reading(line, cell, shown))
        reading.times += 1

    def all_notes(self) -> tuple[str, ...]:
        """Everything to be said of a file that is taken."""
        readings = [reading.text(self.called(column), why) for (column, why), reading in self.readings.items()]
        return (*self.notes, *readings)

    def refuse_if_any(self, how: type[ImportRefused] = ImportRefused) -> None:
        """End the import if anything was wrong so far.

        Raises:
            ImportRefused: with all problems found.
        """
        if self.total:
            ordered = sorted(self.listed, key=lambda problem: problem.line or 0)
            raise how(self.file, tuple(ordered), self.total)


def shortened(text: str) -> str:
    """A value short enough to stand in a message, on one line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= VALUE_LENGTH else flat[: VALUE_LENGTH - 1] + "…"
