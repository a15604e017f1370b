"""The demonstration shows what signals and measures are for."""

from __future__ import annotations

from flask import Flask

from analysis.measures.demo import register_demo_measures
from analysis.measures.models import Measure
from analysis.signals.demo import open_demo_signals
from analysis.signals.models import Signal
from survey.demo.burst import ANSWERS, COUNTER
from survey.foundation.storage.database import db


def test_the_afternoon_that_looks_like_stuffing_is_found(demonstration: Flask) -> None:
    with demonstration.app_context():
        open_demo_signals()
        (signal,) = (record for record in db.session.query(Signal) if record.counter and record.counter.code == COUNTER)
        assert (signal.kind, signal.month) == ("burst", "2026-10")
        assert signal.evidence["episodes"][0]["answers"] == ANSWERS


def test_the_weak_service_has_a_measure(demonstration: Flask) -> None:
    with demonstration.app_context():
        register_demo_measures()
        measures = {record.agency.code: record for record in db.session.query(Measure)}
        measure = measures["DL-SNNMT"]
        assert measure.starts_on.isoformat() == "2026-10-01"
