"""Whom a case is told to before the answers of its agency are released: the level above, never those it is about.

Which answers may be told is known further up (the release gate of `analysis`); it says so here.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from flask import Flask, current_app

from survey.accounts.permissions import Action, Resource, allowed
from survey.feedback.models import FeedbackCase


@dataclass(frozen=True)
class AnswerPlace:
    """An answer with what the release gate goes by."""

    response_id: uuid.UUID
    province_id: int
    month: str


FindHeld = Callable[[Collection[AnswerPlace]], set[uuid.UUID]]


def init_release(app: Flask, find_held: FindHeld) -> None:
    """Say which answers may not be told yet."""
    app.extensions["held_answers"] = find_held


def held_cases(cases: Iterable[FeedbackCase]) -> set[int]:
    """The cases, by id, whose answers may not be told yet."""
    places = {case.id: AnswerPlace(case.response_id, case.province_id, case.response.month) for case in cases}
    find_held: FindHeld | None = current_app.extensions.get("held_answers")
    held = find_held(list(places.values())) if find_held and places else set()
    return {case_id for case_id, place in places.items() if place.response_id in held}


def is_above(case: FeedbackCase, action: Action) -> bool:
    """Whether the user may do this at the level above the agency a case is about."""
    return allowed(action, Resource(case.province_id, case.sector, case.agency.parent_id))
