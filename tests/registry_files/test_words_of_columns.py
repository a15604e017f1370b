"""What is said about a file calls its columns as offices do; their codes stand in lists of columns alone."""

from __future__ import annotations

import re

from babel.messages.pofile import read_po

from survey.registry.files.service import RECORD_KINDS
from tests.guards.english import CATALOGUE

# In “…” stand fields of a questionnaire in JSON. "service: …" is told to programs, whose requests have a field of that
# name; a browser has service workers.
ALSO_OTHERWISE = {"service", "counter"}


def test_no_text_for_people_names_a_column_by_its_code() -> None:
    codes = {column.name for kind in RECORD_KINDS.values() for column in kind.columns} - ALSO_OTHERWISE
    assert {"valid_to", "successor", "overdue"} <= codes
    code = re.compile(rf"(?<![%({{“\w-])(?:{'|'.join(sorted(codes))})(?![\w-])")
    with CATALOGUE.open("rb") as file:
        texts = [message.id for message in read_po(file) if isinstance(message.id, str)]
    assert [text for text in texts if code.search(text)] == []
