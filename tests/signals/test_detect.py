"""Evidence becomes a task: once, with its numbers, and only where there is something to see."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select, update

from analysis.figures.query import FigureQuery
from analysis.figures.service import answer
from analysis.periods.models import Closing
from analysis.signals.channel_detectors import find_channel_gaps
from analysis.signals.level_detectors import find_off_chart, find_overfull
from analysis.signals.models import Signal
from analysis.signals.queries import Load
from analysis.signals.silence_detector import find_silences
from analysis.signals.stuffing import four_figures
from analysis.signals.told import ChannelCount, MonthCount, ToldShare, channel_counts, month_counts, told_of_channel
from analysis.statistics import Treatment
from analysis.statistics.domains import DomainEstimate
from survey.foundation.periods import Period, shift_month
from survey.foundation.storage.database import db, writing
from survey.registry.models import Caseload, Counter
from survey.responses.models import Rating, Response
from tests.signals.world import _hand_in, answers_of, forget, stuff

MONDAY = dt.date(2026, 10, 12)


def detected(runner: FlaskCliRunner, *more: str) -> list[dict[str, Any]]:
    result = runner.invoke(args=["analysis", "detect", "--province", "dak-lak", "--format", "json", *more])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)["signals"]


def test_where_nothing_is_wrong_nothing_is_opened(honest: Flask, runner: FlaskCliRunner) -> None:
    assert detected(runner) == []


def test_a_burst_opens_one_task_with_its_minutes_and_answers(honest: Flask, runner: FlaskCliRunner) -> None:
    stuff(honest, "thpt-1", MONDAY, 25, seconds=9)
    signal = {task["kind"]: task for task in detected(runner)}
    assert signal.keys() <= {"burst", "alike"}
    burst = signal["burst"]
    assert (burst["agency"], burst["counter"], burst["sector"]) == ("thpt-1", "quay-thpt-1", "education")
    (episode,) = burst["evidence"]["episodes"]
    assert 25 <= episode["answers"] == len(episode["responses"]) <= 27
    assert episode["from"] <= "2026-10-12T04:00:00+00:00"
    assert episode["p"] < 1e-6


def test_the_same_evidence_opens_a_task_once(honest: Flask, runner: FlaskCliRunner, database: SQLAlchemy) -> None:
    stuff(honest, "thpt-1", MONDAY, 25, seconds=9)
    assert detected(runner)
    assert detected(runner) == []
    assert detected(runner, "--month", "2026-10") == []
    stuff(honest, "thpt-1", MONDAY, 5, seconds=2)  # the same day again: the task is there already
    assert detected(runner) == []
    stuff(honest, "thpt-1", MONDAY + dt.timedelta(days=1), 25, seconds=9)
    assert {signal["evidence"]["day"] for signal in detected(runner)} == {"2026-10-13"}


def test_forms_typed_in_from_paper_are_no_burst(honest: Flask, runner: FlaskCliRunner) -> None:
    stuff(honest, "thpt-1", MONDAY, 25, seconds=9, channel="paper")
    assert detected(runner) == []


def test_sheets_with_the_same_rare_ticks_all_day_open_a_task(honest: Flask, runner: FlaskCliRunner) -> None:
    stuff(honest, "bv-tinh", MONDAY, 40, seconds=700, value=1)
    (alike,) = detected(runner)
    assert (alike["kind"], alike["agency"]) == ("alike", "bv-tinh")
    assert alike["evidence"]["sheet"] == {"overall_health": 1}
    assert alike["evidence"]["episodes"][0]["answers"] == 40


def test_answers_are_never_deleted_and_the_four_figures_tell_them_apart(
    honest: Flask, runner: FlaskCliRunner, database: SQLAlchemy
) -> None:
    stuff(honest, "bv-tinh", MONDAY, 60, seconds=6)
    before = database.session.scalar(select(func.count()).select_from(Response))
    detected(runner)
    assert database.session.scalar(select(func.count()).select_from(Response)) == before
    signal = database.session.scalars(select(Signal).where(Signal.kind == "burst")).one()
    (four,) = four_figures(signal)
    n = {treatment: figures[""].responses for treatment, figures in four.figures.items()}
    share = {treatment: figures[""].estimate for treatment, figures in four.figures.items()}
    flagged = len(signal.evidence["episodes"][0]["responses"])
    assert (four.subject, four.flagged) == ("health_service", flagged)
    assert n[Treatment.ALL] - n[Treatment.DROPPED] == flagged
    assert share[Treatment.ALL] > share[Treatment.COUNTED_ONCE] > share[Treatment.DISSATISFIED]
    assert share[Treatment.COUNTED_ONCE] - share[Treatment.DROPPED] < 0.01


def shown_of(signal: Signal) -> DomainEstimate | None:
    """The month's estimate of the signal's agency, as every page shows it."""
    period = Period.parse("2026-10")
    question = FigureQuery(
        province="dak-lak", subject="health_service", period=period, agencies=frozenset({signal.agency_id})
    )
    return answer(question).total.estimate


def test_the_figure_with_all_answers_is_the_one_every_page_shows(honest: Flask, runner: FlaskCliRunner) -> None:
    stuff(honest, "bv-tinh", MONDAY, 60, seconds=6)
    detected(runner)
    with honest.app_context():
        signal = db.session.query(Signal).filter_by(kind="burst").one()
        (four,) = four_figures(signal)
        shown = shown_of(signal)
    mine = four.figures[Treatment.ALL][""]
    assert shown is not None
    assert (mine.estimate, mine.variance, mine.n_eff) == pytest.approx(
        (shown.estimate, shown.variance, shown.n_eff), rel=1e-12
    )


def test_what_was_stuffed_in_after_the_month_was_closed_is_in_none_of_the_four(
    honest: Flask, runner: FlaskCliRunner
) -> None:
    stuff(honest, "bv-tinh", MONDAY, 60, seconds=6)
    detected(runner)
    with honest.app_context():
        signal = db.session.query(Signal).filter_by(kind="burst").one()
        late = [uuid.UUID(id_) for id_ in signal.evidence["episodes"][0]["responses"][20:]]
        closed = dt.datetime.now(dt.UTC) + dt.timedelta(hours=2)
        with writing() as session:
            session.add(Closing(province_id=signal.province_id, period="2026-10", revision=1, closed_at=closed))
            for model, name in ((Response, "id"), (Rating, "response_id")):
                own = getattr(model, name).in_(late)
                session.execute(update(model).where(own).values(received_at=closed))
        signal = db.session.query(Signal).filter_by(kind="burst").one()
        (four,) = four_figures(signal)
        shown = shown_of(signal)
    assert shown is not None
    assert four.flagged == 20
    assert four.figures[Treatment.ALL][""].n == shown.n
    assert four.figures[Treatment.DROPPED][""].n == shown.n - 20


def test_more_answers_than_dossiers_open_a_task(honest: Flask, runner: FlaskCliRunner) -> None:
    with honest.app_context(), writing() as session:
        session.query(Caseload).filter_by(month="2026-10").filter(Caseload.count == 1500).update({"count": 20})
    (signal,) = detected(runner)
    assert (signal["kind"], signal["agency"], signal["evidence"]["caseload"]) == ("overfull", "thpt-1", 20)
    assert signal["evidence"]["answers"] > 20


def test_as_many_answers_as_dossiers_are_no_error() -> None:
    loads = [Load(1, 1, "health", "Khám bệnh", 30, 30), Load(1, 2, "health", "Nội trú", 31, 30)]
    assert [signal.about for signal in find_overfull(loads, "2026-10")] == ["1|2|2026-10"]


def test_a_counter_gone_quiet_opens_one_task_however_long_it_lasts(honest: Flask, runner: FlaskCliRunner) -> None:
    forget(honest, "ubnd-ea-tam", dt.date(2026, 11, 10))
    (signal,) = detected(runner)
    assert (signal["kind"], signal["counter"]) == ("quiet", "quay-ubnd-ea-tam")
    assert (signal["evidence"]["since"], signal["evidence"]["days"]) == ("2026-11-10", 8)
    assert detected(runner) == []


def test_when_everybody_rests_nobody_has_gone_quiet() -> None:
    days = [dt.date(2026, 1, 1) + dt.timedelta(days=i) for i in range(60)]
    working = [day for day in days if day.weekday() < 5 and not dt.date(2026, 2, 14) <= day <= dt.date(2026, 2, 22)]
    counts = [(counter, day, 5) for counter in range(10) for day in working]
    assert list(find_silences(counts, dt.date(2026, 2, 22))) == []
    missing = [row for row in counts if row[0] != 3 or row[1] < dt.date(2026, 2, 2)]
    (silence,) = find_silences(missing, dt.date(2026, 2, 22))
    assert (silence.counter_id, silence.since, silence.days) == (3, dt.date(2026, 2, 2), 10)


def test_a_month_off_the_control_chart_names_its_limits() -> None:
    months = [shift_month("2026-10", -back) for back in reversed(range(13))]
    counts = [
        MonthCount(1, "health_service", month, 200 + (index % 3) * 6, good + (index % 3) * 3)
        for index, month in enumerate(months)
        for good in (100 if month == "2026-10" else 160,)
    ]
    (signal,) = find_off_chart(counts, months)
    assert (signal.kind, signal.sector, signal.evidence["subject"]) == ("chart", "health", "health_service")
    assert signal.evidence["share"] < signal.evidence["lower"]
    assert list(find_off_chart(counts, months[:-1])) == []


def test_a_fall_beyond_its_uncertainty_opens_a_task(honest: Flask, runner: FlaskCliRunner) -> None:
    for day in range(1, 31):
        date = dt.date(2026, 10, day)
        if date.weekday() < 5:
            stuff(honest, "thpt-1", date, 12, seconds=2000, value=1, channel="paper")
    (signal,) = detected(runner)
    assert (signal["kind"], signal["agency"]) == ("drop", "thpt-1")
    assert signal["evidence"]["difference"] < -0.3
    assert signal["evidence"]["high"] < 0


def test_bad_input_ends_with_exit_status_2_and_a_message(runner: FlaskCliRunner) -> None:
    for wrong in (["--month", "2026-13"], ["--month", "2026"], ["--month", "2027-01"]):
        result = runner.invoke(args=["analysis", "detect", "--province", "dak-lak", *wrong])
        assert (result.exit_code, bool(result.stderr)) == (2, True)
    assert runner.invoke(args=["analysis", "detect", "--province", "nowhere"]).exit_code == 2


def test_a_few_answers_more_each_day_open_one_task(honest: Flask, runner: FlaskCliRunner) -> None:
    for day in range(5, 31):
        if (date := dt.date(2026, 10, day)).weekday() < 5:
            stuff(honest, "thpt-1", date, 16, seconds=1500, value=4)
    drips = [signal for signal in detected(runner) if signal["kind"] == "drip"]
    assert [(drip["counter"], drip["month"]) for drip in drips] == [("quay-thpt-1", "2026-10")]
    assert drips[0]["evidence"]["days"] > 15
    assert [signal for signal in detected(runner) if signal["kind"] == "drip"] == []


def test_a_day_with_more_answers_than_dossiers_opens_a_task(honest: Flask, runner: FlaskCliRunner) -> None:
    with honest.app_context(), writing() as session:
        session.query(Caseload).filter(Caseload.count > 0).update({"count": 400})  # some 19 a working day
    stuff(honest, "bv-tinh", MONDAY, 220, seconds=100)
    days = [signal for signal in detected(runner) if signal["kind"] == "overfull_day"]
    assert [(day["agency"], day["evidence"]["day"]) for day in days] == [("bv-tinh", "2026-10-12")]


def test_the_command_tells_each_new_signal_in_a_line_and_how_many_there_are(
    honest: Flask, runner: FlaskCliRunner
) -> None:
    stuff(honest, "thpt-1", dt.date(2026, 10, 12), 60, seconds=9)
    lines = [runner.invoke(args=["analysis", "detect"]).output.splitlines() for _time in "12"]
    assert any("Trường THPT số 1" in line and "12/10/2026" in line for line in lines[0])
    assert lines[0][-1] == f"Mở {len(lines[0]) - 1} tín hiệu mới."
    assert lines[1] == ["Mở 0 tín hiệu mới."], "what was told once is no news"


def test_a_drip_by_one_channel_opens_a_task_though_the_counter_is_not_fuller(
    honest: Flask, runner: FlaskCliRunner
) -> None:
    """Of the usual answers of each day a quarter came by QR code; in October most do."""
    with honest.app_context():
        _hand_in(list(answers_of("thpt-1", dt.date(2026, 7, 20), dt.date(2026, 8, 31), 8)))
        with writing() as session:
            counter = session.query(Counter).filter_by(code="quay-thpt-1").one()
            answers = session.query(Response).filter_by(counter_id=counter.id).order_by(Response.day, Response.id).all()
            for place, response in enumerate(answers):
                if place % 4 == 0 or (response.month == "2026-10" and place % 4 != 1):
                    response.channel = "qr"
    (signal,) = [task for task in detected(runner) if task["kind"] == "channel_flow"]
    assert (signal["counter"], signal["evidence"]["channel"], signal["month"]) == ("quay-thpt-1", "qr", "2026-10")
    assert signal["evidence"]["share"] > 0.6
    assert signal["evidence"]["usual"] == pytest.approx(0.25, abs=0.05)
    assert [task for task in detected(runner) if task["kind"] == "channel_flow"] == []


def test_a_channel_that_says_something_else_than_it_used_to_opens_a_task() -> None:
    months = [shift_month("2026-10", -back) for back in reversed(range(13))]
    counts = [
        ChannelCount(1, "health_service", channel, month, n, good + place % 3)
        for place, month in enumerate(months)
        for channel, n, good in (("kiosk", 120, 96), ("qr", 40, 28 if month != "2026-10" else 40 - place % 3))
    ]

    def told(*_about: object) -> tuple[ToldShare, ToldShare]:
        return ToldShare(1.0, 40), ToldShare(0.8, 120)

    (gap,) = find_channel_gaps(counts, months, told)
    assert (gap.kind, gap.sector, gap.evidence["channel"]) == ("channel_gap", "health", "qr")
    assert [gap.evidence[name] for name in ("share", "others", "answers")] == [1.0, 0.8, 40]
    assert list(find_channel_gaps(counts, months, lambda *_about: None)) == [], "the desk tells nothing of it"
    assert list(find_channel_gaps([row for row in counts if row.month != "2026-10"], months[:-1], told)) == []


def test_what_channels_say_is_counted_as_the_figures_count_it(honest: Flask) -> None:
    months = ["2026-09", "2026-10"]
    with honest.app_context():
        rows = list(channel_counts("dak-lak", month_counts("dak-lak", ["health_service"], months)))
        hospital = rows[0].agency_id
        question = FigureQuery(
            province="dak-lak",
            subject="health_service",
            period=Period.parse("2026-10"),
            by="channel",
            agencies=frozenset({hospital}),
        )
        figures = {figure.domain: figure.estimate for figure in answer(question).figures}
        assert told_of_channel("dak-lak", hospital, "health_service", "2026-10", "kiosk") is None, "no other channel"
    kiosk = figures["kiosk"]
    assert kiosk is not None
    october = [row for row in rows if row.month == "2026-10"]
    assert [(row.channel, row.answers, row.satisfied) for row in october] == [
        ("kiosk", kiosk.responses, kiosk.satisfied)
    ]
