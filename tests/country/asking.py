"""A country's question, answered from archives and by the databases themselves."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from analysis.archive.files import ArchiveFolder
from analysis.archive.reading import ArchivedProvince, read_province
from analysis.country.question import CountryQuery
from analysis.figures.query import FigureQuery
from analysis.figures.service import domain_code, estimated
from analysis.figures.suppression.unused import plainly_of_used
from analysis.figures.weighting.prepare import prepare
from analysis.statistics import Cells, estimate
from analysis.statistics.domains import DomainEstimate
from survey.foundation.periods import Period

SUBJECT = "health_service"


def query(period: str = "2026-Q2", by: str | None = None) -> CountryQuery:
    return CountryQuery(SUBJECT, Period.parse(period), by)


def read(folder: ArchiveFolder, question: CountryQuery, into: Path) -> list[ArchivedProvince]:
    into.mkdir(exist_ok=True)
    return [read_province(folder, key, question.period.months, into) for key in folder.provinces()]


def at_home(key: str, question: CountryQuery) -> dict[str, DomainEstimate]:
    """What the province's own database says, before any row is held back; its whole under ''."""
    asked = FigureQuery(province=key, subject=question.subject, period=question.period)
    prepared = prepare(asked)
    (whole,) = plainly_of_used(prepared.cells, estimated(asked, prepared).domains)
    by_code = {"": whole}
    if question.inside_provinces is not None:
        asked = dataclasses.replace(asked, by=question.inside_provinces)
        prepared = prepare(asked)
        rows = plainly_of_used(prepared.cells, estimated(asked, prepared).domains, whole)
        by_code |= {domain_code(asked, row.domain): row for row in rows}
    return by_code


def digest(cells: pa.Table) -> str:
    """Of cells by their content: the same for the same cells in any order, whatever types an engine gives."""
    rows = sorted(tuple(str(value) for value in row.values()) for row in cells.to_pylist())
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def all_at_once(keys: Sequence[str], question: CountryQuery) -> DomainEstimate:
    """The country as one estimate of all provinces' cells together, out of their database."""
    asked = [FigureQuery(province=key, subject=question.subject, period=question.period) for key in keys]
    parts = [prepare(query).cells for query in asked]
    strata = _begins([len(part.stratum_labels) for part in parts])
    posts = _begins([len(part.post_stratum_labels) for part in parts])
    ratios = [part.caseload_ratio for part in parts]
    known = [ratio for ratio in ratios if ratio is not None]
    assert len(known) in (0, len(parts))
    ratio = (_joined([ratio[0] for ratio in known]), _joined([ratio[1] for ratio in known])) if known else None
    cells = Cells(
        stratum=_joined([part.stratum + first for part, first in zip(parts, strata, strict=True)]),
        post_stratum=_joined([part.post_stratum + first for part, first in zip(parts, posts, strict=True)]),
        psu=_joined([part.psu for part in parts]),
        domain=_joined([part.domain for part in parts]),
        responses=_joined([part.responses for part in parts]),
        satisfied=_joined([part.satisfied for part in parts]),
        caseload=_joined([part.caseload for part in parts]),
        stratum_labels=_labels(keys, [part.stratum_labels for part in parts]),
        post_stratum_labels=_labels(keys, [part.post_stratum_labels for part in parts]),
        domain_labels=("",),
        weighting_group=_groups([(part, part.weighting_group) for part in parts], posts),
        coverage_unit=_groups([(part, part.coverage_unit) for part in parts], posts),
        caseload_ratio=ratio,
    )
    return estimate(cells, fpc=False)[""]


def _begins(sizes: Sequence[int]) -> list[int]:
    return [sum(sizes[:at]) for at in range(len(sizes))]


def _joined(columns: Sequence[Any]) -> Any:
    return np.concatenate(columns)


def _labels(keys: Sequence[str], labels: Sequence[Sequence[str]]) -> tuple[str, ...]:
    return tuple(f"{key}/{label}" for key, own in zip(keys, labels, strict=True) for label in own)


def _groups(parts: Sequence[tuple[Cells, Any]], begins: Sequence[int]) -> Any:
    """Codes of post-strata; -1 stays, and where a province has none each stands alone."""
    own = [np.arange(len(cells.post_stratum_labels)) if codes is None else codes for cells, codes in parts]
    return _joined([np.where(codes < 0, -1, codes + first) for codes, first in zip(own, begins, strict=True)])
