"""Spans of days: which part of a month's caseload belongs to the days of it that a period covers.

Caseloads come by month. Of a month that a span cuts, the flows (dossiers, visits) are taken in proportion to the
working days (Monday to Friday without public holidays) inside the span. That is an assumption, stated beside the
figures, and such weights count as provisional.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from flask_babel import gettext as _

from analysis.statistics.counts import exact_share
from survey.foundation.periods import Period, month_label
from survey.foundation.working_days import between


def cut_shares(period: Period) -> dict[str, Fraction]:
    """The part (0-1) of each month that the period cuts: of its working days, or of its days in a span without any."""
    if not period.cut_months:
        return {}  # no day of a year need be looked at
    count = _counting(period)
    return {
        month: exact_share(count(period.in_month(month)), count(Period.parse(month))) or Fraction()
        for month in period.cut_months
    }


def proportion_words(period: Period) -> str:
    """As "tháng 9/2026: 15 trong 20 ngày làm việc; tháng 10/2026: 3 trong 22 ngày làm việc"; '' of whole months."""
    count = _counting(period)
    days = _("ngày làm việc") if count is _working_days else _("ngày")
    return "; ".join(
        _(
            "%(month)s: %(inside)s trong %(whole)s %(days)s",
            month=month_label(month),
            inside=count(period.in_month(month)),
            whole=count(Period.parse(month)),
            days=days,
        )
        for month in period.cut_months
    )


def _counting(period: Period) -> Callable[[Period], int]:
    return _working_days if _working_days(period) else _days


def _working_days(period: Period) -> int:
    return between(period.first_day, period.last_day)


def _days(period: Period) -> int:
    return (period.last_day - period.first_day).days + 1
