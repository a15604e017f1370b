"""What other parts of the program have to say of a file that is taken: it refuses nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from survey.registry.files.problems import Problems
from survey.registry.files.records import Change

Remark = Callable[[Session, Sequence[Change], Problems], None]
_REMARKS: dict[str, list[Remark]] = {}


def register_remark(kind: str, remark: Remark) -> None:
    """Let another part of the program note what looks odd in files of a kind; the same function counts once."""
    if remark not in _REMARKS.setdefault(kind, []):
        _REMARKS[kind].append(remark)


def make_remarks(session: Session, kind: str, changes: Sequence[Change], problems: Problems) -> None:
    """Note everything that looks odd in a sound file."""
    for remark in _REMARKS.get(kind, ()):
        remark(session, changes, problems)
