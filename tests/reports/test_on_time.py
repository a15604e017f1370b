"""Solved on time by the register and phản ánh answered in time: counted beside satisfaction, and verified."""

from __future__ import annotations

import json

from flask import Flask
from sqlalchemy import select, update

from analysis.reports.pdf import figures_json
from tests.reports.making import differences, make, table
from tests.reports.pages import strings_of


def say_late(world: Flask, agency: str, late: int) -> None:
    """Every caseload of an agency says how many of its dossiers were late."""
    from survey.foundation.database import writing
    from survey.registry.models import Agency, Caseload

    with world.app_context(), writing() as session:
        own = select(Agency.id).where(Agency.code == agency).scalar_subquery()
        session.execute(update(Caseload).where(Caseload.agency_id == own).values(overdue=late))


def test_a_report_tells_how_much_was_solved_on_time(world: Flask) -> None:
    say_late(world, "ubnd-ea-tam", 40)
    said = list(strings_of(make(world, "ubnd-ea-tam").document))
    assert "Giải quyết đúng hạn theo sổ: 90,0 % trong 400 hồ sơ có ghi số trễ hạn." in said


def test_agencies_stand_with_their_share_the_latest_first(world: Flask) -> None:
    say_late(world, "ubnd-ea-tam", 40)
    say_late(world, "so-y-te", 0)
    rows = table(make(world, "so-noi-vu").document, "Giải quyết đúng hạn").rows
    assert rows == (("UBND phường Ea Tam", "400", "40", "90,0 %"), ("Sở Y tế", "90", "0", "100,0 %"))


def test_where_no_caseload_says_how_many_were_late_nothing_is_said(world: Flask) -> None:
    assert not [text for text in strings_of(make(world, "so-noi-vu").document) if "đúng hạn" in text]


def test_a_caseload_corrected_afterwards_is_found_by_verify(world: Flask) -> None:
    say_late(world, "ubnd-ea-tam", 40)
    report = make(world, "so-noi-vu")
    assert differences(world, report) == []
    assert json.loads(figures_json(report))["on_time"][0]["by_agency"] == {"ubnd-ea-tam": [400, 40]}
    say_late(world, "ubnd-ea-tam", 41)
    assert [where for where in differences(world, report) if where.startswith("on_time")]
