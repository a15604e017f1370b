"""The one service that turns a question into estimates and verdicts; desk, documents, results and API ask here."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from flask_babel import gettext as _

from analysis.figures.breakdowns import OVER_TIME
from analysis.figures.cache import remembered
from analysis.figures.figure import Ask, Figure, Figures, Lacking, Note, PlainShare
from analysis.figures.figure_key import keys_of
from analysis.figures.notes import PLAIN_MEAN, distinct, note_of, notes_of
from analysis.figures.query import FigureQuery
from analysis.figures.register import UnitRegister, fetch_province
from analysis.figures.states import state_told
from analysis.figures.suppression.beside import hidden_beside
from analysis.figures.suppression.by_hand import told_by_hand
from analysis.figures.suppression.by_place import told_by_place
from analysis.figures.suppression.cells_by_place import counts_by_agency
from analysis.figures.suppression.complement import complemented, note_beside, parts_beside, telling_of_parts
from analysis.figures.suppression.same_answers import few_beyond, few_moved, note_of_same, without
from analysis.figures.suppression.unused import (
    kept_out_of,
    note_of_used,
    plain_shares_of_used,
    unused_in,
    without_few_unused,
    without_what_a_whole_leaves_out,
)
from analysis.figures.weighting.disposition import KIND_UNKNOWN, SEVERAL_REASONS, Disposition, Unevenness
from analysis.figures.weighting.prepare import Prepared, prepare
from analysis.figures.weighting.service_caseload import with_caseloads
from analysis.statistics import Audience, Showing, hidden_count, mean_of, showing
from analysis.statistics.cells.cells import Cells
from analysis.statistics.cells.marginal import without_sampling_units
from analysis.statistics.domains import DomainEstimate
from analysis.statistics.estimation import Estimation, estimate
from analysis.statistics.verdicts.verdict import Threshold, judge
from survey.foundation.clock import month_of, today
from survey.foundation.periods import Period
from survey.foundation.vocabulary import (
    AREAS,
    CHANNELS,
    MEAN_OF_SUBJECT,
    RESPONDENT_KINDS,
    SECTOR_OF_SUBJECT,
    SECTORS,
)
from survey.questionnaires.packs.service import language_names


def answer(question: FigureQuery, threshold: Threshold | None = None, *, ask: Ask | None = None) -> Figures:
    """Estimate, judge and, where answers are few, hold back.

    Args:
        question: what is asked.
        threshold: what the shares are judged by.
        ask: what answers the other questions that the figures are held against, as a run that keeps their answers
            does; by default they are asked here.

    Raises:
        BadQuery: the question cannot be answered.
        UnknownProvince: there is no such province.
    """
    if question.by in OVER_TIME:
        state = state_told(question, _parts(question))
        return remembered((question, threshold), state, lambda: _over_time(question, threshold))
    if question.subject in MEAN_OF_SUBJECT:
        return _pooled(question, threshold)
    state = state_told(question)
    figures = remembered((question, threshold), state, lambda: _judged(_estimated(question, state), threshold))
    return told_by_place(question, told_by_hand(question, figures, ask or answer), ask or answer)


def cells_by_sampling_unit(question: FigureQuery) -> Cells:
    """The cells behind a figure down to days (in long periods weeks) of agencies, as `analysis estimate` takes them.

    Raises UnknownProvince.
    """
    return prepare(question).cells


def count_beside_cells(question: FigureQuery) -> int:
    """Answers that came and are in none of those cells: they do not say their respondent kind where it is asked about.

    Raises UnknownProvince.
    """
    return sum(disposition.left_out.get(KIND_UNKNOWN, 0) for disposition in prepare(question).dispositions.values())


def _estimated(question: FigureQuery, state: Hashable | None) -> Figures:
    """The figures without verdicts, remembered: a page asks for the same ones with a threshold and without."""
    return remembered((question, None), state, lambda: _answer(question))


def _judged(figures: Figures, threshold: Threshold | None) -> Figures:
    if threshold is None:
        return figures
    if figures.estimation is None:
        return replace(figures, threshold=threshold)
    judged = [
        replace(figure, verdict=judge(domain, threshold, provisional=figure.forbids_judgement))
        if figure.shown is Showing.FULL
        else figure
        for figure, domain in zip(figures.figures, figures.estimation.domains, strict=True)
    ]
    return replace(figures, threshold=threshold, figures=tuple(judged))


def _answer(question: FigureQuery) -> Figures:
    prepared = prepare(question)
    if not prepared.cells.domain_labels:  # nothing was asked yet, or no agency says which area it lies in
        return Figures(question, None, () if question.by else (_empty(question),), ())
    marginal = without_sampling_units(prepared.cells)
    estimation = estimated(question, prepared).light(marginal)
    provisional = prepared.provisional_domains()
    of_used = plain_shares_of_used(marginal, estimation.domains)
    key_of = keys_of(question, prepared.register.agencies)
    figures = tuple(
        _figure(question, domain, prepared, key_of, of_used, provisional=domain.domain in provisional)
        for domain in estimation.domains
    )
    notes = notes_of(
        question.period,
        prepared,
        estimation,
        lambda domain: label_of(question, domain, prepared.register),
        public=question.audience == "public",
    )
    used = {domain_code(question, domain): disposition.used for domain, disposition in prepared.dispositions.items()}
    moved = few_moved(question, used, prepared.register) if question.audience == "staff" else frozenset()
    if question.by and question.audience == "staff":
        rows = estimation.domains
        received = {domain.domain: prepared.dispositions.get(domain.domain, Disposition()).received for domain in rows}
        measures = {"n": {domain.domain: domain.n for domain in rows}, "received": received}
        telling = (
            _areas_telling_agencies(question, measures, prepared.register) if question.by == "area" else frozenset()
        ) | moved
        whole = answer(replace(question, by=None, beside=False)).total
        beside = partial(hidden_beside, question, prepared)
        before, figures = figures, complemented(figures, whole, measures, telling, beside=beside)
        figures = without_few_unused(figures, {domain.domain: unused_in(domain) for domain in rows}, whole)
        same = moved | few_beyond(used, whole)
        figures = without(figures, same)
        notes += note_beside(before, figures) + note_of_same(same)
    elif question.audience == "staff":
        figures = without(without_few_unused(figures), moved)
        notes += note_of_same(moved)
    notes += note_of_used(figures)
    by_agency = counts_by_agency(question, prepared)
    return Figures(question, None, figures, notes, marginal, estimation, prepared.table.names, by_agency)


def _areas_telling_agencies(
    question: FigureQuery, measures: Mapping[str, Mapping[str, int]], register: UnitRegister
) -> frozenset[str]:
    """Areas that, minus their agencies that are shown, would tell an agency with few answers."""
    agencies = answer(replace(question, by="agency")).figures
    return telling_of_parts(measures, agencies, {agency.code: agency.area for agency in register.agencies.values()})


def estimated(question: FigureQuery, prepared: Prepared) -> Estimation:
    """The estimates of a question, before anyone may see them or not."""
    estimation = estimate(prepared.cells, fpc=uses_fpc(question), alone=question.by == "agency")
    return with_caseloads(estimation, prepared.service_caseloads)


def uses_fpc(question: FigureQuery) -> bool:
    """A target's year asks about the dossiers of that very year, trends and league tables do not.

    docs/statistics.md, "Estimators", says what the correction is. What is narrowed to an agency, or to a service, is a
    row of its league table wherever it stands, so that it has one interval.
    """
    filters = (question.services, question.counters, question.channels, question.languages)
    is_row = (question.agencies is not None and len(question.agencies) == 1) or any(ids is not None for ids in filters)
    return question.period.kind == "year" and question.by in (None, "sector") and not is_row


def _figure(
    question: FigureQuery,
    domain_estimate: DomainEstimate,
    prepared: Prepared,
    key_of: Callable[[str], str],
    of_used: Mapping[str, PlainShare],
    *,
    provisional: bool,
) -> Figure:
    shown = showing(domain_estimate, Audience(question.audience))
    domain = domain_code(question, domain_estimate.domain)
    disposition = prepared.dispositions.get(domain_estimate.domain, Disposition())
    return Figure(
        domain=domain,
        label=label_of(question, domain, prepared.register),
        estimate=None if shown is Showing.SUPPRESSED else domain_estimate,
        verdict=None,
        caseload=domain_estimate.caseload,
        shown=shown,
        provisional=provisional,
        n=_visible(domain_estimate.n),
        answers=_visible(domain_estimate.responses),
        received=_visible(disposition.received),
        left_out={reason: _visible(n) for reason, n in disposition.left_out.items()},
        unevenness=prepared.unevenness.get(domain_estimate.domain, Unevenness()),
        lacking=_lacking(disposition, prepared.register),
        key=key_of(domain),
        of_used=of_used.get(domain_estimate.domain),
        unused=kept_out_of(disposition),
    )


def _lacking(disposition: Disposition, register: UnitRegister) -> tuple[Lacking, ...]:
    parts = [Lacking(register.agencies[id_].name, months) for id_, months in disposition.partial.items()]
    return tuple(sorted(parts))


def _visible(count: int) -> int | None:
    return None if count and hidden_count(count) else count


def _empty(question: FigureQuery) -> Figure:
    return Figure(_whole(question), _whole_label(question), None, None, None, Showing.SUPPRESSED)


def domain_code(question: FigureQuery, domain: str) -> str:
    """The code of a domain as readers meet it: that of the whole where cells have none."""
    return domain or _whole(question)


def _whole(question: FigureQuery) -> str:
    return SECTOR_OF_SUBJECT[question.subject] or question.subject if question.by == "sector" else question.province


def _whole_label(question: FigureQuery) -> str:
    return fetch_province(question.province).name


def label_of(question: FigureQuery, domain: str, register: UnitRegister) -> str:
    """What officials call a domain."""
    match question.by:
        case None:
            return _whole_label(question)
        case "agency":
            return next((a.name for a in register.agencies.values() if a.code == domain), domain)
        case "service":
            return next((s.name for s in register.services.values() if s.code == domain), domain)
        case "sector":
            return str(SECTORS.get(domain, domain))
        case "area":
            return str(AREAS.get(domain, domain))
        case "counter":
            return next((c.name for c in register.counters.values() if c.code == domain), domain)
        case "channel":
            return str(CHANNELS.get(domain, domain))
        case "respondent_kind":
            return str(RESPONDENT_KINDS.get(domain, _("Không rõ")))
        case "language":
            return language_names().get(domain, domain)
        case _:
            return domain


def _over_time(question: FigureQuery, threshold: Threshold | None) -> Figures:
    """Each month or year is its own question, so that it equals the figure asked for alone."""
    figures: list[Figure] = []
    notes: list[Note] = []
    for period in _parts(question):
        part = answer(replace(question, by=None, period=period), threshold)
        label = period.label() if question.by == "month" else period.code
        figures.append(replace(part.total, domain=period.code, label=label))
        notes += part.notes
    if question.audience == "staff":
        whole = answer(replace(question, by=None)).total
        of_used = without_few_unused(parts_beside(figures, whole), whole=whole)
        before, figures = figures, without_what_a_whole_leaves_out(of_used, whole)
        notes += note_beside(before, figures)
    return Figures(question, threshold, tuple(figures), distinct(notes))


def _parts(question: FigureQuery) -> list[Period]:
    months = [month for month in question.period.months if month <= month_of(today())]
    if question.by == "month":
        return [question.period.in_month(month) for month in months]
    return [Period.parse(year) for year in sorted({month[:4] for month in months})]


def _pooled(question: FigureQuery, threshold: Threshold | None) -> Figures:
    """Health and education in one clause: the plain mean of the two (visits and pupils do not add)."""
    parts = [answer(replace(question, subject=subject)) for subject in MEAN_OF_SUBJECT[question.subject]]
    estimates = [part.total.estimate for part in parts]
    notes = distinct(
        [note_of("plain_mean", PLAIN_MEAN, public=question.audience == "public")]
        + [note for part in parts for note in part.notes]
    )
    if any(sector_estimate is None or sector_estimate.estimate is None for sector_estimate in estimates):
        return Figures(question, threshold, (_empty(question),), notes)
    mean = mean_of([sector_estimate for sector_estimate in estimates if sector_estimate is not None], "")
    shown = showing(mean, Audience(question.audience))
    totals = [part.total for part in parts]
    provisional = any(total.provisional for total in totals)
    uneven = max((total.unevenness for total in totals), key=lambda unevenness: unevenness.share)
    open_ = provisional or uneven.forbids_judgement
    received = [total.received for total in totals if total.received is not None]
    figure = Figure(
        domain=_whole(question),
        label=_whole_label(question),
        estimate=None if shown is Showing.SUPPRESSED else mean,
        verdict=judge(mean, threshold, provisional=open_) if threshold and shown is Showing.FULL else None,
        caseload=None,
        shown=shown,
        provisional=provisional,
        n=_visible(mean.n),
        answers=_visible(mean.responses),
        received=sum(received) if len(received) == len(totals) else None,
        left_out=_added(totals, mean.n),
        unevenness=uneven,
        lacking=tuple(dict.fromkeys(part for total in totals for part in total.lacking)),
        kept_out=frozenset().union(*(total.kept_out for total in totals)),
        key=keys_of(question, {})(_whole(question)),
    )
    return Figures(question, threshold, (figure,), notes)


def _added(parts: Sequence[Figure], used: int) -> dict[str, int | None]:
    """The answers left out of all parts, by reason; None: fewer than five.

    Reasons that hold fewer than five in a part are told as what is left over, several of them together: received minus
    used tells that anyway.
    """
    reasons = dict.fromkeys(reason for part in parts for reason in part.left_out)
    sums = {reason: [part.left_out[reason] for part in parts if reason in part.left_out] for reason in reasons}
    told = {reason: sum(n for n in counts if n is not None) for reason, counts in sums.items() if None not in counts}
    hidden = [reason for reason in reasons if reason not in told]
    if not hidden:
        return dict(told)
    received = [part.received for part in parts if part.received is not None]
    if len(received) < len(parts):
        return dict.fromkeys(reasons, None) | told
    rest = sum(received) - used - sum(told.values())
    return {**told, hidden[0] if len(hidden) == 1 else SEVERAL_REASONS: _visible(rest)}
