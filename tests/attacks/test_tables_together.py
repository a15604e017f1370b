"""A colleague at the desk reads the tables by agency, service, field and counter together, and solves the equations."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import select

from analysis.desk.distribution import ItemRow, factor_rows
from analysis.exports.tallies import tallies_table
from analysis.figures.figure import Figure
from analysis.figures.query import FigureQuery
from analysis.figures.register import fetch_province, fetch_register
from analysis.figures.service import answer as figures_of
from analysis.figures.weighting.prepare import prepare
from analysis.presentation.scope import Scope
from survey.foundation.periods import Period
from survey.foundation.storage.database import db, writing
from survey.foundation.vocabulary import SECTOR_OF_SUBJECT
from survey.registry.models import Service
from survey.responses.models import Tally
from tests.figures.random_provinces import NOW, PROVINCES, YEARS, make_random_provinces
from tests.support.clocks import frozen_at
from tests.support.worlds import stored_world

pytestmark = pytest.mark.one_database

database_url = stored_world("random_provinces", make_random_provinces, "provinces", at=NOW)
TABLES = ("agency", "service", "field", "counter")
FEW = 10
frozen_clock = frozen_at(NOW)


@pytest.fixture
def provinces(app: Flask) -> Flask:
    """Three provinces drawn at random, some of whose offices have few answers; services lie in two fields."""
    with app.app_context(), writing() as session:
        for service in session.query(Service):
            service.field = f"lĩnh vực {int(service.code[-1]) % 2}"
    return app


def atoms_of(question: FigureQuery) -> Counter[tuple[str, str, str, str]]:
    """The answers used, by everything the tables tell apart."""
    register = fetch_register(fetch_province(question.province).id)
    counts: Counter[tuple[str, str, str, str]] = Counter()
    for counter, disposition in prepare(replace(question, by="counter")).dispositions.items():
        for (agency_id, service_id), n in disposition.used.items():
            service = register.services.get(service_id)
            named = (service.code, service.field) if service else ("", "")
            counts[register.agencies[agency_id].code, *named, counter] += n
    return counts


def told_and_few(question: FigureQuery) -> tuple[int, list[str]]:
    """How many rows of few answers there are, and which of them the shown rows and totals tell."""
    counts = atoms_of(question)
    atoms = sorted(counts)
    if not atoms:
        return 0, []
    shown, few = [], {}
    for side, by in enumerate((None, *TABLES)):
        for figure in figures_of(replace(question, by=by)).figures:
            own = [float(by is None or atom[side - 1] == figure.domain) for atom in atoms]
            n = int(np.dot(own, [counts[atom] for atom in atoms]))
            if not figure.suppressed and weighs(figure, n):
                shown.append(own)
            elif 0 < n < FEW:
                few[f"{by} {figure.domain}"] = own
    if not shown or not few:
        return len(few), []
    rank = np.linalg.matrix_rank(np.array(shown))
    return len(few), [name for name, own in few.items() if np.linalg.matrix_rank(np.array([*shown, own])) == rank]


def weighs(figure: Figure, n: int) -> bool:
    """Whether its share is of these answers."""
    return figure.estimate is not None and figure.estimate.estimate is not None and figure.n == n


def test_no_row_of_few_answers_comes_back_from_the_tables_together(provinces: Flask) -> None:
    thin, told = 0, []
    months = [f"{year}-{month:02d}" for year in YEARS for month in (2, 3, 7)]
    with provinces.app_context():
        for province, subject, code in product(PROVINCES, SECTOR_OF_SUBJECT, [*map(str, YEARS), *months]):
            if SECTOR_OF_SUBJECT[subject] is None:
                continue
            question = FigureQuery(province=province, subject=subject, period=Period.parse(code))
            few, rows = told_and_few(question)
            thin += few
            told += [f"{province} {subject} {code}: {row}" for row in rows]
    assert thin > 50
    assert not told, "\n".join(told)


def test_no_row_of_the_file_of_counts_comes_back_from_totals(provinces: Flask) -> None:
    """The sums of an agency's services, a service's agencies and a year's months stand in other files and pages.

    Files of a month, a quarter and the year are read together.
    """
    exposed, rows_of_few = [], 0
    with provinces.app_context():
        for province, year in product(PROVINCES, YEARS):
            there = fetch_province(province)
            files = [tallies_table(Scope(there), Period.parse(f"{year}{part}")) for part in ("", "-Q1", "-02", "-03")]
            shown = {
                (row[0], row[1], row[3] or "", row[5])
                for table in files
                for row in table.rows
                if any(n is not None for n in row[8:])
            }
            counts = true_tallies(there.id, str(year))
            rows_of_few += sum(0 < n < FEW for n in counts.values())
            for line in lines_of(counts):
                hidden = [counts[cell] for cell in line if cell not in shown]
                if hidden and len(hidden) < len(line) and (len(hidden) < 2 or sum(hidden) < FEW):
                    exposed.append((province, year, line[0], hidden))
    assert rows_of_few > 100
    assert exposed == []


def true_tallies(province_id: int, year: str) -> Counter[tuple[str, str, str, str]]:
    """Month, agency, service ('': none) and question of every answer that is counted."""
    register = fetch_register(province_id)
    query = select(Tally.month, Tally.agency_id, Tally.service_id, Tally.item, Tally.count)
    counts: Counter[tuple[str, str, str, str]] = Counter()
    for month, agency_id, service_id, item, n in db.session.execute(query.where(Tally.province_id == province_id)):
        service = register.services.get(service_id)
        if month.startswith(year):
            counts[month, register.agencies[agency_id].code, service.code if service else "", item] += n
    return counts


def lines_of(counts: Counter[tuple[str, str, str, str]]) -> list[list[tuple[str, str, str, str]]]:
    """Cells that add up to something told elsewhere: all but one of month, agency and service are the same."""
    lines: dict[tuple[object, ...], list[tuple[str, str, str, str]]] = {}
    for cell in counts:
        for free in (0, 1, 2):
            lines.setdefault((free, *(part for place, part in enumerate(cell) if place != free)), []).append(cell)
    return list(lines.values())


def test_a_factor_minus_its_questions_tells_no_question_of_few_answers() -> None:
    """A factor stands below its questions on one page: what nine said of one is left out of it."""

    def asked(name: str, n: int, good: int) -> ItemRow:
        return ItemRow(name, name, "ease", "Tiếp cận", n, good, good / n if n >= FEW else None)

    (factor,) = factor_rows([asked("a", 100, 80), asked("b", 90, 60), asked("c", 9, 1)])
    assert (factor.n, factor.share) == (190, 140 / 190)
    (factor,) = factor_rows([asked("a", 100, 80), asked("b", 6, 6), asked("c", 9, 1)])
    assert (factor.n, factor.share) == (115, 87 / 115)  # two questions, fifteen answers: neither is told
    (factor,) = factor_rows([asked("a", 5, 4), asked("b", 3, 1)])
    assert (factor.n, factor.share) == (8, None)
