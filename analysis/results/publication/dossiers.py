"""Dossiers neither unhappy nor reported nor overdue (766/QĐ-TTg), as published: bounds in whole percents."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from analysis.figures.case_queries import CaseScope
from analysis.figures.dossiers_content import SECTOR, SUBJECT, dossiers_content
from analysis.periods.models import Closing
from analysis.results.publication.publication_builder import PublicationBasis, question_of
from survey.foundation.periods import Period


def dossiers_json(basis: PublicationBasis) -> dict[str, Any] | None:
    """The bounds of a period, with reports as they stood at its end; None where they cannot be told."""
    scope = CaseScope(basis.province.id, (SECTOR,), basis.period.first_day, basis.period.last_day)
    told = dossiers_content(question_of(basis, SUBJECT), scope)
    if told.low is None:
        return None
    return {"dossiers": told.handled, "unsaid": told.unsaid, "low": told.low, "high": told.high}


def latest_dossiers(closings: Iterable[Closing]) -> tuple[Period, dict[str, Any]] | None:
    """The bounds of the first of some publications that has them, with its period."""
    told = ((Period.parse(closing.period), (closing.figures or {}).get("dossiers")) for closing in closings)
    return next(((period, bounds) for period, bounds in told if bounds), None)
