"""The signals of the demonstration: what a nightly run would have found."""

from __future__ import annotations

from analysis.signals.service import detect
from survey.foundation.clock import month_of, today
from survey.foundation.periods import shift_month


def open_demo_signals() -> None:
    """Look at last month and this one in every province of the demonstration."""
    months = [shift_month(month_of(today()), -1), month_of(today())]
    for province in ("dak-lak", "son-la", "an-giang"):
        detect(province, months)
