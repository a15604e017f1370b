"""What other parts of the program have to say of a file that is taken: it refuses nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey.foundation.typesetting.printable import lacking
from survey.registry.files.problems import Problems
from survey.registry.files.records import Change

Remark = Callable[[Session, Sequence[Change], Problems], None]
_REMARKS: list[tuple[str, Remark]] = []  # filled when the program is loaded, never after


def register_remark(kind: str, remark: Remark) -> None:
    """Let another part of the program note what looks odd in files of a kind; the same function counts once."""
    if (kind, remark) not in _REMARKS:
        _REMARKS.append((kind, remark))


def make_remarks(session: Session, kind: str, changes: Sequence[Change], problems: Problems) -> None:
    """Note everything that looks odd in a sound file."""
    for about, remark in _REMARKS:
        if about == kind:
            remark(session, changes, problems)


def note_unprintable(changes: Sequence[Change], problems: Problems) -> None:
    """Note the texts with signs that a document prints as a mark."""
    for change in changes:
        for column, (_before, value) in change.differences().items():
            if isinstance(value, str) and (signs := lacking(value)):
                why = _("có ký tự mà phông chữ của tài liệu không có, tài liệu in dấu thay")
                problems.note_reading(column, why, change.line, value, signs)
