"""What the reader of an import's pages calls a file's columns."""

from __future__ import annotations

from survey.accounts.audit_log.fields import field_words
from survey.foundation.languages.language import DEFAULT, current_language
from survey.registry.files.words import usual_heading


def column_words(kind: str, column: str) -> str:
    """A column of a kind of file: in Vietnamese as offices head it, so that a file so headed is understood."""
    return usual_heading(kind, column) if current_language() == DEFAULT else field_words(column)
