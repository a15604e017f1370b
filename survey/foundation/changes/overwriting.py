"""Two desks change the same: whoever sends a page that shows what stands no more overwrites nothing unseen.

Every form of the desk carries a token that says when its page was made, and every change leaves in the audit log what
it wrote. So one place knows whether a form would overwrite what somebody else has written since: it is refused, and
told who was first. What one has written oneself meanwhile, on another page, is one's own to overwrite.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from flask import has_request_context, request
from sqlalchemy.orm import Session

from survey.foundation.changes.audit_queries import fetch_written_by_others
from survey.foundation.pages.page_tokens import page_token

SECOND = dt.timedelta(seconds=1)  # the token's time has no fractions


class SomebodyWasFasterError(Exception):
    """Nothing of the form was stored. `user_id`: who was first; `at`: when."""

    def __init__(self, user_id: int, at: dt.datetime) -> None:
        super().__init__(user_id)
        self.user_id, self.at = user_id, at


def refuse_overwriting(
    session: Session,
    object_type: str,
    object_id: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    user_id: int | None,
) -> None:
    """Refuse a change of what another person has written since this form's page was made.

    Raises:
        SomebodyWasFasterError: the change would overwrite it.
    """
    made = _page_made()
    if made is None or user_id is None:
        return
    changing = {name: value for name, value in _plain(before).items() if value != _plain(after).get(name)}
    for theirs, who, at in fetch_written_by_others(session, object_type, object_id, made + SECOND, user_id):
        if any(name in changing and changing[name] == value for name, value in theirs.items()):
            raise SomebodyWasFasterError(who, at)


def _page_made() -> dt.datetime | None:
    """When the page was made from which a form of the desk is sent; None: it is none, or does not say."""
    if not has_request_context() or request.method != "POST" or not request.path.startswith("/desk/"):
        return None
    token = page_token()
    return token.made if token else None


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """As the log gives them back."""
    plain: dict[str, Any] = json.loads(json.dumps(values))
    return plain
