"""Which answers may not be told yet: what feedback asks before it shows a case to those it is about. SQL only."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement

from analysis.periods.release_gate import fetch_released
from survey.responses.models import Response


def held_back(province_id: int, months: Sequence[str]) -> ColumnElement[bool]:
    """The condition on `Response`: the release gate holds the answer back."""
    months = tuple(sorted(months))
    return fetch_released(province_id, months).held_back(Response, months)
