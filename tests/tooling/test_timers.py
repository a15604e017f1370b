"""Where there is no systemd, `deploy/timers.py` runs what the units say when their timers say."""

from __future__ import annotations

import datetime as dt
import importlib.util
import itertools
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

DEPLOY = Path(__file__).parents[2] / "deploy"
MINUTE = dt.timedelta(minutes=1)


def loaded() -> ModuleType:
    spec = importlib.util.spec_from_file_location("timers", DEPLOY / "timers.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["timers"] = module
    spec.loader.exec_module(module)
    return module


timers = loaded()
EVENING = dt.datetime(2026, 12, 1, 20, tzinfo=timers.VIETNAM)


def test_each_timer_starts_every_command_of_its_service_in_order() -> None:
    units = {unit.name: unit for unit in timers.units()}
    assert units.keys() == {timer.stem for timer in DEPLOY.glob("*.timer")}
    nightly = [" ".join(command[3:]) for command in units["hai-long-nightly"].commands]
    assert nightly == ["survey retention", "analysis sums", "analysis detect", "analysis country-editions"]
    assert units["hai-long-reports"].seconds == 840
    assert units["hai-long-backup"].seconds == 4 * 3600
    assert units["hai-long-rehearsal"].environment == {"TMPDIR": "/var/tmp"}


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze")
@pytest.mark.parametrize("day", ["2026-12-01 00:00:00", "2027-02-28 23:59:00"])
def test_a_timer_elapses_when_systemd_says(day: str, subtests: pytest.Subtests) -> None:
    for unit in timers.units():
        (when,) = timers._lines(DEPLOY / f"{unit.name}.timer", "OnCalendar")
        with subtests.test(when):
            told = subprocess.run(
                ["systemd-analyze", "calendar", f"--base-time={day} UTC", "--iterations=5", when],
                capture_output=True,
                text=True,
                check=True,
                timeout=60,
                env={"TZ": "UTC", "LC_ALL": "C"},
            ).stdout
            elapses = [
                dt.datetime.fromisoformat(text).replace(tzinfo=timers.VIETNAM)
                for text in re.findall(r"(?:Next elapse|Iter\. #\d): \w{3} (\S+ \S+) UTC", told)
            ]
            assert len(elapses) == 5
            for earlier, later in itertools.pairwise(elapses):
                assert unit.calendar.last(later) == later
                assert unit.calendar.last(later - MINUTE) == earlier


@pytest.mark.parametrize("text", ["daily", "Mon..Fri *-*-* 01:00:00", "2026-01-01 01:00", "*:00:30"])
def test_a_calendar_that_is_not_understood_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"OnCalendar|invalid|not in"):
        timers.Calendar.parse(text)


def unit(folder: Path, *statuses: int) -> object:
    """A unit of half past one, whose commands write their number and end with a status; an alarm is written too."""
    python = folder / "python"
    python.write_text(f'#!/bin/sh\necho "$*" >>{folder}/did\ncase $3 in [0-9]) exit $3 ;; esac\n')
    python.chmod(0o755)
    commands = tuple((str(python), "--app", "wsgi", str(status)) for status in statuses)
    return timers.Unit("hai-long-x", timers.Calendar.parse("*-*-* 01:30:00"), commands, 60, {})


def did(folder: Path) -> list[str]:
    path = folder / "did"
    return path.read_text().splitlines() if path.exists() else []


def test_what_never_ran_waits_for_its_turn_and_runs_once_then(tmp_path: Path) -> None:
    state, ours = tmp_path / "state", unit(tmp_path, 0, 0)
    ran = [
        timers.run_what_is_due(ours, moment, "", state)
        for moment in (EVENING, EVENING + 5 * 60 * MINUTE, EVENING + 330 * MINUTE, EVENING + 331 * MINUTE)
    ]
    assert ran == [False, False, True, False]
    assert len(did(tmp_path)) == 2


def test_what_was_missed_while_nothing_ran_is_made_up_for_once(tmp_path: Path) -> None:
    state, ours = tmp_path / "state", unit(tmp_path, 0)
    timers.run_what_is_due(ours, EVENING, "", state)
    later = EVENING + dt.timedelta(days=3)
    assert [timers.run_what_is_due(ours, later + n * MINUTE, "", state) for n in range(2)] == [True, False]


def test_a_command_that_fails_ends_the_run_and_is_told_as_systemds_is(tmp_path: Path) -> None:
    state, ours = tmp_path / "state", unit(tmp_path, 0, 3, 0)
    timers.run_what_is_due(ours, EVENING, "", state)
    assert timers.run_what_is_due(ours, EVENING + dt.timedelta(days=1), "", state)
    assert did(tmp_path) == ["--app wsgi 0", "--app wsgi 3", "--app wsgi survey alarm hai-long-x.service"]


def test_the_watch_is_told_where_the_service_answers_in_another_container(tmp_path: Path) -> None:
    watch = (str(tmp_path / "python"), "--app", "wsgi", "0", "watch", "/backups")
    unit(tmp_path)
    ours = timers.Unit("hai-long-watch", timers.Calendar.parse("*:0/15"), (watch, watch[:4]), 60, {})
    assert ours.run("http://web:8000/readyz")
    assert did(tmp_path) == ["--app wsgi 0 watch /backups --address http://web:8000/readyz", "--app wsgi 0"]


def test_containers_run_the_timers_and_keep_what_they_write() -> None:
    compose = (DEPLOY / "compose.yml").read_text(encoding="utf-8")
    service = re.search(r"^  timers:\n((?:    .*\n)+)", compose, re.MULTILINE)
    assert service
    assert "deploy/timers.py" in service[1]
    kept = dict(re.findall(r'"(\w+):(/[^":]+)"', service[1]))
    assert set(kept) <= set(re.findall(r"(\w+): \{\}", compose.partition("\nvolumes:")[2]))
    written = [path for unit in timers.units() for command in unit.commands for path in command if "/var/" in path]
    written += [path for unit in timers.units() for path in unit.environment.values()]
    assert written
    assert all(any(path.startswith(folder) for folder in kept.values()) for path in written)
