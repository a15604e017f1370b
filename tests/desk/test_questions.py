"""The ministry's figures of a worked example, to the last digit: at the desk, in the PDF, in files and by command."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from survey.questionnaires.catalogue import official_questionnaires
from tests.desk import world as sheets
from tests.support.html import assert_valid_html
from tests.support.report_text import made_report
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database

FORM = next(questionnaire for questionnaire in official_questionnaires() if questionnaire["key"] == "byt-outpatient")
CODES = [item["code"] for item in FORM["definition"]["items"] if item["type"] == "rating" and not item.get("subject")]
# How many sheets, the overall answer, what sections A and C were given, and all others. 0: not used, no opinion.
EXAMPLE = [(20, 5, 5, 5, 5), (10, 4, 3, 4, 4), (6, 4, 4, 0, 4)]


def answers(a: int, c: int, other: int) -> dict[str, int]:
    return {code: {"a": a, "c": c}.get(code[4], other) for code in CODES}


@pytest.fixture
def example(world: Flask) -> Flask:
    with world.app_context():
        for day, (count, overall, a, c, other) in enumerate(EXAMPLE, start=12):
            given = {"overall_health": overall, **answers(a, c, other)}
            more: dict[str, Any] = {"questionnaire": FORM["key"], "answers": given}
            sheets.answer("bv-tinh", "kham-benh", f"2026-10-{day}", count, overall, **more)
    return world


def by_hand() -> tuple[str, str, str]:
    """The ministry's pooled share, its comprehensive index and its mean, by its own words: divide, and nothing else."""
    given = [(count, [v for v in answers(a, c, other).values() if v]) for count, _o, a, c, other in EXAMPLE]
    answered = sum(count * len(values) for count, values in given)
    good = sum(count * sum(value >= 4 for value in values) for count, values in given)
    points = sum(count * sum(values) for count, values in given)
    everyone = sum(count for count, _values in given)
    whole = sum(count for count, values in given if min(values) >= 4)
    share = [f"{100 * part / of:.2f}".replace(".", ",") for part, of in ((good, answered), (whole, everyone))]
    return share[0], share[1], f"{points / answered:.2f}".replace(".", ",")


def test_the_example_is_worked_out_by_hand() -> None:
    assert by_hand() == ("95,32", "72,22", "4,53")


def cells_of(page: str, caption: str) -> list[list[str]]:
    """The rows of a table by its caption, as texts."""
    table = page[page.index(caption) :]
    told = re.sub(r'<a class="small no-print".*?</a>', "", table[: table.index("</table>")], flags=re.S)
    rows = re.findall(r"<tr.*?</tr>", told, re.S)[1:]
    texts = [[re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", r, re.S)] for r in rows]
    return [[text.replace("\N{NO-BREAK SPACE}", " ") for text in row] for row in texts]


def desk_of(app: Flask) -> FlaskClient:
    return signed_in(app, "so-y-te", "method_owner", sector="health")


def test_the_desk_shows_them_and_every_question_with_method_interval_and_levels(example: Flask) -> None:
    answer = desk_of(example).get("/desk/dak-lak/health/questions?period=2026-10")
    assert_valid_html(answer.text, answer.headers["Content-Security-Policy"])
    pooled, comprehensive, mean = by_hand()
    whole = cells_of(answer.text, "Mọi câu chi tiết của phiếu")
    assert [(row[1], row[4]) for row in whole] == [
        ("Gộp các câu", f"{pooled} %"),
        ("Hài lòng mọi câu", f"{comprehensive} %"),
    ]
    assert whole[0][9] == mean
    assert re.fullmatch(r"\d+,\d %", whole[0][7])  # the mean over 5, weighted
    assert not re.search("top2|item_pooled|mean_rescaled|all_items", re.sub("<[^>]+>", "", answer.text))
    factors = cells_of(answer.text, "Theo nhóm tiêu chí")
    assert [row[1] for row in factors] == ["Gộp các câu"] * 5
    questions = cells_of(answer.text, "Theo câu hỏi, số phiếu theo năm mức")
    assert len(questions) == len(CODES)
    first = questions[0]
    assert first[1] == "Một câu"
    assert re.fullmatch(r"\d+,\d-\d+,\d %", first[3])
    assert first[4:7] == ["72,22 %", "36", "36"]
    assert first[10:15] == ["0", "0", "10", "6", "20"]
    bars = re.findall(r'<rect class="bar-(\d)"[^>]* width="([\d.]+)"', answer.text)
    assert [(level, float(width)) for level, width in bars[2:5]] == [("3", 27.78), ("4", 16.67), ("5", 55.56)]


def test_the_command_and_the_file_give_the_same(example: Flask, runner: FlaskCliRunner) -> None:
    where = ["--province", "dak-lak", "--period", "2026-10"]
    said = runner.invoke(args=["analysis", "questions", *where, "--subject", "health_service", "--format", "json"])
    rows = {(row["of"], row["method"]): row for row in json.loads(said.output)["rows"] if row["form"] == FORM["key"]}
    pooled, comprehensive, mean = by_hand()
    assert f"{100 * rows['form', 'item_pooled']['unweighted']:.2f}".replace(".", ",") == pooled
    assert f"{100 * rows['form', 'all_items']['unweighted']:.2f}".replace(".", ",") == comprehensive
    assert f"{rows['form', 'item_pooled']['mean']:.2f}".replace(".", ",") == mean
    by_mean = 5 * rows["form", "mean_rescaled"]["unweighted"]
    assert f"{by_mean:.2f}".replace(".", ",") == mean
    assert {"mean_rescaled", "top2"} <= {method for of, method in rows if of == "question"}
    file = desk_of(example).get("/desk/dak-lak/health/exports/questions.csv?period=2026-10")
    table = list(csv.reader(io.StringIO(file.data.decode("utf-8-sig"))))
    written = {row[6]: row for row in table if row[1] == FORM["key"] and row[2] == "form"}
    plain = table[0].index("Tỷ lệ chưa gia quyền")
    assert float(written["item_pooled"][plain]) == pytest.approx(rows["form", "item_pooled"]["unweighted"], rel=1e-12)


def test_the_document_has_them_in_an_annex_and_is_verified(
    example: Flask, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    file, plain = made_report(runner, tmp_path)
    pooled, comprehensive, mean = by_hand()
    assert re.search(rf"{pooled} % .* {mean}", plain)
    assert "Hài lòng mọi" in plain
    assert re.search(rf"\b{comprehensive} %", plain)
    verified = runner.invoke(args=["analysis", "verify", str(file)])
    assert verified.exit_code == 0, verified.output


def test_what_few_answered_is_held_back_with_its_levels(example: Flask) -> None:
    with example.app_context():
        given = {"overall_health": 4, "in_a1": 1}
        sheets.answer("bv-tinh", "noi-tru", "2026-10-12", 4, 4, questionnaire="byt-inpatient", answers=given)
    page = desk_of(example).get("/desk/dak-lak/health/questions?period=2026-10").text
    rows = cells_of(page[page.index("nội trú") :], "Theo câu hỏi, số phiếu theo năm mức")
    assert rows[0][2:5] == ["–", "–", "–"]
    assert set(rows[0][7:]) == {"–"}
    assert rows[0][5] == "không nêu"


@pytest.fixture
def one_stop(world: Flask) -> FlaskClient:
    """Citizens judged the five indicators of the one-stop rules 1 or 2; the office looks at them."""
    codes = ("one_time", "one_contacts", "one_agencies", "one_published", "one_attitude")
    with world.app_context():
        for day, points in ((12, 2), (13, 1)):
            given = {"overall_service": 5, **dict.fromkeys(codes, points)}
            more: dict[str, Any] = {"questionnaire": "one-stop-2018", "answers": given}
            sheets.answer("ubnd-ea-tam", "ho-tich", f"2026-10-{day}", 20, 5, **more)
    return signed_in(world, "cchc", "method_owner", sector="administration")


POINTS = "/desk/dak-lak/administration/questions?period=2026-10&subject=agency_service"


def test_the_points_that_citizens_do_not_judge_are_entered_and_all_nine_are_graded(one_stop: FlaskClient) -> None:
    page = one_stop.get(POINTS).text
    assert "7,50 trên 10" in page
    assert "cả chín chỉ số từ Trung bình đến Xuất sắc" in page
    graded = one_stop.get(f"{POINTS}&other_points=5,25")
    assert_valid_html(graded.text, graded.headers["Content-Security-Policy"])
    assert "Cả chín chỉ số: 12,75 điểm, Tốt." in graded.text
    assert 'name="period" value="2026-10"' in graded.text


@pytest.mark.parametrize("typed", ["8,01", "bảy", "1e1"])
def test_points_that_cannot_be_are_named_and_stay_to_be_mended(one_stop: FlaskClient, typed: str) -> None:
    answer = one_stop.get(f"{POINTS}&other_points={typed}")
    assert answer.status_code == 400
    assert "Ghi số điểm từ 0 đến 8, như 7 hoặc 7,5." in answer.text
    assert f'value="{typed}"' in answer.text
