"""Nightly backups: which are kept, what a rehearsal proves, and what a server that nobody looks at says."""

from __future__ import annotations

import datetime as dt
import errno
import os
import shutil
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask

from survey.backups.archive import BackupProblem
from survey.backups.nightly import drop_old, drop_unfinished, rehearse, run_telling
from survey.backups.watch import problems

TODAY = dt.date(2026, 11, 29)


def test_old_backups_go_but_the_first_of_each_month_stays_for_a_year_and_foreign_files_for_ever(tmp_path: Path) -> None:
    days = [TODAY - dt.timedelta(days=back) for back in range(500)]
    for day in days:
        (tmp_path / f"{day}.zip").touch()
    (tmp_path / "before-upgrade.zip").touch()
    drop_old(tmp_path, 30, TODAY)
    left = {path.name for path in tmp_path.iterdir()}
    assert "before-upgrade.zip" in left
    young = {f"{day}.zip" for day in days[:31]}  # not older than 30 days
    assert young <= left
    first = {f"{day}.zip" for day in days if day.day == 1 and (TODAY - day).days <= 366}
    assert left - {"before-upgrade.zip"} - young == first - young


def test_the_newest_backup_is_never_dropped(tmp_path: Path) -> None:
    (tmp_path / "2020-01-05.zip").touch()
    assert drop_old(tmp_path, 2, TODAY) == []


def test_what_a_killed_backup_left_goes_once_nobody_can_be_writing_it(tmp_path: Path) -> None:
    mark = "a126dc11-1fc7-46cf-9d5d-f52029799c24"
    names = (f".2026-11-27.zip.{mark}", f".2026-11-27T011500.zip.age.{mark}", ".2026-11-27.zip", f".notes.txt.{mark}")
    for name in names:
        (tmp_path / name).touch()
        os.utime(tmp_path / name, times=(0, 0))
    (tmp_path / f".2026-11-28.zip.{mark}").touch()
    assert {path.name for path in drop_unfinished(tmp_path)} == set(names[:2])
    assert {path.name for path in tmp_path.iterdir()} == {*names[2:], f".2026-11-28.zip.{mark}"}


def test_a_full_disk_of_backups_is_made_room_on_by_what_is_too_old_anyway(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, newest = tmp_path / "2020-01-05.zip", tmp_path / "2026-01-01.zip"
    old.touch()
    newest.touch()

    def backup(path: Path) -> None:
        if old.exists():
            raise OSError(errno.ENOSPC, "No space left on device")
        path.touch()

    monkeypatch.setattr("survey.backups.nightly.backup", backup)
    answer = app.test_cli_runner().invoke(args=["survey", "backup-nightly", str(tmp_path)])
    assert answer.exit_code == 0, answer.stderr
    assert not old.exists()
    assert len(list(tmp_path.glob("20*.zip"))) == 2


def test_a_rehearsal_does_not_fill_the_disk_on_which_answers_are_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "2026-11-28.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("tables/responses.jsonl", bytes(4_000_000))
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: SimpleNamespace(total=10**9, free=15_000_000))
    with pytest.raises(BackupProblem, match="không đủ chỗ để khôi phục thử: cần 15 MB"):
        rehearse(file)


def test_a_disk_that_takes_no_more_files_is_told_though_it_has_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = dt.datetime(2026, 11, 29, 1, tzinfo=dt.UTC)
    real = os.statvfs(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: SimpleNamespace(total=100, free=90))
    for left, told in ((9, True), (11, False)):
        counted = os.statvfs_result((*real[:5], 100, left, left, *real[8:10]))
        monkeypatch.setattr(os, "statvfs", lambda _place, counted=counted: counted)
        said = problems(tmp_path, "http://127.0.0.1:1/readyz", moment)
        assert any("df -i" in problem for problem in said) == told


@pytest.mark.parametrize("hours", [1, 35, 37, 100])
def test_a_backup_older_than_a_day_and_a_half_is_told(tmp_path: Path, hours: int) -> None:
    moment = dt.datetime(2026, 11, 29, 1, tzinfo=dt.UTC)
    file = tmp_path / "2026-11-28.zip"
    file.touch()
    os.utime(file, times=((moment - dt.timedelta(hours=hours)).timestamp(),) * 2)
    said = problems(tmp_path, "http://127.0.0.1:1/readyz", moment)
    assert "http://127.0.0.1:1/readyz" in said[0]  # nobody listens there
    assert any("2026-11-28.zip" in problem for problem in said) == (hours > 36)


def test_what_a_restore_tells_while_it_is_rehearsed_is_passed_on_and_kept(capsys: pytest.CaptureFixture[str]) -> None:
    works = "import sys; print('{}'); sys.stderr.write('ratings: 10/20\\nratings: 20/20\\n'); sys.exit(3)"
    assert run_telling([sys.executable, "-c", works]) == (3, "{}\n", "ratings: 10/20\nratings: 20/20\n")
    assert capsys.readouterr().err == "ratings: 10/20\nratings: 20/20\n"
