"""The afternoon that a benchmark plays consists of steps that the documents name, on files that offices could make."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from benchmarks import afternoon
from survey.foundation.configuration.settings import ROOT


def test_every_step_stands_in_a_document() -> None:
    pages = [page for page in (ROOT / "docs").glob("*.md") if page.name != "measurements.md"]
    text = "".join(page.read_text(encoding="utf-8") for page in pages)
    assert [step for step, words in afternoon.STEPS.items() if words not in text] == []


def test_it_waits_while_the_page_of_a_long_import_says_that_work_goes_on() -> None:
    assert afternoon.WORKING in (ROOT / "templates/registry/import_running.html").read_text(encoding="utf-8")


def test_its_files_are_taken_in(
    app: Flask, runner: FlaskCliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, few in (("AGENCIES", 3), ("COUNTERS", 4), ("CASELOADS", 50), ("ACCOUNTS", 2), ("RATINGS", 5)):
        monkeypatch.setattr(afternoon, name, few)
    afternoon.make_files(tmp_path)
    for file in ("agencies.xlsx", "services.xlsx", "counters.csv", "caseloads.csv", "accounts.csv", "responses.csv"):
        kind = file.partition(".")[0]
        result = runner.invoke(args=["survey", "import", "--kind", kind, str(tmp_path / file)])
        assert result.exit_code == 0, result.stderr
