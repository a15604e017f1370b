"""The country's figures are made from the archives, again only where these changed, and hold what the command says."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from analysis.archive.files import ArchiveFolder
from analysis.archive.manifest import MANIFEST
from analysis.archive.writing import archive_province
from analysis.figures.register import fetch_province
from analysis.national.making import latest
from analysis.national.models import CountryEdition
from analysis.national.queries import fetch_newest, fetch_revisions
from analysis.national.service import keep
from survey.foundation.periods import Period
from survey.foundation.storage.database import db
from tests.country.changes import change_everything
from tests.national.conftest import QUARTER

SUBJECT = "health_service"


def run(app: Flask, *options: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["analysis", "country-editions", *options])
    return result.exit_code, result.stdout if result.exit_code == 0 else result.output


def edition(app: Flask, period: str = QUARTER) -> CountryEdition:
    with app.app_context():
        query = select(CountryEdition).where(CountryEdition.period == period).order_by(CountryEdition.revision.desc())
        newest = db.session.scalars(query).first()
        assert newest is not None
        db.session.expunge(newest)
        return newest


@pytest.mark.one_database
def test_an_edition_says_what_the_command_says_of_the_same_archive(ministry: Flask, archive: ArchiveFolder) -> None:
    assert run(ministry, "--period", QUARTER) == (0, f"{QUARTER}: đã lập.\n")
    entry = edition(ministry).figures["subjects"][SUBJECT]
    for by in ("area", "channel", "service"):
        asked = ["--archive", archive.place, "--period", QUARTER, "--subject", SUBJECT, "--by", by]
        result = ministry.test_cli_runner().invoke(args=["analysis", "country", *asked, "--target", ">=75"])
        said = json.loads(result.stdout)
        assert numbers(entry["total"]) == numbers(said["country"])
        assert [numbers(row) for row in entry["by"][by]] == [numbers(row) for row in said["domains"]]
        assert [numbers(row) for row in entry["by"]["province"]] == [numbers(row) for row in said["provinces"]]
        assert entry["notes"] == said["notes"]
    assert entry["total"]["n"] > 500


def numbers(row: dict[str, Any]) -> dict[str, Any]:
    verdict = row["verdict"] and (row["verdict"]["point"], row["verdict"]["evidence"])
    same = ("domain", "label", "estimate", "n", "received", "n_eff", "coverage", "suppressed")
    return {name: row.get(name) for name in same} | {"verdict": verdict}


def test_the_last_period_of_each_length_is_made_and_nothing_twice(ministry: Flask) -> None:
    code, said = run(ministry)
    assert code == 0
    assert {line.partition(":")[0] for line in said.splitlines()} == {"2026-06", "2026-Q2", "2026-H1", "2025"}
    assert run(ministry) == (0, "")


def test_two_servers_that_count_the_same_at_once_keep_it_once(ministry: Flask) -> None:
    period, figures = Period.parse(QUARTER), {"subjects": {}}
    second: list[bool] = []

    def make() -> dict[str, Any]:
        second.append(keep(period, "stamp", lambda: figures))  # the other was quicker
        return figures

    with ministry.app_context():
        assert not keep(period, "stamp", make)
        assert second == [True]
        assert [edition.revision for edition in fetch_revisions(db.session(), QUARTER)] == [1]


@pytest.mark.parametrize(
    ("last", "periods"),
    [
        ("2026-09", ["2026-09", "2026-Q3", "2026-H1", "2025"]),
        ("2026-12", ["2026-12", "2026-Q4", "2026-H2", "2026"]),
        ("2026-01", ["2026-01", "2025-Q4", "2025-H2", "2025"]),
        ("", []),
    ],
)
def test_the_last_periods_end_by_the_last_month_that_is_archived(last: str, periods: list[str]) -> None:
    assert [period.code for period in latest(last)] == periods


def test_what_changed_in_an_archive_makes_the_unpublished_edition_anew_in_its_place(
    ministry: Flask, archive: ArchiveFolder
) -> None:
    run(ministry, "--period", QUARTER)
    before = edition(ministry)
    with ministry.app_context():
        change_everything()
        archive_province(archive, fetch_province("dak-lak"))
    code, said = run(ministry)
    assert code == 0
    assert f"{QUARTER}: đã lập." in said
    after = edition(ministry)
    assert (after.id, after.revision) == (before.id, 1)
    assert after.figures["subjects"][SUBJECT]["total"] != before.figures["subjects"][SUBJECT]["total"]


def spoil_file(archive: ArchiveFolder) -> None:
    manifest = archive.read_manifest("son-la")
    assert manifest is not None
    file = Path(archive.path("son-la", manifest.months["2026-05"].name))
    file.write_bytes(file.read_bytes()[:-1] + b"x")


def spoil_manifest(archive: ArchiveFolder) -> None:
    Path(archive.path("son-la", MANIFEST)).write_text("{")


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("spoil", "month", "reason"), [(spoil_file, "2026-05", "bị hỏng"), (spoil_manifest, None, "không đọc được")]
)
def test_what_is_damaged_is_named_and_leaves_no_figure_of_the_country(
    ministry: Flask,
    archive: ArchiveFolder,
    spoil: Callable[[ArchiveFolder], None],
    month: str | None,
    reason: str,
) -> None:
    spoil(archive)
    assert run(ministry, "--period", QUARTER)[0] == 0
    figures = edition(ministry).figures
    (withheld,) = figures["withheld"]
    assert (withheld["province"], withheld["month"]) == ("son-la", month)
    assert reason in withheld["reason"]
    entry = figures["subjects"][SUBJECT]
    assert entry["total"]["estimate"] is None
    assert {row["domain"] for row in entry["by"]["province"]} == {"an-giang", "dak-lak"}
    assert entry["by"]["area"] == []


@pytest.mark.one_database
def test_a_province_that_must_be_there_and_is_not_is_named(ministry: Flask) -> None:
    settings = ministry.extensions["settings"]
    ministry.extensions["settings"] = settings.but(country_provinces=("an-giang", "ha-giang"))
    run(ministry, "--period", QUARTER)
    assert [withheld["province"] for withheld in edition(ministry).figures["withheld"]] == ["ha-giang"]


def test_without_an_archive_the_nightly_job_does_nothing(ministry: Flask) -> None:
    ministry.extensions["settings"] = ministry.extensions["settings"].but(country_archive="")
    code, said = run(ministry)
    assert (code, "COUNTRY_ARCHIVE" in said) == (0, True)
    with ministry.app_context():
        assert fetch_newest() == []


def test_an_empty_folder_and_a_target_that_cannot_be_read_are_said(ministry: Flask, tmp_path: Path) -> None:
    settings = ministry.extensions["settings"]
    for changed in (settings.but(country_archive=str(tmp_path)), settings.but(country_targets=("health_service85",))):
        ministry.extensions["settings"] = changed
        code, said = run(ministry)
        assert code == 2
        assert "Traceback" not in said
