"""How a figure was worked out, step by step, for the page "cách tính"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from flask_babel import gettext as _

from analysis.figures.breakdowns import OF_CELLS, OVER_TIME
from analysis.figures.figure import Figure, Figures
from analysis.figures.query import BadQuery
from analysis.figures.register import UnitRegister
from analysis.figures.service import answer, domain_code
from analysis.figures.suppression.row_alone import row_alone
from analysis.figures.weighting.names import PostStratumName, kind_words, quarter_words
from analysis.presentation.selection import Selection
from analysis.statistics import Cells, Threshold
from analysis.statistics.cells.grouping import Bools, Ints
from analysis.statistics.cells.weights import post_stratify
from analysis.statistics.disclosure.complementary import complement
from analysis.statistics.disclosure.primary import FEWEST_STAFF
from survey.foundation.text.vietnamese import sort_key


@dataclass(frozen=True)
class PostStratumRow:
    """One post-stratum; `weight`: dossiers each answer stands for (None: it counts in no weighted figure).

    `service_code`: None where no service is named. `quarter` in words, '' in periods of up to three months. `n` and
    `satisfied` are None where fewer than 10 answered and where they would tell of those; so is a weight that is made of
    `n` alone. `pool` says which pool it is weighted in, if any, and how many stand there.
    """

    agency: str
    agency_code: str
    service: str
    service_code: str | None
    kind: str
    quarter: str
    caseload: float
    n: int | None
    satisfied: int | None
    weight: float | None
    pool: str | None


@dataclass(frozen=True)
class Working:
    """A figure and the answer it stands in: of a question alone, or of a breakdown of which it is one row."""

    figures: Figures
    figure: Figure

    @property
    def crosses(self) -> bool:
        """It is a row that shares its post-strata with the other rows: a channel, a respondent kind."""
        return self.figures.question.by in OF_CELLS


def working_of(selection: Selection, part: str, threshold: Threshold | None = None) -> Working:
    """The figure of a selection, or of the row `part` of its breakdown, as that table weighs it and holds it back.

    Raises:
        BadQuery: the question cannot be answered, or its breakdown has no such row.
    """
    if not part:
        figures = answer(selection.question(), threshold)
        return Working(figures, figures.total)
    figures = answer(selection.question(selection.by), threshold)
    try:
        figure = figures[part]
    except KeyError as error:
        raise BadQuery(_("Bảng này không có dòng “%(part)s”.", part=part)) from error
    if not figure.suppressed:
        alone = row_alone(figures.question, part)
        if selection.by in OVER_TIME:  # each is a question of its own, with its own cells
            figures = answer(alone, threshold)
        elif selection.by == "agency":  # whether its days are known is asked of it by itself, so its cells stand alone
            figures = answer(replace(figures.question, agencies=alone.agencies), threshold)
    return Working(figures, figure)


def post_strata(working: Working, register: UnitRegister) -> list[PostStratumRow]:
    """Every post-stratum of the figure, silent ones too, by agency and service."""
    figures, cells = working.figures, working.figures.cells
    if cells is None:
        return []
    size = len(cells.caseload)
    own = cells.domain == _domain_of(working, cells)
    n = _totals(cells.post_stratum[own], cells.responses[own], size)
    satisfied = _totals(cells.post_stratum[own], cells.satisfied[own], size)
    weights = np.zeros(size)
    np.maximum.at(weights, cells.post_stratum[own], post_stratify(cells).weight[own])
    pools = _pools(cells)
    lines, everyone = _lines(figures.post_strata, cells.groups), _totals(cells.post_stratum, cells.responses, size)
    hidden = _few(lines, n, everyone)
    rows = []
    agencies = {agency.code: agency.name for agency in register.agencies.values()}
    services = {service.code: service.name for service in register.services.values()}
    for i in np.unique(cells.post_stratum[own]).tolist():
        name = figures.post_strata[i]
        rows.append(
            PostStratumRow(
                agencies[name.agency],
                name.agency,
                services.get(name.service, name.unnamed),
                name.service if name.service in services else None,
                kind_words(name.kind),
                quarter_words(name.quarter),
                float(cells.caseload[i]),
                None if i in hidden else int(n[i]),
                None if i in hidden or not n[i] else int(satisfied[i]),
                None if i in hidden and i not in pools else float(weights[i]) or None,
                pools.get(i),
            )
        )
    return sorted(rows, key=lambda row: (sort_key(row.agency), sort_key(row.service), row.kind, row.quarter))


def domains_of_used(figures: Figures) -> frozenset[str]:
    """The domains of the cells whose plain share is made of the answers used."""
    question, cells = figures.question, figures.cells
    told = {figure.domain for figure in figures.figures if figure.kept_out}
    labels = cells.domain_labels if cells is not None and told else ()
    return frozenset(label for label in labels if not question.by or domain_code(question, label) in told)


def _domain_of(working: Working, cells: Cells) -> int:
    codes = [domain_code(working.figures.question, label) for label in cells.domain_labels]
    return codes.index(working.figure.domain) if working.figures.question.by else 0


def _totals(codes: Ints, counts: Ints, size: int) -> Ints:
    return np.bincount(codes, weights=counts, minlength=size).astype(np.int64)


def _few(lines: Sequence[Sequence[int]], n: Ints, everyone: Ints) -> frozenset[int]:
    """Those with fewer than ten answers and what would tell of them, in this figure and in that of `everyone`.

    Where a row has only `n` of a post-stratum's answers, what the other rows have of it is a remainder, too.
    """
    besides = everyone - n
    thin = ((n > 0) & (n < FEWEST_STAFF)) | ((besides > 0) & (besides < FEWEST_STAFF) & (n > 0))
    of_all = _telling(lines, everyone, (everyone > 0) & (everyone < FEWEST_STAFF))
    return of_all | _telling(lines, n, thin)


def _telling(lines: Sequence[Sequence[int]], n: Ints, thin: Bools) -> frozenset[int]:
    """The post-strata of which something is not told: the `thin`, and what they would be worked out from.

    Of each line (post-strata whose total is told elsewhere) what is hidden is nothing, or two and more that hold
    ten answers.
    """
    hidden = set(np.flatnonzero(thin).tolist())
    while True:
        wider = set(hidden)
        for line in lines:
            counts = {str(i): int(n[i]) for i in line}
            wider |= {int(i) for i in complement(counts, [str(i) for i in line if i in wider], fewest=FEWEST_STAFF)}
        if wider == hidden:
            return frozenset(hidden)
        hidden = wider


def _lines(names: Sequence[PostStratumName], groups: Ints) -> list[list[int]]:
    """All post-strata, those of each agency and of each service, and each pool, whose answers its weight tells."""
    lines: dict[object, list[int]] = defaultdict(list)
    for i, (name, group) in enumerate(zip(names, groups.tolist(), strict=True)):
        for total in ("all", ("agency", name.agency), ("service", name.service or name.unnamed), ("pool", group)):
            lines[total].append(i)
    return [line for line in lines.values() if len(line) > 1]


def _pools(cells: Cells) -> dict[int, str]:
    """Of every pooled post-stratum, the number of its pool and how many stand in it."""
    in_use = cells.groups[cells.caseload > 0]
    pools, sizes = np.unique(in_use[in_use >= 0], return_counts=True)
    sized = [(int(pool), int(size)) for pool, size in zip(pools, sizes, strict=True) if size > 1]
    words = {pool: _("số %(n)s: %(size)s nhóm", n=i, size=size) for i, (pool, size) in enumerate(sized, 1)}
    return {i: words[pool] for i, pool in enumerate(cells.groups.tolist()) if pool in words and cells.caseload[i] > 0}
