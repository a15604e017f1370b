"""The PO file a translator fills in: every text citizens meet, with where it stands; what a pack has is kept."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from survey.foundation.languages.citizen_texts import CitizenText


def po_template(texts: Iterable[CitizenText], known: Mapping[str, str], suggested: Mapping[str, str]) -> bytes:
    """The file. `known`: texts there already; `suggested`: the English, as a help to understand the Vietnamese."""
    catalogue = Catalog(project="Hai long", fuzzy=False)
    for text in texts:
        notes = [text.where, *(["spoken: record it too"] if text.spoken else [])]
        if english := suggested.get(text.vietnamese):
            notes.append(f"English: {english}")
        catalogue.add(text.vietnamese, known.get(text.vietnamese, ""), auto_comments=notes)
    file = io.BytesIO()
    write_po(file, catalogue, width=0, omit_header=False)
    return file.getvalue()
