"""A country is its provinces put together; what is missing is named, and no province is given away."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import delete

from analysis.archive.files import ArchiveFolder
from analysis.archive.manifest import MANIFEST
from analysis.archive.writing import archive_province
from analysis.country.engines.embedded import Embedded
from analysis.country.question import BREAKDOWNS, CountryQuery, ProvinceEstimates
from analysis.country.service import country_figures
from analysis.figures.query import BadQuery, FigureQuery
from analysis.figures.register import fetch_province
from analysis.figures.service import answer
from analysis.statistics.combine import combine
from survey.foundation.storage.database import writing
from survey.responses.models import Rating
from tests.archive.killing import killed_at
from tests.archive.world import PROVINCES
from tests.country.asking import SUBJECT, at_home, query, read
from tests.country.changes import change_everything

pytestmark = pytest.mark.one_database

KEYS = [province.key for province in PROVINCES]


@pytest.mark.parametrize("by", [None, "area", "channel", "service"])
@pytest.mark.parametrize("period", ["2026-06", "2026-Q2", "2026-H1"])
def test_each_province_is_estimated_to_the_last_bit_as_at_home(
    archived: ArchiveFolder, tmp_path: Path, period: str, by: str | None
) -> None:
    question = query(period, by)
    for estimates in Embedded().estimates(question, read(archived, question, tmp_path)):
        assert estimates is not None
        home = at_home(estimates.province, question)
        assert estimates.whole == home.pop("")
        assert estimates.whole.exact_estimate is not None
        assert dict(estimates.domains) == home


@pytest.mark.parametrize("step", range(9))
def test_the_same_holds_after_all_that_happens_over_time_wherever_archiving_was_killed(
    archived: ArchiveFolder, tmp_path: Path, step: int
) -> None:
    question = query("2026-Q2")
    old = at_home("dak-lak", question)[""]
    erased = change_everything()
    new = at_home("dak-lak", question)[""]
    assert new != old
    with killed_at(step, archived):
        archive_province(archived, fetch_province("dak-lak"))
    assert answers_of(archived, question, tmp_path)["dak-lak"].whole in (old, new)
    archive_province(archived, fetch_province("dak-lak"))
    answers = answers_of(archived, question, tmp_path)
    assert {key: answer.whole for key, answer in answers.items()} == {key: at_home(key, question)[""] for key in KEYS}
    assert answers["dak-lak"].marked == (0, 13)
    everything = b"".join(path.read_bytes() for path in Path(archived.place).rglob("*") if path.is_file())
    for id_ in erased:
        assert not [form for form in (id_.bytes, id_.hex.encode(), str(id_).encode()) if form in everything]


def answers_of(folder: ArchiveFolder, question: CountryQuery, into: Path) -> dict[str, ProvinceEstimates]:
    answers = Embedded().estimates(question, read(folder, question, into))
    return {answer.province: answer for answer in answers if answer is not None}


def test_the_country_is_its_provinces_combined(archived: ArchiveFolder) -> None:
    question = query("2026-Q2", "area")
    figures = country_figures(archived, question, Embedded())
    homes = [at_home(key, question) for key in KEYS]
    assert figures.country is not None
    assert figures.country.estimate == combine([home[""] for home in homes], "")
    assert {figure.domain for figure in figures.domains} == {"urban", "rural", "remote"}
    for figure in figures.domains:
        assert figure.estimate == combine([home[figure.domain] for home in homes], figure.domain)


def test_a_province_that_nobody_rated_has_no_figure_and_lowers_what_the_country_covers(
    archived: ArchiveFolder, tmp_path: Path
) -> None:
    question = query("2026-Q2", "area")
    before = country_figures(archived, question, Embedded()).country
    with writing() as session:
        session.execute(delete(Rating).where(Rating.province_id == fetch_province("son-la").id))
    archive_province(archived, fetch_province("son-la"))
    (silent,) = [answer for key, answer in answers_of(archived, question, tmp_path).items() if key == "son-la"]
    assert {"": silent.whole, **silent.domains} == at_home("son-la", question)
    assert set(silent.received.values()) == {0}
    figures = country_figures(archived, question, Embedded())
    assert [row.estimate and row.estimate.n for row in figures.provinces if row.domain == "son-la"] == [0]
    assert figures.country is not None
    assert figures.country.estimate is not None
    assert before is not None
    assert before.estimate is not None
    assert (figures.country.estimate.coverage or 0) < (before.estimate.coverage or 0)
    assert figures.country.estimate.n == sum(row.estimate.n for row in figures.provinces if row.estimate)


def test_received_is_all_that_came_in_every_row(archived: ArchiveFolder) -> None:
    question = query("2026-Q2", "area")
    figures = country_figures(archived, question, Embedded())
    asked = [FigureQuery(province=key, subject=SUBJECT, period=question.period, by="area") for key in KEYS]
    homes = [{row.domain: row.received or 0 for row in answer(query_at_home).figures} for query_at_home in asked]
    assert figures.domains
    for figure in figures.domains:
        assert figure.received == sum(home.get(figure.domain, 0) for home in homes)
    assert [row.received for row in figures.provinces] == [
        answer(replace(query_at_home, by=None)).total.received for query_at_home in asked
    ]


def test_by_province_the_provinces_are_the_rows(archived: ArchiveFolder) -> None:
    figures = country_figures(archived, query(by="province"), Embedded())
    assert [figure.domain for figure in figures.domains] == KEYS
    assert figures.domains == figures.provinces


@pytest.mark.parametrize("harm", ["missing", "damaged", "not yet", "absent", "other version"])
def test_what_is_missing_withholds_the_country_and_is_named(archived: ArchiveFolder, harm: str) -> None:
    folder = Path(archived.path("son-la", ""))
    manifest = archived.read_manifest("son-la")
    assert manifest is not None
    file, expected, period = folder / manifest.months["2026-05"].name, (), "2026-Q2"
    if harm == "missing":
        file.unlink()
    elif harm == "damaged":
        file.write_bytes(file.read_bytes()[:-1] + b"x")
    elif harm == "not yet":
        (folder / MANIFEST).write_text(manifest.model_copy(update={"until": "2026-05"}).model_dump_json())
    elif harm == "absent":
        expected = (*KEYS, "ha-giang")
    else:
        (folder / MANIFEST).write_text(manifest.model_copy(update={"program": "0.0.1"}).model_dump_json())
    figures = country_figures(archived, query(period), Embedded(), expected=expected)
    assert figures.country is None
    assert figures.domains == ()
    (withheld,) = figures.withheld
    assert withheld.province == ("ha-giang" if harm == "absent" else "son-la")
    assert withheld.month == {"missing": "2026-05", "damaged": "2026-05", "not yet": "2026-06"}.get(harm, "")
    assert {figure.domain for figure in figures.provinces} >= {"an-giang", "dak-lak"}


def test_a_plain_share_leaves_out_what_few_unweighted_answers_said_as_at_home(
    archived: ArchiveFolder, tmp_path: Path
) -> None:
    question = query("2026-06", "area")
    told = answers_of(archived, question, tmp_path)
    few = [key for key in KEYS if 0 < told[key].received[""] - told[key].whole.n < 10]
    assert few
    for key in few:
        home = answer(FigureQuery(province=key, subject=SUBJECT, period=question.period)).total
        assert home.estimate is not None
        assert (told[key].whole.responses, told[key].whole.unweighted) == (home.answers, home.estimate.unweighted)
        assert all(row.responses == row.n for row in told[key].domains.values())
        assert "few_unused" in {code for code, _message in told[key].notes}


def invoke(runner: FlaskCliRunner, folder: ArchiveFolder, *arguments: str) -> tuple[int, Any]:
    asked = ["analysis", "country", "--archive", folder.place, "--subject", "health_service", *arguments]
    result = runner.invoke(args=asked)
    return result.exit_code, json.loads(result.stdout) if result.exit_code in (0, 3) else result.output


@pytest.mark.parametrize("by", BREAKDOWNS)
def test_the_command_prints_every_breakdown_with_a_verdict(
    archived: ArchiveFolder, runner: FlaskCliRunner, by: str
) -> None:
    asked = ["--period", "2026-Q2", "--by", by, "--target", ">60", "--format", "json"]  # as of every command
    code, said = invoke(runner, archived, *asked)
    assert code == 0
    assert said["withheld"] == []
    assert said["country"]["verdict"]["target"] == ">60"
    assert all(domain["label"] and domain["suppressed"] in (True, False) for domain in said["domains"])


def test_the_command_leaves_with_three_where_something_is_withheld(
    archived: ArchiveFolder, runner: FlaskCliRunner
) -> None:
    code, said = invoke(runner, archived, "--period", "2026-Q3")
    assert code == 3
    assert said["country"] is None
    assert {province["province"] for province in said["withheld"]} == set(KEYS)


@pytest.mark.parametrize("wrong", [["--period", "hôm qua"], ["--period", "2026-Q2", "--target", "trên"]])
def test_the_command_refuses_what_it_cannot_read(
    archived: ArchiveFolder, runner: FlaskCliRunner, wrong: list[str]
) -> None:
    code, said = invoke(runner, archived, *wrong)
    assert code == 2
    assert "Traceback" not in said


def test_a_pooled_subject_or_a_day_is_no_question_to_a_country(archived: ArchiveFolder) -> None:
    with pytest.raises(BadQuery):
        query("2026-Q2", "agency")


def test_no_archive_is_said(provinces: Flask, runner: FlaskCliRunner, tmp_path: Path) -> None:
    code, said = invoke(runner, ArchiveFolder(str(tmp_path / "nothing")), "--period", "2026-Q2")
    assert code == 2
    assert "archive" in said
