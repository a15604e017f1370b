"""Caseloads of a closed period carry its figures: an import of them is not undone as a whole."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from analysis.periods.queries import fetch_closed_periods
from survey.foundation.formatting import period as in_words
from survey.foundation.periods import Period
from survey.registry.files.records import Change


def closed_on_these(session: Session, changes: Sequence[tuple[int | None, Change]]) -> str | None:
    """Why an import of caseloads cannot be undone; None if no period it belongs to is closed."""
    months = {(province_id, change.after["month"]) for province_id, change in changes}
    for province_id, code in fetch_closed_periods(session):
        if any((province_id, month) in months for month in Period.parse(code, days=True).months):
            return str(
                _(
                    "Số hồ sơ của lần nhập này đã dùng cho %(period)s, kỳ đã chốt. "
                    "Sửa từng số ở trang số hồ sơ của cơ quan, rồi chốt lại kỳ.",
                    period=in_words(code),
                )
            )
    return None
