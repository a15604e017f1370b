"""Fetches what a question needs and weighs it: from SQL rows to pooled cells."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from analysis.figures.marked_queries import Marked, count_marked
from analysis.figures.query import BadQuery, FigureQuery, narrowing_kinds
from analysis.figures.rating_queries import DIMENSIONS, TOLD_CHANNELS, RatingGroup, RatingScope
from analysis.figures.register import UnitRegister, fetch_province, register_for
from analysis.figures.store.change_stamps import BORROW_MONTHS, caseload_state
from analysis.figures.store.counts import RatingsOfScope, fetch_counts, fetch_value_counts
from analysis.figures.weighting.blocks import Blocks
from analysis.figures.weighting.boundaries import in_boundaries
from analysis.figures.weighting.breakdown import domain_of_group, domain_of_post_stratum
from analysis.figures.weighting.disposition import Disposition, Unevenness, dispositions, unevenness
from analysis.figures.weighting.population import Population, missing_months, populations
from analysis.figures.weighting.post_strata import Assignment, assign
from analysis.figures.weighting.proportion import cut_shares
from analysis.figures.weighting.service_caseload import ServiceCaseload, service_caseloads
from analysis.figures.weighting.table import CellTable, build_table, pooled
from analysis.periods.closings import fetch_closing_instant
from analysis.periods.release_gate import fetch_released
from analysis.statistics.cells.cells import Cells
from analysis.statistics.cells.ratio import Method
from survey.foundation.caching.transaction_cache import is_writing, read_once
from survey.foundation.caching.weighted_lru import State, WeightedLru
from survey.foundation.formatting import number
from survey.foundation.periods import Period, shift_month
from survey.foundation.vocabulary import PARTS_OF_SUBJECT, SECTOR_OF_SUBJECT, UNKNOWN_KIND
from survey.registry.queries import fetch_caseloads

Populations = Mapping[tuple[int, int], Population]
read_caseloads = read_once(fetch_caseloads)
_KNOWN: WeightedLru[Populations] = WeightedLru(300_000, lambda known: 50 + 4 * len(known))  # some 100 MB at most
MOST_SHEETS = 100_000  # so many answer sheets are read within a second or two


@dataclass(frozen=True)
class Prepared:
    """Cells ready to be estimated from, and everything that must be told beside the figure."""

    cells: Cells
    table: CellTable
    blocks: Blocks
    assignment: Assignment  # of the blocks' groups, one block after the other
    register: UnitRegister
    by: str | None
    months_missing: dict[int, tuple[str, ...]]  # agency -> its months with answers and without a caseload
    dispositions: Mapping[str, Disposition]  # by domain (as coded in `cells`): what became of its answers
    unevenness: Mapping[str, Unevenness]  # by domain: the months it has too few answers of
    service_caseloads: Mapping[str, ServiceCaseload]  # by domain, in breakdowns by service
    marked: Marked  # ratings whose number is told beside the figure
    one_sided: int  # answers about one part of a subject that is several in one: not used
    holds_back: bool  # a month is running: its newest answers are not told yet

    def provisional_domains(self) -> set[str]:
        """Domains (as coded in `cells`) that rest on a borrowed caseload, or on a part of a month's."""
        resting = self.assignment.provisional | self.assignment.in_proportion
        domains = (domain_of_post_stratum(self.by, p, self.register) for p in resting)
        return {"" if domain is None else domain for domain in domains}

    def split(self) -> set[int]:
        """Agencies with answers that were divided among several, and so stand apart in today's boundaries."""
        return {post_stratum.agency_id for post_stratum in self.assignment.post_strata} & self.register.split


def prepare(question: FigureQuery) -> Prepared:
    """Everything up to the estimate.

    Raises:
        UnknownProvince: the question names a province there is not.
    """
    province_id = fetch_province(question.province).id
    asked, register = in_boundaries(question, province_id, register_for(province_id, question.by))
    scope = rating_scope(asked, province_id)
    blocks = _fetch(scope, question)
    groups = [group for outline in blocks.outlines for group in outline.groups]
    weighing = _weighing(asked.period)
    expected = _expected(scope, blocks, weighing)
    by_key = _populations(asked, province_id, register, expected)
    assignment = assign(groups, by_key, scope.respondent_kinds)
    table = build_table(blocks, assignment, question.by, register, question.method, of_items=bool(question.items))
    cells = pooled(
        table,
        question.by,
        register,
        scope.months,
        sector=SECTOR_OF_SUBJECT[question.subject] or "",
        single_agency=question.agencies is not None and len(question.agencies) == 1,
    )
    missing = _missing(by_key, expected, groups)
    by_domain = dispositions(blocks, table, cells, missing, by_key)
    used = [item for disposition in by_domain.values() for item in disposition.used.items()]
    return Prepared(
        cells,
        table,
        blocks,
        assignment,
        register,
        question.by,
        missing,
        _with_unknown_kinds(by_domain, scope, question, register),
        unevenness(blocks, table, by_key, scope.months, question.by, register, scope.respondent_kinds),
        service_caseloads(question.by, by_key, scope.respondent_kinds, used, register),
        count_marked(scope, {name: sum(outline.told[name] for outline in blocks.outlines) for name in TOLD_CHANNELS}),
        _one_sided(blocks, scope, question),
        bool(scope.released.running),
    )


def _expected(scope: RatingScope, blocks: Blocks, weighing: frozenset[str]) -> dict[int, frozenset[str]]:
    """For each agency the weighing months in which it has answers of any kind, however the scope is narrowed.

    A caseload would else be known to who asks for one service, and count as none in that service's row among others.
    """
    every = replace(
        scope, service_ids=None, counter_ids=None, respondent_kinds=None, channels=None, languages=None, items=()
    )
    outlines = (blocks if every == scope else Blocks(fetch_counts(every))).outlines
    return {agency: asking & weighing for outline in outlines for agency, asking in outline.asking.items()}


def _one_sided(blocks: Blocks, scope: RatingScope, question: FigureQuery) -> int:
    """How many rated some part of the subject and not all of it, where it has parts."""
    parts = () if question.items else PARTS_OF_SUBJECT.get(question.subject, ())
    rated = sum(_answers_in(_fetch(replace(scope, subject=part), question)) for part in parts)
    return rated - len(parts) * _answers_in(blocks)


def _answers_in(blocks: Blocks) -> int:
    return sum(int(outline.by_month.sum()) for outline in blocks.outlines)


def _with_unknown_kinds(
    by_domain: dict[str, Disposition], scope: RatingScope, question: FigureQuery, register: UnitRegister
) -> dict[str, Disposition]:
    """With those who do not say their respondent kind, where the question is about people who do."""
    if scope.respondent_kinds is None or UNKNOWN_KIND in scope.respondent_kinds:
        return by_domain
    counts: dict[str, Counter[tuple[int, int]]] = defaultdict(Counter)
    blocks = _fetch(replace(scope, respondent_kinds=frozenset({UNKNOWN_KIND})), question)
    for groups, labels, pairs, by_month, *_more in blocks.outlines:
        for (group, place), n in zip(pairs, by_month.sum(axis=1).tolist(), strict=True):
            domain = domain_of_group(question.by, groups[group], labels[place], register)
            if domain is not None:
                counts[domain][groups[group].agency_id, groups[group].service_id or 0] += n
    return {domain: disposition.with_unknown_kind(counts[domain]) for domain, disposition in by_domain.items()}


def _fetch(scope: RatingScope, question: FigureQuery) -> Blocks:
    dimension = question.by if question.by in DIMENSIONS else None
    if question.items:
        _check_size(scope)
    elif question.rests_on_sums:
        return Blocks(fetch_counts(scope), dimension, question.method is Method.MEAN_RESCALED)
    return Blocks([RatingsOfScope(scope)], dimension)


def _check_size(scope: RatingScope) -> None:
    """No sums are kept of detailed questions: every sheet must be read."""
    sheets = sum(fetch_value_counts(replace(scope, items=(), languages=None)).values())
    if sheets > MOST_SHEETS:
        raise BadQuery(
            _(
                "Có %(n)s phiếu: quá nhiều để tính riêng từng câu hỏi. Hãy chọn kỳ ngắn hơn, một cơ quan hoặc một dịch "
                "vụ (đến %(most)s phiếu).",
                n=number(sheets),
                most=number(MOST_SHEETS),
            )
        )


def rating_scope(question: FigureQuery, province_id: int) -> RatingScope:
    """Which ratings a question is about: as they may be told now, those of a closed period when it was closed."""
    period, until = question.period, question.until
    kinds = narrowing_kinds(question.respondent_kinds)  # counts are shared with whoever does not narrow
    if period.cut_months:
        until = min(until or period.last_day, period.last_day)
    return RatingScope(
        province_id=province_id,
        subject=question.subject,
        months=period.months,
        agency_ids=question.agencies,
        service_ids=question.services,
        counter_ids=question.counters,
        respondent_kinds=None if kinds is None else frozenset(kinds),
        channels=question.channels,
        languages=question.languages,
        released=fetch_released(province_id, period.months, closed_before(question, province_id)),
        since=period.first_day if period.cut_months else None,
        until=until,
        items=question.items,
        rated_items=question.method is Method.ITEM_POOLED and not question.items,
    )


def closed_before(question: FigureQuery, province_id: int) -> dt.datetime | None:
    """The instant before which an answer must have come: that looked back to, or the period's closing; None: any."""
    return question.received_before or fetch_closing_instant(province_id, question.period.code)


def _weighing(period: Period) -> frozenset[str]:
    """The months whose caseload weighs: all but one of which a span of days holds nothing but a week-end."""
    shares = cut_shares(period)
    return frozenset(month for month in period.months if shares.get(month, 1.0) > 0)


def _populations(
    question: FigureQuery, province_id: int, register: UnitRegister, expected: dict[int, frozenset[str]]
) -> Populations:
    sector, shares = SECTOR_OF_SUBJECT[question.subject], cut_shares(question.period)
    months = tuple(sorted(_weighing(question.period)))

    def work_out() -> Populations:
        earlier = tuple(shift_month(months[0], -back) for back in range(1, BORROW_MONTHS + 1))
        services = {id_ for id_, service in register.services.items() if service.sector == sector}
        services &= services if question.services is None else question.services
        rows = [
            row
            for month in sorted((*months, *(earlier if len(months) == 1 else ())))
            for row in read_caseloads(province_id, (month,), question.agencies)  # each month is in several periods
            if row.service_id in services
        ]
        return populations(rows, question.period.months, expected, shares)

    if is_writing():
        return work_out()
    key = (
        province_id,
        months,
        tuple(shares.items()),
        sector,
        question.agencies,
        question.services,
        frozenset(expected.items()),
    )
    sectors = tuple((id_, service.sector) for id_, service in register.services.items())
    return _KNOWN.get(State(key, (sectors, caseload_state(province_id, months))), work_out)


def _missing(
    by_key: Populations, expected: dict[int, frozenset[str]], groups: list[RatingGroup]
) -> dict[int, tuple[str, ...]]:
    missing: dict[int, set[str]] = defaultdict(set)
    with_answers = {(group.agency_id, group.service_id) for group in groups}
    for (agency_id, service_id), population in by_key.items():
        if (agency_id, service_id) in with_answers:
            months = missing_months(population, expected.get(agency_id, frozenset()))
            if months:
                missing[agency_id].update(months)
    return {agency_id: tuple(sorted(months)) for agency_id, months in missing.items()}
