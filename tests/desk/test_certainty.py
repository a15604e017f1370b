"""Beside each verdict stands how wrong it would have to be, what hints at it, and what would settle it."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from analysis.figures.figure import Figure
from analysis.figures.query import FigureQuery
from analysis.figures.service import answer as answered
from analysis.presentation.lateness import lateness_of
from analysis.presentation.sensitivity import AnsweringCounters, settling_words
from analysis.presentation.settling import what_settles
from analysis.presentation.told_verdict import told_verdict
from analysis.reports.builder import build_report
from analysis.results.interface.publication_schema import VerdictJson
from analysis.results.publication.certainty import certainty_lines
from analysis.statistics import Cells, Estimation, Showing, Threshold, estimate, judge
from survey.foundation.caching.weighted_lru import WeightedLru
from survey.foundation.periods import Period
from survey.foundation.storage.database import writing
from survey.registry.models import Agency, Caseload
from tests.desk.test_overview import open_page
from tests.desk.world import answer
from tests.support.cases import in_one_world
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database

EXPLAIN = "/desk/dak-lak/health/explain"


def owner(world: Flask) -> FlaskClient:
    return signed_in(world, "so-y-te", "method_owner", sector="health")


def test_the_first_page_says_how_different_the_silent_would_have_to_be(world: Flask) -> None:
    page = open_page(owner(world), "/desk/dak-lak/health")
    assert "Nếu những người không trả lời hài lòng hơn người trả lời 11,1 điểm thì chỉ tiêu đạt." in page
    assert "Từ 6,5 điểm thì không còn đủ căn cứ kết luận chưa đạt." in page


def test_the_page_of_the_working_says_all_of_it(world: Flask, runner: FlaskCliRunner) -> None:
    with world.app_context():
        for day in range(1, 11):
            answer("bv-tinh", "kham-benh", f"2026-10-{day:02d}", 3 + day % 2, 5, channel="kiosk")
    page = open_page(owner(world), EXPLAIN)
    assert "Chênh lệch giữa các kênh: Kiosk tại quầy so với Mã QR +" in page
    assert "quầy: con số nói về những quầy đó." in page or "quầy đều có phiếu." in page
    assert "Mỗi ngày làm việc:" in page
    for words in ("như người trả lời", "hài lòng hơn 2,0 điểm", "hài lòng hơn 5,0 điểm", "hài lòng hơn 10,0 điểm"):
        assert words in page
    assert "Đơn vị chọn tuần của từng cơ quan" in page
    arguments = ["--province=dak-lak", "--period=2026", "--subject=health_service", "--format=json"]
    (domain,) = json.loads(runner.invoke(args=["analysis", "estimates", *arguments]).stdout)["domains"]
    assert f"hiệu dụng {domain['df']} · {domain['df_effective']:.1f}".replace(".", ",") in page


def test_a_month_is_sampled_by_days(world: Flask) -> None:
    assert "Đơn vị chọn ngày của từng cơ quan" in open_page(owner(world), f"{EXPLAIN}?period=2026-10")


@in_one_world(
    ("satisfied", "days", "size", "words"),
    [
        (0.9, 1, 60, "nhiều ngày hơn"),  # one day, however many answers
        (0.9, 10, 2, "cần từ 30 phiếu, nay có 20"),
        (0.8, 20, 30, "quá sát mốc"),
    ],
)
def test_what_would_settle_it_is_said(app: Flask, satisfied: float, days: int, size: int, words: str) -> None:
    cells = Cells.from_columns(
        stratum=["a"] * days,
        post_stratum=["a"] * days,
        caseload=[days * size * 3] * days,
        psu=[f"d{day}" for day in range(days)],
        responses=[size] * days,
        satisfied=[round(size * satisfied)] * days,
    )
    domain = estimate(cells).domains[0]
    figure = Figure("a", "a", domain, judge(domain, Threshold.parse(">80")), domain.caseload, Showing.FULL)
    with app.test_request_context():
        said = settling_words(what_settles(figure), None) or ""
        assert words in said
        assert "cần thêm khoảng" not in said
        assert "3 quầy" in (settling_words(what_settles(figure), AnsweringCounters(2, 5)) or "")


def test_late_among_those_who_answered_stands_beside_the_register_s_overdue(world: Flask) -> None:
    with world.app_context():
        with writing() as session:
            row = session.query(Caseload).join(Agency).filter(Agency.code == "ubnd-ea-tam", Caseload.month == "2026-10")
            row.one().overdue = 20  # of 400
        rated = {"overall_service": 4, "overall_procedures": 4}
        for value, count in ((1, 2), (2, 4), (4, 10), (0, 9)):  # 6 of the 16 who say anything call it late
            answers = rated | {"procedure_on_time": value}
            answer("ubnd-ea-tam", "ho-tich", "2026-10-30", count, 4, answers=answers)
    page = open_page(signed_in(world, "snv", "method_owner"), "/desk/dak-lak/administration/explain?period=2026-10")
    said = "Quá hạn: 37,5 % người trả lời cho là không đúng thời hạn; theo sổ 5,0 % hồ sơ (chênh +32,5 điểm)."
    assert said in page
    before = open_page(signed_in(world, "snv-2", "method_owner"), "/desk/dak-lak/administration/explain?period=2026-09")
    assert "Quá hạn:" not in before  # nobody was asked, and the register does not say
    with world.app_context():
        asked = FigureQuery(province="dak-lak", subject="agency_service", period=Period.parse("2026-10"))
        cut = Period.parse("2026-10-05..2026-10-20", days=True)
        told = [
            lateness_of(asked),
            lateness_of(replace(asked, period=cut)),
            lateness_of(replace(asked, until=dt.date(2026, 10, 20))),
        ]
    assert [lateness is not None for lateness in told] == [True, False, False]  # counted by month: no days told apart


def test_every_target_of_the_first_page_says_how_sure_its_verdict_is(world: Flask) -> None:
    page = signed_in(world, "giam-doc", "method_owner").get("/desk/dak-lak/all").text
    sections = page.split('<section class="target"')[1:]
    judged = [section.split("</section>")[0] for section in sections if "verdict-pair" in section]
    assert len(judged) >= 3
    for section in judged:
        assert "Kết luận này chắc đến đâu" in section
        assert "quầy" in section
        assert "hơn - 0,0" not in section
    (pooled,) = [section for section in judged if "Y tế và giáo dục (gộp)" in section]
    assert "như đo được: " in pooled
    assert "Y tế: " in pooled
    assert "Giáo dục: " in pooled


@pytest.mark.parametrize(("by", "least"), [("agency", 3), ("service", 3)])
def test_the_command_says_of_each_row_what_the_page_of_its_working_says(
    world: Flask, runner: FlaskCliRunner, by: str, least: int
) -> None:
    with world.app_context():
        for day in range(1, 21):
            answer("bv-tinh", "kham-benh", f"2026-10-{day:02d}", 3 + day % 2, 5, channel="kiosk")
    asked = ["analysis", "verdicts", "--province=dak-lak", "--year=2026", f"--by={by}"]
    rows = json.loads(runner.invoke(args=[*asked, "--format=json"]).stdout)["verdicts"]
    judged = {row["domain"]: row for row in rows if row["verdict"] and row["verdict"]["point"]}
    assert len(judged) >= least
    for row in judged.values():
        assert {"overturn", "at", "channels", "late", "counters", "working_days", "settles"} <= row["verdict"].keys()
        assert 1 <= row["verdict"]["counters"]["answered"] <= row["verdict"]["counters"]["serving"]
    printed = runner.invoke(args=asked).stdout
    part = "bv-tinh" if by == "agency" else "kham-benh"
    assert judged[part]["verdict"]["channels"]["channel"] == "kiosk"
    assert judged["thpt-1" if by == "agency" else "giao-duc"]["verdict"]["channels"] is None
    page = owner(world).get(f"{EXPLAIN}?subject=health_service&by={by}&part={part}&kind=individual").text
    said = page.split("Kết luận này chắc đến đâu</h2>")[1].split("</ul>")[0]
    lines = [line.split("</li>")[0].replace("\N{NO-BREAK SPACE}", " ") for line in said.split("<li>")[1:]]
    assert len(lines) >= 3
    for line in lines:
        assert line in printed.replace("\N{NO-BREAK SPACE}", " "), line


def public(world: Flask, subject: str = "health_service") -> list[str]:
    """What a publication stores of a verdict, as it is told."""
    asked = FigureQuery(province="dak-lak", subject=subject, period=Period.parse("2026"), audience="public")
    figures = answered(asked, Threshold.parse(">80"))
    verdict = json.loads(json.dumps(told_verdict(figures)))
    figure = {"n": figures.total.n, "caseload": figures.total.caseload}
    VerdictJson.model_validate(verdict)  # as the interface describes it
    return certainty_lines({"verdict": verdict, "subject": subject, "figure": figure})


def test_a_publication_tells_how_channels_differ_only_where_each_has_enough_answers(world: Flask) -> None:
    with world.test_request_context():
        assert not [line for line in public(world) if "Chênh lệch giữa các kênh" in line]
        for day in range(1, 11):
            answer("bv-tinh", "kham-benh", f"2026-10-{day:02d}", 2, 5, channel="kiosk")
        assert not [line for line in public(world) if "Chênh lệch giữa các kênh" in line]  # twenty are too few
        for day in range(1, 21):
            answer("bv-tinh", "kham-benh", f"2026-10-{day:02d}", 3 + day % 3, 5 - 2 * (day % 2), channel="kiosk")
        (line,) = [line for line in public(world) if "Chênh lệch giữa các kênh" in line]
    assert line.startswith("Chênh lệch giữa các kênh: Kiosk tại quầy so với Mã QR ")


def test_a_publication_tells_of_each_sector_what_stands_beside_the_mean_of_both(world: Flask) -> None:
    with world.test_request_context():
        for channel in ("kiosk", "paper"):
            for day in range(1, 29):
                answer("bv-tinh", "kham-benh", f"2026-10-{day:02d}", 4, 5 - 2 * (day % 2), channel=channel)
        of_mean = public(world, "health_and_education")
        for sector, subject in (("Y tế", "health_service"), ("Giáo dục", "education_service")):
            beside = [line for line in public(world, subject) if not line.startswith(("Nếu", "Muốn"))]
            assert beside
            assert [line for line in of_mean if line.startswith(sector)] == [f"{sector}: {line}" for line in beside]
    assert any(line.startswith("Y tế: Chênh lệch giữa các kênh: ") for line in of_mean)
    assert of_mean[0].startswith("Nếu người không trả lời ")


def test_a_publication_tells_lateness_and_no_count_under_five(world: Flask) -> None:
    with world.test_request_context():
        with writing() as session:
            row = session.query(Caseload).join(Agency).filter(Agency.code == "ubnd-ea-tam", Caseload.month == "2026-10")
            row.one().overdue = 20
        rated = {"overall_service": 4, "overall_procedures": 4}
        for late, told in ((4, False), (1, True)):  # four, then five
            for value, count in ((1, late), (4, 40 if late == 4 else 0)):
                answers = rated | {"procedure_on_time": value}
                answer("ubnd-ea-tam", "ho-tich", "2026-10-30", count, 4, answers=answers)
            lines = [line for line in public(world, "agency_service") if "Quá hạn:" in line]
            assert bool(lines) is told, lines
    assert "11,1 % người trả lời" in lines[0]


def test_weights_that_do_not_meet_the_margins_give_no_verdict_at_the_desk_nor_in_a_document(
    world: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def raked(cells: Cells, **options: bool) -> Estimation:
        estimation = estimate(cells, **options)
        return replace(estimation, domains=tuple(replace(domain, converged=False) for domain in estimation.domains))

    judged_as = "đủ căn cứ kết luận"
    client = owner(world)
    for settled in (True, False):
        monkeypatch.setattr("analysis.figures.service.estimate", estimate if settled else raked)
        monkeypatch.setattr("analysis.figures.cache.MEMORY", WeightedLru(1_000_000, lambda _figures: 1))
        desk = open_page(client, f"{EXPLAIN}?period=2026")
        with world.app_context():
            document = str(build_report("dak-lak", "so-y-te", Period.parse("2026-10")).document.sections)
        assert (judged_as in desk.lower(), judged_as in document) == (settled, settled)
        assert "66,9 %" in desk or "%" in document  # the figure itself is shown
    assert "chưa kết luận được" in document.lower()
