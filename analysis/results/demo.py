"""What the demonstration publishes: the programmes' years, and the months before and after a measure."""

from __future__ import annotations

from analysis.results.service import close_period, publish_period
from survey.foundation.clock import month_of, today
from survey.foundation.periods import Period, shift_month

PUBLISHED_YEARS = {"dak-lak": (2013, 2015, 2018, 2020), "son-la": (2015, 2020), "an-giang": (2015,)}


def publish_demo() -> None:
    """Close and publish the demonstration's finished periods."""
    for province, years in PUBLISHED_YEARS.items():
        for year in years:
            _publish(province, Period.parse(str(year)))
    for months_ago in (3, 2):
        _publish("dak-lak", Period.parse(shift_month(month_of(today()), -months_ago)))


def _publish(province: str, period: Period) -> None:
    close_period(province, period)
    publish_period(province, period)
