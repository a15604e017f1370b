"""A question to the answers: which province, subject, period and breakdown, for whose eyes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from flask_babel import gettext as _

from analysis.figures.breakdowns import BREAKDOWNS
from analysis.figures.codebook import codebook
from analysis.statistics.cells.ratio import Method
from survey.foundation.periods import Period
from survey.foundation.vocabulary import SUBJECTS

AUDIENCES = ("staff", "public")
BOUNDARIES = ("then", "today")
_METHODS_OF_ITEMS = {
    False: (Method.TOP2, Method.MEAN_RESCALED),
    True: (Method.ITEM_POOLED, Method.MEAN_RESCALED, Method.ALL_ITEMS),
}


class BadQuery(ValueError):
    """The question cannot be answered; the message says what to write instead."""


@dataclass(frozen=True, kw_only=True)
class FigureQuery:
    """`agencies`, `services`, `counters` (ids), `respondent_kinds`, `channels`, `languages` narrow; None means all.

    "unknown" is a respondent kind like the others: whoever names kinds says whether answers without one count.
    `kind_by_hand`: a reader chose the kind; otherwise it is the one that a target counts. `beside`: whoever reads the
    figures of these `agencies` is told those of the whole province, too.

    `received_before` looks back to what was there at an instant; a closed period is answered as it was closed.
    `items` (codes) asks about detailed questions instead of the subject's overall one: the share of 4 and 5 among the
    answers to them, of those who answered any (one: method ``top2``; several pooled: ``item_pooled``; the share of
    those who rated the overall question and each they answered 4 or 5: ``all_items``; the mean of the answers to them
    over 5: ``mean_rescaled``).
    `until` is a cut-off day before the period ends. `boundaries`: agencies "then", as they were when the answers were
    given, or "today", predecessors summed under the agency that took over from them.
    """

    province: str
    subject: str
    period: Period
    by: str | None = None
    method: Method = Method.TOP2
    items: tuple[str, ...] = ()
    audience: str = "staff"
    agencies: frozenset[int] | None = None
    services: frozenset[int] | None = None
    counters: frozenset[int] | None = None
    channels: frozenset[str] | None = None
    languages: frozenset[str] | None = None
    respondent_kinds: tuple[str, ...] | None = None
    received_before: dt.datetime | None = None
    until: dt.date | None = None
    boundaries: str = "then"
    kind_by_hand: bool = False
    beside: bool = False

    @property
    def rests_on_sums(self) -> bool:
        """Whether how often each rating was given by day answers it; else the ratings themselves are read."""
        of_language = self.by == "language" or self.languages is not None
        return self.method in (Method.TOP2, Method.MEAN_RESCALED) and not self.items and not of_language

    def __post_init__(self) -> None:
        _one_of("subject", self.subject, tuple(SUBJECTS))
        _one_of("audience", self.audience, AUDIENCES)
        _one_of("boundaries", self.boundaries, BOUNDARIES)
        if self.by is not None:
            _one_of("by", self.by, BREAKDOWNS)
        if self.items and self.method not in _METHODS_OF_ITEMS[len(self.items) > 1]:
            raise BadQuery(_("Câu hỏi chi tiết không tính theo cách này: bỏ chọn phương pháp."))
        if self.subject == "health_and_education" and self.by not in (None, "month", "year"):
            raise BadQuery(_("Chỉ tiêu gộp y tế và giáo dục chỉ tính chung, theo tháng hoặc theo năm."))


def narrowing_kinds(kinds: Collection[str] | None) -> tuple[str, ...] | None:
    """The respondent kinds that a question is narrowed to; None where nobody is left out, all kinds being named."""
    return None if kinds is None or set(kinds) >= set(codebook().kinds) else tuple(kinds)


def _one_of(name: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise BadQuery(
            _(
                "%(name)s = “%(value)s” không hợp lệ; chọn một trong: %(choices)s.",
                name=name,
                value=value,
                choices=", ".join(choices),
            )
        )
