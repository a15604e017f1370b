"""What commands print and write."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from flask.testing import FlaskCliRunner

from analysis.figures.figure_key import figure_key
from analysis.reports.verify import attached
from analysis.targets.service import judged
from tests.guards.one_figure import files
from tests.guards.one_figure.claims import Claim

SUBJECTS = ("health_service", "agency_service")


def printed(app: Flask, province: str, periods: tuple[str, ...]) -> Iterator[Claim]:
    """What ``analysis estimates`` prints, by every breakdown."""
    runner = app.test_cli_runner()
    for period in periods:
        for subject in SUBJECTS:
            for by in ("", "agency", "service", "area", "channel"):
                asked = [f"--province={province}", f"--period={period}", f"--subject={subject}"]
                yield from estimated(runner, [*asked, *([f"--by={by}"] if by else [])])
                if by in ("area", "channel"):
                    yield from estimated(runner, [*asked, f"--by={by}", "--audience=public"])


def estimated(runner: FlaskCliRunner, asked: list[str]) -> Iterator[Claim]:
    """What it prints to one question."""
    result = runner.invoke(args=["analysis", "estimates", *asked, "--format=json"])
    yield from files.of_command("command", json.loads(result.stdout))


def written(app: Flask, province: str, year: str, directory: Path) -> Iterator[Claim]:
    """The files that commands write: the export of estimates, and a document with what is attached to it."""
    runner = app.test_cli_runner()
    asked = [f"--province={province}", f"--period={year}"]
    export = directory / "estimates.csv"
    assert runner.invoke(args=["analysis", "export", "--kind=estimates", *asked, f"--out={export}"]).exit_code == 0
    yield from files.of_estimates("command's export", province, export.read_text("utf-8"))
    of_report = [*asked, "--recipient=so-noi-vu", f"--out={directory}"]
    assert runner.invoke(args=["analysis", "report", *of_report]).exit_code == 0
    (written,) = directory.glob("*.pdf")
    with app.app_context():
        yield from files.of_attachment("command's report", attached(written.read_bytes()))
    told = runner.invoke(args=["analysis", "questions", *asked, "--subject=agency_service", "--format=json"])
    for row in json.loads(told.stdout)["rows"]:
        if (row["of"], row["method"]) == ("overall", "top2"):
            key = figure_key(province, "agency_service", year)
            yield Claim("command's questions", key, row["estimate"], row["n"], row["received"])


def verdicts(app: Flask, province: str, year: str) -> Iterator[Claim]:
    """What ``analysis verdicts`` prints of every target's figure, as a whole and by agency."""
    runner = app.test_cli_runner()
    for by in (None, "agency"):
        asked = ["analysis", "verdicts", f"--province={province}", f"--year={year}", "--format=json"]
        result = runner.invoke(args=[*asked, *([f"--by={by}"] if by else [])])
        with app.test_request_context():
            rows = [row.figures.figures if row.figures else (None,) for row in judged(province, int(year), by=by)]
            figures = [figure for row in rows for figure in row]
        for figure, told in zip(figures, json.loads(result.stdout)["verdicts"], strict=True):
            if figure is not None:
                yield Claim(
                    *("verdicts", figure.key, told["estimate"], told["n"], told["received"]),
                    tuple(told["left_out"].values()),
                )
