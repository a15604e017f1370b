"""A file too long for a request is worked on by a process of its own; the desk watches it in the draft's row.

The process is the command `survey run-draft`. Whatever ends it, a file is taken in whole or not at all.
"""

from __future__ import annotations

import uuid
from typing import Any

from survey.foundation.clock import now
from survey.foundation.commands.behind import MEGABYTES, GivenUp, begin, is_silent, long_ago
from survey.foundation.languages.language import current_language
from survey.foundation.storage.database import locked, writing
from survey.foundation.tables.archives import weight
from survey.registry.files.models import ImportDraft
from survey.registry_pages.imports.drafts import note

LONG = 128 * 1024  # about 3,000 lines of caseloads: what a request reads in a second
CHECK, TAKE_IN = "check", "take-in"
COMMAND = "run-draft"


def is_long(content: bytes) -> bool:
    """Whether a file is not for a request."""
    return weight(content) > LONG


def is_running(draft: ImportDraft) -> bool:
    """Whether its process still works, as far as can be seen."""
    return bool(draft.task) and draft.result is None and not has_stalled(draft)


def has_stalled(draft: ImportDraft) -> bool:
    """Whether its process ended without a word."""
    return bool(draft.task) and draft.result is None and draft.beat_at is not None and is_silent(draft.beat_at)


def start(draft_id: uuid.UUID, task: str) -> None:
    """Begin to check a draft, or to take it in, unless that is being done: a second click changes nothing."""
    with writing() as session:
        draft = locked(session, ImportDraft, draft_id)
        if is_running(draft):
            return
        draft.task, draft.stage, draft.done, draft.total, draft.result, draft.beat_at = task, "", 0, None, None, now()
    options = ("--task", task, "--language", current_language(), "--megabytes", str(MEGABYTES))
    begin(COMMAND, str(draft_id), *options, if_killed=lambda: note(draft_id, beat_at=long_ago()))


def finish(draft_id: uuid.UUID, result: dict[str, Any]) -> None:
    """Keep what came of the work.

    Raises:
        GivenUp: nobody waits for it any more.
    """
    if not note(draft_id, result=result):
        raise GivenUp
