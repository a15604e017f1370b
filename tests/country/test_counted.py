"""Counts that an engine made answer the same questions as those of a database, agency by agency or all at once."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from flask import Flask

from analysis.country.counted import CountedProvince
from analysis.figures.codebook import RECORD
from analysis.figures.query import FigureQuery
from analysis.figures.rating_queries import RatingScope
from analysis.figures.register import fetch_agencies, fetch_province
from analysis.figures.store.counts import STORE, fetch_agency_counts
from analysis.figures.weighting.prepare import prepare
from analysis.statistics.cells.cells import Cells
from analysis.statistics.cells.ratio import Method
from survey.foundation.periods import Period
from tests.archive.world import MONTHS
from tests.country.asking import SUBJECT

KEY, DAYS = "dak-lak", "2026-05-11..2026-06-10"


def counted_at_home() -> CountedProvince:
    """All that the database counts of a province, in another order than it stands there."""
    scope = RatingScope(province_id=fetch_province(KEY).id, subject=SUBJECT, months=tuple(MONTHS))
    month, agency, records = [], [], []
    for counts in fetch_agency_counts(scope):
        for aggregate in counts.aggregates:
            of_month = np.frombuffer(aggregate.records, dtype=RECORD)
            records.append(of_month)
            month += [MONTHS.index(aggregate.month)] * len(of_month)
            agency += [counts.agency_id] * len(of_month)
    order = np.random.default_rng(22).permutation(len(month))
    columns = np.concatenate(records)[order]
    by_name = {name: columns[name] for name in RECORD.names or () if name != "month"}
    return CountedProvince(SUBJECT, MONTHS, np.array(month)[order], np.array(agency)[order], by_name)


def columns_of(cells: Cells) -> dict[str, Any]:
    """Everything an estimate is made of; days only by which rows share one."""
    columns = {field.name: getattr(cells, field.name) for field in dataclasses.fields(cells)}
    days = columns.pop("psu")
    known = days >= 0
    columns["day"] = np.where(known, np.unique(days, return_inverse=True)[1], -1)
    ratio = columns.pop("ratio")
    return columns | (dataclasses.asdict(ratio) if ratio else {})


@pytest.mark.parametrize("period", ["2026-06", "2026-H1", DAYS])
@pytest.mark.parametrize(
    "narrowed",
    [
        {}, {"by": "agency"}, {"by": "service"}, {"by": "channel"}, {"by": "counter"}, {"by": "area"},
        {"channels": frozenset({"kiosk"})}, {"agencies": 7}, {"agencies": 1, "by": "service"},
        {"respondent_kinds": ("individual",)}, {"method": Method.MEAN_RESCALED},
    ],
    ids=str,
)  # fmt: skip
def test_all_agencies_at_once_are_the_rows_of_each_by_itself(
    provinces: Flask, narrowed: dict[str, Any], period: str
) -> None:
    if isinstance(some := narrowed.get("agencies"), int):
        ids = [agency.id for agency in fetch_agencies(fetch_province(KEY).id)]
        narrowed = narrowed | {"agencies": frozenset(ids[:some])}
    question = FigureQuery(province=KEY, subject=SUBJECT, period=Period.parse(period, days=True), **narrowed)
    home = prepare(question)
    provinces.extensions[STORE] = counted_at_home()
    try:
        away = prepare(question)
    finally:
        del provinces.extensions[STORE]
    assert home.cells.has_psu
    expected = columns_of(home.cells)
    for name, column in columns_of(away.cells).items():
        assert np.array_equal(column, expected[name]), name
    for name in ("dispositions", "unevenness", "service_caseloads", "marked", "months_missing"):
        assert getattr(away, name) == getattr(home, name), name


def test_another_subject_was_not_counted(provinces: Flask) -> None:
    scope = RatingScope(province_id=1, subject="education_service", months=tuple(MONTHS))
    assert counted_at_home().counts(scope) == ()
