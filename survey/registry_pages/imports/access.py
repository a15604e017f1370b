"""What the pages of imports share: which kinds a user may import, and a user's file on its way in."""

from __future__ import annotations

import uuid
from functools import partial

from flask import abort, make_response, render_template
from flask_login import current_user

from survey.accounts.agency_access import MANAGE_AGENCIES, UserScope
from survey.accounts.permissions import can_anywhere
from survey.registry.files.given import Given
from survey.registry.files.models import ImportDraft
from survey.registry.files.result import ImportOutcome
from survey.registry.files.service import import_file
from survey.registry_pages.imports.column_words import column_words
from survey.registry_pages.imports.drafts import find_draft
from survey.registry_pages.imports.foreseen import Foreseen, foreseen, from_result
from survey.registry_pages.imports.jobs import CHECK, is_long, start
from survey.registry_pages.imports.kinds import OFFERED


def kinds_allowed() -> list[str]:
    """The kinds of files the signed-in user may import.

    Raises:
        NotFound: none at all.
    """
    services_too = UserScope(current_user, MANAGE_AGENCIES).allows(None)
    kinds = [
        kind
        for kind, offered in OFFERED.items()
        if can_anywhere(offered.action) and (kind != "services" or services_too)
    ]
    if not kinds:
        abort(404)
    return kinds


def titles() -> dict[str, str]:
    """What each of them is called."""
    return {kind: str(OFFERED[kind].title) for kind in kinds_allowed()}


def scope_of(kind: str) -> UserScope:
    """What the signed-in user may change by files of a kind."""
    return UserScope(current_user, OFFERED[kind].action)


def draft_of(draft_id: uuid.UUID) -> ImportDraft:
    """A file on its way in.

    Raises:
        NotFound: there is none, or it is not this user's. The page says what may have become of it: in another tab it
            was taken in or given up, or another file of its kind was sent.
    """
    draft = find_draft(current_user.id, draft_id)
    if draft is None or draft.kind not in kinds_allowed():
        abort(make_response(render_template("registry/import_gone.html"), 404))
    return draft


def run_draft(draft: ImportDraft, *, dry_run: bool) -> ImportOutcome:
    """Import a file, or see what that would change.

    Raises:
        ImportRefused: with every problem found; nothing was changed.
    """
    return import_file(
        draft.kind,
        draft.file,
        draft.content,
        dry_run=dry_run,
        scope=scope_of(draft.kind),
        given=Given(**draft.given),
        called=partial(column_words, draft.kind),
    )


def check_draft(draft_id: uuid.UUID) -> None:
    """Look through a file that came or changed; a long one is only begun with.

    Raises:
        ImportRefused: with every problem found.
    """
    draft = draft_of(draft_id)
    if is_long(draft.content):
        start(draft_id, CHECK)
    else:
        run_draft(draft, dry_run=True)


def look_at(draft: ImportDraft) -> Foreseen:
    """What a file would change: looked at now, or found by the process that looked.

    Raises:
        ImportRefused: with every problem found.
    """
    return from_result(draft.result) if draft.result else foreseen(run_draft(draft, dry_run=True))
