"""One province's answer from counted cells: what runs beside the national command, and inside Spark's executors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pyarrow as pa

from analysis.archive.manifest import Manifest
from analysis.country.counted import counted
from analysis.country.province_database import province_database
from analysis.country.question import CountryQuery, ProvinceEstimates
from analysis.figures.figure import Note
from analysis.figures.notes import notes_of
from analysis.figures.query import FigureQuery
from analysis.figures.service import domain_code, estimated, label_of
from analysis.figures.suppression.unused import FEW, plainly_of_used, unused_in
from analysis.figures.weighting.prepare import prepare
from analysis.statistics.domains import DomainEstimate
from survey.foundation.periods import Period


def answers_of_province(
    questions: Sequence[CountryQuery],
    manifest: Manifest,
    register: Mapping[str, pa.Table],
    cells: pa.Table,
    marked: tuple[int, int] = (0, 0),
) -> tuple[ProvinceEstimates | None, ...]:
    """What a province answers to each question, from its cells (columns as `COLUMNS`); None where nothing was asked.

    The questions are of one subject and period.
    """
    first = questions[0]
    with province_database(manifest, register, first, counted(first.subject, cells, register)):
        asked = FigureQuery(province=manifest.province, subject=first.subject, period=first.period)
        # The cells here are of this subject alone: who rated one part of it only is not known.
        prepared = replace(prepare(asked), one_sided=0)
        if not prepared.cells.domain_labels:
            return (None,) * len(questions)
        whole = estimated(asked, prepared)
        notes = notes_of(first.period, prepared, whole, lambda _domain: manifest.name, public=True)
        if whole.domains[0].estimate is not None and unused_in(whole.domains[0]):
            notes += (Note("few_unused", str(FEW)),)
        (own,) = plainly_of_used(prepared.cells, whole.domains)
        uneven = any(unevenness.forbids_judgement for unevenness in prepared.unevenness.values())
        alone = ProvinceEstimates(
            manifest.province,
            manifest.name,
            own,
            {},
            {"": sum(disposition.received for disposition in prepared.dispositions.values())},
            bool(prepared.provisional_domains()) or uneven,
            tuple((note.code, note.message) for note in notes),
            marked,
        )
        published = _published(first, register["published"])
        told = published["total"].get("")
        if told is not None:
            came = 0 if told[1] is None else alone.received[""] - told[1]
            alone = replace(alone, moved=(alone.whole.n - told[0], came))
        alone = replace(alone, published=_published_share(first, register["published"]))
        areas = {agency.code: agency.area for agency in prepared.register.agencies.values()}
        return tuple(_with_domains(alone, asked, question.inside_provinces, published, areas) for question in questions)


Pair = tuple[int, int]  # answers used, and received
Told = tuple[int, int | None]  # the same, of which a province may hold back how many were received


def _with_domains(
    alone: ProvinceEstimates,
    asked: FigureQuery,
    by: str | None,
    published: Mapping[str, Mapping[str, Told]],
    areas: Mapping[str, str | None],
) -> ProvinceEstimates:
    domains, labels, received = _domains(asked, by, alone.whole)
    counts = {code: (domain.n, received[code]) for code, domain in domains.items()}
    beside = replace(alone, domains=domains, labels=labels, received={**received, **alone.received})
    if by == "area":
        return replace(beside, rests=_rests(counts, published["agency"], areas))
    told: Mapping[str, Told] = published["service"] if by == "service" else counts
    return replace(beside, untold=frozenset(code for code, n in counts.items() if any(n) and told.get(code) != n))


def _rests(counts: Mapping[str, Pair], told: Mapping[str, Told], areas: Mapping[str, str | None]) -> dict[str, Pair]:
    """Of each area what is left of its answers without those of the agencies that the province tells."""
    own = {area: [pair for code, pair in told.items() if areas.get(code) == area] for area in counts}
    return {
        area: (n - sum(used for used, _came in own[area]), came - sum(came or 0 for _used, came in own[area]))
        for area, (n, came) in counts.items()
    }


def _published(question: CountryQuery, published: pa.Table) -> Mapping[str, Mapping[str, Told]]:
    """By table and domain, how many answers the province's own publications tell of the period, or of all its parts."""
    told: dict[tuple[str, str], dict[str, Told]] = defaultdict(dict)
    for row in published.to_pylist():
        if row["subject"] == question.subject:
            told[row["table"], row["domain"]][row["period"]] = (row["n"], row["received"])
    tables: dict[str, dict[str, Told]] = defaultdict(dict)
    for (table, domain), by_period in told.items():
        pair = _told_of(question.period, by_period)
        if pair is not None:
            tables[table][domain] = pair
    return tables


def _published_share(question: CountryQuery, published: pa.Table) -> float | None:
    key = (question.period.code, question.subject, "total")
    rows = published.select(["period", "subject", "table", "estimate"]).to_pylist()
    return next((row["estimate"] for row in rows if (row["period"], row["subject"], row["table"]) == key), None)


def _told_of(period: Period, by_period: Mapping[str, Told]) -> Told | None:
    """What is told of a period: by itself, or by halves, quarters or months that add up to it."""
    if period.code in by_period:
        return by_period[period.code]
    told = [_told_of(part, by_period) for part in _parts(period)]
    pairs = [pair for pair in told if pair is not None]
    if not pairs or len(pairs) < len(told):
        return None
    came = [received for _used, received in pairs if received is not None]
    return sum(used for used, _received in pairs), sum(came) if len(came) == len(pairs) else None


def _parts(period: Period) -> list[Period]:
    halves = {"year": ["H1", "H2"], "half": ["Q1", "Q2"] if period.code.endswith("1") else ["Q3", "Q4"]}
    if period.kind in halves:
        return [Period.parse(f"{period.year}-{part}") for part in halves[period.kind]]
    return [Period.parse(month) for month in period.months] if period.kind == "quarter" else []


def _domains(
    asked: FigureQuery, by: str | None, whole: DomainEstimate
) -> tuple[dict[str, DomainEstimate], dict[str, str], dict[str, int]]:
    """The domains of a breakdown by their code, what officials call them, and how many answers came for each."""
    if by is None:
        return {}, {}, {}
    question = replace(asked, by=by)
    prepared = prepare(question)
    if not prepared.cells.domain_labels:
        return {}, {}, {}
    rows = plainly_of_used(prepared.cells, estimated(question, prepared).domains, whole)
    estimates = {domain_code(question, row.domain): row for row in rows}
    labels = {code: label_of(question, code, prepared.register) for code in estimates}
    came = prepared.dispositions  # none of a domain with a caseload where nobody answered
    received = {
        code: came[estimate.domain].received if estimate.domain in came else 0 for code, estimate in estimates.items()
    }
    return estimates, labels, received
