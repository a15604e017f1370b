"""What is wrong with a file: where, which value, and how to mend it. Every problem is collected before any is told."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask_babel import gettext as _

from survey.foundation.plain_text import plain

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
            lines.append(_("%(file)s: còn %(n)s lỗi nữa chưa nêu.", file=self.file, n=self.total - len(lines)))
        lines.append(_("%(file)s: có %(n)s lỗi; chưa nhập dòng nào.", file=self.file, n=self.total))
        return lines


@dataclass
class Problems:
    """Collects problems of one file."""

    file: str
    found: list[Problem] = field(default_factory=list)
    total: int = 0

    def add(
        self, message: str, mend: str, *, line: int | None = None, column: str | None = None, value: object = None
    ) -> None:
        """Note one problem; what it quotes of the file is made fit to be shown."""
        self.total += 1
        if len(self.found) < KEPT:
            shown = [None if text is None else plain(str(text)) for text in (column, value)]
            self.found.append(Problem(plain(message), mend, line, *shown))

    def refuse_if_any(self) -> None:
        """End the import if anything was wrong so far.

        Raises:
            ImportRefused: with all problems found.
        """
        if self.total:
            ordered = sorted(self.found, key=lambda problem: problem.line or 0)
            raise ImportRefused(self.file, tuple(ordered), self.total)


def shortened(text: str) -> str:
    """A value short enough to stand in a message, on one line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= VALUE_LENGTH else flat[: VALUE_LENGTH - 1] + "…"
