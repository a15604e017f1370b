"""A month's level that is out of line: off the control chart, fallen since the month before, or above the dossiers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from analysis.figures.figure import Figure
from analysis.signals.finding import CHART, DROP, OVERFULL, Finding
from analysis.signals.queries import Load
from analysis.signals.told import MonthCount
from analysis.statistics import chance_of_fall, change, sufficient
from analysis.statistics.detection.signals import chart_point, level_of
from analysis.statistics.disclosure.primary import FEWEST_STAFF
from survey.foundation.vocabulary import SECTOR_OF_SUBJECT

SUBJECTS = ("procedures", "agency_service", "health_service", "education_service")


def find_off_chart(counts: Iterable[MonthCount], months: Sequence[str]) -> Iterator[Finding]:
    """Agencies whose unweighted share of the last of `months` leaves the limits the months before it set.

    A month of fewer than ten answers is no finding: its share would be told, and nobody's answers are.
    """
    series: dict[tuple[int, str], dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for row in counts:
        cell = series[row.agency_id, row.subject][row.month]
        cell[0] += row.answers
        cell[1] += row.satisfied
    month, level = months[-1], level_of(len(series))
    for (agency_id, subject), cells in sorted(series.items()):
        n, hits = zip(*(cells.get(month, (0, 0)) for month in months), strict=True)
        point = chart_point(n, hits, level=level) if n[-1] >= FEWEST_STAFF else None
        if point is not None and point.p <= level:
            evidence = {
                "subject": subject,
                "share": point.share,
                "centre": point.centre,
                "lower": point.lower,
                "upper": point.upper,
                "p": point.p,
                "answers": n[-1],
                "months": len([count for count in n[:-1] if count]),
            }
            sector = SECTOR_OF_SUBJECT[subject] or ""
            yield Finding(CHART, f"{agency_id}|{subject}|{month}", month, sector, agency_id, None, evidence)


def find_drops(
    subject: str, month: str, pairs: Sequence[tuple[int, Figure, Figure]], families: int
) -> Iterator[Finding]:
    """Agencies whose figure has fallen since the month before by more than its uncertainty explains.

    `pairs`: (agency, this month's figure, last month's); `families`: subjects tested beside each other. One-sided.
    """
    level = level_of(len(pairs) * families)
    for agency_id, later, earlier in pairs:
        now, before = later.estimate, earlier.estimate
        if now is None or before is None or not (sufficient(now) and sufficient(before)):
            continue
        fall, chance = change(now, before), chance_of_fall(now, before)
        if fall is None or chance is None or fall.estimate >= 0 or chance > level:
            continue
        evidence = {
            "subject": subject,
            "share": now.estimate,
            "before": before.estimate,
            "difference": fall.estimate,
            "low": fall.interval.low if fall.interval else None,
            "high": fall.interval.high if fall.interval else None,
            "p": chance,
            "answers": now.responses,
        }
        sector = SECTOR_OF_SUBJECT[subject] or ""
        yield Finding(DROP, f"{agency_id}|{subject}|{month}", month, sector, agency_id, None, evidence)


def find_overfull(loads: Iterable[Load], month: str) -> Iterator[Finding]:
    """More answers than dossiers: no chance is involved, either the caseload or the answers are wrong."""
    for load in loads:
        if load.answers > load.caseload:
            evidence = {"service": load.service, "answers": load.answers, "caseload": load.caseload}
            about = f"{load.agency_id}|{load.service_id}|{month}"
            yield Finding(OVERFULL, about, month, load.sector, load.agency_id, None, evidence)
