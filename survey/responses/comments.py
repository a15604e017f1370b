"""Comments as searching needs them: without marks, case and line breaks, so that "cho lau" finds "Chờ lâu"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from survey.foundation.text.vietnamese import fold

_SHARED = ("province_id", "answered_at", "sector", "agency_id", "service_id")


def searchable(text: str) -> str:
    """Text in the form in which comments are searched, and what one searches for."""
    return " ".join(fold(text).split())


def rating_bit(value: int) -> int:
    """The place of a rating (1-5) in a comment's set of ratings."""
    return 1 << value


def comment_rows(
    stored: Iterable[tuple[Mapping[str, Any], Sequence[Mapping[str, Any]]]],
) -> list[dict[str, Any]]:
    """A row for each (response, its overall ratings) that has a comment."""
    return [_row(response, ratings) for response, ratings in stored if response["comment"] is not None]


def _row(response: Mapping[str, Any], ratings: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    bits = 0
    for rating in ratings:
        bits |= rating_bit(rating["value"])
    shared = {name: response[name] for name in _SHARED}
    return {"response_id": response["id"], "ratings": bits, "folded": searchable(response["comment"]), **shared}
