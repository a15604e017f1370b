"""Which reports a user has to make soon, for the desk's first page."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from flask import url_for
from flask_babel import gettext as _

from analysis.presentation.scope import Scope
from analysis.presentation.todo import Todo, sectors_to_do
from analysis.reports.access import MAKE
from analysis.reports.kinds import KINDS
from analysis.reports.owed import owed_reports
from analysis.reports.recipients import department, departments
from survey.foundation.formatting import date

DAYS = 14
MOST = 2


def to_make(scope: Scope) -> Iterator[Todo]:
    """The nearest reports of the scope's departments that nobody has archived yet."""
    if scope.agency is not None:
        return
    sectors = sectors_to_do(scope, MAKE)
    own = [(scope.province.key, key) for key in departments() if _sector(key) in sectors]
    waiting = (owed for owed in owed_reports(own, DAYS) if owed.can_be_made and owed.made is None)
    for owed in islice(waiting, MOST):
        said = {"period": owed.deadline.period.label(), "day": date(owed.deadline.last_day)}
        short = KINDS[owed.deadline.kind].short
        words = (
            _("Lập báo cáo %(period)s, hạn %(day)s", **said)
            if short is None
            else _("Lập %(what)s %(period)s, hạn %(day)s", what=short, **said)
        )
        yield Todo(1, words, url_for("reports.index", _anchor="notices"))


def _sector(key: str) -> str | None:
    office = department(key)
    return None if office["overview"] else office["sector"]
