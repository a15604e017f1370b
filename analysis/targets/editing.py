"""One target from the desk's form, stored by the very rules of the import, with its trace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.targets.importing import Targets
from survey.foundation.database import db, writing
from survey.imports.editing import save_record
from survey.imports.records import Scope

TARGETS = Targets()


def stored_values(province: str, code: str) -> dict[str, Any]:
    """A target's values in the file's terms."""
    return TARGETS.fetch(db.session(), ())[(province, code)].values


def save_target(texts: Mapping[str, str], scope: Scope, *, new: bool, seen: str) -> None:
    """Store a new target of a province or change one: the only way in beside the import.

    Raises:
        EditRefused: with everything that is wrong.
    """
    with writing() as session:
        save_record(session, TARGETS, texts, scope, new=new, seen=seen)
