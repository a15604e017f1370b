"""Annexes: every service and every agency, on pages lying across."""

from __future__ import annotations

from analysis.presentation import labels
from analysis.reports.context import Brief
from analysis.reports.document import Annex
from analysis.reports.parts.breakdowns import COUNTED, full_table


def annexes(brief: Brief) -> tuple[Annex, ...]:
    """One annex with a table for each subject and breakdown; a breakdown of a single row needs none."""
    tables = tuple(
        full_table(brief, subject, by, brief.captions.table(f"Theo {COUNTED[by]}: {labels.SUBJECT[subject]}"))
        for subject in brief.subjects
        for by in (("service",) if brief.recipient.is_single else ("service", "agency"))
        if len(brief.ask(subject, by=by).figures) > 1
    )
    if not tables:
        return ()
    return (Annex("Phụ lục", f"Kết quả chi tiết {brief.period.label()}", tables, landscape=True),)
