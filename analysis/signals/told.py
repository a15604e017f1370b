"""What signals may say of answers: what the desk's figures of the same months tell, and nothing else.

A signal that counted the answers itself would tell, beside the figure, what the few said whom the figure leaves out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from analysis.figures.figure import AgencyService, Figure
from analysis.figures.query import FigureQuery
from analysis.figures.rating_queries import RatingScope
from analysis.figures.register import fetch_province, fetch_register
from analysis.figures.service import answer
from analysis.figures.store.counts import fetch_agency_counts
from analysis.periods.release_gate import fetch_released
from analysis.statistics.counts import share_of
from survey.foundation.periods import Period


class MonthCount(NamedTuple):
    """The plain figure of an agency's month about a subject; `unused`: whose answers its weighted share leaves out."""

    agency_id: int
    subject: str
    month: str
    answers: int
    satisfied: int
    unused: frozenset[AgencyService] = frozenset()


class ChannelCount(NamedTuple):
    """What one agency's answers of a month by one channel say of a subject."""

    agency_id: int
    subject: str
    channel: str
    month: str
    answers: int
    satisfied: int


class ToldShare(NamedTuple):
    """A plain figure, 0-1, and the answers it is made of."""

    share: float
    answers: int


def month_counts(province: str, subjects: Iterable[str], months: Sequence[str]) -> Iterator[MonthCount]:
    """The plain figures of every agency's months that the desk shows. Raises UnknownProvince."""
    ids = {facts.code: id_ for id_, facts in fetch_register(fetch_province(province).id).agencies.items()}
    for subject in subjects:
        for month in months:
            question = FigureQuery(province=province, subject=subject, period=Period.parse(month), by="agency")
            for figure in answer(question).figures:
                if figure.estimate is not None and figure.domain in ids:
                    plain, weighed = figure.estimate, figure.estimate.estimate is not None
                    unused = figure.unused if weighed else frozenset()
                    yield MonthCount(ids[figure.domain], subject, month, plain.responses, plain.satisfied, unused)


def channel_counts(province: str, counts: Iterable[MonthCount]) -> Iterator[ChannelCount]:
    """The answers of these months by channel, but for the unused. Raises UnknownProvince."""
    unused: dict[str, dict[tuple[int, str], frozenset[AgencyService]]] = defaultdict(dict)
    for row in counts:
        unused[row.subject][row.agency_id, row.month] = row.unused
    for subject, told in unused.items():
        yield from _by_channel(fetch_province(province).id, subject, told)


def _by_channel(
    province_id: int, subject: str, told: Mapping[tuple[int, str], frozenset[AgencyService]]
) -> Iterator[ChannelCount]:
    months = tuple(sorted({month for _agency_id, month in told}))
    released = fetch_released(province_id, months)
    scope = RatingScope(province_id=province_id, subject=subject, months=months, released=released)
    for agency in fetch_agency_counts(scope):
        cells = agency.cells("channel")
        totals: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
        columns = (cells.dimension, cells.month, cells.service, cells.sums["responses"], cells.sums["satisfied"])
        for channel, month, service, answers, satisfied in zip(*(column.tolist() for column in columns), strict=True):
            unused = told.get((agency.agency_id, months[month]))
            if unused is not None and (agency.agency_id, service) not in unused:
                totals[channel, month][0] += answers
                totals[channel, month][1] += satisfied
        for (channel, month), (answers, satisfied) in totals.items():
            yield ChannelCount(agency.agency_id, subject, cells.labels[channel], months[month], answers, satisfied)


def told_of_channel(
    province: str, agency_id: int, subject: str, month: str, channel: str
) -> tuple[ToldShare, ToldShare] | None:
    """The plain figures of an agency's channel and of the others that the desk shows beside it; None: it does not.

    Raises UnknownProvince.
    """
    question = FigureQuery(
        province=province,
        subject=subject,
        period=Period.parse(month),
        by="channel",
        agencies=frozenset({agency_id}),
    )
    shown = answer(question).figures
    own = _added([figure for figure in shown if figure.domain == channel])
    others = _added([figure for figure in shown if figure.domain != channel])
    return None if own is None or others is None else (own, others)


def _added(figures: Iterable[Figure]) -> ToldShare | None:
    plain = [figure.estimate for figure in figures if figure.estimate is not None]
    answers = sum(estimate.responses for estimate in plain)
    share = share_of(sum(estimate.satisfied for estimate in plain), answers)
    return None if share is None else ToldShare(share, answers)
