"""Two selections side by side: each figure, the difference and its interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _

from analysis.figures.figure import Figure, Figures
from analysis.figures.query import BadQuery, FigureQuery
from analysis.figures.service import answer
from analysis.presentation.channels import contrast_of
from analysis.presentation.scope import Scope, scope_from
from analysis.presentation.selection import Selection, services_of
from analysis.presentation.selection_queries import fetch_agency_ids
from analysis.statistics import Change, Threshold, change
from survey.foundation.periods import Period
from survey.foundation.vocabulary import AREAS, CHANNELS, RESPONDENT_KINDS
from survey.questionnaires.packs.service import language_names

# Filters whose values can stand side by side, and the breakdown that has both.
PARTS = {
    "service": "service",
    "field": "field",
    "area": "area",
    "channel": "channel",
    "kind": "respondent_kind",
    "language": "language",
}


WORKING = "explore.explain"
# What the page's address says beside the selection.
BESIDE = ("order", *(f"other_{name}" for name in ("period", "agency", *PARTS)))


def read_beside(asked: Mapping[str, str]) -> dict[str, str]:
    """The order of the rows and what stands beside the selection, as the address says them."""
    return {name: asked[name] for name in BESIDE if asked.get(name)}


@dataclass(frozen=True)
class Comparison:
    """`change` is second minus first; None where one has no figure to show. `labels`: the parts, where these differ.

    `workings`: where it is said how each was worked out.
    """

    first: Figure
    second: Figure
    second_selection: Selection
    change: Change | None
    workings: tuple[str, str]
    labels: tuple[str, str] = ("", "")


def read_other(selection: Selection, asked: Mapping[str, str]) -> Selection | None:
    """The second selection: the first with another period or another agency; None when none was asked for.

    Raises:
        BadQuery: the two would share answers, so their difference has no simple interval.
    """
    period, agency = asked.get("other_period", ""), asked.get("other_agency", "")
    if not period and not agency:
        return None
    other = selection
    if period:
        try:
            other = replace(other, period=Period.parse(period))
        except ValueError as problem:
            raise BadQuery(_("Kỳ so sánh “%(text)s” không đọc được.", text=period)) from problem
    if agency:
        other = replace(other, scope=_scope_of_agency(selection.scope, agency))
    if _share_months(selection, other) and _share_agencies(selection, other):
        raise BadQuery(_("Hai lựa chọn có chung phiếu: hãy chọn hai kỳ không chồng nhau hoặc hai cơ quan tách biệt."))
    return other


def compare(selection: Selection, figures: Figures, other: Selection) -> Comparison:
    """Periods and separate agencies have no answer, and no sampling unit, in common: independent estimates."""
    first, second = figures.total, answer(other.question(), figures.threshold).total
    moved = None
    if first.estimate is not None and second.estimate is not None:
        moved = change(second.estimate, first.estimate)
    return Comparison(first, second, other, moved, (selection.url(WORKING), other.url(WORKING)))


def read_parts(selection: Selection, asked: Mapping[str, str]) -> tuple[str, str] | None:
    """The filter in which the second selection differs, and its value there; None when none was asked for.

    Raises:
        BadQuery: several were asked for at once, or the filter itself is not set to another value there is.
    """
    others_chosen = [(name, asked[f"other_{name}"]) for name in PARTS if asked.get(f"other_{name}")]
    if not others_chosen:
        return None
    name, code = others_chosen[0]
    own, known = getattr(selection, name), _values(selection, name)
    if len(others_chosen) > 1 or own == code or own not in known or code not in known:
        raise BadQuery(
            _("Để so hai phần, hãy chọn một phần ở bộ lọc (ví dụ một dịch vụ, một kênh) rồi một phần khác cùng loại.")
        )
    return name, code


def _values(selection: Selection, name: str) -> Mapping[str, object]:
    """What a filter can be set to, in words."""
    if name == "service":
        return {service.code: service.name for service in services_of(selection)}
    if name == "field":
        return {service.field: service.field for service in services_of(selection)}
    return {"area": AREAS, "channel": CHANNELS, "kind": RESPONDENT_KINDS, "language": language_names()}[name]


def compare_parts(selection: Selection, name: str, code: str, threshold: Threshold | None) -> Comparison:
    """The selection beside another value of one of its filters, at the same places in the same period.

    They share days, so both come from one estimation with its covariance.
    """
    own = getattr(selection, name)
    figures = answer(_question_of_both(selection, name, own, code), threshold)
    figure_of = {figure.domain: figure for figure in figures.figures}
    first, second, other = figure_of.get(own), figure_of.get(code), _with(selection, name, code)
    words = _values(selection, name)
    labels = (str(words[own]), str(words[code]))
    if first is None or second is None:
        first, second = (answer(each.question(), threshold).total for each in (selection, other))
        return Comparison(first, second, other, None, (selection.url(WORKING), other.url(WORKING)), labels)
    both = replace(_with(selection, name, ""), by=PARTS[name])
    workings = (both.url(WORKING, part=own), both.url(WORKING, part=code))
    return Comparison(first, second, other, contrast_of(figures, second, first), workings, labels)


def _with(selection: Selection, name: str, value: str) -> Selection:
    changed: dict[str, Any] = {name: value}
    return replace(selection, **changed)


def _question_of_both(selection: Selection, name: str, own: str, code: str) -> FigureQuery:
    question = _with(selection, name, "").question(PARTS[name])
    if name != "service":
        return question
    ids = {service.code: service.id for service in services_of(selection)}
    return replace(question, services=frozenset({ids[own], ids[code]}))


def _scope_of_agency(scope: Scope, code: str) -> Scope:
    return scope_from(scope.province.key, scope.sector_key, code)


def _share_months(own: Selection, other: Selection) -> bool:
    return own.period.first <= other.period.last and other.period.first <= own.period.last


def _share_agencies(own: Selection, other: Selection) -> bool:
    first = _all_if_none(own)
    return bool(first & _all_if_none(other))


def _all_if_none(selection: Selection) -> frozenset[int]:
    chosen = selection.agencies
    if chosen is not None:
        return chosen
    return fetch_agency_ids(selection.scope.province.id)
