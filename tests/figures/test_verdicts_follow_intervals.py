"""Through the one service: what a figure's printed interval says and what its verdict says never differ."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from flask import Flask

from analysis.figures.figure import Figure
from analysis.figures.query import FigureQuery
from analysis.figures.service import answer
from analysis.statistics import Evidence, Threshold, sufficient
from survey.foundation.periods import Period
from survey.foundation.vocabulary import SUBJECTS
from tests.desk.world import MONTHS
from tests.desk.world import answer as hand_in

pytestmark = pytest.mark.one_database

PERIODS = ("2026", "2026-Q3", "2026-H2", *MONTHS)
BREAKDOWNS = (None, "agency", "service", "channel", "month", "sector", "area")
MOST = 40  # thresholds a question is judged by


def told_by_interval(figure: Figure, threshold: Threshold) -> Evidence | None:
    estimate = figure.estimate
    assert estimate is not None
    if figure.provisional or figure.unevenness.forbids_judgement:
        return None
    if estimate.interval_90 is None or not sufficient(estimate):
        return Evidence.INSUFFICIENT
    mark = float(threshold.threshold)
    if estimate.interval_90.low > mark:
        return Evidence.MET
    return Evidence.NOT_MET if estimate.interval_90.high < mark else Evidence.INCONCLUSIVE


def test_over_thousands_of_figures_the_verdict_is_what_the_interval_says(small_world: Flask) -> None:
    seed = random.Random(13)
    judged: dict[Evidence | None, int] = {}
    with small_world.test_request_context():
        for agency, service in (("bv-tinh", "kham-benh"), ("thpt-1", "giao-duc"), ("ubnd-ea-tam", "ho-tich")):
            for day in seed.sample(range(1, 29), 12):  # days of very unequal size
                size = seed.choice([1, 2, 3, 60])
                hand_in(agency, service, f"2026-10-{day:02d}", size, seed.choice([1, 4, 5, 5]))
        for subject in SUBJECTS:
            for period in PERIODS:
                for by in BREAKDOWNS if subject != "health_and_education" else (None,):
                    asked = FigureQuery(province="dak-lak", subject=subject, period=Period.parse(period), by=by)
                    for _ in range(MOST if by is None else MOST // 8):
                        threshold = Threshold(seed.choice([">", ">="]), Fraction(seed.randint(300, 1000), 1000))
                        for figure in answer(asked, threshold).figures:
                            if figure.verdict is not None:
                                said = figure.verdict.evidence
                                assert said is told_by_interval(figure, threshold), (asked, threshold, figure.domain)
                                judged[said] = judged.get(said, 0) + 1
    assert sum(judged.values()) > 2000, judged
    assert set(judged) >= {Evidence.MET, Evidence.NOT_MET, Evidence.INCONCLUSIVE}, judged
