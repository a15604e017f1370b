"""Which program, method and questionnaires made a report."""

from __future__ import annotations

import tomllib
from functools import cache

from analysis.reports.queries import fetch_questionnaires
from survey.foundation.periods import Period
from survey.foundation.settings import ROOT

METHOD = "top2-E3/1"


@cache
def program_version() -> str:
    """The version in pyproject.toml, the only place that names it."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])


def versions(province_id: int, period: Period) -> dict[str, str]:
    """As printed and attached: program, method, questionnaires with their versions."""
    forms = ", ".join(fetch_questionnaires(province_id, period)) or "không có"
    return {"chương trình": program_version(), "phương pháp": METHOD, "phiếu khảo sát": forms}
