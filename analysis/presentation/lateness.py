"""Beside a verdict: the share of those who answered that call the result late, and the share the register has."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from analysis.figures.query import FigureQuery
from analysis.figures.register import fetch_province, services_of
from analysis.figures.states import state_behind
from analysis.figures.weighting.prepare import closed_before
from analysis.presentation.selection_queries import fetch_item_counts
from analysis.presentation.sensitivity_queries import fetch_overdue
from analysis.statistics.counts import share_of
from analysis.statistics.disclosure.primary import FEWEST_PUBLIC, FEWEST_STAFF, hidden_count
from survey.foundation.caching.weighted_lru import State, WeightedLru
from survey.foundation.clock import today
from survey.foundation.formatting import percent, points
from survey.foundation.vocabulary import SECTOR_OF_SUBJECT

ON_TIME = {"administration": "procedure_on_time"}  # the detailed question about the time taken
LATE = 2  # rated 1 or 2: the time taken did not follow the rules


@dataclass(frozen=True)
class Lateness:
    """Shares (0-1): `told` of those who rated the time taken, `registered` of the register's dossiers."""

    told: float
    registered: float

    @property
    def words(self) -> str:
        """In one sentence."""
        said = {
            "share": percent(self.told),
            "overdue": percent(self.registered),
            "points": points(self.told - self.registered),
        }
        return str(
            _(
                "Quá hạn: %(share)s người trả lời cho là không đúng thời hạn; theo sổ %(overdue)s hồ sơ "
                "(chênh %(points)s).",
                **said,
            )
        )


_KNOWN: WeightedLru[Lateness | None] = WeightedLru(10_000, lambda _lateness: 1)


def lateness_of(question: FigureQuery) -> Lateness | None:
    """None where the forms do not ask, too few answered for this audience, or the register does not say.

    Both are counted by month: of days that cut one nothing is said.

    Remembered as figures are. An answer that rates nothing but the time taken changes no stamp, and need not: what came
    today is told from tomorrow on. Raises UnknownProvince.
    """
    if SECTOR_OF_SUBJECT[question.subject] not in ON_TIME or _cuts_a_month(question):
        return None
    state = state_behind(question)
    return _KNOWN.get_in(None if state is None else State(question, state), lambda: _lateness(question))


def _cuts_a_month(question: FigureQuery) -> bool:
    until = question.until or question.period.last_day
    return bool(question.period.cut_months) or until < min(question.period.last_day, today())


def _lateness(question: FigureQuery) -> Lateness | None:
    sector = SECTOR_OF_SUBJECT[question.subject] or ""
    province_id = fetch_province(question.province).id
    services = question.services or frozenset(service.id for service in services_of(sector))
    where = (province_id, question.period.months, question.agencies, services)
    counts = fetch_item_counts(*where, ON_TIME[sector], closed_before(question, province_id)).get(ON_TIME[sector], {})
    rated = {value: n for value, n in counts.items() if value >= 1}
    overdue, dossiers = fetch_overdue(*where)
    late, answers = sum(n for value, n in rated.items() if value <= LATE), sum(rated.values())
    if not dossiers or answers < FEWEST_STAFF or (question.audience == "public" and not _for_all(late, answers)):
        return None
    return Lateness(share_of(late, answers) or 0.0, share_of(overdue, dossiers) or 0.0)


def _for_all(late: int, answers: int) -> bool:
    """Whether anyone may be told the share: it gives away no count under 5."""
    return answers >= FEWEST_PUBLIC and not hidden_count(late) and not hidden_count(answers - late)
