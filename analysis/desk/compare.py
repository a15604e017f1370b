"""Two selections side by side: each figure, the difference and its interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from analysis.desk.queries import fetch_agency_ids
from analysis.desk.scope import Scope, scope_from
from analysis.desk.selection import Selection, services_of
from analysis.figures import Figure, Figures, answer
from analysis.question import BadQuestion
from analysis.statistics import Contrast, Target, difference
from survey.foundation.periods import Period


@dataclass(frozen=True)
class Comparison:
    """`change` is second minus first; None where one has no figure to show."""

    first: Figure
    second: Figure
    second_selection: Selection
    change: Contrast | None


def read_other(selection: Selection, asked: Mapping[str, str]) -> Selection | None:
    """The second selection: the first with another period or another agency; None when none was asked for.

    Raises:
        BadQuestion: the two would share answers, so their difference has no simple interval.
    """
    period, agency = asked.get("other_period", ""), asked.get("other_agency", "")
    if not period and not agency:
        return None
    other = selection
    if period:
        try:
            other = replace(other, period=Period.parse(period))
        except ValueError as problem:
            raise BadQuestion(_("Kỳ so sánh “%(text)s” không đọc được.", text=period)) from problem
    if agency:
        other = replace(other, scope=_scope_of_agency(selection.scope, agency))
    if _share_months(selection, other) and _share_agencies(selection, other):
        raise BadQuestion(
            _("Hai lựa chọn có chung phiếu: hãy chọn hai kỳ không chồng nhau hoặc hai cơ quan tách biệt.")
        )
    return other


def compare(figures: Figures, other: Selection) -> Comparison:
    """Periods and separate agencies have no answer, and no counter-day, in common: independent estimates."""
    first, second = figures.total, answer(other.question(), figures.threshold).total
    change = None
    if first.estimate is not None and second.estimate is not None:
        change = difference(second.estimate, first.estimate)
    return Comparison(first, second, other, change)


def compare_services(selection: Selection, code: str, threshold: Target | None) -> Comparison:
    """The service of the selection beside another one of its sector, at the same places in the same period.

    They share counter-days, so both come from one estimation with its covariance.

    Raises:
        BadQuestion: no service is chosen, or the other is the same or none of the sector's.
    """
    ids = {service.code: service.id for service in services_of(selection)}
    if code not in ids or selection.service not in ids or code == selection.service:
        raise BadQuestion(_("So với dịch vụ khác: hãy chọn một dịch vụ ở bộ lọc, rồi một dịch vụ khác để so."))
    both = frozenset({ids[selection.service], ids[code]})
    figures = answer(replace(selection.question("service"), services=both), threshold)
    found = {figure.domain: figure for figure in figures.figures}
    first, second = found.get(selection.service), found.get(code)
    other = replace(selection, service=code)
    if first is None or second is None:
        first = first or answer(selection.question(), threshold).total
        return Comparison(first, second or answer(other.question(), threshold).total, other, None)
    return Comparison(first, second, other, _contrast(figures, second, first))


def _contrast(figures: Figures, figure: Figure, reference: Figure) -> Contrast | None:
    """`figure` minus `reference`, two domains of one estimation; None where one has no figure to show."""
    if figures.estimation is None or figure.estimate is None or reference.estimate is None:
        return None
    place = {one.domain: i for i, one in enumerate(figures.estimation.domains)}
    covariance = float(figures.estimation.covariance[place[figure.domain], place[reference.domain]])
    return difference(figure.estimate, reference.estimate, covariance=covariance)


def mode_effect(figures: Figures) -> list[tuple[Figure, Contrast | None]]:
    """Every channel against the one with most answers, from one estimation with its covariances.

    The same counters answered through several channels, so the estimates are not independent.
    """
    shown = [figure for figure in figures.figures if figure.estimate is not None and not figure.reference_only]
    if figures.estimation is None or len(shown) < 2:
        return []
    reference = max(shown, key=lambda figure: figure.answers or 0)
    rows: list[tuple[Figure, Contrast | None]] = [(reference, None)]
    for figure in shown:
        if figure is not reference:
            rows.append((figure, _contrast(figures, figure, reference)))
    return rows


def _scope_of_agency(scope: Scope, code: str) -> Scope:
    return scope_from(scope.province.key, scope.sector_key, code)


def _share_months(one: Selection, other: Selection) -> bool:
    return one.period.first <= other.period.last and other.period.first <= one.period.last


def _share_agencies(one: Selection, other: Selection) -> bool:
    first = _all_if_none(one)
    return bool(first & _all_if_none(other))


def _all_if_none(selection: Selection) -> frozenset[int]:
    chosen = selection.agencies
    if chosen is not None:
        return chosen
    return fetch_agency_ids(selection.scope.province.id)
