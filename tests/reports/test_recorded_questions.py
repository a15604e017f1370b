"""A question written into a report is the very question when it is read again, whatever it was about."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import fields, replace
from typing import Any

import pytest
from flask import Flask

from analysis.figures.query import FigureQuery
from analysis.figures.register import fetch_agencies, fetch_counters, fetch_province
from analysis.presentation.selection_queries import fetch_service_ids
from analysis.reports.recorded_queries import question_from, question_json
from analysis.statistics import Method
from survey.foundation.periods import Period

pytestmark = pytest.mark.one_database

PLAIN = {"province": "dak-lak", "subject": "health_service", "period": Period.parse("2026-10")}


def samples() -> dict[str, Any]:
    """Something unusual for every field of a question."""
    agency = next(agency.id for agency in fetch_agencies(fetch_province("dak-lak").id) if agency.code == "bv-tinh")
    return {
        "province": "son-la",
        "subject": "agency_service",
        "period": Period.parse("2026-09-04..2026-10-07", days=True),
        "by": "service",
        "method": Method.MEAN_RESCALED,
        "items": ("h_wait",),
        "audience": "public",
        "agencies": frozenset({agency}),
        "services": fetch_service_ids(code="kham-benh"),
        "counters": frozenset({min(fetch_counters(fetch_province("dak-lak").id))}),
        "channels": frozenset({"qr", "kiosk"}),
        "languages": frozenset({"en"}),
        "respondent_kinds": ("individual", "unknown"),
        "received_before": dt.datetime(2026, 11, 1, 2, 3, 4, 5, tzinfo=dt.UTC),
        "until": dt.date(2026, 10, 7),
        "boundaries": "today",
        "kind_by_hand": True,
        "beside": True,
    }


def test_no_field_of_a_question_is_lost_on_the_way_into_a_report_and_back(world: Flask) -> None:
    with world.app_context():
        unusual, plain = samples(), FigureQuery(**PLAIN)
        assert unusual.keys() == {field.name for field in fields(FigureQuery)}
        for name, value in unusual.items():
            question = replace(plain, **{name: value})
            assert question != plain
            assert question_from(json.loads(json.dumps(question_json(question)))) == question, name


def test_a_question_written_before_its_later_fields_is_read_as_it_was_meant(world: Flask) -> None:
    with world.app_context():
        later = ("items", "channels", "languages", "boundaries", "counters", "kind_by_hand", "beside")
        old = {name: value for name, value in question_json(FigureQuery(**PLAIN)).items() if name not in later}
        assert question_from({**old, "respondent_kinds": ["individual", "organisation"]}) == FigureQuery(**PLAIN)
        narrowed = question_from({**old, "respondent_kinds": ["individual"]})
        assert narrowed.respondent_kinds == ("individual",)


def test_a_question_that_says_more_than_this_version_knows_is_refused(world: Flask) -> None:
    with world.app_context(), pytest.raises(ValueError, match="weather"):
        question_from({**question_json(FigureQuery(**PLAIN)), "weather": "rain"})
