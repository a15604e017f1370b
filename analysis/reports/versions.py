"""Which program, method and questionnaires made a report."""

from __future__ import annotations

from analysis.reports.queries import fetch_questionnaires
from survey.foundation.periods import Period
from survey.foundation.version import program_name

METHOD = "top2-E3/1"


def versions(province_id: int, period: Period) -> dict[str, str]:
    """As printed and attached: program with its commit, method, questionnaires with their versions."""
    forms = ", ".join(fetch_questionnaires(province_id, period)) or "không có"
    return {"chương trình": program_name(), "phương pháp": METHOD, "phiếu khảo sát": forms}
