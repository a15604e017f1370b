"""The page for an afternoon: one selection's figure, its breakdown, what lies under it, and another beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.desk.compare import Comparison, compare, compare_parts, read_other, read_parts
from analysis.desk.distribution import Bar, FactorRow, ItemRow, distribution, factor_rows, item_rows
from analysis.desk.ranking import Ranking, ranking_of
from analysis.figures.breakdowns import OVER_TIME
from analysis.figures.figure import Figure, Figures
from analysis.figures.service import answer
from analysis.periods.late import LateAnswers, late_answers, sectors_of
from analysis.presentation.caseload_units import in_units
from analysis.presentation.channels import mode_effect
from analysis.presentation.phrases import SHORT_SUBJECTS, mark_words, sentence
from analysis.presentation.selection import Selection
from analysis.presentation.sensitivity import Sensitivity, sensitivity
from analysis.statistics import Change, Method
from analysis.targets.service import TargetInYear, targets_in_force
from survey.devices.queries import SilentDevice, silent_devices
from survey.foundation.clock import local_day
from survey.foundation.vocabulary import SECTOR_OF_SUBJECT


@dataclass(frozen=True)
class Exploration:
    """Everything on the page."""

    target: TargetInYear | None
    figures: Figures
    sentence: str
    parts: Figures
    ranking: Ranking
    low: float  # where the axis of the rows' drawing begins, 0-1
    comparison: Comparison | None
    bars: list[Bar]
    items: list[ItemRow]
    factors: list[FactorRow]
    modes: list[tuple[Figure, Change | None]]
    certainty: Sensitivity | None
    late: tuple[LateAnswers, ...]
    silent_devices: tuple[SilentDevice, ...]


def explore(selection: Selection, asked: Mapping[str, str]) -> Exploration:
    """The page's content.

    Raises:
        BadQuery: the selection cannot be answered, or the one beside it shares answers with it.
    """
    target = target_of(selection)
    threshold = target.threshold if target else None
    figures = answer(selection.question(), threshold)
    parts = answer(selection.question(selection.by), threshold)
    channels = parts if selection.by == "channel" else answer(selection.question("channel"), threshold)
    kept_out, silent = figures.total.kept_out, selection.is_filtered and figures.total.suppressed
    items = [] if silent else item_rows(selection, kept_out)
    return Exploration(
        target=target,
        figures=figures,
        sentence=in_units(sentence(_what(selection), figures.total, mark_of(target)), selection.subject),
        parts=parts,
        ranking=ranking_of(parts, asked.get("order", "given" if selection.by in OVER_TIME else "share")),
        low=_axis(parts),
        comparison=_comparison(selection, asked, figures),
        bars=[] if silent else distribution(selection, kept_out),
        items=items,
        factors=factor_rows(items),
        modes=mode_effect(channels),
        certainty=sensitivity(figures),
        late=_late(selection),
        silent_devices=_silent_devices(selection),
    )


def _axis(parts: Figures) -> float:
    intervals = [figure.estimate.interval_90 for figure in parts.figures if figure.estimate]
    lows = [interval.low for interval in intervals if interval is not None]
    level = float(parts.threshold.threshold) if parts.threshold else 1.0
    return max(0, min(9, int(min([level, *lows]) * 10 - 0.2))) / 10


def _what(selection: Selection) -> str:
    return selection.items_label or str(SHORT_SUBJECTS[selection.subject])


def _comparison(selection: Selection, asked: Mapping[str, str], figures: Figures) -> Comparison | None:
    parts = read_parts(selection, asked)
    if parts:
        return compare_parts(selection, *parts, figures.threshold)
    other = read_other(selection, asked)
    return compare(selection, figures, other) if other else None


def _late(selection: Selection) -> tuple[LateAnswers, ...]:
    sectors = sectors_of(selection.subject)
    return late_answers(selection.scope.province.id, selection.period, sectors=sectors, agency_ids=selection.agencies)


def _silent_devices(selection: Selection) -> tuple[SilentDevice, ...]:
    """Those that fell silent before the period was over: what they hold may belong to it."""
    stored_silent_devices = silent_devices(
        selection.scope.province.id, agency_ids=selection.agencies, sector=SECTOR_OF_SUBJECT[selection.subject]
    )
    last_day = selection.period.last_day
    return tuple(
        device
        for device in stored_silent_devices
        if device.last_contact_at is None or local_day(device.last_contact_at) <= last_day
    )


def target_of(selection: Selection) -> TargetInYear | None:
    """The province's target for the subject that is due last; only the headline may be held against it."""
    if selection.method is not Method.TOP2 or selection.items:
        return None
    speaking = [
        target
        for target in targets_in_force(selection.scope.province.key, selection.period.year)
        if target.target.subject == selection.subject and target.target.agency_id is None
    ]
    return max(speaking, key=lambda target_in_year: target_in_year.target.due_year, default=None)


def mark_of(target: TargetInYear | None) -> str | None:
    """What a figure is set beside, in words."""
    if target is None:
        return None
    return mark_words(target.status, target.target.comparator, target.target.threshold, target.target.due_year)
