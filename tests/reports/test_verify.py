"""`analysis report` and `analysis verify`: a report can be recomputed, a change is listed, a tampered file refused."""

from __future__ import annotations

import datetime as dt
import io
import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from pypdf import PdfReader, PdfWriter

from analysis.reports.rendering.pdf import figures_json
from tests.desk.world import NOW, answer
from tests.reports.making import charts, differences, make
from tests.reports.test_measures import take
from tests.support.cases import in_one_world


@pytest.fixture
def made(world: Flask, runner: FlaskCliRunner, tmp_path: Path) -> Path:
    """The PDF that `analysis report` wrote."""
    command = ["analysis", "report", "--province", "dak-lak", "--recipient", "so-y-te", "--period", "2026-10"]
    outcome = runner.invoke(args=[*command, "--out", str(tmp_path)])
    assert outcome.exit_code == 0, outcome.output
    return Path(outcome.stdout.strip())


def test_the_command_prints_where_the_file_lies(made: Path) -> None:
    assert made.name == "bao-cao-dak-lak-so-y-te-2026-10.pdf"
    assert made.read_bytes().startswith(b"%PDF-1.7")


def test_json_output_carries_the_figures_and_their_digest(world: Flask, runner: FlaskCliRunner, tmp_path: Path) -> None:
    command = ["analysis", "report", "--province", "dak-lak", "--recipient", "so-gddt", "--period", "2026-10"]
    outcome = runner.invoke(args=[*command, "--out", str(tmp_path), "--format", "json"])
    content = json.loads(outcome.stdout)
    assert Path(content["file"]).exists()
    assert content["answers"][0]["question"]["subject"] == "education_service"
    assert content["versions"]["phiếu khảo sát"] == "administration/1, education/1, health/1"
    assert len(content["digest"]) == 64


def test_an_untouched_database_gives_every_figure_again(made: Path, runner: FlaskCliRunner) -> None:
    outcome = runner.invoke(args=["analysis", "verify", str(made), "--format", "json"])
    content = json.loads(outcome.stdout)
    assert outcome.exit_code == 0
    assert content["equal"] is True
    assert content["figures"] > 5


def test_a_late_answer_is_listed_as_a_difference(made: Path, world: Flask, runner: FlaskCliRunner) -> None:
    with world.app_context():
        answer("bv-tinh", "kham-benh", "2026-10-09", 3, 1)
    outcome = runner.invoke(args=["analysis", "verify", str(made)])
    assert outcome.exit_code == 1
    assert "health_service 2026-10, dak-lak, estimate: báo cáo 0." in outcome.stdout


@pytest.mark.parametrize(("factor", "differ"), [(1 + 1e-15, False), (1 + 1e-7, True)])
def test_the_last_digits_of_a_fraction_are_no_difference(world: Flask, factor: float, differ: bool) -> None:
    from analysis.reports.verify import recompute

    content = json.loads(figures_json(make(world)))
    figure = content["answers"][0]["figures"][0]
    figure["estimate"] *= factor
    with world.app_context():
        differences = recompute(content).differences
    assert [difference.where.endswith(", estimate") for difference in differences] == [True] * differ


def test_nor_are_they_inside_a_list() -> None:
    from analysis.reports.verify import _walk

    assert _walk("ranks", [[1, 2, 9.125]], [[1, 2, 9.125 * (1 + 1e-15)]]) == []
    assert len(_walk("ranks", [[1, 2, 9.125]], [[1, 3, 9.125]])) == 1
    assert len(_walk("ranks", [[1, 2, 9.125]], [[1, 2, 9.126]])) == 1
    assert len(_walk("ranks", [[1, 2]], [[1, 2, 9.125]])) == 1


def test_a_later_revision_of_another_month_changes_nothing_in_a_report_made_before_it(world: Flask) -> None:
    take(world, "Mở thêm một quầy", dt.date(2026, 9, 1))
    close(world, "2026-09", 1, NOW - dt.timedelta(minutes=30))
    report = make(world, cut_off="2026-10-20")  # the measure's month after is September
    assert report.figures["measures"][0]["after"] == "2026-09"
    assert any(mark.label == "9/26" for chart in charts(report.document) for mark in chart.marks)
    with world.app_context():
        answer("bv-tinh", "kham-benh", "2026-09-15", 40, 1, received_at=NOW - dt.timedelta(minutes=20))
    close(world, "2026-09", 2, NOW - dt.timedelta(minutes=10))
    assert differences(world, report) == []
    assert make(world, cut_off="2026-10-20").digest != report.digest


def close(app: Flask, period: str, revision: int, closed_at: dt.datetime) -> None:
    from analysis.figures.register import fetch_province
    from analysis.periods.models import Closing
    from survey.foundation.storage.database import writing

    with app.app_context():
        province_id = fetch_province("dak-lak").id
        with writing() as session:
            session.add(Closing(province_id=province_id, period=period, revision=revision, closed_at=closed_at))


def test_attached_figures_that_were_changed_are_refused(made: Path, runner: FlaskCliRunner, tmp_path: Path) -> None:
    content = json.loads(PdfReader(made).attachments["figures.json"][0])
    content["answers"][0]["figures"][0]["estimate"] = 0.99
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_attachment("figures.json", json.dumps(content).encode())
    forged, out = tmp_path / "forged.pdf", io.BytesIO()
    writer.write(out)
    forged.write_bytes(out.getvalue())
    outcome = runner.invoke(args=["analysis", "verify", str(forged)])
    assert outcome.exit_code == 2
    assert "đã bị sửa sau khi lập báo cáo" in outcome.stderr


def test_another_file_is_no_report(world: Flask, runner: FlaskCliRunner, tmp_path: Path) -> None:
    other = tmp_path / "note.pdf"
    other.write_text("xin chào")
    outcome = runner.invoke(args=["analysis", "verify", str(other)])
    assert outcome.exit_code == 2
    assert "không phải báo cáo PDF của hệ thống" in outcome.stderr


@in_one_world(
    ("changes", "words"),
    [
        ({"--recipient": "so-xay-dung"}, "Không có nơi nhận 'so-xay-dung'"),
        ({"--province": "ha-noi"}, "Không có tỉnh 'ha-noi'"),
        ({"--period": "2027-01"}, "chưa bắt đầu"),
        ({"--cut-off": "2026-12-02"}, "nằm ngoài kỳ"),
        ({"--period": "tháng mười"}, "is no period"),
    ],
)
def test_bad_input_ends_with_2_and_says_what_to_write(
    world: Flask, runner: FlaskCliRunner, tmp_path: Path, changes: dict[str, str], words: str
) -> None:
    options = {"--province": "dak-lak", "--recipient": "so-y-te", "--period": "2026-10", "--out": str(tmp_path / "out")}
    arguments = [text for pair in (options | changes).items() for text in pair]
    outcome = runner.invoke(args=["analysis", "report", *arguments])
    assert outcome.exit_code == 2
    assert words in outcome.stderr
    assert not (tmp_path / "out").exists()
