"""The fixed catalogue of what is published of a period: every target, each subject by agency and by service, and, of
a year, by service of each agency.

The result is plain JSON, stored with the closing and never computed again: what was published stays as it was.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from analysis.figures.figure import Figure, Figures
from analysis.figures.query import FigureQuery
from analysis.figures.register import fetch_register
from analysis.figures.service import answer
from analysis.figures.suppression.complement import at_least
from analysis.presentation.told_verdict import told_verdict
from analysis.results.publication import services_of_agencies
from analysis.results.publication.on_time import on_time_json
from analysis.results.publication.phrases import note_said
from analysis.results.publication.rounding import rounded_publication
from analysis.statistics import Interval
from analysis.statistics.disclosure.complementary import complement_of_all, is_safe_difference
from analysis.targets.models import Target
from analysis.targets.service import JudgedTarget, judged
from survey.foundation.commands.progress import progress
from survey.foundation.periods import Period
from survey.foundation.vocabulary import SECTOR_OF_SUBJECT
from survey.registry.models import Province
from survey.registry.tree import subtree_of

MEASURES = ("n", "received")
FORMAT = 2  # 1: before 0.2, where `n` counted also answers that could not be weighted, and nothing else
BREAKDOWNS = ("agency", "service")
SUBJECTS = ("health_service", "education_service", "agency_service", "procedures", "procedures_and_service")
NUMBERS = (
    *("estimate", "interval_90", "interval_95", "n", "received", "n_eff", "unweighted", "response_rate", "caseload"),
    *("partial", "coverage"),
)
MARKS = frozenset({"queue_file", "beyond_capacity"})  # what stands beside every figure of a subject
HIDDEN: dict[str, Any] = dict.fromkeys(NUMBERS)


@dataclass(frozen=True)
class PublicationBasis:
    """Which answers a publication rests on."""

    province: Province
    period: Period
    received_before: dt.datetime


def build(edition: PublicationBasis) -> dict[str, Any]:
    """Everything that is published, with the public rule of suppression and its complement applied."""
    totals = {subject: _total(edition, subject) for subject in SUBJECTS}
    asked = [subject for subject in SUBJECTS if (totals[subject].total.answers or 0) > 0]
    told = progress(asked, _("Tính các đối tượng đánh giá"), len(asked))
    subjects = {subject: _subject(edition, subject, totals[subject]) for subject in told}
    figures = {
        "format": FORMAT,
        "targets": [_target(row, totals) for row in _judged(edition)],
        "subjects": subjects,
        "warnings": _warnings(totals[subject] for subject in asked),
    }
    if on_time := on_time_json(edition.province.id, edition.period):
        figures["on_time"] = on_time
    return rounded_publication(hide_promises(figures))


def question_of(edition: PublicationBasis, subject: str, by: str | None = None) -> FigureQuery:
    """What a publication asks about a subject."""
    return FigureQuery(
        province=edition.province.key,
        subject=subject,
        period=edition.period,
        by=by,
        audience="public",
        received_before=edition.received_before,
    )


def _total(edition: PublicationBasis, subject: str) -> Figures:
    return answer(question_of(edition, subject))


def _judged(edition: PublicationBasis) -> list[JudgedTarget]:
    return judged(
        edition.province.key,
        edition.period.year,
        period=edition.period,
        audience="public",
        received_before=edition.received_before,
    )


def _subject(edition: PublicationBasis, subject: str, total: Figures) -> dict[str, Any]:
    parts = {by: answer(question_of(edition, subject, by)) for by in BREAKDOWNS}
    hidden = _hidden(parts, total.total, twins(total))
    tables = {
        by: [_row(figure, hide=figure.domain in hidden[by]) for figure in figures.figures]
        for by, figures in parts.items()
    }
    if edition.period.kind == "year":
        told = [row["domain"] for row in tables["agency"] if row["estimate"] is not None]
        services = services_of_agencies.services_by_agency(question_of(edition, subject, "agency"), told)
        tables[services_of_agencies.TABLE] = [
            {**_row(figure), "domain": services_of_agencies.name_of(agency, figure.domain)}
            for agency, figures in services
            for figure in figures.figures
        ]
    entry = {"sector": SECTOR_OF_SUBJECT[subject], "total": _row(total.total), "by": tables}
    marked = [] if total.total.suppressed else [note for note in _warnings([total]) if note["code"] in MARKS]
    return entry | ({"marked": marked} if marked else {})


def marked_messages(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """What of all the answers to a published subject came by file or beyond what counters can serve, as pages speak."""
    return tuple(note_said(note) for note in entry.get("marked", ()))


def _hidden(parts: dict[str, Figures], total: Figure, pairs: list[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """Rows to hide in each table, to a fixed point: a hidden agency hides the service that is its twin, and back.

    Answers of no row (their service is not known) are a hidden row: the total minus all rows.
    """
    counts = {by: {figure.domain: _answers(figure) for figure in figures.figures} for by, figures in parts.items()}
    measures = {by: [_measure(figures, total, name) for name in MEASURES] for by, figures in parts.items()}
    hidden = {
        by: frozenset(figure.domain for figure in figures.figures if figure.suppressed) for by, figures in parts.items()
    }
    while True:
        wider = {by: complement_of_all(measures[by], hidden[by]) for by in parts}
        for agency, service in pairs:
            if agency in wider["agency"] or service in wider["service"]:
                wider["agency"] |= {agency} & counts["agency"].keys()
                wider["service"] |= {service} & counts["service"].keys()
        if wider == hidden:
            return hidden
        hidden = wider


def _measure(figures: Figures, total: Figure, name: str) -> tuple[dict[str, int], int]:
    counts = {figure.domain: at_least(getattr(figure, name)) for figure in figures.figures}
    whole = getattr(total, name)
    return counts, 0 if total.suppressed or whole is None else whole - sum(counts.values())


def twins(total: Figures) -> list[tuple[str, str]]:
    """(agency, service) pairs whose answers are the same: the agency has no other service, nor the service another."""
    if total.cells is None:
        return []
    services: dict[str, set[str]] = defaultdict(set)
    agencies: dict[str, set[str]] = defaultdict(set)
    for post_stratum in {int(code) for code in total.cells.post_stratum[total.cells.responses > 0]}:
        name = total.post_strata[post_stratum]
        services[name.agency].add(name.service or name.unnamed)
        agencies[name.service or name.unnamed].add(name.agency)
    return [
        (agency, service)
        for agency, (service, *others) in services.items()
        if not others and agencies[service] == {agency}
    ]


def _answers(figure: Figure) -> int:
    """Answers behind a row; a count the service itself hides (1-4) stands as 1, the most careful guess."""
    return at_least(figure.answers)


def _row(figure: Figure, *, hide: bool = False) -> dict[str, Any]:
    estimate = figure.estimate
    head = {"domain": figure.domain, "label": figure.label, "provisional": figure.provisional}
    if hide or figure.suppressed or estimate is None:
        return {**head, "suppressed": _answers(figure) > 0, **HIDDEN}
    return {
        **head,
        "suppressed": False,
        "estimate": estimate.estimate,
        "interval_90": _interval(estimate.interval_90),
        "interval_95": _interval(estimate.interval),
        "n": figure.n,
        "received": figure.received,
        "n_eff": estimate.n_eff,
        "unweighted": estimate.unweighted,
        "response_rate": estimate.response_rate,
        "caseload": estimate.caseload,
        "partial": figure.partial,
        "coverage": estimate.coverage,
    }


def _interval(interval: Interval | None) -> dict[str, float] | None:
    return None if interval is None else {"level": interval.level, "low": interval.low, "high": interval.high}


def _target(row: JudgedTarget, totals: dict[str, Figures]) -> dict[str, Any]:
    target = row.in_year.target
    entry = {
        "id": target.code,
        "agency": target.agency.code if target.agency else None,
        "agency_name": target.agency.name if target.agency else None,
        "agencies": _codes_below(target),
        "kind": target.kind,
        "subject": target.subject,
        "coverage_of": target.coverage_of,
        "respondent_kinds": list(target.respondent_kinds),
        "counted_kinds": list(target.counted_kinds),
        "comparator": target.comparator,
        "threshold": target.threshold,
        "status": row.in_year.status,
        "due_year": target.due_year,
        "document": target.document,
        "clause": target.clause,
        "quote": target.quote,
    }
    if row.figures is None:
        return entry | _coverage(row)
    figure = row.figures.total
    whole = totals.get(target.subject or "")
    hide = whole is not None and not all(
        is_safe_difference(at_least(getattr(whole.total, name)) - at_least(getattr(figure, name))) for name in MEASURES
    )
    return entry | {
        "figure": _row(figure, hide=hide),
        "verdict": None if hide else told_verdict(row.figures),
    }


def _codes_below(target: Target) -> list[str]:
    if target.agency_id is None:
        return []
    below = set(subtree_of(target.agency_id))
    return sorted(agency.code for id_, agency in fetch_register(target.province_id).agencies.items() if id_ in below)


def hide_promises(figures: dict[str, Any]) -> dict[str, Any]:
    """Hold back an agency's own promise where its figure would show what the table of agencies does not.

    That is where an agency it covers is hidden there, or where subtracting it from those rows leaves 1-29 answers, used
    or received.
    """
    for target in figures["targets"]:
        if not target.get("agencies") or "figure" not in target:
            continue
        table = figures["subjects"].get(target["subject"], {}).get("by", {}).get("agency", [])
        rows = [row for row in table if row["domain"] in target["agencies"]]
        left = [sum(row.get(name) or 0 for row in rows) - (target["figure"].get(name) or 0) for name in MEASURES]
        if any(row["suppressed"] for row in rows) or not all(map(is_safe_difference, left)):
            target["figure"].update(HIDDEN, suppressed=True)
            target["verdict"] = None
    return figures


def _coverage(row: JudgedTarget) -> dict[str, Any]:
    units, share = row.units, row.coverage_share
    return {
        "units": None if units is None else units.units,
        "reached": None if units is None else units.reached,
        "reached_well": None if units is None else units.reached_well,
        "share": None if share is None else float(share),
        "met": row.coverage_met,
    }


def _warnings(all_figures: Any) -> list[dict[str, str]]:
    notes = dict.fromkeys(note for figures in all_figures for note in figures.notes)
    return [{"code": note.code, "message": note.message, "message_en": note.english} for note in notes]
