"""A report made by an earlier version is found unchanged by `analysis verify` of this one."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from analysis.reports.rendering.pdf import figures_json, render
from analysis.reports.verify import attached, recompute, verify
from analysis.reports.versions import METHOD
from survey.foundation.identifiers import content_hash
from tests.desk.world import answer
from tests.reports.making import make

pytestmark = pytest.mark.one_database

REPORTS = Path("tests/data/reports")
YEAR = REPORTS / "dak-lak-2026-57eff03.pdf"


@pytest.mark.parametrize("name", sorted(path.name for path in REPORTS.glob("*.pdf")))
def test_every_figure_of_a_report_made_before_is_as_it_was(world: Flask, name: str) -> None:
    with world.app_context():
        result = verify((REPORTS / name).read_bytes())
    # Red means that the same answers give another figure: raise METHOD in analysis/reports/versions.py.
    assert result.method_changed or result.differences == ()
    assert result.figures > 0


def test_a_figure_of_another_method_accuses_nobody(world: Flask, runner: FlaskCliRunner, tmp_path: Path) -> None:
    """A report by this version and the next one's: only the number of the method differs, and one figure with it."""
    report = make(world, "bv-tinh", "2026-10")
    report.figures.pop("digest")
    report.figures["answers"][0]["figures"][0]["n"] += 1
    said = {}
    for method in (METHOD, "top2-E3/0"):
        report.figures["versions"]["phương pháp"] = method
        content = {**report.figures, "digest": content_hash(report.figures)}
        file = tmp_path / "bao-cao.pdf"
        file.write_bytes(render(replace(report, figures=content)))
        outcome = runner.invoke(args=["analysis", "verify", str(file)])
        said[method] = outcome.exit_code, outcome.stdout.splitlines()[0]
    assert said[METHOD] == (1, "1 số liệu khác với cơ sở dữ liệu:")
    status, headline = said["top2-E3/0"]
    assert status == 3
    assert headline.startswith(f"Phương pháp đã đổi từ khi lập báo cáo (top2-E3/0, nay {METHOD}): 1 trong")


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


def test_sentences_of_an_earlier_version_are_not_compared_by_their_words_but_its_numbers_are(world: Flask) -> None:
    content = attached(YEAR.read_bytes())
    content["derived"]["tipping procedures"] = "Chỉ tiêu vẫn đạt, viết theo lối cũ."
    with world.app_context():
        assert recompute(content).differences == ()
        content["derived"]["bounds procedures"][0] += 0.01
        content["derived"]["together procedures agency"] = ["ubnd-ea-tam"]
        places = [difference.where for difference in recompute(content).differences]
    assert places == ["derived, bounds procedures", "derived, together procedures agency"]


def test_an_overturn_that_was_known_is_compared(world: Flask) -> None:
    content = attached(YEAR.read_bytes())
    verdicts = [figure["verdict"] for stored in content["answers"] for figure in stored["figures"] if figure["verdict"]]
    known = next(verdict for verdict in verdicts if verdict["overturn"])
    known["overturn"]["points"] += 0.01
    with world.app_context():
        (difference,) = recompute(content).differences
    assert difference.where.endswith("verdict, overturn, points")


def test_a_number_that_an_earlier_version_did_not_derive_yet_is_no_difference(world: Flask) -> None:
    content: dict[str, Any] = json.loads(figures_json(make(world, "bv-tinh", "2026-10")))
    content.pop("digest")
    content["derived"].pop("shifted health_service")
    content["derived"].pop("tipping_share health_service")
    with world.app_context():
        assert recompute(content).differences == ()


def test_a_report_says_which_version_made_it() -> None:
    assert attached(YEAR.read_bytes())["versions"]["chương trình"].startswith("0.2.0 (57eff03")
    assert dt.date.fromisoformat(attached(YEAR.read_bytes())["cut_off"]) == dt.date(2026, 11, 20)
