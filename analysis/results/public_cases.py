"""How a province handled what citizens reported, for everybody: small counts and what would tell them are held back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from analysis.figures.case_queries import CaseScope, fetch_case_rows
from analysis.figures.cases import tables_of
from analysis.figures.register import fetch_register
from analysis.figures.suppression.told_cases import ToldCases, told_tables
from analysis.statistics.case_ratios import figures_of
from survey.feedback.kinds import ACCUSING, KIND_WORDS
from survey.foundation.clock import today
from survey.foundation.text.vietnamese import in_order
from survey.foundation.vocabulary import SECTORS

_ACCUSING = ""  # beside the agencies' codes: a row that nobody is shown, but that others are held against


@dataclass(frozen=True)
class PublicCases:
    """What may be told of the kinds (by code) and of the agencies (by code and name), and of all of them together.

    An agency's are without those that accuse somebody there: its desk does not show it these, and it reads this page.
    """

    kinds: dict[str, ToldCases]
    agencies: dict[tuple[str, str], ToldCases]
    total: ToldCases | None


def public_cases(province_id: int, year: int) -> PublicCases:
    """The year's cases until today."""
    last = min(dt.date(year, 12, 31), today())
    rows = fetch_case_rows(CaseScope(province_id, tuple(SECTORS), dt.date(year, 1, 1), last))
    tables, open_to_all = tables_of(rows), tables_of([row for row in rows if row.kind not in ACCUSING])
    accusing = figures_of(row.handled for row in rows if row.kind in ACCUSING)
    register = fetch_register(province_id)
    named = in_order(((register.agencies[id_], id_) for id_ in open_to_all.agencies), lambda row: (row[0].name,))
    agencies = {agency.code: open_to_all.agencies[id_] for agency, id_ in named}
    groups = {
        "kind": {kind: tables.kinds[kind] for kind in KIND_WORDS if kind in tables.kinds},
        "agency": agencies | ({_ACCUSING: accusing} if accusing.received else {}),
    }
    told, total = told_tables(groups, tables.total)
    names = {agency.code: agency.name for agency, _id in named}
    shown = {(code, names[code]): row for code, row in told["agency"].items() if code != _ACCUSING}
    return PublicCases(told["kind"], shown, total)
