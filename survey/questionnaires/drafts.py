"""A new version of a questionnaire: drafted beside the published ones, then published and never changed again."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey.foundation.changes import audit
from survey.foundation.clock import now
from survey.foundation.identifiers import content_hash
from survey.foundation.storage.database import writing
from survey.questionnaires.definition import Definition, DefinitionError
from survey.questionnaires.form import try_send
from survey.questionnaires.queries import add_draft, drop_draft, find_draft, last_number
from survey.questionnaires.versions import VersionName, load_definition

MOST_ITEMS = 60  # so that the citizen's page stays light


class DraftProblem(ValueError):
    """Why a draft cannot be stored or published, and what to do about it."""


def start_draft(key: str, current: VersionName) -> None:
    """Begin a draft from the version asked now; one that exists already stays as it is."""
    with writing() as session:
        if find_draft(session, key) is None:
            definition = load_definition(session, current)
            assert definition is not None
            number = last_number(session, key) + 1
            add_draft(session, key, number, definition.as_json())
            audit.record(session, "draft_questionnaire", "questionnaire", key, after={"version": number})


def save_draft(key: str, definition: dict[str, Any], seen: str) -> None:
    """Store what the draft asks.

    Raises:
        DraftProblem: it cannot be used as a questionnaire, lacks an overall question, or someone else was faster.
    """
    _check(definition)
    with writing() as session:
        draft = find_draft(session, key)
        if draft is None or seen != content_hash(draft.definition):
            raise DraftProblem(_("Người khác vừa sửa bản nháp này. Mở lại trang để xem bản mới, rồi sửa tiếp."))
        before = draft.definition
        if before != definition:
            draft.definition = definition
            _trace(session, "change", key, before, definition, draft.version)


def publish_draft(key: str, seen: str, current: VersionName) -> int:
    """Publish the draft as it was seen; from now on it is the version asked. Returns its number.

    Raises:
        DraftProblem: it asks the same as the current version, or has changed since it was seen.
    """
    with writing() as session:
        draft = find_draft(session, key)
        if draft is None or seen != content_hash(draft.definition):
            raise DraftProblem(_("Bản nháp đã thay đổi hoặc đã được công bố. Mở lại trang để xem."))
        _check(draft.definition)
        asked = load_definition(session, current)
        assert asked is not None
        if asked == Definition.parse(draft.definition):
            raise DraftProblem(_("Bản nháp giống hệt bản đang dùng: sửa một câu rồi mới công bố."))
        draft.published_at = now()
        _trace(session, "publish_questionnaire", key, asked.as_json(), draft.definition, draft.version, current.version)
        return int(draft.version)


def discard_draft(key: str) -> None:
    """Throw the draft away; published versions stay."""
    with writing() as session:
        draft = find_draft(session, key)
        if draft is not None:
            before = {"version": draft.version, "definition": draft.definition}
            drop_draft(session, key)
            audit.record(session, "discard_draft", "questionnaire", key, before=before)


def _check(data: dict[str, Any]) -> None:
    try:
        definition = Definition.parse(data)
        try_send(definition)
    except DefinitionError as error:
        raise DraftProblem(str(error)) from error
    if len(definition.items) > MOST_ITEMS:
        raise DraftProblem(
            _("Phiếu có %(n)s câu, tối đa %(most)s: bỏ bớt câu.", n=len(definition.items), most=MOST_ITEMS)
        )


def _trace(
    session: Session, action: str, key: str, before: Any, after: Any, number: int, earlier: int | None = None
) -> None:
    audit.record(
        session,
        action,
        "questionnaire",
        key,
        before={"version": earlier or number, "definition": before},
        after={"version": number, "definition": after},
    )
