"""Where a questionnaire is asked besides, or instead of, the short form: put to use, and ended."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from survey.foundation.changes import audit
from survey.foundation.clock import today
from survey.foundation.storage.database import writing
from survey.questionnaires.models import QuestionnaireUse
from survey.questionnaires.use_queries import UseRow, add_use, drop_use, fetch_use, same_use_exists


class Terms(NamedTuple):
    """Which places, which service and which days a use is about; ids None: all. `until` is its last day."""

    agency_id: int | None
    counter_id: int | None
    service_id: int | None
    wave: str
    since: dt.date
    until: dt.date | None


def put_to_use(key: str, province_id: int, terms: Terms, words: dict[str, str | None]) -> bool:
    """Ask a questionnaire as `terms` say; False: it is asked so already. `words`: the terms as the log tells them."""
    use = QuestionnaireUse(questionnaire_key=key, province_id=province_id, **terms._asdict())
    with writing() as session:
        if same_use_exists(session, use):
            return False
        add_use(session, use)
        audit.record(session, "use_questionnaire", "questionnaire", key, province_id=province_id, after=words)
    return True


def end_use(key: str, province_id: int, use_id: int) -> UseRow | None:
    """Ask it so for the last time yesterday; one that never began is forgotten. None: there is no such use."""
    with writing() as session:
        row = fetch_use(session, key, province_id, use_id)
        if row is None:
            return None
        day = today()
        if row.use.since >= day:
            drop_use(session, row.use)
        elif row.use.until is None or row.use.until >= day:
            row.use.until = day - dt.timedelta(days=1)
        audit.record(
            session, "end_questionnaire_use", "questionnaire", key, province_id=province_id, before=words_of(row)
        )
    return row


def words_of(row: UseRow) -> dict[str, str | None]:
    """A use as the log tells it."""
    return {
        "agency": row.agency_code,
        "counter": row.counter_code,
        "service": row.service_code,
        "wave": row.use.wave or None,
        "since": row.use.since.isoformat(),
        "until": row.use.until.isoformat() if row.use.until else None,
    }
