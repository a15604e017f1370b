"""Headings of foreign forms of files (exports of the national one-stop software): chosen once, remembered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.foundation.changes.audit import record
from survey.foundation.identifiers import content_hash
from survey.registry.files.headings import Headings
from survey.registry.files.layout import HeadedTable
from survey.registry.files.models import ImportMapping
from survey.registry.files.problems import Problems
from survey.registry.files.tables import open_table
from survey.registry.files.words import all_words

EXAMPLES = 3


class Mappings:
    """The remembered choices of one kind of file."""

    def __init__(self, session: Session, kind: str) -> None:
        self._session = session
        self._kind = kind

    def __call__(self, header: Sequence[str]) -> Mapping[str, str] | None:
        """What people chose for a header like this; None if nobody has."""
        query = select(ImportMapping.columns).where(
            ImportMapping.kind == self._kind, ImportMapping.form == form_of(header)
        )
        return self._session.scalar(query)


def form_of(header: Sequence[str]) -> str:
    """A digest of a header: files of the same form have the same."""
    return content_hash([all_words(name) for name in header])


def remember(session: Session, kind: str, header: Sequence[str], chosen: Mapping[str, str]) -> None:
    """Keep what each heading means; `chosen`: heading as written -> column."""
    form = form_of(header)
    columns = {all_words(heading): column for heading, column in chosen.items() if column}
    query = select(ImportMapping).where(ImportMapping.kind == kind, ImportMapping.form == form)
    mapping = session.scalar(query)
    before = {"columns": [] if mapping is None else described(mapping.columns)}
    if mapping is None:
        session.add(ImportMapping(kind=kind, form=form, columns=columns))
    else:
        mapping.columns = columns
    record(session, "choose_columns", kind, form[:12], before=before, after={"columns": described(columns)})


def described(columns: Mapping[str, str]) -> list[str]:
    """Choices as the audit log keeps them."""
    return [f"{column} = {heading}" for heading, column in sorted(columns.items())]


def foreign_header(content: bytes, headings: Headings, file: str, sheet: str = "") -> HeadedTable:
    """The header of a file whose columns are to be chosen, with its first lines.

    Raises:
        ImportRefused: the file cannot be read.
    """
    return open_table(content, headings, Problems(file), sheet)
