"""Targets and what they were judged to be, as the JSON other programs rely on."""

from __future__ import annotations

from typing import Any

from analysis.presentation.figures_json import NO_VERDICT, estimate_json, figure_json
from analysis.presentation.told_verdict import told_verdict
from analysis.targets.models import Target
from analysis.targets.service import JudgedTarget


def target_json(target: Target) -> dict[str, Any]:
    """A target with its document, clause and verbatim quote."""
    return {
        "id": target.code,
        "province": target.province.key,
        "agency": target.agency.code if target.agency else None,
        "kind": target.kind,
        "subject": target.subject,
        "coverage_of": target.coverage_of,
        "sector": target.sector,
        "respondent_kinds": list(target.respondent_kinds),
        "comparator": target.comparator,
        "threshold": float(target.threshold),
        "from_year": target.from_year,
        "due_year": target.due_year,
        "document": target.document,
        "clause": target.clause,
        "quote": target.quote,
        "note": target.note,
    }


def verdicts_json(rows: list[JudgedTarget]) -> dict[str, Any]:
    """One entry a target and domain."""
    entries: list[dict[str, Any]] = []
    for row in rows:
        head = {"target": row.in_year.target.code, "status": row.in_year.status}
        if row.figures is None:
            entries.append({**head, **_coverage_json(row)})
        else:
            together = row.figures.together
            for figure in row.figures.figures:
                entry = figure_json(figure, row.in_year.threshold, together.get(figure.domain))
                beside = told_verdict(row.figures, figure)
                if beside is not None:
                    entry["verdict"] = {**beside, **entry["verdict"]}
                entries.append({**head, **entry})
    return {"verdicts": entries}


def _coverage_json(row: JudgedTarget) -> dict[str, Any]:
    share, met, units = row.coverage_share, row.coverage_met, row.units
    word = None if met is None else ("met" if met else "not_met")
    verdict = {**NO_VERDICT, "target": str(row.in_year.threshold), "point": word, "evidence": word}
    return {
        "domain": row.in_year.target.province.key,
        **estimate_json(None),
        "estimate": None if share is None else float(share),
        "n": units.units if units else 0,
        "units_reached": units.reached if units else 0,
        "units_reached_by_30": units.reached_well if units else None,
        "verdict": None if met is None else verdict,
    }
