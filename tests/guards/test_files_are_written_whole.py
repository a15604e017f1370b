"""Who writes a file that somebody named writes it by `foundation/commands/new_files.py`: whole, or not at all."""

from __future__ import annotations

import re

from survey.foundation.configuration.settings import ROOT

BY_ITSELF = re.compile(r"\.write_(?:bytes|text)\(|\bopen\([^)]*[\"'][wx]b?[\"']")
OF_THEIR_OWN = {
    "survey/foundation/commands/new_files.py": "it is this",
    "survey/backups/encryption.py": "a draft beside its place, which it drops",
    "survey/questionnaires/packs/sample.py": "a folder that was empty, for a person to go on with",
    "analysis/exports/service.py": "a draft beside its place, which it drops",
    "analysis/archive/files.py": "a draft beside its place, or a copy in a folder that passes",
}


def test_no_part_writes_files_by_itself() -> None:
    writing = {
        str(path.relative_to(ROOT))
        for part in ("survey", "kiosk", "analysis")
        for path in (ROOT / part).rglob("*.py")
        if BY_ITSELF.search(path.read_text(encoding="utf-8"))
    }
    assert writing == OF_THEIR_OWN.keys()
