"""Facts beside opinions - trips, asked to come back, late, extra payment, cost, days - and reasons that were ticked.

Plain counts of those who answered: shares and medians of their own, never a part of satisfaction. Beside "late" stands
the register's overdue share of the same agencies, services and months: a measured check on who answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from analysis.figures.item_value_queries import fetch_forms, fetch_item_values
from analysis.figures.query import FigureQuery
from analysis.figures.register import fetch_province, services_of
from analysis.figures.service import answer
from analysis.figures.suppression.complement import is_untold
from analysis.figures.weighting.prepare import rating_scope
from analysis.presentation.phrases import count_words
from analysis.presentation.sensitivity_queries import fetch_overdue
from analysis.statistics import Method
from analysis.statistics.counts import mean_rating, median_value, share_of
from analysis.statistics.disclosure.complementary import told_levels
from analysis.statistics.disclosure.primary import FEWEST_STAFF, hidden_count
from survey.foundation.formatting import ABSENT, number, percent, with_count
from survey.foundation.languages.language import current_language
from survey.foundation.vocabulary import SECTOR_OF_SUBJECT
from survey.questionnaires.definition import Definition, Item
from survey.questionnaires.types.choices import ItemWithOptions
from survey.questionnaires.types.multiple import MultipleItem
from survey.questionnaires.types.number import NumberItem
from survey.questionnaires.types.points import PointsItem
from survey.questionnaires.types.single import SingleItem

ANSWERED = 0  # under which several choices are counted once


@dataclass(frozen=True)
class ChoiceCount:
    """One answer: its words, how many gave it (None: held back) and their share of those who answered."""

    text: str
    count: int | None
    share: float | None


@dataclass(frozen=True)
class FactResult:
    """What was answered to one question of fact; `n` None: fewer than 5.

    `choices`, or `median` and `mean` with their `unit`; all empty below 10 answers. `good`: the share of favourable
    choices, such as coming back. Mean of the expectation in % and share of those who come back are the Ministry of
    Health's own rules. `points`: the mean of 0, 1, 2, where every count is told. `overdue`: (late dossiers, all) by the
    register, beside the question whether it was late.
    """

    code: str
    text: str
    n: int | None
    choices: tuple[ChoiceCount, ...] = ()
    median: float | None = None
    mean: float | None = None
    unit: str = ""
    good: float | None = None
    overdue: tuple[int, int] | None = None
    is_points: bool = False
    points: float | None = None

    @property
    def overdue_share(self) -> float | None:
        """The register's."""
        return share_of(*self.overdue) if self.overdue else None


def fact_results(question: FigureQuery) -> tuple[FactResult, ...]:
    """Every question of fact that was answered, over the answers a figure of this question is made of.

    None of an agency whose figure is held back beside the whole province's: their counts would tell it.

    Raises UnknownProvince.
    """
    sector = SECTOR_OF_SUBJECT[question.subject]
    if sector is None or (question.beside and is_untold(answer(replace(question, items=(), method=Method.TOP2)).total)):
        return ()
    province_id = fetch_province(question.province).id
    values = fetch_item_values(rating_scope(question, province_id))
    items: dict[str, Item] = {}
    for _key, _title, data in fetch_forms(sector):
        items |= {item.code: item for item in Definition.parse(data).items if not item.is_rated and not item.is_written}
    asked = [(item, values[code]) for code, item in items.items() if code in values]
    return tuple(_result(item, counts, _overdue(question, province_id, sector, item)) for item, counts in asked)


def fact_lines(fact: FactResult) -> list[str]:
    """A fact as lines of text: what is told of the question, then a line an answer."""
    head = [fact.text, count_words(fact.n), *fact_words(fact)]
    share = [ABSENT if choice.share is None else percent(choice.share) for choice in fact.choices]
    told = zip(fact.choices, share, strict=True)
    return ["  ".join(head), *(f"  {choice.text}  {count_words(choice.count)}  {part}" for choice, part in told)]


def fact_words(fact: FactResult) -> list[str]:
    """What is told of a question beside how many answered it."""
    said = []
    if fact.median is not None and fact.mean is not None:
        numbers = {"median": number(fact.median, 1), "mean": number(fact.mean, 2), "unit": fact.unit}
        said.append(_("trung vị %(median)s, trung bình %(mean)s %(unit)s", **numbers).rstrip())
    if fact.good is not None:
        said.append(_("thuận lợi %(share)s", share=percent(fact.good, 2)))
    if fact.points is not None:
        said.append(_("điểm trung bình %(points)s trên 2", points=number(fact.points, 2)))
    if fact.overdue:
        late, dossiers = fact.overdue
        register = {"share": percent(fact.overdue_share), "late": number(late), "all": number(dossiers)}
        said.append(with_count("theo sổ %(share)s quá hạn (%(late)s trong %(all)s hồ sơ)", dossiers, **register))
    return said


def _overdue(question: FigureQuery, province_id: int, sector: str, item: Item) -> tuple[int, int] | None:
    if item.fact != "late":
        return None
    services = question.services or frozenset(service.id for service in services_of(sector))
    overdue = fetch_overdue(province_id, question.period.months, question.agencies, services)
    return overdue if overdue[1] else None


def _result(item: Item, values: Mapping[int, int], overdue: tuple[int, int] | None) -> FactResult:
    text = item.label(current_language())
    n = values.get(ANSWERED, 0) if isinstance(item, MultipleItem) else sum(values.values())
    is_points = isinstance(item, PointsItem)
    if n < FEWEST_STAFF:
        return FactResult(item.code, text, None if hidden_count(n) else n, is_points=is_points)
    if isinstance(item, NumberItem):
        unit = item.unit.get(current_language(), item.unit["vi"]) if item.unit else ""
        return FactResult(item.code, text, n, median=median_value(values), mean=mean_rating(values), unit=unit)
    choices = _choices(item, values, n)
    good = _good(item, values, choices, n)
    points = mean_rating(values) if is_points and all(choice.count is not None for choice in choices) else None
    return FactResult(item.code, text, n, choices, good=good, overdue=overdue, is_points=is_points, points=points)


def _good(item: Item, values: Mapping[int, int], choices: tuple[ChoiceCount, ...], n: int) -> float | None:
    if not isinstance(item, SingleItem) or not item.good:
        return None
    told = {value for value, choice in zip(item.values, choices, strict=True) if choice.count is not None}
    return share_of(sum(values.get(value, 0) for value in item.good), n) if told >= set(item.good) else None


def _choices(item: Item, values: Mapping[int, int], n: int) -> tuple[ChoiceCount, ...]:
    language = current_language()
    options = (
        {option.value: option.label(language) for option in item.options}
        if isinstance(item, ItemWithOptions)
        else {1: _("Có"), 0: _("Không")}
    )
    counts = {value: values.get(value, 0) for value in options}
    if isinstance(item, MultipleItem):
        shown = {value: None if hidden_count(count) else count for value, count in counts.items()}
    else:
        shown = told_levels(counts)
    return tuple(
        ChoiceCount(options[value], count, None if count is None else share_of(count, n))
        for value, count in shown.items()
    )
