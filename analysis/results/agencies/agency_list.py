"""Agencies of a province as the public looks for them: grouped, each with its latest published share and its trend."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString, lazy_gettext

from analysis.periods.models import Closing
from analysis.presentation.charts.axis import axis_from
from survey.foundation.periods import Period
from survey.foundation.text.vietnamese import fold, sort_key
from survey.registry.models import Agency

GROUPS: dict[str, LazyString] = {
    "hospitals": lazy_gettext("Bệnh viện, trung tâm y tế, trạm y tế"),
    "schools": lazy_gettext("Trường học"),
    "communes": lazy_gettext("Xã, phường"),
    "departments": lazy_gettext("Sở, ngành"),
    "others": lazy_gettext("Đơn vị khác"),
    "former": lazy_gettext("Không còn hoạt động"),
}
SUBJECTS = ("health_service", "education_service", "agency_service", "procedures_and_service", "procedures")
MOST_PERIODS = 6  # of a trend
WIDTH, HEIGHT, EDGE = 80, 24, 3  # pixels of a trend


@dataclass(frozen=True)
class AgencyLine:
    """One agency: its latest published row of its first subject; `row` None where all are held back."""

    code: str
    name: str
    subject: str
    period: Period | None
    row: dict[str, Any] | None
    shares: tuple[float, ...]

    @property
    def trend(self) -> str:
        """The points of a line of 80 x 24 pixels from 50 % (lower where a share is) to 100 %, the oldest first.

        '' with fewer than two figures.
        """
        if len(self.shares) < 2:
            return ""
        low = axis_from(self.shares)
        step = (WIDTH - 2 * EDGE) / (len(self.shares) - 1)
        return " ".join(
            f"{EDGE + step * index:.1f},{HEIGHT - EDGE - (share - low) / (1 - low) * (HEIGHT - 2 * EDGE):.1f}"
            for index, share in enumerate(self.shares)
        )


def grouped(
    closings: Sequence[Closing], agencies: Mapping[str, Agency], today: dt.date, asked: str = ""
) -> dict[str, list[AgencyLine]]:
    """Lines by group, by name; only agencies of a publication whose name holds what was asked.

    `closings`: the latest first; `agencies`: by code, of the register.
    """
    wanted = fold(asked)
    lines: dict[str, list[AgencyLine]] = {}
    for code, rows in _rows_by_agency(closings).items():
        name = rows[0][2]["label"]
        if wanted in fold(name):
            group = _group(code, rows[0][1], agencies, today)
            lines.setdefault(group, []).append(_line(code, name, rows))
    return {group: sorted(lines[group], key=lambda line: sort_key(line.name)) for group in GROUPS if group in lines}


def first_of(groups: Mapping[str, list[AgencyLine]], most: int) -> tuple[dict[str, list[AgencyLine]], int]:
    """The first `most` lines over all groups, and how many are left."""
    shown: dict[str, list[AgencyLine]] = {}
    room = most
    for group, lines in groups.items():
        if lines[:room]:
            shown[group] = lines[:room]
        room = max(0, room - len(lines))
    return shown, sum(map(len, groups.values())) - sum(map(len, shown.values()))


def bars_from(groups: Mapping[str, list[AgencyLine]]) -> float:
    """Where the axis that all bars share begins."""
    rows = [line.row for lines in groups.values() for line in lines if line.row is not None]
    return axis_from(row["interval_90"]["low"] for row in rows if row["interval_90"])


def _rows_by_agency(closings: Iterable[Closing]) -> dict[str, list[tuple[Period, str, dict[str, Any]]]]:
    rows: dict[str, list[tuple[Period, str, dict[str, Any]]]] = {}
    for closing in closings:
        period, subjects = Period.parse(closing.period), (closing.figures or {}).get("subjects", {})
        for subject in (known for known in SUBJECTS if known in subjects):
            for row in subjects[subject]["by"].get("agency", []):
                rows.setdefault(row["domain"], []).append((period, subject, row))
    return rows


def _line(code: str, name: str, rows: list[tuple[Period, str, dict[str, Any]]]) -> AgencyLine:
    shown = [(period, subject, row) for period, subject, row in rows if row["estimate"] is not None]
    if not shown:
        return AgencyLine(code, name, rows[0][1], None, None, ())
    period, subject, row = shown[0]
    # Months beside months, years beside years: a trend compares like with like.
    alike = [drawn for when, about, drawn in shown if about == subject and when.kind == period.kind][:MOST_PERIODS]
    return AgencyLine(code, name, subject, period, row, tuple(entry["estimate"] for entry in reversed(alike)))


def _group(code: str, subject: str, agencies: Mapping[str, Agency], today: dt.date) -> str:
    agency = agencies.get(code)
    if agency is not None and agency.valid_to is not None and agency.valid_to < today:
        return "former"
    if subject == "health_service":
        return "hospitals"
    if subject == "education_service":
        return "schools"
    if agency is None or agency.kind != "administrative":
        return "others"
    return {"commune": "communes", "province": "departments"}.get(agency.level, "others")
