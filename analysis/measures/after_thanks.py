"""Below a citizen's thanks: what the agency has done since, where satisfaction has risen with it."""

from __future__ import annotations

from dataclasses import replace

from flask_babel import gettext as _

from analysis.figures.figure import Figures
from analysis.figures.query import FigureQuery
from analysis.figures.service import answer
from analysis.measures.effects import effects_of
from analysis.measures.models import Measure
from analysis.measures.queries import fetch_measures
from analysis.statistics import Movement
from survey.foundation.clock import today
from survey.foundation.formatting import date

MOST = 2


def lines(province_id: int, agency_id: int) -> list[str]:
    """At most two measures, the latest first, whose months after are surely better than those before."""
    begun = fetch_measures([province_id], started_by=today())
    good = [measure for measure in begun if measure.agency_id == agency_id and _ended_well(measure)]
    return [_told(measure) for measure in good[:MOST]]


def _ended_well(measure: Measure) -> bool:
    changes = [effect.change for effect in effects_of(measure, ask=_ask)]
    return any(change.movement is Movement.RISING for change in changes if change is not None)


def _told(measure: Measure) -> str:
    said = {"what": measure.what, "day": date(measure.starts_on)}
    return str(_("Từ ý kiến người dân, cơ quan đã làm: %(what)s (từ ngày %(day)s).", **said))


def _ask(question: FigureQuery) -> Figures:
    return answer(replace(question, audience="public"))
