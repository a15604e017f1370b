"""What came on paper or by telephone: a clerk enters it, the citizen gets the code on a slip."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from survey.feedback.codes import code_of, digest_of
from survey.feedback.queries import CaseOrigin, find_by_digest
from survey.feedback.service import new_case
from survey.foundation.changes import audit
from survey.foundation.storage.database import writing


@dataclass(frozen=True)
class Entry:
    """What was said, where it belongs and how it came; `id` names the form, so that it counts once."""

    id: uuid.UUID
    province_id: int
    agency_id: int
    sector: str
    channel: str
    text: str


def enter(entry: Entry, user_id: int) -> str:
    """Open a case; its follow code. The same form sent again opens none and gives the same code."""
    code = code_of(entry.id)
    origin = CaseOrigin(entry.province_id, entry.sector, entry.agency_id, entry.text, None)
    try:
        with writing() as session:
            case = new_case(code, origin, user_id)
            case.text, case.channel = entry.text, entry.channel
            session.add(case)
            session.flush()
            after = {"state": case.state, "due_on": case.due_on.isoformat(), "channel": entry.channel}
            audit.record(session, "open_feedback", "feedback", case.id, province_id=entry.province_id, after=after)
    except IntegrityError:
        if find_by_digest([digest_of(code)]) is None:
            raise  # not the same form sent again
    return code
