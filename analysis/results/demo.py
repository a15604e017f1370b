"""What the demonstration publishes: the programmes' years, and the months before and after a measure."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from analysis.figures.register import fetch_province
from analysis.periods.queries import fetch_latest
from analysis.results.closing.service import close_period, publish_period
from survey.foundation.clock import month_of, today
from survey.foundation.commands.progress import progress
from survey.foundation.languages.language import for_terminal
from survey.foundation.periods import Period, shift_month
from survey.foundation.storage.database import db

PUBLISHED_YEARS = {"dak-lak": (2013, 2015, 2018, 2020), "son-la": (2015, 2020), "an-giang": (2015,)}


def publish_demo() -> None:
    """Close and publish the demonstration's finished periods."""
    periods = [(province, str(year)) for province, years in PUBLISHED_YEARS.items() for year in years]
    periods += [("dak-lak", shift_month(month_of(today()), -months_ago)) for months_ago in (3, 2)]
    for province, period in progress(periods, for_terminal(_l("Công bố các kỳ")), len(periods)):
        _publish(province, Period.parse(period))


def _publish(province: str, period: Period) -> None:
    latest = fetch_latest(db.session(), fetch_province(province).id, period.code)
    if latest is None:
        close_period(province, period)
    if latest is None or latest.published_at is None:
        publish_period(province, period)
