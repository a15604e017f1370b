"""Figures and their verdicts as the JSON other programs rely on: shares are fractions 0-1, undefined is null."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from analysis.figures.figure import Figure, Figures
from analysis.periods.late import LateAnswers
from analysis.statistics import DomainEstimate, Evidence, Threshold
from analysis.statistics.as_json import NUMBERS, SHARES, domain_as_json, verdict_as_json

_NAMES = (*NUMBERS, "interval", "interval_90", *SHARES)


def estimate_json(estimate: DomainEstimate | None) -> dict[str, Any]:
    """Every number of one estimate, with both intervals; all null when it is held back."""
    if estimate is None:
        return dict.fromkeys(_NAMES)
    narrow = estimate.interval_90
    return {**domain_as_json(estimate), "interval_90": narrow and asdict(narrow)}


NO_VERDICT: dict[str, Any] = dict.fromkeys(
    (
        "target",
        "point",
        "evidence",
        "lower",
        "upper",
        "p_above",
        "p_below",
        "responses_needed",
        "overturn",
        "drawn_sample",
        "together",
    )
)


def figure_json(figure: Figure, threshold: Threshold | None = None, together: bool | None = None) -> dict[str, Any]:
    """One domain. A figure of too few answers has the verdict "insufficient" and no point.

    `together`: whether the verdict of one row among many stands also when all are judged at once. `drawn_sample`: how
    many dossiers drawn at random would settle an open one.
    """
    verdict = verdict_as_json(figure.verdict)
    if verdict is None and threshold and (figure.suppressed or figure.reference_only):
        verdict = {**NO_VERDICT, "target": str(threshold), "evidence": str(Evidence.INSUFFICIENT)}
    if verdict is not None:
        verdict |= {"drawn_sample": figure.verdict and figure.verdict.drawn_sample, "together": together}
    return {
        **estimate_json(figure.estimate),
        "domain": figure.domain,
        "label": figure.label,
        "n": figure.n,
        "received": figure.received,
        "left_out": dict(figure.left_out),
        "months_uneven": figure.unevenness.share or None,
        "partial": figure.partial,
        "caseload": figure.caseload,
        "suppressed": figure.suppressed,
        "reference_only": figure.reference_only,
        "provisional": figure.provisional,
        "verdict": verdict,
    }


def figures_json(figures: Figures) -> dict[str, Any]:
    """The whole answer to a question."""
    question, together = figures.question, figures.together
    return {
        "province": question.province,
        "subject": question.subject,
        "period": question.period.code,
        "by": question.by,
        "method": str(question.method),
        "audience": question.audience,
        "domains": [figure_json(figure, figures.threshold, together.get(figure.domain)) for figure in figures.figures],
        "warnings": [{"code": note.code, "message": note.message} for note in figures.notes],
    }


def late_json(late: LateAnswers) -> dict[str, Any]:
    """A closed period, and how many of its answers came since it was closed."""
    return {"period": late.period.code, "closed_at": late.closed_at.isoformat(), "answers": late.answers}
