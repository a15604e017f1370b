"""Detailed questions and factors are weighted and have an interval, like the overall question."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from survey.foundation.storage.database import writing
from survey.responses.models import AnswerBeyondCapacity, Response
from tests.desk import world
from tests.figures.test_figures import ask

pytestmark = pytest.mark.one_database

ITEMS = ("procedure_posted", "procedure_on_time")  # of the factor `procedure`


@pytest.fixture
def items() -> tuple[str, str]:
    return ITEMS


# agency, service, day, count, overall, the two detailed answers (None: left out)
SHEETS = [
    ("ubnd-ea-tam", "ho-tich", "2026-10-12", 6, 5, (5, 4)),
    ("ubnd-ea-tam", "ho-tich", "2026-10-12", 4, 5, (4, 2)),
    ("ubnd-ea-tam", "ho-tich", "2026-10-13", 5, 2, (3, 5)),
    ("ubnd-ea-tam", "ho-tich", "2026-10-13", 3, 2, (None, 5)),
    ("ubnd-ea-tam", "ho-tich", "2026-10-14", 7, 4, (0, 1)),
    ("so-y-te", "hanh-nghe", "2026-10-12", 5, 5, (5, 5)),
    ("so-y-te", "hanh-nghe", "2026-10-13", 6, 2, (2, 4)),
    ("so-y-te", "hanh-nghe", "2026-10-14", 2, 2, (None, None)),
]
CASELOAD = {"ubnd-ea-tam": 400, "so-y-te": 90}


@pytest.fixture
def asked(small_world: Flask, items: tuple[str, str]) -> Any:
    with small_world.app_context():
        for agency, service, day, count, overall, values in SHEETS:
            answers = dict.fromkeys(("overall_service", "overall_procedures"), overall)
            answers |= {code: value for code, value in zip(items, values, strict=True) if value is not None}
            world.answer(agency, service, day, count, overall, answers=answers)
        yield small_world


def by_hand(pairs: list[tuple[int, ...]]) -> Any:
    """The estimate from each sheet's answers to the questions asked about: which 1-5 each, in the order of SHEETS."""
    from analysis.statistics import Cells, Ratio, estimate

    rows = [(sheet, [v for v in pair if v]) for sheet, pair in zip(SHEETS, pairs, strict=True)]
    rows = [(sheet, values) for sheet, values in rows if values]
    n = np.array([sheet[3] for sheet, _ in rows])
    good = np.array([sum(v >= 4 for v in values) for _, values in rows])
    answered = np.array([len(values) for _, values in rows])
    cells = Cells.from_columns(
        stratum=[sheet[0] for sheet, _ in rows],
        post_stratum=[f"{sheet[0]}/{sheet[1]}" for sheet, _ in rows],
        caseload=[CASELOAD[sheet[0]] for sheet, _ in rows],
        psu=[sheet[2] for sheet, _ in rows],
        responses=n,
        satisfied=n * (good == answered),
        ratio=Ratio.item_pooled(n * good, n * answered, (n * good**2, n * good * answered, n * answered**2)),
    )
    (domain,) = estimate(cells).domains
    return domain


def test_a_detailed_question_is_weighted_to_the_dossiers_with_its_variance(asked: Any, items: tuple[str, str]) -> None:
    figure = ask("agency_service", items=items[:1]).total.estimate
    expected = by_hand([(sheet[5][0] or 0,) for sheet in SHEETS])

    assert figure.estimate == pytest.approx((400 * 10 / 15 + 90 * 5 / 11) / 490)
    assert figure.estimate == pytest.approx(expected.estimate, rel=1e-12)
    assert figure.variance == pytest.approx(expected.variance, rel=1e-9)
    assert (figure.n, figure.df) == (26, expected.df)


def test_a_factor_pools_the_answers_to_its_questions(asked: Any, items: tuple[str, str]) -> None:
    from analysis.statistics import Method

    figure = ask("agency_service", items=items, method=Method.ITEM_POOLED).total.estimate
    expected = by_hand([tuple(value or 0 for value in sheet[5]) for sheet in SHEETS])

    assert figure.estimate == pytest.approx(expected.estimate, rel=1e-12)
    assert figure.variance == pytest.approx(expected.variance, rel=1e-9)
    assert figure.n == 36  # everyone but those who answered neither


@pytest.mark.parametrize("by", [None, "agency", "channel", "language", "month"])
def test_all_questions_pooled_are_one_figure_whether_they_are_named_or_not(
    asked: Any, items: tuple[str, str], by: str | None
) -> None:
    """Nobody who rated the overall question alone is counted among those who answered the detailed ones."""
    from analysis.statistics import Method

    unnamed, named = (ask("agency_service", by=by, items=codes, method=Method.ITEM_POOLED) for codes in ((), items))

    def told(figure: Any) -> tuple[Any, ...]:
        estimate = figure.estimate
        numbers = estimate and (estimate.exact_estimate, estimate.variance, estimate.n_eff, estimate.interval_90)
        return figure.domain, figure.shown, figure.n, figure.received, numbers

    assert [told(figure) for figure in unnamed.figures] == [told(figure) for figure in named.figures]
    assert sum(figure.n or 0 for figure in unnamed.figures) == 36


def test_the_detailed_answers_of_a_few_are_not_told_among_many_who_gave_none(
    asked: Flask, items: tuple[str, str]
) -> None:
    from analysis.statistics import Method

    world.answer("bv-tinh", "kham-benh", "2026-10-12", 9, 5, answers={"overall_health": 5, "access_signs": 1})
    figure = ask("health_service", method=Method.ITEM_POOLED).total
    assert (figure.suppressed, figure.estimate, figure.n) == (True, None, 9)


@pytest.mark.parametrize("many", [1, 2])
def test_the_mean_of_questions_over_five_is_weighted_with_its_variance(
    asked: Any, items: tuple[str, str], many: int
) -> None:
    from analysis.statistics import Cells, Method, Ratio, estimate

    figure = ask("agency_service", items=items[:many], method=Method.MEAN_RESCALED).total.estimate
    rows = [(sheet, [value for value in sheet[5][:many] if value]) for sheet in SHEETS]
    rows = [(sheet, values) for sheet, values in rows if values]
    n = np.array([sheet[3] for sheet, _values in rows])
    points = np.array([sum(values) for _sheet, values in rows])
    answered = np.array([len(values) for _sheet, values in rows])
    squares = (n * points**2, n * points * answered, n * answered**2)
    cells = Cells.from_columns(
        stratum=[sheet[0] for sheet, _values in rows],
        post_stratum=[f"{sheet[0]}/{sheet[1]}" for sheet, _values in rows],
        caseload=[CASELOAD[sheet[0]] for sheet, _values in rows],
        psu=[sheet[2] for sheet, _values in rows],
        responses=n,
        satisfied=0 * n,
        ratio=Ratio(n * points, n * answered, *squares, scale=5),
    )
    (expected,) = estimate(cells).domains
    assert figure.estimate == pytest.approx(expected.estimate, rel=1e-12)
    assert figure.variance == pytest.approx(expected.variance, rel=1e-9)
    assert figure.unweighted == pytest.approx((n * points).sum() / (n * answered).sum() / 5)


def test_nobody_answered_and_too_many_answered_are_said(
    asked: Any, items: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from analysis.figures.query import BadQuery
    from analysis.figures.weighting import prepare

    assert ask("agency_service", items=("nobody_was_asked",)).total.estimate is None
    monkeypatch.setattr(prepare, "MOST_SHEETS", 50)
    with pytest.raises(BadQuery, match=r"quá nhiều để tính riêng từng câu hỏi"):
        ask("agency_service", items=items[:1])
    assert ask("agency_service", by="agency").figures


def test_a_breakdown_of_a_question_by_channel_adds_up_to_it(asked: Any, items: tuple[str, str]) -> None:
    figures = ask("agency_service", items=items[:1], by="channel")
    assert [figure.domain for figure in figures.figures] == ["qr"]
    assert figures["qr"].estimate.estimate == pytest.approx(
        ask("agency_service", items=items[:1]).total.estimate.estimate
    )


def test_a_detailed_question_takes_no_other_method(asked: Any, items: tuple[str, str]) -> None:
    from analysis.figures.query import BadQuery
    from analysis.statistics import Method

    for codes, method in ((items[:1], Method.ITEM_POOLED), (items, Method.TOP2)):
        with pytest.raises(BadQuery):
            ask("agency_service", items=codes, method=method)


def test_its_cells_give_the_same_number_again(
    asked: Flask, items: tuple[str, str], tmp_path: Any, runner: FlaskCliRunner
) -> None:
    import json

    from analysis.desk.cells_file import cells_csv
    from analysis.figures.query import FigureQuery
    from analysis.figures.service import cells_by_sampling_unit
    from survey.foundation.periods import Period

    question = FigureQuery(
        province="dak-lak", subject="agency_service", period=Period.parse("2026-10"), items=(items[1],)
    )
    path = tmp_path / "cells.csv"
    path.write_text("".join(cells_csv(cells_by_sampling_unit(question))), encoding="utf-8")
    printed = json.loads(runner.invoke(args=["analysis", "estimate", str(path), "--no-fpc"]).stdout)
    figure = ask("agency_service", items=(items[1],)).total.estimate
    assert printed["domains"][0]["estimate"] == pytest.approx(figure.estimate, rel=1e-12)
    assert printed["domains"][0]["variance"] == pytest.approx(figure.variance, rel=1e-9)


def test_marks_on_answers_that_skip_a_question_are_not_counted_beside_it(asked: Any, items: tuple[str, str]) -> None:
    with writing() as session:
        stored = session.execute(select(Response.id, Response.answers)).all()
        marked = [id_ for id_, answers in stored if items[0] not in answers]
        session.add_all([AnswerBeyondCapacity(response_id=id_) for id_ in marked])
    assert len(marked) > 40
    assert "beyond_capacity" in {note.code for note in ask("agency_service").notes}
    assert "beyond_capacity" not in {note.code for note in ask("agency_service", items=items[:1]).notes}
