"""What may be chosen for what a file does not say: its agency, its year, its month, or which of its sheets is meant."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_login import current_user

from survey.accounts.agency_access import agencies_seen, provinces_seen
from survey.accounts.permissions import Action
from survey.foundation.clock import month_of, today
from survey.foundation.formatting import period, sentence_case
from survey.foundation.text.vietnamese import in_order
from survey.registry.files.given import MoreNeeded
from survey.registry_pages.page_queries import fetch_agencies

YEARS_BACK = 15  # of figures that somebody may still have in a file
Groups = dict[str, dict[str, str]]


def offered(action: Action, more: MoreNeeded, given: Mapping[str, str]) -> dict[str, Groups]:
    """For each thing asked its choices, words by value (code, year, ``YYYY-MM``), under the heading of their group.

    Agencies are those for which the signed-in user may do `action`. What was given before stays choosable.
    """
    ways: dict[str, Callable[[], Groups]] = {
        "agency": lambda: _agencies(action),
        "year": _years,
        "month": _months,
        "sheet": lambda: {"": {title: title for title in more.sheets}},
    }
    lists = {name: ways[name]() for name in more.needs}
    for name, groups in lists.items():
        value = given.get(name, "")
        if value and not any(value in words for words in groups.values()):
            groups.setdefault("", {})[value] = value
    return lists


def _agencies(action: Action) -> Groups:
    groups: Groups = {}
    for province in provinces_seen(current_user):
        agencies = fetch_agencies(province.id, agencies_seen(current_user, province.id, action))
        if agencies:
            ordered = in_order(agencies, lambda agency: (agency.name, agency.code))
            groups[province.name] = {agency.code: f"{agency.name} ({agency.code})" for agency in ordered}
    return groups if len(groups) > 1 else dict.fromkeys([""], next(iter(groups.values()), {}))


def _years() -> Groups:
    return {"": {year: year for year in _latest_years()}}


def _months() -> Groups:
    this_month = month_of(today())
    return {
        year: {
            code: sentence_case(period(code))
            for code in (f"{year}-{number:02d}" for number in range(12, 0, -1))
            if code <= this_month
        }
        for year in _latest_years()
    }


def _latest_years() -> list[str]:
    return [str(today().year - back) for back in range(YEARS_BACK)]
