"""Which answers may not be told yet: what feedback asks before it shows a case to those it is about. SQL only."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select

from analysis.periods.release_gate import fetch_released
from survey.feedback.holding import AnswerPlace
from survey.foundation.database import db
from survey.responses.models import Response


def fetch_held(places: Collection[AnswerPlace]) -> set[uuid.UUID]:
    """The answers among these that the release gate holds back."""
    by_province: dict[int, list[AnswerPlace]] = defaultdict(list)
    for place in places:
        by_province[place.province_id].append(place)
    held_ids: set[uuid.UUID] = set()
    for province_id, group in by_province.items():
        months = tuple(sorted({place.month for place in group}))
        held = fetch_released(province_id, months).held_back(Response, months)
        ids = [place.response_id for place in group]
        held_ids.update(db.session.scalars(select(Response.id).where(Response.id.in_(ids), held)))
    return held_ids
