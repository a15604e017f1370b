"""A country's question, answered from archives and by the databases themselves."""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path

import pyarrow as pa

from analysis.archive.files import ArchiveFolder
from analysis.archive.reading import ArchivedProvince, read_province
from analysis.country.question import CountryQuery
from analysis.figures.query import FigureQuery
from analysis.figures.service import domain_code, estimated
from analysis.figures.weighting.prepare import prepare
from analysis.statistics.domains import DomainEstimate
from survey.foundation.periods import Period

SUBJECT = "health_service"


def query(period: str = "2026-Q2", by: str | None = None) -> CountryQuery:
    return CountryQuery(SUBJECT, Period.parse(period), by)


def read(folder: ArchiveFolder, question: CountryQuery, into: Path) -> list[ArchivedProvince]:
    into.mkdir(exist_ok=True)
    return [read_province(folder, key, question.period.months, into) for key in folder.provinces()]


def at_home(key: str, question: CountryQuery) -> dict[str, DomainEstimate]:
    """What the province's own database says, before anything is held back; its whole under ''."""
    asked = FigureQuery(province=key, subject=question.subject, period=question.period)
    (whole,) = estimated(asked, prepare(asked)).domains
    by_code = {"": whole}
    if question.inside_provinces is not None:
        asked = dataclasses.replace(asked, by=question.inside_provinces)
        by_code |= {domain_code(asked, domain.domain): domain for domain in estimated(asked, prepare(asked)).domains}
    return by_code


def digest(cells: pa.Table) -> str:
    """Of cells by their content: the same for the same cells in any order, whatever types an engine gives."""
    rows = sorted(tuple(str(value) for value in row.values()) for row in cells.to_pylist())
    return hashlib.sha256(repr(rows).encode()).hexdigest()
