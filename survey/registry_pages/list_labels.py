"""The closed lists and the day, as the pages of agencies show them."""

from __future__ import annotations

from typing import Any

from flask_login import current_user

from survey.accounts.agency_access import MANAGE_AGENCIES, MANAGE_CASELOADS
from survey.accounts.permissions import can_anywhere
from survey.foundation.clock import today
from survey.foundation.vocabulary import (
    AGENCY_KINDS,
    AGENCY_LEVELS,
    AREAS,
    CASELOAD_UNITS,
    RESPONDENT_KINDS,
    SECTORS,
)


def words() -> dict[str, Any]:
    """For a blueprint's templates."""
    return {
        "agency_kinds": AGENCY_KINDS,
        "agency_levels": AGENCY_LEVELS,
        "areas": AREAS,
        "sectors": SECTORS,
        "caseload_units": CASELOAD_UNITS,
        "respondent_kinds": RESPONDENT_KINDS,
        "day": today(),
        "may_import": current_user.is_authenticated
        and (can_anywhere(MANAGE_AGENCIES) or can_anywhere(MANAGE_CASELOADS)),
    }
