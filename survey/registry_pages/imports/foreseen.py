"""What a file would change, or why it is refused, in a form that a page shows and a row keeps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from flask_babel import gettext as _

from survey.accounts.audit_log.fields import value_words
from survey.foundation.formatting import date
from survey.registry.files.given import MoreNeeded
from survey.registry.files.problems import HeaderRefused, ImportRefused, Problem
from survey.registry.files.records import Change
from survey.registry.files.result import ImportOutcome

CHANGES_SHOWN = 100
PROBLEMS_SHOWN = 200
_REFUSALS: tuple[type[ImportRefused], ...] = (HeaderRefused, MoreNeeded, ImportRefused)


@dataclass(frozen=True)
class Foreseen:
    """Counts of records, and the first changes: those of stored records before new ones."""

    new: int
    changed: int
    unchanged: int
    notes: tuple[str, ...]
    changes: tuple[dict[str, Any], ...]

    @property
    def differing(self) -> int:
        """How many records would be written."""
        return self.new + self.changed


def foreseen(outcome: ImportOutcome) -> Foreseen:
    """What the preview tells of an import."""
    shown = islice(sorted(outcome.changes, key=lambda change: change.before is None), CHANGES_SHOWN)
    changes = tuple(
        {
            "line": change.line,
            "key": " · ".join(str(part) for part in change.key if part),
            "is_new": change.before is None,
            "differences": [
                [name, _shown(name, before), _shown(name, after)] for name, (before, after) in _told(change).items()
            ],
        }
        for change in shown
    )
    return Foreseen(outcome.new, outcome.changed, outcome.unchanged, outcome.notes, changes)


def _told(change: Change) -> dict[str, tuple[Any, Any]]:
    """What changes of a stored record; of a new one all that the file says of it beside its key."""
    if change.before is not None:
        return change.differences()
    return {
        name: (None, value)
        for name, value in change.after.items()
        if value not in (None, "", ()) and value not in change.key
    }


def _shown(name: str, value: Any) -> str:
    if value is None or value == "" or value == ():
        return str(_("(trống)"))
    if isinstance(value, dt.date):
        return date(value)
    return value_words(name, list(value) if isinstance(value, tuple) else value)


def as_result(work: Callable[[], Foreseen]) -> dict[str, Any]:
    """What the work gives, or how it refuses the file, as JSON."""
    try:
        return {"foreseen": asdict(work())}
    except ImportRefused as refusal:
        return {
            "refused": next(how.__name__ for how in _REFUSALS if isinstance(refusal, how)),
            "file": refusal.file,
            "total": refusal.total,
            "problems": [asdict(problem) for problem in refusal.problems[:PROBLEMS_SHOWN]],
            "needs": list(getattr(refusal, "needs", ())),
            "sheets": list(getattr(refusal, "sheets", ())),
        }


def from_result(result: Mapping[str, Any]) -> Foreseen:
    """The same again.

    Raises:
        ImportRefused: as when the file was read.
    """
    if "foreseen" in result:
        kept = result["foreseen"]
        return Foreseen(**{**kept, "notes": tuple(kept["notes"]), "changes": tuple(kept["changes"])})
    how = next(how for how in _REFUSALS if how.__name__ == result["refused"])
    refusal = how(result["file"], tuple(Problem(**problem) for problem in result["problems"]), result["total"])
    if isinstance(refusal, MoreNeeded):
        refusal.needs, refusal.sheets = tuple(result["needs"]), tuple(result["sheets"])
    raise refusal
