"""Because of which citizens' reports a measure was taken."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_login import current_user
from wtforms import Field

from analysis.measures.origin_queries import fetch_reached
from survey.accounts.permissions import Action
from survey.feedback.reach_queries import reached
from survey.foundation.storage.database import db

MOST = 20


def read_cases(field: Field) -> tuple[int, ...] | None:
    """The numbers of cases typed in a field, each one the signed-in user sees; None: the field says what is wrong."""
    typed = (field.data or "").replace(",", " ").split()
    numbers = sorted({int(text) for text in typed if text.isascii() and text.isdigit() and len(text) < 11})
    seen = fetch_reached(numbers, reached(db.session(), current_user, Action.VIEW_COMMENTS))
    unknown = [text for text in typed if not text.isascii() or not text.isdigit() or int(text) not in seen]
    if unknown:
        field.errors = [_("Không có phản ánh số %(n)s trong phạm vi của Ông/Bà.", n=", ".join(unknown))]
    elif len(numbers) > MOST:
        field.errors = [_("Ghi tối đa %(n)s phản ánh.", n=MOST)]
    else:
        return tuple(numbers)
    return None
