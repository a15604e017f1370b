"""How an office handled what citizens reported: counts of its own work, and the ratios of Quyết định 766/QĐ-TTg (2022).

No Flask, no SQL: everything is counted, so nothing is uncertain.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from analysis.statistics.counts import share_of


@dataclass(frozen=True)
class HandledCase:
    """One case as it stood at the end of a span.

    `redirected`: not within competence, or closed as part of a flood; `answered`: it waits for nothing any more;
    `late`: answered after its day, or not yet though its day is over; `helped`: what the citizen said, None nothing;
    `reopened`: looked at once more.
    """

    redirected: bool = False
    answered: bool = False
    late: bool = False
    helped: bool | None = None
    reopened: bool = False


@dataclass(frozen=True)
class CaseFigures:
    """Counts of cases. `competent` of the `received` are those within competence; all others are of these.

    `in_time`: handled by the promised day; `late`: handled after it, or (`overdue`) not yet; `unhappy`: late, or not
    helped.
    """

    received: int
    competent: int
    answered: int
    in_time: int
    late: int
    overdue: int
    helped: int
    not_helped: int
    reopened: int
    unhappy: int

    @property
    def running(self) -> int:
        """Not handled yet, and still in time."""
        return self.competent - self.in_time - self.late

    @property
    def on_time_share(self) -> float | None:
        """PAKN handled on or before time / PAKN within competence, 0-1 (766/QĐ-TTg); None of none."""
        return share_of(self.in_time, self.competent)

    @property
    def content_share(self) -> float | None:
        """(PAKN - those answered "không hài lòng" or handled late) / PAKN, 0-1 (766/QĐ-TTg); None of none.

        Who says nothing counts as content: the decision's own rule, not a finding.
        """
        return share_of(self.competent - self.unhappy, self.competent)

    @property
    def helped_share(self) -> float | None:
        """Of those who said whether the answer helped, who said it did, 0-1; None of none."""
        return share_of(self.helped, self.helped + self.not_helped)


def figures_of(cases: Iterable[HandledCase]) -> CaseFigures:
    """The counts of some cases."""
    every = list(cases)
    own = [case for case in every if not case.redirected]
    return CaseFigures(
        received=len(every),
        competent=len(own),
        answered=sum(case.answered for case in own),
        in_time=sum(case.answered and not case.late for case in own),
        late=sum(case.late for case in own),
        overdue=sum(case.late and not case.answered for case in own),
        helped=sum(case.helped is True for case in own),
        not_helped=sum(case.helped is False for case in own),
        reopened=sum(case.reopened for case in own),
        unhappy=sum(case.late or case.helped is False for case in own),
    )


def content_dossiers(
    dossiers: int, unhappy: tuple[int, int], reported: tuple[int, int], overdue: tuple[int, int]
) -> tuple[float | None, float | None]:
    """(dossiers - those rated "không hài lòng", reported on or overdue) / dossiers, 0-1: its lowest and highest value.

    Nothing links an anonymous rating or report to a dossier, so one may be counted in all three or each in one only:
    the least that can be wrong is the largest of the three, the most their sum. Each is the fewest and
    the most it may be. (None, None) of no dossiers.
    """
    worst = min(dossiers, unhappy[1] + reported[1] + overdue[1])
    best = min(dossiers, max(unhappy[0], reported[0], overdue[0]))
    return share_of(dossiers - worst, dossiers), share_of(dossiers - best, dossiers)


def whole_percents_around(low: float, high: float) -> tuple[float, float]:
    """The nearest whole percents at or below `low` and at or above `high`, all 0-1."""
    return math.floor(low * 100) / 100, math.ceil(high * 100) / 100
