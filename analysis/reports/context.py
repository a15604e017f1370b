"""What every part of a report needs to know: for whom, about when, judged by what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from analysis.figures.figure import Figure, Figures
from analysis.figures.suppression.complement import is_untold, parts_beside
from analysis.presentation.caseload_units import caseload_unit, in_units
from analysis.reports.recipients import Recipient
from analysis.reports.recorded_queries import Inquiry
from analysis.targets.service import ON_THE_WAY, TargetInYear, targets_in_force
from survey.foundation.periods import Period
from survey.foundation.vocabulary import SECTOR_OF_SUBJECT

SATISFACTION, COVERAGE = "satisfaction", "coverage"
SCORING, PLAN, WORK_SHEET = "scoring", "plan", "work-sheet"


class Captions:
    """Numbers tables and charts in the order they are made: "Bảng 1.", "Hình 1."."""

    def __init__(self) -> None:
        self._counts = {"Bảng": 0, "Hình": 0}

    def table(self, words: str) -> str:
        """The caption of the next table."""
        return self._next("Bảng", words)

    def chart(self, words: str) -> str:
        """The caption of the next chart."""
        return self._next("Hình", words)

    def _next(self, kind: str, words: str) -> str:
        self._counts[kind] += 1
        return f"{kind} {self._counts[kind]}. {words}"


def _within(month: Period, period: Period) -> bool:
    return period.first_day <= month.first_day and month.last_day <= period.last_day


@dataclass(frozen=True)
class Brief:
    """One report to be written. `closed_at` None: the period is open and its figures are provisional.

    `derived` keeps, by place, every printed number that follows from several answers, so that it can be verified too.
    """

    province_key: str
    province_id: int
    province_name: str
    recipient: Recipient
    period: Period
    cut_off: dt.date
    closed_at: dt.datetime | None
    targets: tuple[TargetInYear, ...]
    inquiry: Inquiry
    demo: bool
    versions: dict[str, str]  # of program, method and questionnaires
    kind: str = SATISFACTION
    words: Mapping[str, str] = field(default_factory=dict)  # parts that the office wrote itself
    captions: Captions = field(default_factory=Captions)
    derived: dict[str, Any] = field(default_factory=dict)

    def targets_of(self, subject: str) -> tuple[TargetInYear, ...]:
        """Satisfaction targets of a subject, the one that speaks loudest first: due or reference before on the way.

        Of those that do, the recipient's own comes before the province's.
        """
        own = [
            target
            for target in self.targets
            if target.target.kind == "satisfaction" and target.target.subject == subject
        ]
        return tuple(
            sorted(
                own,
                key=lambda target_in_year: (
                    target_in_year.status == ON_THE_WAY,
                    target_in_year.target.agency_id is None,
                    -target_in_year.target.due_year,
                ),
            )
        )

    def main_target(self, subject: str) -> TargetInYear | None:
        """The target that figures of a subject are set beside."""
        return next(iter(self.targets_of(subject)), None)

    def level_in(self, subject: str, year: int) -> float | None:
        """The level that figures of a year are set beside; that of the report's own year is its main target's."""
        if year == self.period.year:
            main = self.main_target(subject)
        else:
            past = replace(self, targets=tuple(targets_in_force(self.province_key, year)))
            main = past.main_target(subject)
        return None if main is None else float(main.threshold.threshold)

    def ask(self, subject: str, **narrowing: Any) -> Figures:
        """Figures of a subject within this report's agencies and the respondents its main target speaks about."""
        return self.inquiry.ask(subject, agencies=self.recipient.agencies, **self._beside_target(subject), **narrowing)

    def ask_beside(self, subject: str, target: TargetInYear) -> Figures:
        """Figures of a subject beside any of its targets: of whom that one speaks about, in this report's agencies."""
        kinds = target.target.counted_kinds
        agencies = self.recipient.agencies if subject in self.recipient.subjects else None
        return self.inquiry.ask(subject, target.threshold, agencies=agencies, respondent_kinds=kinds)

    def tells(self, subject: str) -> bool:
        """Whether anything but the figure itself may be told of a subject's answers: questions, facts, comments.

        Not of an agency that stands hidden among the province's (decision 21): its counts are the figure's, too.
        """
        return not self.inquiry.beside or self.recipient.agencies is None or not is_untold(self.ask(subject).total)

    def ask_month(self, subject: str, month: Period) -> Figure:
        """The report's figure of one month; a single agency's is taken from the answer for all agencies."""
        if self.recipient.is_single:
            beside = self._beside_target(subject)
            return self.inquiry.ask_agency(subject, self.recipient.key, period=month, **beside)
        return self.ask(subject, period=month).total

    def ask_months(self, subject: str, months: Sequence[Period]) -> list[Figure]:
        """The figures of months, without those that the report's period or the one before, minus the others, tells."""
        figures = {month.code: replace(self.ask_month(subject, month), domain=month.code) for month in months}
        if self.period.kind == "month" or not self.inquiry.beside:
            return list(figures.values())
        before = self.period.previous()
        wholes = {self.period: self.ask(subject).total, before: self.ask(subject, period=before, until=None).total}
        for period, whole in wholes.items():
            inside = [figures[month.code] for month in months if _within(month, period)]
            for was, told in zip(inside, parts_beside(inside, whole), strict=True):
                if told is not was:
                    figures[was.domain] = told
                    self._hold_back(subject, Period.parse(was.domain, days=True))
        return list(figures.values())

    def _hold_back(self, subject: str, month: Period) -> None:
        beside, domain = self._beside_target(subject), self.recipient.key
        if self.recipient.is_single:
            self.inquiry.hold_back(subject, domain, by="agency", agencies=None, period=month, **beside)
        else:
            agencies = self.recipient.agencies
            domain = self.ask(subject, period=month).total.domain
            self.inquiry.hold_back(subject, domain, agencies=agencies, period=month, **beside)

    def _beside_target(self, subject: str) -> dict[str, Any]:
        main = self.main_target(subject)
        if main is None:
            return {}
        return {"threshold": main.threshold, "respondent_kinds": main.target.counted_kinds}

    @property
    def subjects(self) -> tuple[str, ...]:
        """Subjects to report on: those with a target or an answer."""
        return tuple(
            subject
            for subject in self.recipient.subjects
            if self.main_target(subject) or (self.ask(subject).total.answers != 0 and not self._joint(subject))
        )

    @property
    def sectors(self) -> tuple[str, ...]:
        """The sectors of those subjects, each once."""
        return tuple(dict.fromkeys(sector for subject in self.subjects if (sector := SECTOR_OF_SUBJECT[subject])))

    def _joint(self, subject: str) -> bool:
        # "Thủ tục và sự phục vụ" repeats its two parts; it is reported only where a decree asks for it.
        return subject == "procedures_and_service"

    def caseload_unit(self, subject: str) -> str:
        """Dossiers, visits or pupils."""
        return caseload_unit(subject)

    def in_units(self, subject: str, words: str) -> str:
        """Words that say "hồ sơ" of every sector, as the readers of this subject say it: "chưa có số lượt khám"."""
        return in_units(words, subject)
