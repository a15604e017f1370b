"""The counts a publication tells, and of which answers each is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from analysis.figures.query import FigureQuery
from analysis.figures.register import UnitRegister, fetch_register
from analysis.figures.weighting.answers import AnswerCell, CellCounts, answers_behind
from analysis.figures.weighting.prepare import prepare
from analysis.results.publication.count_table import told_total
from analysis.results.publication.publication_builder import MEASURES, PublicationBasis, question_of
from analysis.results.publication.services_of_agencies import TABLE, name_of
from survey.foundation.vocabulary import UNKNOWN_KIND

Figures = dict[str, Any]
Behind = Mapping[AnswerCell, CellCounts]
TOTAL, TARGET, RATINGS = "total", "target", "ratings"  # beside the breakdowns; the last: `count_table`


@dataclass(frozen=True)
class Publication:
    """What was published, or would be, and the answers it rests on."""

    basis: PublicationBasis
    figures: Figures


@dataclass(frozen=True, eq=False)
class ToldCount:
    """One count of a row (`measure`: n or received), and how many answers of each cell it is made of.

    `table`: agency, service, each agency's services or one of the above; `target`: whose figure the row is.
    """

    subject: str
    table: str
    row: dict[str, Any]
    measure: str
    cells: Mapping[AnswerCell, int]
    target: dict[str, Any] | None = None

    @property
    def is_told(self) -> bool:
        """Whether its row tells it, and not as an earlier publication did."""
        return self.row.get(self.measure) is not None and not self.row.get("kept")


class _Row(NamedTuple):
    """A row of a publication and the answers behind it."""

    table: str
    row: dict[str, Any]
    behind: Behind
    target: dict[str, Any] | None = None


def told_counts(publication: Publication, subject: str) -> Iterator[ToldCount]:
    """Every count that a publication newly tells of a subject, and its totals, told or not.

    Figures kept from an earlier publication tell nothing new.
    """
    figures, basis = publication.figures, publication.basis
    if subject not in figures["subjects"]:
        return
    question = question_of(basis, subject)
    behind, register = _behind(question), fetch_register(basis.province.id)
    old = figures.get("format") == 1  # where `n` counted all that came
    for line in _rows(figures, subject, question, behind, register):
        for measure in MEASURES:
            taken = 0 if old or measure == "received" else 1
            cells = {cell: counts[taken] for cell, counts in line.behind.items() if counts[taken]}
            told = ToldCount(subject, line.table, line.row, measure, cells, line.target)
            if told.is_told or line.table == TOTAL:
                yield told


def _rows(
    figures: Figures, subject: str, question: FigureQuery, behind: Behind, register: UnitRegister
) -> Iterator[_Row]:
    entry = figures["subjects"][subject]
    yield _Row(TOTAL, entry["total"], behind)
    for by, rows in entry["by"].items():
        parts: dict[str, dict[AnswerCell, CellCounts]] = defaultdict(dict)
        for cell, counts in behind.items():
            parts[_domain(by, cell, register)][cell] = counts
        for row in rows:
            yield _Row(by, row, parts.get(row["domain"], {}))
    yield _Row(RATINGS, {"received": told_total(figures.get("counts"), subject)}, behind)
    for target in figures["targets"]:
        if target["subject"] == subject and "figure" in target:
            yield _Row(TARGET, target["figure"], _of_target(target, question, behind, register), target)


def _domain(by: str, cell: AnswerCell, register: UnitRegister) -> str:
    """The row of a table an answer belongs to; '' where it names none."""
    agency = register.reported(cell.agency_id).code
    service = register.services[cell.service_id].code if cell.service_id else ""
    return {"agency": agency, "service": service, TABLE: name_of(agency, service)}[by]


def _of_target(target: Mapping[str, Any], question: FigureQuery, behind: Behind, register: UnitRegister) -> Behind:
    """What a target's own figure is made of: some agencies, some respondent kinds.

    Who does not say the kind is received there and not used.
    """
    codes = set(target.get("agencies") or ())
    ids = {id_ for id_, agency in register.agencies.items() if agency.code in codes}
    asked = set(target["counted_kinds"])
    used = _behind(replace(question, respondent_kinds=tuple(target["counted_kinds"])))
    return {
        cell: CellCounts(counts.received, used[cell].used if cell in used else 0)
        for cell, counts in behind.items()
        if (not codes or cell.agency_id in ids) and (cell.kind in asked or cell.kind == UNKNOWN_KIND)
    }


def _behind(question: FigureQuery) -> Behind:
    return answers_behind(prepare(question), question.period.months)
