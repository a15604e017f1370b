"""What a report rests on: the clause that gives its author the duty, as long as the document holds.

The programmes of 2012 end with their last year (323 and 210: 2020, 930: 2015). Afterwards a clause is only named as the
origin, and the report is made under the office's own regime.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from analysis.reports.recipients import Recipient
from survey.foundation.periods import Period

GROUNDS = Path(__file__).with_name("grounds.json")
MERGED_ON = dt.date(2025, 7, 1)
UNITS = ("health", "education")


@dataclass(frozen=True)
class Ground:
    """A clause word for word; `until`: the last year for which its document was made."""

    document: str
    clause: str
    quote: str
    until: int

    def holds_in(self, year: int) -> bool:
        """Whether the document was in force for a year."""
        return year <= self.until


def duty_of(province: str, recipient: Recipient) -> Ground | None:
    """The clause that speaks of this author; None for a province without a document."""
    return _ground(province, recipient.key if recipient.agencies is None else _kind(recipient))


def charge_of(province: str, department: str) -> Ground | None:
    """The clause that charges a department with the method of measuring; None where no document does."""
    own = _all().get(province, {})
    return _ground(province, department) if own.get("charges_methods") else None


def regime_of(province: str) -> Ground | None:
    """The clause that asks for reports by quarter, half-year and year."""
    return _ground(province, "regime")


def work_sheet_ground(province: str) -> Ground | None:
    """The clause that asks one-stop shops for a work sheet by month; None where no document does."""
    return _ground(province, "work-sheet") if "work-sheet" in _all().get(province, {}) else None


def remote_ground(province: str) -> Ground | None:
    """The clause that asks for special help to ethnic minorities and remote areas; None where no document does."""
    return _ground(province, "remote") if "remote" in _all().get(province, {}) else None


def merger_words(province: str, name: str, period: Period) -> str:
    """One line where figures are those of a province that took another in; '' otherwise."""
    joined = _all().get(province, {}).get("joined")
    if not joined or period.last_day < MERGED_ON:
        return ""
    return (
        f"Từ ngày 01/7/2025 tỉnh {name} gồm cả tỉnh {joined} trước đây (Nghị quyết số 202/2025/QH15); "
        f"mốc nêu trên là của tỉnh {name} trước khi sáp nhập."
    )


def _kind(recipient: Recipient) -> str:
    head = recipient.name.startswith("Sở ")
    return "unit" if recipient.sector in UNITS and not head else "agency"


def _ground(province: str, key: str) -> Ground | None:
    own = _all().get(province)
    return None if own is None else Ground(own["document"], own[key]["clause"], own[key]["quote"], own["until"])


@cache
def _all() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(GROUNDS.read_text(encoding="utf-8"))
    return content
