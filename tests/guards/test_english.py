"""The guard of English pages sees what no English reader writes, and passes what they do."""

from __future__ import annotations

import pytest

from tests.guards.english import unenglish


@pytest.mark.parametrize(
    "text",
    ["80,8 % satisfied", "1.234 dossiers", "missing: 9/2026", "on 05/10/2026", "1 kiosks out of contact", "Quầy"],
)
def test_what_no_english_reader_writes_is_seen(text: str) -> None:
    assert list(unenglish(text))


@pytest.mark.parametrize(
    "text",
    ["80.8 %", "1,234 dossiers", "37,000", "September 2026", "1 kiosk", "at least 1, 2 kiosks", "0.123", "v1.2.100"],
)
def test_what_english_readers_write_passes(text: str) -> None:
    assert list(unenglish(text)) == []
