"""Facts and reasons stand beside satisfaction with shares and medians of their own, and change nothing of it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import update

from analysis.figures.query import FigureQuery
from analysis.figures.service import answer
from analysis.presentation.facts import FactResult, fact_results
from survey.foundation.periods import Period
from survey.foundation.storage.database import writing
from survey.registry.models import Caseload
from tests.desk import world as sheets
from tests.support.report_text import made_report
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database

QUESTION = FigureQuery(province="dak-lak", subject="agency_service", period=Period.parse("2026-10"))


def hand_in(questionnaire: str, count: int, overall: int, **answers: Any) -> None:
    given = {"overall_service": overall, "overall_procedures": overall, **answers}
    more: dict[str, Any] = {"questionnaire": questionnaire, "answers": given}
    sheets.answer("ubnd-ea-tam", "ho-tich", "2026-10-12", count, overall, **more)


@pytest.fixture
def told(world: Flask) -> dict[str, FactResult]:
    with world.app_context():
        for count, trips, late in ((8, 1, 0), (6, 2, 0), (7, 5, 1)):
            hand_in("sipas-2017", count, 4, fact_trips=trips, fact_late=late)
        hand_in("administration-reasons", 9, 2, why_not_satisfied=[1, 6])
        hand_in("administration-reasons", 6, 3, why_not_satisfied=[1])
        hand_in("administration-reasons", 5, 5)
        hand_in("sipas-2017", 3, 4, fact_extra=1)
        with writing() as session:
            session.execute(update(Caseload).where(Caseload.unit == "dossier").values(overdue=7))
        return {result.code: result for result in fact_results(QUESTION)}


def test_a_number_has_its_median_and_a_yes_its_share(told: dict[str, FactResult]) -> None:
    assert (told["fact_trips"].n, told["fact_trips"].median, told["fact_trips"].unit) == (21, 2, "lần")
    yes, no = told["fact_late"].choices
    assert (yes.text, yes.count, yes.share) == ("Có", 7, pytest.approx(7 / 21))
    assert (no.text, no.count) == ("Không", 14)


def test_late_stands_beside_the_registers_overdue_share(told: dict[str, FactResult]) -> None:
    assert told["fact_late"].overdue == (14, 490)
    assert told["fact_trips"].overdue is None


def test_reasons_are_shares_of_those_who_were_asked_why(told: dict[str, FactResult]) -> None:
    why = told["why_not_satisfied"]
    counted = {choice.text: (choice.count, choice.share) for choice in why.choices if choice.count}
    assert why.n == 15
    assert counted == {"Phải chờ lâu": (15, 1.0), "Kết quả trễ hẹn": (9, pytest.approx(9 / 15))}


def test_what_few_answered_is_held_back(told: dict[str, FactResult]) -> None:
    extra = told["fact_extra"]
    assert (extra.n, extra.choices, extra.median) == (None, (), None)


def test_facts_are_no_part_of_satisfaction(world: Flask) -> None:
    with world.app_context():
        hand_in("sipas-2017", 12, 4)
        before = answer(QUESTION).total.estimate
        hand_in("sipas-2017", 12, 4, fact_late=1, fact_trips=9)
        after = answer(QUESTION).total.estimate
    assert before is not None
    assert after is not None
    assert after.responses == before.responses + 12
    with world.app_context():
        details = [result.code for result in fact_results(QUESTION)]
    assert details == ["fact_trips", "fact_late"]


def test_the_desk_shows_them_apart(world: Flask, told: dict[str, FactResult]) -> None:
    desk = signed_in(world, "so-noi-vu", "method_owner", sector="administration")
    page = desk.get("/desk/dak-lak/administration/questions?period=2026-10&subject=agency_service").text
    assert "Sự việc và lý do, không tính vào mức hài lòng" in page
    assert "Theo sổ" in page
    assert "Phải chờ lâu" in page


@pytest.fixture
def inpatients(world: Flask) -> Flask:
    with world.app_context():
        for count, expected, back in ((8, 110, 4), (6, 95, 5), (7, 80, 2)):
            given = {"overall_health": 4, "in_g1": expected, "in_g2": back}
            more: dict[str, Any] = {"questionnaire": "byt-inpatient", "answers": given}
            sheets.answer("bv-tinh", "noi-tru", "2026-10-12", count, 4, **more)
    return world


# By the ministry's words: the values entered divided by their number; answers 4 and 5 divided by all.
EXPECTATION, RETURN = (8 * 110 + 6 * 95 + 7 * 80) / 21, 14 / 21


def test_expectation_and_return_follow_the_ministrys_rule(inpatients: Flask) -> None:
    with inpatients.app_context():
        question = FigureQuery(province="dak-lak", subject="health_service", period=Period.parse("2026-10"))
        told = {result.code: result for result in fact_results(question)}
    assert told["in_g1"].mean == pytest.approx(EXPECTATION, rel=1e-15)
    assert told["in_g2"].good == pytest.approx(RETURN, rel=1e-15)
    assert told["in_g1"].good is None
    assert told["in_g2"].mean is None


def test_the_command_and_the_file_tell_the_same(inpatients: Flask, runner: FlaskCliRunner) -> None:
    where = ["--province", "dak-lak", "--period", "2026-10"]
    said = runner.invoke(args=["analysis", "questions", *where, "--subject", "health_service", "--format", "json"])
    facts = {fact["code"]: fact for fact in json.loads(said.output)["facts"]}
    assert facts["in_g1"]["mean"] == pytest.approx(EXPECTATION, rel=1e-15)
    desk = signed_in(inpatients, "so-y-te", "method_owner", sector="health")
    file = desk.get("/desk/dak-lak/health/exports/facts.csv?period=2026-10")
    table = list(csv.reader(io.StringIO(file.data.decode("utf-8-sig"))))
    rows = {row[1]: dict(zip(table[0], row, strict=True)) for row in table if row[3] == ""}
    assert float(rows["in_g1"]["Trung bình"]) == pytest.approx(EXPECTATION, rel=1e-15)
    assert float(rows["in_g2"]["Phần thuận lợi"]) == pytest.approx(RETURN, rel=1e-15)
    text = runner.invoke(args=["analysis", "questions", *where, "--subject", "health_service"]).output
    assert "trung bình 95,71 %" in text
    assert "thuận lợi 66,67" in text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_document_has_them_in_an_annex_and_is_verified(
    inpatients: Flask, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    file, text = made_report(runner, tmp_path)
    plain = " ".join(text.split())
    assert "sự việc và lý do người dân nêu" in plain.casefold()
    assert "trung bình 95,71 %" in plain
    assert runner.invoke(args=["analysis", "verify", str(file)]).exit_code == 0


def test_a_favourable_share_tells_no_count_that_is_held_back(world: Flask) -> None:
    with world.app_context():
        for count, back in ((9, 5), (3, 4), (9, 1)):
            more: dict[str, Any] = {
                "questionnaire": "byt-inpatient",
                "answers": {"overall_health": 4, "in_g2": back},
            }
            sheets.answer("bv-tinh", "noi-tru", "2026-10-12", count, 4, **more)
        question = FigureQuery(province="dak-lak", subject="health_service", period=Period.parse("2026-10"))
        (told,) = [result for result in fact_results(question) if result.code == "in_g2"]
    assert None in {choice.count for choice in told.choices}
    assert told.good is None
