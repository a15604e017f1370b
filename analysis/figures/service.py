"""The one service that turns a question into estimates and verdicts; desk, documents, results and API ask here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from analysis.figures.breakdowns import OVER_TIME
from analysis.figures.cache import remembered, state_behind
from analysis.figures.figure import Figure, Figures, Note
from analysis.figures.query import FigureQuery
from analysis.figures.register import Register, fetch_province
from analysis.figures.warnings_text import caveat_words
from analysis.figures.weighting.names import by_label
from analysis.figures.weighting.prepare import Prepared, prepare
from analysis.figures.weighting.proportion import proportion_words
from analysis.statistics import Audience, CaveatCode, Showing, hidden_count, mean_of, showing
from analysis.statistics.cells import Cells
from analysis.statistics.counts import share_of
from analysis.statistics.domains import DomainEstimate
from analysis.statistics.estimation import Estimation, estimate
from analysis.statistics.marginal import without_counter_days
from analysis.statistics.verdict import Target as Threshold
from analysis.statistics.verdict import judge
from survey.foundation.clock import month_of, today
from survey.foundation.formatting import number, percent
from survey.foundation.periods import Period
from survey.foundation.vocabulary import AREAS, CHANNELS, LANGUAGES, RESPONDENT_KINDS, SECTOR_OF_SUBJECT, SECTORS


def answer(question: FigureQuery, threshold: Threshold | None = None) -> Figures:
    """Estimate, judge and, where answers are few, hold back.

    Raises:
        BadQuery: the question cannot be answered.
        UnknownProvince: there is no such province.
    """
    if question.by in OVER_TIME:
        return _over_time(question, threshold)
    if question.subject == "health_and_education":
        return _pooled(question, threshold)
    return remembered((question, threshold), state_behind(question), lambda: _answer(question, threshold))


def counter_day_cells(question: FigureQuery) -> Cells:
    """The cells behind a figure down to counter-days, as `analysis estimate` takes them.

    Raises UnknownProvince.
    """
    return prepare(question).cells


def _answer(question: FigureQuery, threshold: Threshold | None) -> Figures:
    prepared = prepare(question)
    if not prepared.cells.domain_labels:  # nothing was asked yet, or no agency says which area it lies in
        return Figures(question, threshold, () if question.by else (_empty(question),), ())
    marginal = without_counter_days(prepared.cells)
    estimation = estimate(prepared.cells, fpc=uses_fpc(question)).light(marginal)
    provisional = prepared.provisional_domains()
    figures = tuple(
        _figure(question, threshold, one, prepared, provisional=one.domain in provisional) for one in estimation.domains
    )
    notes = _notes(question, prepared, estimation)
    return Figures(question, threshold, figures, notes, marginal, estimation, prepared.table.names)


def uses_fpc(question: FigureQuery) -> bool:
    """A target's year asks about the dossiers of that very year; trends and league tables do not (statistics.md, 2)."""
    return question.period.kind == "year" and question.by in (None, "sector")


def _figure(
    question: FigureQuery, threshold: Threshold | None, one: DomainEstimate, prepared: Prepared, *, provisional: bool
) -> Figure:
    shown = showing(one, Audience(question.audience))
    domain = one.domain or _whole(question)
    return Figure(
        domain=domain,
        label=label_of(question, domain, prepared.register),
        estimate=None if shown is Showing.SUPPRESSED else one,
        verdict=judge(one, threshold, provisional=provisional) if threshold and shown is Showing.FULL else None,
        caseload=one.caseload,
        shown=shown,
        provisional=provisional,
        answers=_visible(one.responses),
    )


def _visible(count: int) -> int | None:
    return None if count and hidden_count(count) else count


def _empty(question: FigureQuery) -> Figure:
    return Figure(_whole(question), _whole_label(question), None, None, None, Showing.SUPPRESSED)


def _whole(question: FigureQuery) -> str:
    return SECTOR_OF_SUBJECT[question.subject] or question.subject if question.by == "sector" else question.province


def _whole_label(question: FigureQuery) -> str:
    return fetch_province(question.province).name


def label_of(question: FigureQuery, domain: str, register: Register) -> str:
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
        case "channel":
            return str(CHANNELS.get(domain, domain))
        case "respondent_kind":
            return str(RESPONDENT_KINDS.get(domain, _("Không rõ")))
        case "language":
            return LANGUAGES.get(domain, domain)
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
    return Figures(question, threshold, tuple(figures), _distinct(notes))


def _parts(question: FigureQuery) -> Iterable[Period]:
    months = [month for month in question.period.months if month <= month_of(today())]
    if question.by == "month":
        return [question.period.in_month(month) for month in months]
    return [Period.parse(year) for year in sorted({month[:4] for month in months})]


def _pooled(question: FigureQuery, threshold: Threshold | None) -> Figures:
    """Health and education in one clause: the plain mean of the two (visits and pupils do not add)."""
    parts = [answer(replace(question, subject=subject)) for subject in ("health_service", "education_service")]
    estimates = [part.total.estimate for part in parts]
    notes = _distinct(
        [Note("plain_mean", _("Trung bình cộng của y tế và giáo dục: lượt khám và học sinh không cộng được với nhau."))]
        + [note for part in parts for note in part.notes]
    )
    if any(one is None or one.estimate is None for one in estimates):
        return Figures(question, threshold, (_empty(question),), notes)
    mean = mean_of([one for one in estimates if one is not None], "")
    shown = showing(mean, Audience(question.audience))
    provisional = any(part.total.provisional for part in parts)
    verdict = judge(mean, threshold, provisional=provisional) if threshold and shown is Showing.FULL else None
    figure = Figure(
        _whole(question),
        _whole_label(question),
        None if shown is Showing.SUPPRESSED else mean,
        verdict,
        None,
        shown,
        provisional,
        _visible(mean.responses),
    )
    return Figures(question, threshold, (figure,), notes)


def _notes(question: FigureQuery, prepared: Prepared, estimation: Estimation) -> tuple[Note, ...]:
    names_by_label = by_label(prepared.table.names, prepared.register)
    own = [
        Note(str(warning.code), caveat_words(warning, names_by_label))
        for warning in estimation.warnings
        if warning.code not in _OUR_WORDS
    ]
    assignment, agencies = prepared.assignment, prepared.register.agencies

    def names(ids: Iterable[int]) -> str:
        return _listed(sorted(agencies[agency_id].name for agency_id in set(ids)))

    found = {
        "no_caseload": _unassigned(prepared),
        "provisional_weights": names(p.agency_id for p in assignment.provisional),
        "caseload_in_proportion": proportion_words(question.period) if assignment.in_proportion else "",
        "agency_without_caseload": names(assignment.without_caseload),
        "service_unknown": names(assignment.whole_sector),
        "caseload_incomplete": _listed([f"{name} ({months})" for name, months in prepared.months_missing.items()]),
        "split_not_prorated": names(prepared.split()),
        "queue_file": _share(prepared.from_files, prepared),
    }
    return (*own, *(Note(code, f"{_NOTES[code]}: {text}.") for code, text in found.items() if text))


_OUR_WORDS = frozenset({CaveatCode.NO_CASELOAD})
_NOTES = {
    "no_caseload": lazy_gettext(
        "Không rõ dịch vụ, hoặc dịch vụ chưa có số hồ sơ, nên chỉ tính trong tỷ lệ chưa gia quyền"
    ),
    "provisional_weights": lazy_gettext("Trọng số tạm tính, chờ số hồ sơ của kỳ"),
    "caseload_in_proportion": lazy_gettext(
        "Trọng số tạm tính: kỳ không trọn tháng, số hồ sơ, lượt khám lấy theo phần ngày làm việc nằm trong kỳ"
    ),
    "agency_without_caseload": lazy_gettext("Chưa có số hồ sơ, chỉ có tỷ lệ chưa gia quyền"),
    "service_unknown": lazy_gettext("Trên 10 % phiếu không rõ dịch vụ hoặc thiếu số hồ sơ, gia quyền theo cả ngành"),
    "caseload_incomplete": lazy_gettext("Thiếu số hồ sơ của một số tháng"),
    "queue_file": lazy_gettext("Lấy từ tệp hàng chờ của kiosk, không do kiosk tự gửi"),
    "split_not_prorated": lazy_gettext("Đơn vị đã chia tách được để riêng, không phân bổ cho các đơn vị kế thừa"),
}


def _unassigned(prepared: Prepared) -> str:
    return _share(sum(prepared.assignment.unassigned.values()), prepared)


def _share(part: int, prepared: Prepared) -> str:
    """So many answers and their share of all; nothing where there are none."""
    everything = int(prepared.cells.responses.sum())
    return _("%(n)s phiếu (%(share)s)", n=number(part), share=percent(share_of(part, everything))) if part else ""


def _listed(names: list[str], most: int = 8) -> str:
    listed = ", ".join(names[:most])
    return _("%(names)s và %(n)s đơn vị khác", names=listed, n=len(names) - most) if len(names) > most else listed


def _distinct(notes: Iterable[Note]) -> tuple[Note, ...]:
    return tuple(dict.fromkeys(notes))
