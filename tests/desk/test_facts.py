"""Facts and reasons stand beside satisfaction with shares and medians of their own, and change nothing of it."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from analysis.figures.query import FigureQuery
from analysis.figures.service import answer
from analysis.presentation.facts import FactResult, fact_results
from survey.foundation.database import writing
from survey.foundation.periods import Period
from survey.registry.models import Caseload
from tests.desk import world as sheets
from tests.support.staff import signed_in

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
        return {one.code: one for one in fact_results(QUESTION)}


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
        details = [one.code for one in fact_results(QUESTION)]
    assert details == ["fact_trips", "fact_late"]


def test_the_desk_shows_them_apart(world: Flask, told: dict[str, FactResult]) -> None:
    desk = signed_in(world, "so-noi-vu", "method_owner", sector="administration")
    page = desk.get("/desk/dak-lak/administration/questions?period=2026-10&subject=agency_service").text
    assert "Sự việc và lý do, không tính vào mức hài lòng" in page
    assert "Theo sổ" in page
    assert "Phải chờ lâu" in page
