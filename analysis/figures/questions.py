"""Results by factor and by question of each form that was answered: weighted, with interval, each method named.

The ministry's figures of a form are the unweighted shares of its rows: `item_pooled` pools all its detailed questions
(methodology M2), `all_items` counts who rated every one 4 or 5 (M4), `top2` is one question's share (M1),
`mean_rescaled` the mean over 5 (M3).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from analysis.figures.figure import AgencyService, Ask, Figure
from analysis.figures.item_value_queries import fetch_forms, fetch_item_values
from analysis.figures.query import FigureQuery
from analysis.figures.register import fetch_province
from analysis.figures.service import answer
from analysis.figures.weighting.prepare import rating_scope
from analysis.statistics import Method
from analysis.statistics.counts import mean_rating, share_of
from analysis.statistics.disclosure.complementary import told_levels
from analysis.statistics.disclosure.primary import FEWEST_STAFF
from survey.foundation.caching.object_cache import once_for_each
from survey.foundation.languages.language import current_language
from survey.foundation.vocabulary import SCALE, SECTOR_OF_SUBJECT
from survey.questionnaires.definition import Definition, Item

Values = Mapping[str, Mapping[int, int]]


@dataclass(frozen=True)
class QuestionResult:
    """One figure: of a form by one `method`, of a factor or of a question; `codes`: the questions it is made of.

    `levels`: how many rated 1-5, None each where held back, empty where nothing is told or several are pooled.
    `mean`: of the ratings, 1-5; None where it would tell a count that is held back. `rescaled`: their weighted
    mean over 5.
    """

    code: str
    text: str
    method: Method
    figure: Figure
    codes: tuple[str, ...]
    levels: tuple[int | None, ...] = ()
    mean: float | None = None
    rescaled: Figure | None = None

    @property
    def shares(self) -> tuple[float, ...]:
        """The share of each level among the ratings; empty where one may not be told."""
        told = [n for n in self.levels if n is not None]
        shares = [share_of(n, sum(told)) for n in told] if len(told) == len(SCALE) else []
        return tuple(share for share in shares if share is not None)


@dataclass(frozen=True)
class FormResults:
    """What one form's detailed questions say; `factor_of`: each question's factor by its code."""

    key: str
    title: str
    whole: tuple[QuestionResult, ...]
    factors: tuple[QuestionResult, ...]
    questions: tuple[QuestionResult, ...]
    factor_of: Mapping[str, str]


def question_results(
    question: FigureQuery, ask: Ask = answer, *, language: str | None = None, rescaled: bool = True
) -> tuple[FormResults, ...]:
    """The results of every form of the subject's sector whose detailed questions were answered.

    Args:
        question: without breakdown, items or method of its own.
        ask: who answers; documents keep what they asked.
        language: of the texts, the reader's where None is named.
        rescaled: with each row's mean over 5.

    Raises:
        BadQuery: there are too many sheets to read each.
        UnknownProvince: there is no such province.
    """
    sector = SECTOR_OF_SUBJECT[question.subject]
    if sector is None:
        return ()
    values = fetch_item_values(rating_scope(question, fetch_province(question.province).id))
    forms = ((key, title, Definition.parse(data)) for key, title, data in fetch_forms(sector))
    texts = language or current_language()
    asking = _Asking(question, ask, values, rescaled)
    results = (_form(key, title, definition, texts, asking) for key, title, definition in forms)
    return tuple(result for result in results if result.questions)


def as_rows(result: QuestionResult) -> tuple[QuestionResult, ...]:
    """A result by its own method, then its mean over 5 as a row of its own."""
    if result.rescaled is None:
        return (result,)
    mean = replace(result, method=Method.MEAN_RESCALED, figure=result.rescaled, levels=(), rescaled=None)
    return (result, mean)


def overall_results(question: FigureQuery, ask: Ask = answer) -> tuple[QuestionResult, ...]:
    """The subject's overall question, whatever form asked it, as a share and as a mean over 5."""
    methods = (Method.TOP2, Method.MEAN_RESCALED)
    return tuple(
        QuestionResult(question.subject, "", method, ask(replace(question, method=method)).total, ())
        for method in methods
    )


@dataclass(frozen=True)
class _Asking:
    """What is asked of whom, over which counted values, and whether the means too."""

    question: FigureQuery
    ask: Ask
    values: Values
    rescaled: bool

    @once_for_each
    def values_without(self, kept_out: frozenset[AgencyService]) -> Values:
        """The values that the plain share of a figure is made of (`Figure.kept_out`)."""
        if not kept_out:
            return self.values
        counts = {code: Counter(values) for code, values in self.values.items()}
        scope = rating_scope(self.question, fetch_province(self.question.province).id)
        for agency_id, service_id in kept_out:
            theirs = replace(scope, agency_ids=frozenset({agency_id}), service_ids=frozenset({service_id}))
            for code, values in fetch_item_values(theirs).items():
                counts.get(code, Counter[int]()).subtract(values)
        return counts

    def total(self, codes: tuple[str, ...], method: Method) -> Figure:
        return self.ask(replace(self.question, items=codes, method=method)).total


def _form(key: str, title: str, definition: Definition, language: str, asking: _Asking) -> FormResults:
    items = [item for item in definition.optional_items if item.is_rated and _rated(asking.values, item.code)]
    details = tuple(item.code for item in items if item.is_detail)
    whole = tuple(
        _result(key, title, method, details, asking)
        for method in (Method.ITEM_POOLED, Method.ALL_ITEMS)
        if len(details) > 1
    )
    factors = tuple(
        _result(factor.code, factor.label(language), _method(codes), codes, asking)
        for factor in definition.factors
        if (codes := _codes_of(factor.code, items))
    )
    questions = tuple(_result(item.code, item.label(language), Method.TOP2, (item.code,), asking) for item in items)
    return FormResults(key, title, whole, factors, questions, {item.code: item.factor or "" for item in items})


def _codes_of(factor: str, items: Sequence[Item]) -> tuple[str, ...]:
    """A factor's own question stands for it where it was asked, else its details pooled."""
    own = [item for item in items if item.factor == factor]
    summary = [item.code for item in own if not item.is_detail]
    return tuple(summary[:1] or [item.code for item in own])


def _method(codes: Sequence[str]) -> Method:
    return Method.TOP2 if len(codes) == 1 else Method.ITEM_POOLED


def _rated(values: Values, code: str) -> int:
    return sum(n for value, n in values.get(code, {}).items() if value in SCALE)


def _result(code: str, text: str, method: Method, codes: tuple[str, ...], asking: _Asking) -> QuestionResult:
    figure = asking.total(codes, method)
    values = asking.values_without(figure.kept_out)
    is_mean = method is not Method.ALL_ITEMS
    rescaled = asking.total(codes, Method.MEAN_RESCALED) if is_mean and asking.rescaled else None
    levels = [_levels(values.get(code, {})) for code in codes]
    told = figure.estimate is not None and all(level and None not in level for level in levels)
    counts = {value: sum(values[code].get(value, 0) for code in codes) for value in SCALE} if told else {}
    mean = mean_rating(counts) if told and is_mean else None
    own = levels[0] if len(codes) == 1 and figure.estimate is not None else ()
    return QuestionResult(code, text, method, figure, codes, own, mean, rescaled)


def _levels(values: Mapping[int, int]) -> tuple[int | None, ...]:
    """How many gave each rating, as it may be told; empty when too few answered to tell any."""
    every = {value: values.get(value, 0) for value in sorted(SCALE)}
    return tuple(told_levels(every).values()) if sum(every.values()) >= FEWEST_STAFF else ()
