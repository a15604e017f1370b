"""What the forms at the desk ask for - recipient, period or days, cut-off, kind - and what is wrong with them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from analysis.reports.context import SATISFACTION
from analysis.reports.kinds import KINDS, misfit
from analysis.reports.recipients import departments, sums_up
from survey.foundation.clock import today
from survey.foundation.pages.form_fields import read_day
from survey.foundation.periods import Period


class BadChoice(ValueError):
    """The form cannot be followed; the message says, in the reader's language, what to write instead."""


@dataclass(frozen=True)
class ReportRequest:
    """One report to make."""

    province: str
    recipient: str
    period: Period
    cut_off: dt.date | None
    kind: str


def wanted(form: Mapping[str, str]) -> ReportRequest:
    """The report that a form's fields describe: `recipient` (province/key), `period` or `from` and `to`, `cut_off`,
    `kind`.

    Raises:
        BadChoice: a field is missing, unreadable, or does not fit the others.
    """
    province, slash, recipient = form.get("recipient", "").partition("/")
    if not slash:
        raise BadChoice(_("Hãy chọn nơi nhận báo cáo."))
    period = _days(form) or _period(form.get("period", "").strip())
    if period.first_day > today():
        raise BadChoice(_("Kỳ báo cáo chưa bắt đầu."))
    kind = form.get("kind") or SATISFACTION
    if kind not in KINDS:
        raise BadChoice(_("Hãy chọn loại báo cáo."))
    if wrong := misfit(kind, recipient not in departments(), sums_up(recipient), period):
        raise BadChoice(str(wrong))
    return ReportRequest(province, recipient, period, _cut_off(form, period), kind)


def _period(text: str) -> Period:
    try:
        return Period.parse(text, days=True)
    except ValueError as error:
        raise BadChoice(_("Kỳ báo cáo viết như 2026-10, 2026-Q3, 2026-H1, 2026 hoặc 2026-01..2026-04.")) from error


def _days(form: Mapping[str, str]) -> Period | None:
    """The span of a report at need; None where neither day is given."""
    first, last = _day(form, "from", _("Từ ngày")), _day(form, "to", _("Đến hết ngày"))
    if first is None and last is None:
        return None
    if first is None or last is None:
        raise BadChoice(_("Báo cáo đột xuất cần cả hai ngày: từ ngày và đến hết ngày."))
    if last < first:
        raise BadChoice(_("Ngày cuối phải bằng hoặc sau ngày đầu."))
    return Period.between(first, last)


def _cut_off(form: Mapping[str, str], period: Period) -> dt.date | None:
    day = _day(form, "cut_off", _("Ngày chốt số liệu"))
    if day and not period.first_day <= day <= min(period.last_day, today()):
        raise BadChoice(_("Ngày chốt số liệu phải nằm trong kỳ báo cáo và không ở tương lai."))
    return day


def _day(form: Mapping[str, str], name: str, label: str) -> dt.date | None:
    text = form.get(name, "").strip()
    if not text:
        return None
    if day := read_day(text):
        return day
    raise BadChoice(
        _(
            "%(field)s: “%(text)s” không phải ngày có trong lịch; viết ngày/tháng/năm như 05/10/2026.",
            field=label,
            text=text,
        )
    )
