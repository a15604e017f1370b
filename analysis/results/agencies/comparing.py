"""Two agencies side by side as they were published: the latest period of each subject that tells of both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from analysis.periods.models import Closing
from analysis.presentation.charts.axis import axis_from
from survey.foundation.periods import Period


@dataclass(frozen=True)
class Pair:
    """One subject in one period: the published rows of the first agency and of the second."""

    subject: str
    period: Period
    rows: tuple[dict[str, Any], dict[str, Any]]

    @property
    def low(self) -> float:
        """Where the axis of both begins."""
        return axis_from(row["interval_90"]["low"] for row in self.rows if row["interval_90"])

    @property
    def words(self) -> str:
        """Which of both is higher, where their 90 % intervals do not touch: more careful than a test."""
        first, second = self.rows
        this, other = first["interval_90"], second["interval_90"]
        if this is None or other is None:
            return str(_("Không so được: ít nhất một bên không có tỷ lệ được công bố."))
        if this["low"] > other["high"]:
            return str(_("%(first)s cao hơn: hai khoảng bất định tách rời.", first=first["label"]))
        if other["low"] > this["high"]:
            return str(_("%(first)s cao hơn: hai khoảng bất định tách rời.", first=second["label"]))
        return str(_("Chưa thể nói nơi nào cao hơn: hai khoảng bất định chồng lên nhau."))


def pairs_of(closings: Sequence[Closing], first: str, second: str) -> list[Pair]:
    """By subject, every period that tells of both, the latest first. `closings`: the latest first."""
    pairs = [
        Pair(subject, Period.parse(closing.period), (rows[first], rows[second]))
        for closing in closings
        for subject, entry in (closing.figures or {}).get("subjects", {}).items()
        if {first, second} <= (rows := {row["domain"]: row for row in entry["by"].get("agency", [])}).keys()
    ]
    order = list(dict.fromkeys(pair.subject for pair in pairs))
    return sorted(pairs, key=lambda pair: order.index(pair.subject))
