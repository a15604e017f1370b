"""Questions and their answers: breakdowns, late caseloads, closed periods, few answers."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from time_machine import travel

from survey.registry.files.service import import_file
from survey.responses.ingest import receive
from tests.desk import world
from tests.support.cases import in_one_world


def ask(subject: str = "health_service", period: str = "2026-10", threshold: str | None = None, **more: Any) -> Any:
    from analysis.figures.query import FigureQuery
    from analysis.figures.service import answer
    from analysis.statistics import Threshold
    from survey.foundation.periods import Period

    question = FigureQuery(province="dak-lak", subject=subject, period=Period.parse(period), **more)
    return answer(question, Threshold.parse(threshold) if threshold else None)


@pytest.fixture
def asked(small_world: Flask) -> Any:
    """An application context over the small world."""
    with small_world.app_context():
        yield small_world


def remove_caseload(month: str, agency: str | None = None) -> None:
    from survey.foundation.storage.database import writing
    from survey.registry.models import Agency, Caseload

    with writing() as session:
        query = session.query(Caseload).filter(Caseload.month == month)
        if agency:
            query = query.filter(Caseload.agency_id == session.query(Agency).filter_by(code=agency).one().id)
        query.delete()


def test_the_weighted_figure_follows_the_caseload_and_stands_beside_the_unweighted_one(asked: Any) -> None:
    estimate = ask().total.estimate

    by_hand = (9000 * 70 / 110 + 1000 * 40 / 40 + 600 * 20 / 20) / 10600
    assert estimate.estimate == pytest.approx(by_hand)
    assert estimate.unweighted == pytest.approx(130 / 170)
    assert (estimate.n, estimate.caseload) == (170, 10600)
    assert estimate.response_rate == pytest.approx(170 / 10600)


def test_months_asked_together_equal_months_asked_alone(asked: Any) -> None:
    together = ask(period="2026", by="month")

    for month in world.MONTHS:
        assert together[month].estimate.estimate == ask(period=month).total.estimate.estimate
        assert together[month].estimate.variance == ask(period=month).total.estimate.variance


def test_a_service_breakdown_leaves_out_answers_that_name_none(asked: Any) -> None:
    unnamed = world.submissions("bv-tinh", "kham-benh", "2026-10-12", 12, 5)
    receive([replace(answer, service=None) for answer in unnamed])

    figures = ask(by="service")
    assert {figure.domain for figure in figures.figures} == {"kham-benh", "noi-tru"}
    assert sum(figure.estimate.responses for figure in figures.figures) == 170
    assert ask().total.estimate.responses == 182
    assert ask().total.estimate.n == 170


def test_a_late_caseload_borrows_and_takes_no_evidence_verdict(asked: Any) -> None:
    remove_caseload("2026-10", "bv-tinh")

    figures = ask(threshold=">60")
    assert figures.total.provisional
    assert figures.total.verdict.evidence is None
    assert "provisional_weights" in {note.code for note in figures.notes}
    assert not ask(by="agency", threshold=">60")["tyt-xa"].provisional


def test_a_caseload_that_arrives_ends_the_borrowing_and_brings_the_evidence_back(asked: Any) -> None:
    before = ask(threshold=">60")
    remove_caseload("2026-10", "bv-tinh")
    late = ask(threshold=">60")
    assert (late.total.provisional, late.total.verdict.evidence) == (True, None)

    lines = [f"bv-tinh,{service},2026-10,visit,{count}" for service, count in (("kham-benh", 6000), ("noi-tru", 4000))]
    import_file("caseloads", "thang-10.csv", "\n".join(["agency,service,month,unit,count", *lines]).encode())

    arrived = ask(threshold=">60")
    assert not arrived.total.provisional
    assert arrived.total.verdict.evidence is not None
    assert "provisional_weights" not in {note.code for note in arrived.notes}
    by_hand = (6000 * 70 / 110 + 4000 * 40 / 40 + 600 * 20 / 20) / 10600  # by what arrived, not by what was lent
    assert arrived.total.estimate.estimate == pytest.approx(by_hand)
    assert arrived.total.estimate.estimate != before.total.estimate.estimate


def test_a_year_with_a_month_missing_names_the_agency_and_the_month(asked: Any) -> None:
    with travel(world.NOW, tick=False):
        assert "caseload_incomplete" not in {note.code for note in ask(period="2026").notes}
        remove_caseload("2026-09", "bv-tinh")
        notes = {note.code: note.message for note in ask(period="2026").notes}

    assert "Bệnh viện đa khoa tỉnh (tháng 9/2026)" in notes["caseload_incomplete"]
    assert "Trạm y tế xã Ea Kao" not in notes["caseload_incomplete"]


def test_an_agency_that_never_sent_a_caseload_has_an_unweighted_figure_and_no_verdict(asked: Any) -> None:
    remove_caseload("2026-09", "bv-tinh")
    remove_caseload("2026-10", "bv-tinh")

    figure = ask(by="agency", threshold=">60")["bv-tinh"]
    assert figure.unweighted_only
    assert figure.verdict is None
    assert figure.estimate.unweighted == pytest.approx(110 / 150)


def test_too_few_answers_are_held_back_and_a_handful_is_only_for_reference(asked: Any) -> None:
    world.answer("ubnd-ea-tam", "ho-tich", "2026-11-03", 12, 5)
    alone = ask("agency_service", "2026-11", by="agency", threshold=">80")["ubnd-ea-tam"]
    assert (alone.reference_only, alone.verdict) == (True, None)

    world.answer("so-y-te", "hanh-nghe", "2026-11-03", 4, 5)
    figures = ask("agency_service", "2026-11", by="agency", threshold=">80")
    assert (figures["so-y-te"].suppressed, figures["so-y-te"].estimate, figures["so-y-te"].answers) == (
        True,
        None,
        None,
    )
    assert figures["ubnd-ea-tam"].suppressed  # or the total minus it would tell of the four


def test_the_public_sees_nothing_from_fewer_than_thirty_answers(asked: Any) -> None:
    staff, public = ask(by="agency"), ask(by="agency", audience="public")

    assert not staff["tyt-xa"].suppressed
    assert public["tyt-xa"].suppressed
    assert not public["bv-tinh"].suppressed


def test_a_closed_period_keeps_its_figure_when_late_answers_come(asked: Any) -> None:
    from analysis.periods.models import Closing
    from survey.foundation.storage.database import writing
    from survey.registry.models import Province

    before = ask().total.estimate
    with writing() as session:
        province_id = session.query(Province).filter_by(key="dak-lak").one().id
        closed_at = world.NOW - dt.timedelta(minutes=30)
        session.add(Closing(province_id=province_id, period="2026-10", revision=1, closed_at=closed_at))
    receive(world.submissions("bv-tinh", "kham-benh", "2026-10-30", 50, 1), received_at=world.NOW)

    assert ask().total.estimate == before
    assert ask(received_before=world.NOW + dt.timedelta(days=1)).total.estimate.n == 220


def test_a_cut_off_leaves_out_later_days(asked: Any) -> None:
    assert ask(until=dt.date(2026, 10, 13)).total.estimate.n == 85


def test_health_and_education_pooled_are_the_plain_mean_of_the_two(asked: Any) -> None:
    health, education = ask().total.estimate, ask("education_service").total.estimate
    pooled = ask("health_and_education", threshold=">60").total

    assert pooled.estimate.estimate == pytest.approx((health.estimate + education.estimate) / 2)
    assert pooled.estimate.variance == pytest.approx((health.variance + education.variance) / 4)
    assert pooled.estimate.n_eff <= pooled.estimate.n == health.n + education.n
    assert pooled.verdict is not None


@pytest.mark.parametrize("subject", ["health_service", "education_service", "health_and_education"])
def test_whatever_everybody_may_read_beside_a_figure_stands_in_english_too(asked: Any, subject: str) -> None:
    remove_caseload("2026-10", "bv-tinh")
    notes = ask(subject, audience="public").notes
    assert [note.code for note in notes if not note.english or note.english == note.message] == []
    if subject == "health_and_education":
        assert "plain_mean" in {note.code for note in notes}


def test_the_pooled_subject_has_no_agencies_of_its_own(asked: Any) -> None:
    from analysis.figures.query import BadQuery

    with pytest.raises(BadQuery, match="gộp"):
        ask("health_and_education", by="agency")


@pytest.mark.parametrize("method", ["item_pooled", "mean_rescaled", "all_items"])
def test_other_methods_give_their_own_figure(asked: Any, method: str) -> None:
    from analysis.statistics import Method

    world.answer("bv-tinh", "kham-benh", "2026-10-12", 5, 3)
    figure = ask(method=Method(method)).total

    if method == "item_pooled":
        assert (figure.estimate, figure.n) == (None, 0)  # nobody rated a detailed item
    elif method == "mean_rescaled":
        assert 0 < figure.estimate.estimate < 1
        assert figure.estimate.estimate != ask().total.estimate.estimate
    else:  # all answers of everyone are the overall rating alone
        assert figure.estimate.estimate == ask().total.estimate.estimate


@in_one_world(
    "by", ["agency", "service", "field", "sector", "month", "year", "channel", "respondent_kind", "area", "language"]
)
def test_every_breakdown_of_the_contract_is_printed_as_json(
    runner: FlaskCliRunner, small_world: Flask, by: str
) -> None:
    args = "analysis estimates --province dak-lak --period 2026 --subject agency_service --format json --by"
    result = runner.invoke(args=[*args.split(), by])

    assert result.exit_code == 0, result.output
    domains = json.loads(result.stdout)["domains"]
    keys = {"domain", "estimate", "standard_error", "variance", "df", "n", "sum_of_weights", "design_effect",
            "kish_design_effect", "n_eff", "interval", "unweighted", "response_rate", "coverage", "coverage_adequate",
            "suppressed"}  # fmt: skip
    assert all(keys <= set(domain) for domain in domains)
    if by != "area":
        assert sum(domain["n"] or 0 for domain in domains) == 180


def verdicts(province: str, year: int) -> list[str]:
    return ["analysis", "verdicts", "--province", province, "--year", str(year), "--format", "json"]


def test_verdicts_name_target_status_and_both_answers(runner: FlaskCliRunner, small_world: Flask) -> None:
    result = runner.invoke(args=verdicts("dak-lak", 2026))

    rows = {row["target"]: row for row in json.loads(result.stdout)["verdicts"]}
    assert set(rows) == {"D3", "D4h", "D4e", "D4p", "D5", "DC", "DO", "DT"}
    health = rows["D4h"]
    assert (health["status"], health["domain"], health["verdict"]["target"]) == ("reference", "dak-lak", ">80")
    assert (health["verdict"]["point"], health["verdict"]["evidence"]) == ("not_met", "not_met")
    assert rows["DO"]["verdict"]["point"] == "not_met"


@in_one_world(
    ("arguments", "says"),
    [
        ("estimates --province mars --period 2026 --subject procedures", "dak-lak"),
        ("estimates --province dak-lak --period 2026-13 --subject procedures", "2026-13"),
        ("estimates --province dak-lak --period 2026 --subject health_and_education --by agency", "gộp"),
        ("verdicts --province mars --year 2020", "dak-lak"),
    ],
)
def test_a_wrong_question_ends_with_status_2_and_says_what_to_write(
    runner: FlaskCliRunner, database: Any, arguments: str, says: str
) -> None:
    result = runner.invoke(args=["analysis", *arguments.split()])

    assert result.exit_code == 2
    assert says in result.stderr


def test_an_empty_province_answers_without_numbers(runner: FlaskCliRunner, database: Any) -> None:
    result = runner.invoke(args=verdicts("son-la", 2020))

    assert result.exit_code == 0
    assert all(row["estimate"] is None for row in json.loads(result.stdout)["verdicts"])


def test_estimate_from_a_file_is_a_command_of_the_application(runner: FlaskCliRunner, tmp_path: Path) -> None:
    cells = tmp_path / "cells.csv"
    cells.write_text("stratum,post_stratum,caseload,psu,domain,responses,satisfied\na,a,100,,,10,7\nb,b,50,,,5,5\n")

    result = runner.invoke(args=["analysis", "estimate", str(cells), "--target", ">60"])

    (domain,) = json.loads(result.stdout)["domains"]
    assert domain["estimate"] == pytest.approx((100 * 0.7 + 50) / 150)


def test_what_a_reader_must_know_is_said_in_the_readers_language(asked: Any) -> None:
    from flask_babel import force_locale

    world.answer("so-y-te", "hanh-nghe", "2026-10-05", 65, 5)  # with the other 30 more than the 90 dossiers
    for locale, words in {"vi": "nhiều hơn số hồ sơ", "en": "more answers than dossiers"}.items():
        with asked.test_request_context(), force_locale(locale):
            notes = {note.code: note.message for note in ask("procedures").notes}
        assert words in notes["over_response"]
