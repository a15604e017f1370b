"""A code for each dossier of a file, beside what the file says; what was made is listed, not what was used."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from click.testing import Result
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from survey.channels.tickets.models import Ticket
from tests.channels.world import HEALTH, MANY
from tests.support.cases import in_one_world

HEAD = "Số hồ sơ,counter,service\n"
LINES = f"HS-1,{MANY},khai-sinh\nHS-2,{HEALTH},\nHS-3,{MANY},khai-sinh\n"


def tickets(world: Flask, *arguments: object) -> Result:
    return world.test_cli_runner().invoke(args=["survey", "tickets", *map(str, arguments)])


def dossiers(folder: Path, text: str) -> Path:
    file = folder / "ho-so.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_each_dossier_gets_its_code_beside_what_the_file_says_and_nothing_of_it_is_stored(
    world: Flask, database: SQLAlchemy, tmp_path: Path
) -> None:
    out = tmp_path / "ma.csv"
    made = tickets(world, "--dossiers", dossiers(tmp_path, HEAD + LINES), "--out", out, "--expires", "2026-12-31")
    assert made.exit_code == 0, made.output
    rows = list(csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines()))
    assert [row["Số hồ sơ"] for row in rows] == ["HS-1", "HS-2", "HS-3"]
    assert len({row["code"] for row in rows}) == 3
    assert {row["expires"] for row in rows} == {"2026-12-31"}
    client = world.test_client()
    for row in rows:
        page = client.get(f"/t/{row['code']}").text
        assert ("Khoa Khám bệnh" in page) is (row["counter"] == HEALTH)
        assert row["Số hồ sơ"] not in page
    assert "HS-1" not in str([vars(ticket) for ticket in database.session.query(Ticket)])
    listed = json.loads(tickets(world, "--list", "--format", "json").output)["tickets"]
    assert [(row["counter"], row["service"], row["made"], row["voided"]) for row in listed] == [
        (HEALTH, None, 1, 0),
        (MANY, "khai-sinh", 2, 0),
    ]
    assert tickets(world, "--void", out).exit_code == 0
    assert "2 mã, hủy 2" in tickets(world, MANY, "--list").output


@in_one_world(
    ("text", "said"),
    [
        (f"{HEAD}HS-1,{MANY},\nHS-2,KHONG-CO,\n", "dòng 3: Không có quầy KHONG-CO."),
        (f"{HEAD}HS-1,{HEALTH},khai-sinh\n", "dòng 2: service khai-sinh"),
        ("Số hồ sơ\nHS-1\n", "Thêm cột counter"),
        (f"code,counter\nABC,{MANY}\n", "Tệp đã có cột mã."),
        (HEAD, "Tệp không có hồ sơ nào."),
    ],
)
def test_what_is_wrong_is_named_and_no_code_is_made(
    world: Flask, database: SQLAlchemy, tmp_path: Path, text: str, said: str
) -> None:
    out = tmp_path / "ma.csv"
    database.session.rollback()
    refused = tickets(world, "--dossiers", dossiers(tmp_path, text), "--out", out)
    assert refused.exit_code == 2
    assert said in refused.output
    assert not out.exists()
    assert database.session.query(Ticket).count() == 0
