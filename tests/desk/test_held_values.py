"""What may not be told yet is taken off questions' counts by the database, as it is taken off each tally elsewhere."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from flask import Flask

from analysis.figures.item_value_queries import fetch_item_values
from analysis.figures.query import FigureQuery
from analysis.figures.register import fetch_province, services_of
from analysis.figures.weighting.prepare import closed_before, rating_scope
from analysis.periods.held_back_queries import fetch_held_tallies, fetch_held_values
from analysis.periods.models import Closing
from analysis.presentation.selection_queries import fetch_item_counts
from survey.foundation.periods import Period
from survey.foundation.storage.database import writing
from survey.registry.queries import fetch_agency_places
from survey.responses.models import NO_SERVICE
from tests.desk.world import MONTHS, NOW, answer


@pytest.mark.parametrize("agencies", [None, ("ubnd-ea-tam", "so-y-te")])
def test_sums_by_the_database_are_those_of_the_tallies(world: Flask, agencies: tuple[str, ...] | None) -> None:
    world.config["RELEASE_STEP"] = 10
    said = {"overall_service": 5, "overall_procedures": 2, "procedure_on_time": 1, "officials_polite": 4}
    with world.app_context():
        answer("ubnd-ea-tam", "ho-tich", "2026-10-05", 3, 5, answers=said)
        answer("so-y-te", "hanh-nghe", "2026-10-06", 2, 5, answers=said | {"procedure_on_time": 5})
        answer("so-y-te", "hanh-nghe", "2026-10-06", 2, 5, named=False, answers=said)
        province, places = fetch_province("dak-lak").id, fetch_agency_places()
        ids = None if agencies is None else frozenset(places[code][0] for code in agencies)
        summed: Counter[tuple[str, int]] = Counter()
        services = {NO_SERVICE}
        for cell, held in fetch_held_tallies(province, MONTHS, ids).items():
            summed[cell.item, cell.value] += held
            services.add(cell.service_id)
        assert summed["procedure_on_time", 1] == 5
        assert fetch_held_values(province, MONTHS, ids, services) == summed


@pytest.mark.parametrize("step", [0, 10])
def test_a_closed_month_counts_each_question_as_it_was_closed(world: Flask, step: int) -> None:
    world.config["RELEASE_STEP"] = step
    said = {"overall_service": 5, "overall_procedures": 2, "officials_polite": 4}
    late = NOW + dt.timedelta(hours=2)
    with world.app_context():
        answer("ubnd-ea-tam", "ho-tich", "2026-10-05", 20, 5, answers=said)
        province, month = fetch_province("dak-lak"), Period.parse("2026-10")
        with writing() as session:
            session.add(Closing(province_id=province.id, period=month.code, revision=1, closed_at=NOW))
        answer("ubnd-ea-tam", "ho-tich", "2026-10-05", 12, 1, answers=said | {"officials_polite": 1}, received_at=late)
        answer("ubnd-ea-tam", "ho-tich", "2026-10-05", 3, 1, answers=said, named=False, received_at=late)
        services = frozenset({NO_SERVICE, *(service.id for service in services_of("administration"))})
        question = FigureQuery(province="dak-lak", subject="agency_service", period=month)
        values = fetch_item_values(rating_scope(question, province.id))
        closed_at = closed_before(question, province.id)
        counted = fetch_item_counts(province.id, month.months, None, services, closed_at=closed_at)
    assert values["officials_polite"] == {4: 20}
    assert {value: n for value, n in counted["officials_polite"].items() if n} == {4: 20}
