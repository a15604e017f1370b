"""Wherever a document tells a verdict, it tells beside it how wrong the volunteers would have to be."""

from __future__ import annotations

from flask import Flask

from analysis.presentation import labels
from analysis.reports.builder import build_report
from analysis.reports.document import DocumentTable
from survey.foundation.periods import Period

SAY_A_VERDICT = {"So với mốc", "Kết luận"}
SIDES = tuple(labels.POINT.values())


def test_every_table_that_sets_figures_beside_a_mark_says_what_overturns_it(demonstration: Flask) -> None:
    seen = 0
    for recipient in ("so-y-te", "so-noi-vu", "so-gddt"):
        with demonstration.app_context():
            report = build_report("dak-lak", recipient, Period.parse("2026"))
        for part in (*report.document.sections, *report.document.annexes):
            for table in part.blocks:
                if not isinstance(table, DocumentTable):
                    continue
                headings = [column.heading for column in table.columns]
                judged = [place for place, heading in enumerate(headings) if heading in SAY_A_VERDICT]
                estimated = any(column.holds == "share" for column in table.columns)
                if estimated and judged and any(row[judged[0]].startswith(SIDES) for row in table.rows):
                    seen += 1
                    assert labels.OVERTURN in headings, table.caption
                    assert labels.OF_OVERTURN in table.note, table.caption
                    for row in table.rows:
                        assert_told(row, judged[0], headings.index(labels.OVERTURN))
    assert seen >= 3


def assert_told(row: tuple[str, ...], judged: int, overturn: int) -> None:
    if row[judged].startswith(SIDES):
        assert row[overturn].endswith("điểm") or row[overturn] == "không thể", row
