"""Files for other programs: right, harmless to spreadsheets, anonymous, explained, and only for those who may."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from analysis.exports.tallies import shown
from survey.foundation.changes.audit_entry import AuditEntry
from tests.desk.test_overview import open_page
from tests.desk.world import answer
from tests.support.cases import in_one_world
from tests.support.staff import signed_in

PAGE = "/desk/dak-lak/health/exports"


@pytest.fixture
def owner(world: Flask) -> FlaskClient:
    return signed_in(world, "so-y-te", "method_owner", sector="health")


def table(client: FlaskClient, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def sheets(client: FlaskClient, address: str) -> dict[str, list[tuple[object, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(client.get(address).data))
    assert all(cell.data_type != "f" and cell.hyperlink is None for sheet in book for row in sheet for cell in row)
    return {sheet.title: list(sheet.values) for sheet in book}


def test_the_page_offers_each_kind_with_its_dictionary_for_a_period(owner: FlaskClient) -> None:
    page = owner.get(f"{PAGE}?period=2026-10").text
    links = re.findall(r'href="(/desk/dak-lak/health/exports/[^"]+)" download', page)
    assert len(links) == 18
    assert all("period=2026-10" in link for link in links)
    for link in links:
        assert owner.get(link.replace("&amp;", "&")).status_code == 200
    assert "Tỷ lệ hài lòng" in open_page(owner, PAGE)


def test_estimates_are_those_of_the_desk(world: Flask, owner: FlaskClient) -> None:
    from analysis.figures.query import FigureQuery
    from analysis.figures.service import answer as ask
    from survey.foundation.periods import Period

    rows = table(owner, f"{PAGE}/estimates.csv?period=2026-10")
    with world.app_context():
        figures = ask(
            FigureQuery(province="dak-lak", subject="health_service", period=Period.parse("2026-10"), by="agency")
        )
        estimate = figures["bv-tinh"].estimate
    assert estimate is not None
    (row,) = [row for row in rows if row["Chia theo"] == "agency" and row["Mã"] == "bv-tinh"]
    assert (float(row["Tỷ lệ hài lòng gia quyền"]), int(row["Phiếu dùng (n)"])) == (estimate.estimate, estimate.n)
    assert {row["Chia theo"] for row in rows} == {"total", "agency", "service", "month"}
    assert {row["Đối tượng đánh giá"] for row in rows} == {"health_service"}


def test_estimates_of_few_answers_are_held_back(world: Flask, owner: FlaskClient) -> None:
    with world.app_context():
        answer("tyt-xa", "kham-benh", "2026-08-12", 3, 5)
    rows = table(owner, f"{PAGE}/estimates.csv?period=2026-08")
    (row,) = [row for row in rows if row["Chia theo"] == "agency" and row["Mã"] == "tyt-xa"]
    assert row["Mức nêu"] == "suppressed"
    assert (row["Tỷ lệ hài lòng gia quyền"], row["Tỷ lệ chưa gia quyền"], row["Phiếu dùng (n)"]) == ("", "", "")


def test_tallies_count_each_rating_of_each_question(owner: FlaskClient) -> None:
    rows = table(owner, f"{PAGE}/tallies.csv?period=2026-10")
    (row,) = [row for row in rows if row["Mã cơ quan"] == "bv-tinh" and row["Mã dịch vụ"] == "kham-benh"]
    assert (row["Mã câu hỏi"], row["Số phiếu"], row["5"], row["2"]) == ("overall_health", "110", "70", "40")
    assert row["Câu hỏi"].startswith("Ông/Bà hài lòng")
    assert "thpt-1" not in {row["Mã cơ quan"] for row in rows}


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ((0, 1, 0, 0, 0, 3), (None, None, None, None, None, None, None)),
        ((0, 1, 0, 0, 0, 6), (None, None, None, None, None, None, None)),
        ((8, 1, 0, 0, 0, 6), (None, None, None, None, None, None, None)),
        ((12, 0, 0, 0, 0, 0), (12, 12, 0, 0, 0, 0, 0)),
        ((0, 0, 0, 3, 40, 60), (103, 0, 0, 0, None, None, 60)),
        ((3, 0, 0, 0, 40, 60), (None, None, 0, 0, 0, 40, 60)),
        ((6, 7, 8, 9, 10, 11), (51, 6, 7, 8, 9, 10, 11)),
        ((6, 7, 8, 9, 10, 1), (41, 6, None, 8, 9, 10, None)),
    ],
)
def test_small_counts_are_hidden_with_what_gives_them_away(counts: tuple[int, ...], told: tuple[object, ...]) -> None:
    assert shown(counts) == told


def test_responses_tell_nothing_that_names_a_device_a_moment_or_a_person(owner: FlaskClient) -> None:
    rows = table(owner, f"{PAGE}/responses.csv?period=2026-10")
    assert list(rows[0])[:10] == [
        *("Tháng", "Mã cơ quan", "Cơ quan", "Ngành", "Ngày"),
        *("Mã dịch vụ", "Dịch vụ", "Kênh", "Đối tượng trả lời", "Ngôn ngữ"),
    ]
    text = owner.get(f"{PAGE}/responses.csv?period=2026-10").text
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}|[0-9a-f]{32}|\d\d:\d\d|quay-", text)
    alike = Counter(tuple(row.values())[:10] for row in rows)
    assert min(alike.values()) >= 10


def test_rare_responses_lose_their_day_then_disappear(world: Flask, owner: FlaskClient) -> None:
    rows = table(owner, f"{PAGE}/responses.csv?period=2026-10")
    station = [row for row in rows if row["Mã cơ quan"] == "tyt-xa"]
    assert len(station) == 20  # two a day
    assert {row["Ngày"] for row in station} == {""}
    hospital = {row["Ngày"] for row in rows if (row["Mã cơ quan"], row["Mã dịch vụ"]) == ("bv-tinh", "kham-benh")}
    assert hospital == {f"2026-10-{day:02d}" for day in range(1, 29, 3)}  # eleven a day
    with world.app_context():
        answer("tyt-xa", "kham-benh", "2026-08-12", 9, 5)
    assert table(owner, f"{PAGE}/responses.csv?period=2026-08") == []


def test_comments_go_along_masked_and_harmless_only_where_asked_and_allowed(world: Flask, owner: FlaskClient) -> None:
    with world.app_context():
        answer("bv-tinh", "kham-benh", "2026-10-12", 10, 1, comment="=HYPERLINK(1) gọi 0912 345 678")
    address = f"{PAGE}/responses.csv?period=2026-10"
    assert "Ý kiến" not in table(owner, address)[0]
    comments = {row["Ý kiến"] for row in table(owner, f"{address}&comments=1")}
    assert comments == {"", "'=HYPERLINK(1) gọi [số]"}
    data = sheets(owner, f"{address}&comments=1".replace(".csv", ".xlsx"))["Số liệu"]
    assert {row[-1] for row in data[1:]} == {None, "'=HYPERLINK(1) gọi [số]"}
    auditor = signed_in(world, "thanh-tra", "auditor")
    assert auditor.get(address).status_code == 200
    assert auditor.get(f"{address}&comments=1").status_code == 403


@in_one_world("kind", ["estimates", "tallies", "responses"])
def test_a_workbook_holds_the_same_rows_as_numbers_with_its_dictionary(owner: FlaskClient, kind: str) -> None:
    written = table(owner, f"{PAGE}/{kind}.csv?period=2026-10")
    book = sheets(owner, f"{PAGE}/{kind}.xlsx?period=2026-10")
    heading, *rows = book["Số liệu"]
    assert list(heading) == list(written[0])
    assert len(rows) == len(written)
    assert any(isinstance(value, int | float) for row in rows for value in row)
    explained = {row[1] for row in book["Từ điển dữ liệu"][1:] if row[0]}
    assert explained == set(heading)
    lines = table(owner, f"{PAGE}/{kind}/tu-dien.csv?period=2026-10")
    assert {line["Tên cột"] for line in lines if line["Mã cột"]} == set(heading)
    assert any("10 phiếu" in line["Ý nghĩa"] for line in lines)


def test_headings_and_dictionary_speak_english_too(owner: FlaskClient) -> None:
    (row, *_rows) = table(owner, f"{PAGE}/tallies.csv?period=2026-10&lang=en")
    assert {"Month", "Agency code", "Question code"} <= row.keys()
    lines = table(owner, f"{PAGE}/tallies/tu-dien.csv?period=2026-10&lang=en")
    assert {"Column code", "Column name", "Meaning", "Value"} == lines[0].keys()


def test_every_export_is_logged_with_its_filters_and_rows(owner: FlaskClient, database: SQLAlchemy) -> None:
    rows = table(owner, f"{PAGE}/responses.csv?period=2026-10&agency=tyt-xa&comments=1")
    owner.get(f"{PAGE}/tallies.xlsx?period=2026-10")
    entries = list(database.session.scalars(select(AuditEntry).order_by(AuditEntry.id)))
    assert [(entry.action, entry.object_id) for entry in entries] == [
        ("export_responses", "responses"),
        ("export_figures", "tallies"),
    ]
    assert entries[0].after == {
        "format": "csv",
        "sector": "health",
        "agency": "tyt-xa",
        "period": "2026-10",
        "language": "vi",
        "comments": True,
        "rows": len(rows),
    }
    assert entries[1].after is not None
    assert entries[1].after["rows"] == 3
    assert entries[1].user_id is not None


def test_a_stranger_finds_nothing_and_an_officer_gets_figures_only(world: Flask) -> None:
    files = ["estimates.csv", "tallies.xlsx", "responses.csv", "responses.xlsx", "responses/tu-dien.csv"]
    stranger = signed_in(world, "son-la", "administrator", province="son-la")
    colleague = signed_in(world, "so-gddt", "method_owner", sector="education")
    for client in (stranger, colleague):
        assert [client.get(f"{PAGE}/{file}").status_code for file in ("", *files)] == [404] * 6
    officer = signed_in(world, "can-bo", "officer", sector="health")
    assert [officer.get(f"{PAGE}/{file}").status_code for file in files] == [200, 200, 403, 403, 403]
    assert "Phiếu đã ẩn danh" not in open_page(officer, PAGE)
    assert officer.get(f"{PAGE}/estimates.csv?period=never").status_code == 400


def test_an_agencys_own_export_holds_that_agency_alone(owner: FlaskClient) -> None:
    for kind in ("tallies", "responses"):
        rows = table(owner, f"{PAGE}/{kind}.csv?period=2026-10&agency=bv-tinh")
        assert {row["Mã cơ quan"] for row in rows} == {"bv-tinh"}


@pytest.mark.parametrize("kind", ["estimates", "tallies", "responses"])
def test_the_command_writes_file_and_dictionary_and_overwrites_nothing(
    world: Flask, tmp_path: Path, kind: str, database: SQLAlchemy
) -> None:
    out = tmp_path / "so-lieu.csv"
    command = ["analysis", "export", "--kind", kind, "--province", "dak-lak", "--period", "2026-10", "--out", str(out)]
    done = world.test_cli_runner().invoke(args=command)
    assert done.exit_code == 0, done.output
    assert done.output.split() == [str(out), str(tmp_path / "so-lieu-tu-dien.csv")]
    held = out.read_bytes()
    assert len(held.splitlines()) > 5
    refused = world.test_cli_runner().invoke(args=command)
    assert refused.exit_code == 2
    assert "đã có tệp này" in refused.stderr
    assert out.read_bytes() == held
    assert sorted(path.name for path in tmp_path.iterdir()) == ["so-lieu-tu-dien.csv", "so-lieu.csv"]
    assert len(database.session.scalars(select(AuditEntry)).all()) == 1


def test_the_command_writes_a_workbook_in_english(world: Flask, tmp_path: Path) -> None:
    out = tmp_path / "figures.xlsx"
    where = ["--province", "dak-lak", "--period", "2026-10", "--sector", "health"]
    command = ["analysis", "export", "--kind", "tallies", *where, "--format", "xlsx", "--lang", "en", "--out", str(out)]
    assert world.test_cli_runner().invoke(args=command).exit_code == 0
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["Figures", "Data dictionary"]
    assert next(book["Figures"].values)[0] == "Month"


def test_the_command_refuses_an_unknown_province(world: Flask, tmp_path: Path) -> None:
    command = [
        "analysis",
        "export",
        "--kind",
        "tallies",
        "--province",
        "x",
        "--period",
        "2026",
        "--out",
        str(tmp_path / "x"),
    ]
    assert world.test_cli_runner().invoke(args=command).exit_code == 2
