"""N and response rate of every row, also where one unit lacks a part of its caseload; what is missing is named."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from analysis.figures.figure import Figures
from analysis.figures.query import FigureQuery
from analysis.figures.service import answer
from analysis.presentation.lacking_words import lacking_words, part_words
from analysis.statistics import Threshold
from survey.foundation.periods import Period
from survey.foundation.storage.database import db, writing
from survey.registry.models import Agency, Caseload, Counter, Service
from tests.desk import world

pytestmark = pytest.mark.one_database

NAMED = "kham-benh"  # at the hospital and at the commune's health station, 9,600 visits a month


@pytest.fixture
def asked(small_world: Flask) -> Any:
    with small_world.app_context():
        yield small_world


def ask(by: str | None = "service", period: str = "2026-Q3", threshold: str | None = None) -> Figures:
    question = FigureQuery(province="dak-lak", subject="health_service", period=Period.parse(period), by=by)
    return answer(question, Threshold.parse(threshold) if threshold else None)


def ids_of(model: type[Service] | type[Counter], code: str) -> frozenset[int]:
    return frozenset(db.session.scalars(select(model.id).where(model.code == code)))


def unnamed(agency: str, count: int) -> None:
    """So many answers more that name no service: more than a tenth make the sector of the agency one post-stratum."""
    world.answer(agency, NAMED, "2026-09-11", count, 2, named=False)
    db.session.rollback()


def remove(agency: str, month: str, service: str) -> None:
    with writing() as session:
        agency_id = session.query(Agency).filter_by(code=agency).one().id
        service_id = session.query(Service).filter_by(code=service).one().id
        session.query(Caseload).filter_by(agency_id=agency_id, service_id=service_id, month=month).delete()


@pytest.mark.parametrize("agency", ["tyt-xa", "bv-tinh"])
def test_a_service_keeps_its_caseload_where_a_unit_is_weighted_by_its_whole_sector(asked: Any, agency: str) -> None:
    before = ask()[NAMED]
    unnamed(agency, 40)
    after = ask(threshold=">80")
    assert "service_unknown" in {note.code for note in after.notes}
    assert before.caseload == after[NAMED].caseload == 9600
    assert (after[NAMED].n, after[NAMED].received) == (before.n, before.received)
    assert after[NAMED].estimate.response_rate == pytest.approx(before.n / 9600)
    assert after[NAMED].verdict.overturn is not None
    assert not after[NAMED].partial


def test_a_rate_stands_on_the_answers_whose_service_is_in_its_caseload(asked: Any) -> None:
    unnamed("tyt-xa", 40)
    remove("tyt-xa", "2026-09", NAMED)  # the station's sector is then weighted by nothing at all
    only_hospital = ask()[NAMED]
    assert only_hospital.caseload == 9000
    assert only_hospital.estimate.response_rate == pytest.approx(only_hospital.n / 9000)
    assert part_words(only_hospital) == "(chỉ phần đã có số hồ sơ; thiếu cả kỳ ở Trạm y tế xã Ea Kao)"


def test_answers_weighted_by_the_sector_without_a_caseload_of_their_own_are_in_no_rate(asked: Any) -> None:
    before = ask()["noi-tru"]
    remove("bv-tinh", "2026-09", "noi-tru")  # more than a tenth of its answers then have none
    row = ask()
    assert "service_unknown" in {note.code for note in row.notes}
    assert (row["noi-tru"].caseload, row["noi-tru"].n) == (None, before.n)
    assert row["noi-tru"].partial
    whole = row[NAMED]
    assert (whole.caseload, whole.partial) == (9600, False)
    assert whole.estimate.response_rate == pytest.approx(whole.n / 9600)


@pytest.mark.parametrize("by", ["service", "agency", None])
def test_where_one_unit_lacks_one_month_its_row_has_n_and_rate_and_says_which(asked: Any, by: str | None) -> None:
    assert lacking_words(ask(by, "2026").figures) == ""
    remove("tyt-xa", "2026-10", NAMED)
    row = ask(by, "2026")[{"service": NAMED, "agency": "tyt-xa", None: "dak-lak"}[by]]
    assert row.caseload == {"service": 18600, "agency": 600, None: 20600}[by]
    assert row.estimate.response_rate == pytest.approx(row.n / row.caseload)
    assert part_words(row) == "(chỉ phần đã có số hồ sơ; thiếu tháng 10/2026 của Trạm y tế xã Ea Kao)"


def test_answers_that_name_no_service_do_not_make_a_whole_caseload_partial(asked: Any) -> None:
    unnamed("bv-tinh", 5)
    whole = ask(None).total
    assert whole.left_out == {"service_unknown": 5}
    assert not whole.partial


@pytest.mark.parametrize("by", ["service", "respondent_kind", "channel", "language", "counter"])
def test_a_caseload_that_counts_as_none_counts_as_none_for_who_asks_for_its_row_alone(asked: Any, by: str) -> None:
    for month in ("2026-07", "2026-08"):
        others = {"respondent_kind": "organisation", "channel": "paper", "language": "en"}
        world.answer("bv-tinh", "noi-tru", f"{month}-10", 12, 3, **others)
    db.session.rollback()
    table = ask(by, "2026-Q3")
    assert table.figures
    for row in table.figures:
        narrowed = {
            "service": {"services": ids_of(Service, row.domain)},
            "counter": {"counters": ids_of(Counter, row.domain)},
            "respondent_kind": {"respondent_kinds": (row.domain,)},
            "channel": {"channels": frozenset({row.domain})},
            "language": {"languages": frozenset({row.domain})},
        }[by]
        question = FigureQuery(province="dak-lak", subject="health_service", period=Period.parse("2026-Q3"), **narrowed)
        alone = answer(question).total
        assert (alone.n, alone.received, alone.left_out) == (row.n, row.received, row.left_out)
        assert by != "service" or alone.caseload == row.caseload
