"""Which program, method and questionnaires made a report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.reports.queries import fetch_questionnaires
from survey.foundation.periods import Period
from survey.foundation.version import program_name

# The number rises whenever the same answers give another figure than before: a report tells by it that the method
# changed since, and is not taken for a forged one (`analysis verify`; tests/reports/test_made_before.py).
METHOD = "top2-E3/4"
METHOD_IS = "phương pháp"
FORMS = "phiếu khảo sát"


def versions(province_id: int, period: Period) -> dict[str, str]:
    """As printed and attached: program with its commit, method, questionnaires with their versions."""
    asked = fetch_questionnaires(province_id, period)
    forms = ", ".join(f"{form.key}/{form.version}" for form in asked) or "không có"
    return {"chương trình": program_name(), METHOD_IS: METHOD, FORMS: forms}


def method_of(figures: Mapping[str, Any]) -> str | None:
    """The method an attachment says it was made by; None where it says nothing."""
    method: str | None = figures.get("versions", {}).get(METHOD_IS)
    return method
