"""How a province handled what citizens reported, for everybody: small counts and what would tell them are held back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from analysis.figures.case_queries import CaseScope
from analysis.figures.cases import case_tables
from analysis.figures.register import fetch_register
from analysis.figures.told_cases import ToldCases, told_tables
from survey.feedback.kinds import KIND_WORDS
from survey.foundation.clock import today
from survey.foundation.vietnamese import in_order
from survey.foundation.vocabulary import SECTORS


@dataclass(frozen=True)
class PublicCases:
    """What may be told of the kinds (by code) and of the agencies (by code and name), and of all of them together."""

    kinds: dict[str, ToldCases]
    agencies: dict[tuple[str, str], ToldCases]
    total: ToldCases | None


def public_cases(province_id: int, year: int) -> PublicCases:
    """The year's cases until today."""
    last = min(dt.date(year, 12, 31), today())
    tables = case_tables(CaseScope(province_id, tuple(SECTORS), dt.date(year, 1, 1), last))
    register = fetch_register(province_id)
    named = in_order(((register.agencies[id_], id_) for id_ in tables.agencies), lambda row: (row[0].name,))
    groups = {
        "kind": {kind: tables.kinds[kind] for kind in KIND_WORDS if kind in tables.kinds},
        "agency": {agency.code: tables.agencies[id_] for agency, id_ in named},
    }
    rows, total = told_tables(groups, tables.total)
    names = {agency.code: agency.name for agency, _id in named}
    return PublicCases(rows["kind"], {(code, names[code]): row for code, row in rows["agency"].items()}, total)
