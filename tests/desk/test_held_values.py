"""What may not be told yet is taken off questions' counts by the database, as it is taken off each tally elsewhere."""

from __future__ import annotations

from collections import Counter

import pytest
from flask import Flask

from analysis.figures.register import fetch_province
from analysis.periods.held_back_queries import fetch_held_tallies, fetch_held_values
from survey.registry.queries import fetch_agency_places
from tests.desk.world import MONTHS, answer


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
        services = set()
        for cell, held in fetch_held_tallies(province, MONTHS, ids).items():
            if cell.service_id:
                summed[cell.item, cell.value] += held
                services.add(cell.service_id)
        assert summed["procedure_on_time", 1] == 3
        assert fetch_held_values(province, MONTHS, ids, services) == summed
