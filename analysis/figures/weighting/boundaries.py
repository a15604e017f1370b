"""Agencies as they were then, or in today's boundaries: predecessors summed under their heir, splits left apart."""

from __future__ import annotations

from dataclasses import replace

from analysis.figures.query import FigureQuery
from analysis.figures.register import UnitRegister
from survey.foundation.caching.transaction_cache import read_once
from survey.foundation.clock import today
from survey.registry.queries import fetch_standings

read_standings = read_once(fetch_standings)


def in_boundaries(question: FigureQuery, province_id: int, register: UnitRegister) -> tuple[FigureQuery, UnitRegister]:
    """The question and the register, with predecessors counted under their heirs where the question asks for today.

    An heir brings its predecessors along: asked about one agency, its figure is the sum over all it took over. What
    was split is nobody's in particular: it stays under its own name and is never prorated. Design strata and
    post-strata stay those of the time.
    """
    if question.boundaries == "then":
        return question, register
    standings = read_standings(province_id, today())
    heirs = {id_: s.counted_under for id_, s in standings.items() if s.counted_under in register.agencies}
    counted = {id_: heir for id_, heir in heirs.items() if heir is not None}
    split = frozenset(id_ for id_, standing in standings.items() if standing.fate == "split")
    agencies = question.agencies
    if agencies is not None:
        agencies |= {id_ for id_, heir in counted.items() if heir in agencies}
    return replace(question, agencies=agencies), replace(register, counted_under=counted, split=split)
