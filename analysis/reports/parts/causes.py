"""What pulls a result down, strongest first, in lines of their own."""

from __future__ import annotations

from analysis.presentation.gap_contributions import ShownContribution
from analysis.reports.context import Brief
from analysis.reports.parts.contributions import lowering
from survey.foundation.formatting import VISIBLE, distance, percent

MOST, MOST_UNITS = 3, 2


def causes(brief: Brief, subject: str, by: str) -> list[ShownContribution]:
    """At most three parts that visibly cost something."""
    return [part for part in lowering(brief, subject, by)[:MOST] if -part.gap >= VISIBLE]


def cause_lines(brief: Brief, subject: str) -> tuple[str, ...]:
    """At most three: as "Khám bệnh ngoại trú: 2,3 điểm (71,2 % hài lòng, 84,0 % lượt khám);".

    Services first; units in one line where fewer than three services cost anything.
    """
    unit = brief.caseload_unit(subject)
    lines = [
        f"{part.figure.label}: {cost(part)} ({_share(part)} hài lòng, {percent(part.weight)} {unit});"
        for part in causes(brief, subject, "service")
    ]
    if len(lines) < MOST and not brief.recipient.is_single and (units := causes(brief, subject, "agency")[:MOST_UNITS]):
        named = "; ".join(f"{part.figure.label} ({cost(part)})" for part in units)
        lines.append(f"Theo đơn vị: {named}.")
    if lines:
        lines[-1] = lines[-1].rstrip(";.") + "."
    return tuple(lines)


def cost(part: ShownContribution) -> str:
    """What a part takes from the result: "2,3 điểm"."""
    return distance(part.gap)


def _share(part: ShownContribution) -> str:
    return percent(part.figure.estimate.estimate if part.figure.estimate else None)
