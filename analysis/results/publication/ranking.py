"""The public ranking of a published year: ranks as intervals, of agencies whose figures are published, in that order.

What a citizen gave cannot be read from it: it stands on published numbers, and on no agency that was held back. It is
stored with the publication as it was decided, and shown only once a second person has confirmed (`changes.RANK`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from analysis.figures.service import answer
from analysis.periods.models import Closing
from analysis.results.publication.publication_builder import PublicationBasis, question_of
from analysis.statistics.verdicts.multiplicity import rank
from survey.foundation.text.vietnamese import sort_key

SUBJECT = "agency_service"
CLOSE_ENOUGH = 0.01  # a revision may carry over a share that changed by less than could be told


class FiguresChanged(Exception):
    """What would be ranked today is no longer what was published."""


def ranking_of(basis: PublicationBasis, figures: dict[str, Any]) -> list[dict[str, Any]]:
    """A row an agency, best first: code, name, published share, n, received, `best` and `worst` rank (None: no rank).

    Raises:
        FiguresChanged: a caseload was corrected since, so that ranks would not belong to the published shares.
    """
    rows = figures.get("subjects", {}).get(SUBJECT, {}).get("by", {}).get("agency", [])
    shown = {row["domain"]: row for row in rows if row["estimate"] is not None}
    answered = answer(question_of(basis, SUBJECT, "agency"))
    if answered.estimation is None or not shown:
        return []
    chosen = [place for place, figure in enumerate(answered.figures) if figure.domain in shown]
    domains = []
    for place in chosen:
        domain, published = answered.estimation.domains[place], shown[answered.figures[place].domain]["estimate"]
        if domain.estimate is None or abs(domain.estimate - published) > CLOSE_ENOUGH:
            raise FiguresChanged
        domains.append(replace(domain, estimate=published))
    covariance = answered.estimation.covariance[chosen][:, chosen]
    ranks = rank(domains, covariance)
    told = [
        _row(shown[answered.figures[place].domain], interval) for place, interval in zip(chosen, ranks, strict=True)
    ]
    return sorted(told, key=lambda row: (row["best"] is None, -row["estimate"], sort_key(row["label"])))


def coverage_of(closing: Closing) -> list[dict[str, Any]]:
    """The coverage targets as the publication has them."""
    return [target for target in (closing.figures or {}).get("targets", []) if target["kind"] == "coverage"]


def _row(published: dict[str, Any], interval: Any) -> dict[str, Any]:
    best, worst = (None, None) if interval is None else (interval.best, interval.worst)
    names = ("domain", "label", "estimate", "interval_90", "n", "received")
    return {**{name: published[name] for name in names}, "best": best, "worst": worst}
