"""A target's clause with its document, as the cells and brackets of documents name it."""

from __future__ import annotations

from analysis.targets.models import Target


def clause_in_document(target: Target) -> str:
    """ "mục III.2, số 323/QĐ-UBND"; a document without a number goes by its name."""
    named = f"số {target.document_number}" if target.document_number else target.short_document
    return f"mục {target.clause}, {named}"
