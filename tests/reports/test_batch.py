"""`analysis report-all`: every agency's report, with progress; a failure stops no other, a kill loses nothing."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from analysis.reports.rendering import pdf
from survey.foundation.configuration.settings import Settings
from tests.desk.world import NOW
from tests.reports.making import make
from tests.reports.processes import PATIENCE, Running

AGENCIES = ("bv-tinh", "so-y-te", "thpt-1", "tyt-xa", "ubnd-ea-tam")
COMMAND = ("analysis", "report-all", "--province", "dak-lak", "--period", "2026-10")


def reports(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.pdf")}


def test_two_workers_make_every_report_as_one_alone_would_and_tell_how_far_they_are(
    world: Flask, settings: Settings, tmp_path: Path
) -> None:
    running = Running(settings, NOW, (*COMMAND, "--out", tmp_path, "--processes", "2"), tmp_path)
    running.go()
    said, progress = running.result()
    assert running.process.exitcode == 0, progress
    assert said.strip() == str(tmp_path)
    lines = [line for line in progress.splitlines() if line.endswith(": xong")]
    assert [line.split()[0] for line in lines] == [f"{count}/5" for count in range(1, 6)]
    assert sorted(line.split()[1].rstrip(":") for line in lines) == sorted(AGENCIES)
    expected = {f"bao-cao-dak-lak-{code}-2026-10.pdf": pdf.render(make(world, code)) for code in AGENCIES}
    assert reports(tmp_path) == expected
    assert not list(tmp_path.glob("*.part"))


def test_what_a_killed_run_finished_is_kept_and_the_rest_is_made(
    world: Flask, runner: FlaskCliRunner, settings: Settings, tmp_path: Path
) -> None:
    running = Running(settings, NOW, (*COMMAND, "--out", tmp_path, "--processes", "2"), tmp_path)
    running.go()
    give_up = time.monotonic() + PATIENCE
    while not reports(tmp_path):
        assert running.process.is_alive()
        assert time.monotonic() < give_up
        time.sleep(0.005)
    running.kill()
    finished = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.pdf")}
    assert finished
    assert all(path.read_bytes().rstrip().endswith(b"%%EOF") for path in finished)
    outcome = runner.invoke(args=[*COMMAND, "--out", str(tmp_path), "--processes", "1"])
    assert outcome.exit_code == 0, outcome.output
    assert outcome.stderr.count(": đã có") == len(finished)
    assert {path: path.stat().st_mtime_ns for path in finished} == finished
    assert len(reports(tmp_path)) == len(AGENCIES)


def test_a_report_that_fails_stops_no_other_is_named_and_made_next_time(
    world: Flask, runner: FlaskCliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from analysis.reports import batch

    honest = batch.build_report

    def failing(province: str, recipient: str, *rest: object, **more: object) -> object:
        if recipient == "thpt-1":
            raise ValueError("số liệu hỏng")
        return honest(province, recipient, *rest, **more)

    monkeypatch.setattr(batch, "build_report", failing)
    command = [*COMMAND, "--out", str(tmp_path), "--processes", "1"]
    outcome = runner.invoke(args=command)
    assert outcome.exit_code == 1
    assert "thpt-1: không lập được: số liệu hỏng" in outcome.stderr
    assert len(reports(tmp_path)) == len(AGENCIES) - 1
    monkeypatch.setattr(batch, "build_report", honest)
    assert runner.invoke(args=command).exit_code == 0
    assert len(reports(tmp_path)) == len(AGENCIES)
