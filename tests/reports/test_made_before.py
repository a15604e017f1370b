"""A report made by an earlier version is found unchanged by `analysis verify` of this one."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from analysis.reports.pdf import figures_json
from analysis.reports.verify import attached, recompute, verify
from tests.desk.world import answer
from tests.reports.making import make

REPORTS = Path("tests/data/reports")
YEAR = REPORTS / "dak-lak-2026-57eff03.pdf"


@pytest.mark.parametrize("name", sorted(path.name for path in REPORTS.glob("*.pdf")))
def test_every_figure_of_a_report_made_before_is_as_it_was(world: Flask, name: str) -> None:
    with world.app_context():
        result = verify((REPORTS / name).read_bytes())
    assert result.differences == ()
    assert result.figures > 0


def test_the_year_holds_many_figures_and_an_answer_more_is_found(world: Flask) -> None:
    with world.app_context():
        assert verify(YEAR.read_bytes()).figures > 40
        answer("ubnd-ea-tam", "ho-tich", "2026-10-05", 3, 1)
    with world.app_context():
        places = [difference.where for difference in verify(YEAR.read_bytes()).differences]
    assert any(place.startswith("procedures 2026, ") for place in places)
    assert not any(place.startswith("education_service 2026") for place in places)


def test_what_an_earlier_version_did_not_record_is_no_difference(world: Flask) -> None:
    content: dict[str, Any] = json.loads(figures_json(make(world, "bv-tinh", "2026-10")))
    content.pop("digest")
    for stored in content["answers"]:
        for name in ("boundaries", "channels", "languages", "items"):
            stored["question"].pop(name)
        for figure in stored["figures"]:
            for name in ("partial", "df_effective"):
                figure.pop(name)
            (figure["verdict"] or {}).pop("overturn", None)
    with world.app_context():
        assert recompute(content).differences == ()
        content["answers"][0]["figures"][0]["n"] += 1
        (difference,) = recompute(content).differences
    assert difference.where.endswith(", n")


def test_a_report_says_which_version_made_it() -> None:
    assert attached(YEAR.read_bytes())["versions"]["chương trình"].startswith("0.2.0 (57eff03")
    assert dt.date.fromisoformat(attached(YEAR.read_bytes())["cut_off"]) == dt.date(2026, 11, 20)
