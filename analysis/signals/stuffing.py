"""The four figures of an agency's month with and without the answers a signal suspects."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from analysis.figures.figure_key import figure_key, place_words
from analysis.figures.query import FigureQuery
from analysis.figures.weighting.names import name_of
from analysis.figures.weighting.post_strata import PostStratum
from analysis.figures.weighting.prepare import Prepared, prepare, rating_scope
from analysis.figures.weighting.table import CellTable, pooled
from analysis.periods.released import Released
from analysis.signals.models import Signal
from analysis.signals.queries import fetch_flagged
from analysis.statistics import Estimation, Treatment, Verdict, robust_verdict, stuffing_figures
from analysis.statistics.cells.cells import Cells
from analysis.statistics.disclosure.primary import FEWEST_STAFF
from analysis.targets.models import Target
from analysis.targets.service import targets_in_force, threshold_of
from survey.foundation.periods import Period
from survey.foundation.vocabulary import SATISFIED, SUBJECTS_OF_SECTOR

NOT_FLAGGED = -1


class AnswerGroup(NamedTuple):
    """Where and when answers were given, and by whom."""

    agency_id: int
    service_id: int | None
    kind: str
    counter_id: int | None
    day: dt.date


class _Row(NamedTuple):
    """A cell: answers of a post-stratum on a day (None: no counter), all of one burst or none."""

    post_stratum: PostStratum
    psu: str | None
    burst: int
    responses: int
    satisfied: int


@dataclass(frozen=True)
class FourFigures:
    """One subject of the agency's month; `robust`: the verdict on which all four agree, None if they do not.

    `key`: what the figure of all answers is about (`Figure.key`).
    """

    subject: str
    key: str
    figures: Mapping[Treatment, Estimation]
    target: Target | None
    robust: Verdict | None
    flagged: int


def four_figures(signal: Signal) -> list[FourFigures]:
    """For each subject of the signal's sector that the suspected answers rated."""
    bursts = _bursts(signal)
    candidates = (_of_subject(signal, subject, bursts) for subject in SUBJECTS_OF_SECTOR[signal.sector])
    return [figures for figures in candidates if figures is not None]


def _bursts(signal: Signal) -> dict[uuid.UUID, int]:
    episodes = signal.evidence.get("episodes", [])
    return {uuid.UUID(id_): code for code, episode in enumerate(episodes) for id_ in episode["responses"]}


def _of_subject(signal: Signal, subject: str, bursts: dict[uuid.UUID, int]) -> FourFigures | None:
    question = FigureQuery(
        province=signal.province.key,
        subject=subject,
        period=Period.parse(signal.month),
        agencies=frozenset({signal.agency_id}),
    )
    released = rating_scope(question, signal.province_id).released  # what came after closing is in no figure
    flagged = _flagged(subject, bursts, released)
    counted = sum(count for cell in flagged.values() for count, _satisfied in cell.values())
    if counted < FEWEST_STAFF:  # with and without so few is what these few say
        return None
    cells, codes = _split_cells(question, signal.sector, flagged)
    if 0 < int(cells.responses[codes == NOT_FLAGGED].sum()) < FEWEST_STAFF:  # what these few say is the difference
        return None
    figures = stuffing_figures(cells, codes, fpc=False)
    target = _target(signal, subject)
    robust = None if target is None else robust_verdict(figures, "", threshold_of(target))
    key = figure_key(question.province, subject, signal.month, place_words([signal.agency.code]))
    return FourFigures(subject, key, figures, target, robust, int(cells.responses[codes >= 0].sum()))


def _flagged(subject: str, bursts: dict[uuid.UUID, int], released: Released) -> dict[AnswerGroup, dict[int, list[int]]]:
    """Per cell and burst: [answers, satisfied]."""
    flagged: dict[AnswerGroup, dict[int, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for id_, agency_id, service_id, kind, counter_id, day, value in fetch_flagged(list(bursts), subject, released):
        count = flagged[AnswerGroup(agency_id, service_id, kind, counter_id, day)][bursts[id_]]
        count[0] += 1
        count[1] += value >= SATISFIED
    return flagged


def _split_cells(
    question: FigureQuery, sector: str, flagged: dict[AnswerGroup, dict[int, list[int]]]
) -> tuple[Cells, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """The question's cells with the flagged answers in cells of their own, and the burst of each cell."""
    prepared = prepare(question)
    rows: list[_Row] = []
    for place, (post_stratum, responses, satisfied) in _places(prepared).items():
        psu = None if place.counter_id is None else place.day.isoformat()
        for code, n, s in _parts(flagged.get(place, {}), responses, satisfied):
            rows.append(_Row(post_stratum, psu, code, n, s))
    answered = {row.post_stratum for row in rows}
    rows += [_Row(silent, None, NOT_FLAGGED, 0, 0) for silent in prepared.assignment.caseloads.keys() - answered]
    return _as_cells(prepared, sector, rows), np.array([row.burst for row in rows], dtype=np.int64)


def _places(prepared: Prepared) -> dict[AnswerGroup, tuple[PostStratum, int, int]]:
    """Post-stratum, answers and satisfied answers of every agency x service x kind x day."""
    places: dict[AnswerGroup, tuple[PostStratum, int, int]] = {}
    first = 0
    for cells in prepared.blocks.cells():
        groups, group_of = cells.grouped()
        columns = (cells.agency, cells.service, cells.kind, cells.counter, cells.month, cells.day, first + group_of)
        counts = (cells.sums["responses"], cells.sums["satisfied"])
        for agency, service, kind, counter, month, day, group, n, s in zip(
            *(column.tolist() for column in (*columns, *counts)), strict=True
        ):
            date = dt.date.fromisoformat(f"{cells.months[month]}-{day:02d}")
            place = AnswerGroup(agency, service or None, cells.kinds[kind], counter or None, date)
            post_stratum, before, good = places.get(place, (prepared.assignment.post_strata[group], 0, 0))
            places[place] = (post_stratum, before + int(n), good + int(s))
        first += len(groups)
    return places


def _parts(flagged: dict[int, list[int]], responses: int, satisfied: int) -> list[tuple[int, int, int]]:
    parts = [(code, counts[0], counts[1]) for code, counts in sorted(flagged.items())]
    rest = (NOT_FLAGGED, responses - sum(part[1] for part in parts), satisfied - sum(part[2] for part in parts))
    return [*parts, rest]


def _as_cells(prepared: Prepared, sector: str, rows: list[_Row]) -> Cells:
    register, caseloads = prepared.register, prepared.assignment.caseloads
    names = {post_stratum: name_of(post_stratum, register) for post_stratum in {row.post_stratum for row in rows}}
    cells = Cells.from_columns(
        stratum=[register.agencies[row.post_stratum.agency_id].code for row in rows],
        post_stratum=[names[row.post_stratum].label for row in rows],
        caseload=[Fraction(caseloads.get(row.post_stratum, 0)) for row in rows],
        psu=[row.psu for row in rows],
        responses=[row.responses for row in rows],
        satisfied=[row.satisfied for row in rows],
    )
    post_strata = sorted(names, key=lambda name: names[name].label)
    table = CellTable(cells, tuple(post_strata), tuple(names[post_stratum] for post_stratum in post_strata))
    return pooled(table, None, register, (), sector=sector, single_agency=True)


def _target(signal: Signal, subject: str) -> Target | None:
    spoken = targets_in_force(signal.province.key, int(signal.month[:4]))
    targets = [target_in_year.target for target_in_year in spoken if target_in_year.target.subject == subject]
    return next((target for target in targets if target.agency_id in (None, signal.agency_id)), None)
