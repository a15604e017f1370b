"""What an edition holds, as plain JSON in the shape of a province's publication.

subjects: by subject `total` (a row), `by` (rows by province, area, channel, service), `target` (">80" or none),
          `notes` (province, code, message), `marked` (answers from queue files and beyond counters' capacity)
withheld: provinces without a figure (province, month or none, reason); `open`: those that have not closed the period;
          `told_otherwise`: those that publish another share of themselves
a row:    domain, label, suppressed, the numbers of a published row, its `verdict` with all that stands beside it;
          and `is_public`, which what is published does not say
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.national.unused_answers import without_few_unused
from analysis.results.publication.publication_builder import HIDDEN
from analysis.results.publication.rounding import rounded_row, rounded_verdict
from analysis.statistics.problems import StatisticsError
from analysis.statistics.verdicts.verdict import Threshold
from survey.foundation.bilingual import bilingual as _
from survey.foundation.bilingual import named
from survey.foundation.configuration.settings import SettingError
from survey.foundation.vocabulary import SECTOR_OF_SUBJECT

Figures = dict[str, Any]
FORMAT = 3
SUBJECTS = tuple(subject for subject, sector in SECTOR_OF_SUBJECT.items() if sector is not None)
BREAKDOWNS = ("area", "channel", "service")  # beside the provinces
PUBLISHED = ("province", "area", "channel")
SERVICES, IS_PUBLIC = "service", "is_public"


def read_targets(words: tuple[str, ...]) -> dict[str, Threshold]:
    """The country's targets by subject, from words like ``health_service>=85``. Raises StatisticsError."""
    split = [(word, next((at for at, sign in enumerate(word) if sign in ">=≥"), len(word))) for word in words]
    return {word[:at]: Threshold.parse(word[at:]) for word, at in split}


def check_targets(words: tuple[str, ...]) -> None:
    """See at the start that the country's targets can be read and are about figures of a country.

    Raises:
        SettingError: one of them is not; the message names it.
    """
    try:
        unknown = read_targets(words).keys() - SUBJECTS
    except StatisticsError as error:
        like = _("viết như %(like)s", like="health_service>=85 procedures>90")
        raise SettingError(named(f"COUNTRY_TARGETS {' '.join(words)!r}", like)) from error
    if unknown:
        known = _("%(given)s không phải một trong: %(known)s", given=", ".join(unknown), known=", ".join(SUBJECTS))
        raise SettingError(named("COUNTRY_TARGETS", known))


def targets_of(targets: Mapping[str, Threshold] | None) -> dict[str, str]:
    """The same as texts."""
    return {subject: str(threshold) for subject, threshold in (targets or {}).items()}


def for_everybody(figures: Figures) -> Figures:
    """Of an edition what is published, its shares rounded as those of provinces are.

    Provinces publish totals, agencies and services too, and hide some beside whatever else they published. So of the
    country's rows those are told that give nothing of it back: of services those that add up from what every province
    tells.
    """
    subjects = {
        subject: _rounded({**entry, "by": _tables(entry["by"])}) for subject, entry in figures["subjects"].items()
    }
    return {**figures, "subjects": subjects}


def _rounded(entry: Figures) -> Figures:
    levels = [float(Threshold.parse(entry["target"]).threshold)] if entry["target"] else []

    def rounded(row: Figures) -> Figures:
        return rounded_row({**row, "verdict": rounded_verdict(row["verdict"])}, levels)

    tables = {by: [rounded(_public(row)) for row in rows] for by, rows in entry["by"].items()}
    return without_few_unused({**entry, "total": rounded(_public(entry["total"])), "by": tables})


def _tables(by: Mapping[str, Any]) -> dict[str, Any]:
    tables = {name: rows for name, rows in by.items() if name in PUBLISHED}
    services = by.get(SERVICES, [])
    told = any(row["estimate"] is not None and row.get(IS_PUBLIC, True) for row in services)
    return {**tables, SERVICES: services} if told else tables


def _public(row: Figures) -> Figures:
    told = {name: value for name, value in row.items() if name != IS_PUBLIC}
    if row["estimate"] is None or row.get(IS_PUBLIC, True):
        return told
    return {**told, **HIDDEN, "verdict": None, "suppressed": True}
