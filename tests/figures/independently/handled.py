"""What was handled: the caseload of a period by agency, service, kind and quarter, of months that were reported."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from tests.figures.independently.told import FEWEST, Answer, Dossiers


def _number(month: str) -> int:
    return 12 * int(month[:4]) + int(month[5:]) - 1


class Handled:
    """All answers of one subject, and the caseload rows of its sector, between two days.

    `kinds`: the respondent kinds asked about; `shares`: of a month that the days cut, the part that is inside.
    """

    def __init__(
        self,
        answers: Iterable[Answer],
        dossiers: Iterable[Dossiers],
        days: tuple[dt.date, dt.date],
        kinds: Sequence[str] | None = None,
        shares: Mapping[str, Fraction] | None = None,
    ) -> None:
        first, last = days
        numbers = range(_number(f"{first:%Y-%m}"), _number(f"{last:%Y-%m}") + 1)
        self.months = tuple(f"{number // 12}-{number % 12 + 1:02d}" for number in numbers)
        self.long = len(self.months) > 3
        self.kinds = kinds
        self.shares = dict.fromkeys(self.months, Fraction(1)) | dict(shares or {})
        self.weighing = [month for month in self.months if self.shares[month]]
        self.asked = [answer for answer in answers if first <= answer.day <= last]
        self.answers = [answer for answer in self.asked if kinds is None or answer.kind in kinds]
        self.unsaid = sum(answer.kind == "unknown" for answer in self.asked) if kinds and "unknown" not in kinds else 0
        every = list(dossiers)
        self.dossiers = [row for row in every if row.month in self.weighing]
        self.borrowed: set[tuple[str, str]] = set()
        if len(self.weighing) == 1:
            self._borrow(every)

    def _borrow(self, every: list[Dossiers]) -> None:
        """A month without a caseload takes that of the latest of the three months before."""
        (month,) = self.weighing
        known = {(row.agency, row.service) for row in self.dossiers}
        back = [f"{number // 12}-{number % 12 + 1:02d}" for number in (_number(month) - step for step in (1, 2, 3))]
        for pair in sorted({(row.agency, row.service) for row in every} - known):
            for earlier in back:
                rows = [row for row in every if (row.agency, row.service, row.month) == (*pair, earlier)]
                if rows:
                    self.dossiers += [replace(row, month=month) for row in rows]
                    self.borrowed.add(pair)
                    break

    def quarter(self, month: str) -> str:
        return f"{month[:4]}-Q{math.ceil(int(month[5:]) / 3)}" if self.long else ""

    def reported_months(self, agency: str, service: str) -> set[str]:
        """Months with a row; none where under half of the months in which anybody answered about the agency have."""
        reported = {row.month for row in self.dossiers if (row.agency, row.service) == (agency, service)}
        asking = {answer.month for answer in self.asked if answer.agency == agency} & set(self.weighing)
        return reported if len(reported) >= len(asking) / 2 else set()

    def handled(self, agency: str, service: str) -> dict[tuple[str, str], Fraction]:
        """N by (quarter, kind); kind '' where some row tells no kinds apart."""
        reported = self.reported_months(agency, service)
        rows = [
            row for row in self.dossiers if (row.agency, row.service) == (agency, service) and row.month in reported
        ]
        apart = all(row.kind for row in rows)
        if apart and self.kinds is not None:
            rows = [row for row in rows if row.kind in self.kinds]
        amounts: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
        for row in rows:
            amounts[self.quarter(row.month), row.kind if apart else ""] += self._counted(row, reported)
        return {key: amount for key, amount in amounts.items() if amount}

    def _counted(self, row: Dossiers, reported: set[str]) -> Fraction:
        covered = self.shares[row.month]
        return row.count * covered / (sum(self.shares[month] for month in reported) if row.stock else 1)

    def pairs(self) -> list[tuple[str, str]]:
        return sorted({(row.agency, row.service) for row in self.dossiers})

    def uneven(self, answers: Sequence[Answer], pairs: Iterable[tuple[str, str]]) -> tuple[Fraction, tuple[str, ...]]:
        """The share of the caseload in agency-months with under 5 answers, of agencies that answered; the months.

        Nothing of a single month.
        """
        if len(self.months) == 1:
            return Fraction(), ()
        count = Counter((answer.agency, answer.month) for answer in answers)
        answering = {answer.agency for answer in answers}
        everything, missing = Fraction(), Fraction()
        months = set()
        for row in self.dossiers:
            reported = self.reported_months(row.agency, row.service)
            if row.agency in answering and (row.agency, row.service) in pairs and row.month in reported:
                if row.kind and self.kinds is not None and row.kind not in self.kinds:
                    continue
                everything += self._counted(row, reported)
                if count[row.agency, row.month] < FEWEST and row.count:
                    missing += self._counted(row, reported)
                    months.add(row.month)
        return (missing / everything if everything else Fraction(), tuple(sorted(months)))
