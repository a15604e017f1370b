"""Codes by the thousand in one command, and codes that were lost voided before anybody rates with them."""

from __future__ import annotations

import csv
import stat
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select

from survey.channels.tickets.models import Ticket
from survey.channels.tickets.service import LONGEST
from survey.foundation.changes.audit_entry import AuditEntry
from survey.foundation.clock import today
from survey.foundation.security.codes import stored_digest
from tests.channels.conftest import ALREADY, RECORDED, Stored
from tests.channels.test_tickets import Holder
from tests.channels.world import CLOSED, MANY
from tests.registry.pages import fields_of, open_page
from tests.support.cases import in_one_world
from tests.support.html import assert_valid_html
from tests.support.printed_codes import codes_in
from tests.support.staff import signed_in

VOIDED = "Mã này đã bị hủy"


def run(app: Flask, *arguments: str | Path) -> Result:
    return app.test_cli_runner().invoke(args=["survey", "tickets", *map(str, arguments)])


def made(app: Flask, file: Path, count: int = 3, *more: str) -> list[dict[str, str]]:
    """Make codes by command; the rows of the file."""
    result = run(app, MANY, "--count", str(count), "--out", file, *more)
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))


def how_many(database: SQLAlchemy) -> int:
    database.session.rollback()
    return database.session.scalar(select(func.count()).select_from(Ticket)) or 0


def test_thousands_of_codes_come_in_one_file_that_its_owner_alone_reads(
    world: Flask, database: SQLAlchemy, tmp_path: Path
) -> None:
    file = tmp_path / "ma.csv"
    rows = made(world, file, 5000, "--service", "khai-sinh", "--expires", (today() + LONGEST).isoformat())
    assert list(rows[0]) == ["code", "address", "expires"]
    assert len({row["code"] for row in rows}) == how_many(database) == 5000
    assert {row["address"].rpartition("/t/")[2] == row["code"] for row in rows} == {True}
    assert {row["expires"] for row in rows} == {(today() + LONGEST).isoformat()}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert 'name="service"' not in world.test_client().get(f"/t/{rows[-1]['code']}").text
    (trace,) = database.session.scalars(select(AuditEntry))
    assert (trace.action, trace.user_id, (trace.after or {})["count"]) == ("make_tickets", None, 5000)


@in_one_world("layout", ["slip", "receipt"])
def test_codes_come_as_slips_to_print_whose_qr_codes_open_the_form(world: Flask, tmp_path: Path, layout: str) -> None:
    file = tmp_path / f"{layout}.pdf"
    result = run(world, MANY, "--count", "10", "--out", file, "--slips", layout)
    assert result.exit_code == 0, result.output
    addresses = {code for codes in codes_in(file.read_bytes()) for code in codes}
    assert len(addresses) == 10
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert world.test_client().get(f"/t/{addresses.pop().rpartition('/t/')[2]}").status_code == 200


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["khong-co", "--count", "3", "--out", "OUT"], "Không có quầy khong-co."),
        ([MANY, "--count", "3", "--out", "OUT", "--service", "la"], "--service la: quầy"),
        ([MANY, "--count", "3", "--out", "OUT", "--expires", "2020-01-01"], "từ hôm nay đến 400 ngày sau"),
        ([MANY, "--count", "0", "--out", "OUT"], "--count"),
        ([MANY, "--count", "3"], "Cần COUNTER, --count và --out"),
        ([MANY, "--count", "3", "--out", "NOWHERE/x.csv"], "không ghi được tệp"),
        ([MANY, "--count", "3", "--out", "THERE"], "không ghi được tệp"),
        (["--void", "NOWHERE/x.csv"], "không phải một mã, và không đọc được tệp"),
        ([MANY, "--void", "THERE"], "--void không dùng cùng"),
    ],
)
def test_bad_input_is_refused_by_name_and_makes_no_code(
    world: Flask, database: SQLAlchemy, tmp_path: Path, arguments: list[str], said: str
) -> None:
    there = tmp_path / "there.csv"
    there.write_text("của người khác\n", encoding="utf-8")
    names = {"OUT": tmp_path / "out.csv", "THERE": there}
    given = [str(names.get(word, word)).replace("NOWHERE", str(tmp_path / "nowhere")) for word in arguments]
    result = run(world, *given)
    assert result.exit_code == 2
    assert said in result.stderr
    assert how_many(database) == 0
    assert there.read_text(encoding="utf-8") == "của người khác\n"
    assert not (tmp_path / "out.csv").exists()


def test_codes_that_cannot_be_written_down_are_not_made(
    world: Flask, database: SQLAlchemy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("survey.channels.tickets.commands.write_codes", full)
    result = run(world, MANY, "--count", "3", "--out", tmp_path / "ma.csv")
    assert (result.exit_code, how_many(database), list(tmp_path.iterdir())) == (2, 0, [])


def test_a_voided_code_takes_no_answer_used_or_not_and_answers_it_brought_stay(
    world: Flask, database: SQLAlchemy, stored: Stored, tmp_path: Path
) -> None:
    file = tmp_path / "ma.csv"
    used, fresh, kept = (Holder(world.test_client(), row["code"]) for row in made(world, file))
    first, second, third = used.open(), fresh.open(), kept.open()
    assert RECORDED in used.send(first, overall_service="4").text
    lost = tmp_path / "mat.csv"
    lost.write_text(f"{used.code}\n{fresh.code.lower()}\n", encoding="utf-8")
    result = run(world, "--void", lost)
    assert (result.exit_code, result.output) == (0, "Đã hủy 2 mã.\n")
    pages = []
    for holder in (used, fresh):
        page = holder.client.get(f"/t/{holder.code}")
        assert page.status_code == 410
        assert VOIDED in page.text
        assert_valid_html(page.text, page.headers["Content-Security-Policy"])
        pages.append(page.text.replace(holder.code, "CODE"))
    assert pages[0] == pages[1]  # nobody learns which one was used
    late = fresh.send(second, overall_service="1")
    assert (late.status_code, VOIDED in late.text) == (410, True)
    assert ALREADY in used.send(first, overall_service="1").text  # what was taken is still thanked for
    assert RECORDED in kept.send(third, overall_service="5").text
    assert [response.answers["overall_service"] for response in stored()] == [4, 5]
    result = run(world, "--void", file, "--format", "json")
    assert result.output == '{"voided": 1, "before": 2}\n'
    database.session.rollback()
    traces = database.session.scalars(select(AuditEntry).where(AuditEntry.action == "void_tickets")).all()
    assert [trace.after for trace in traces] == [{"counter": MANY, "count": 2}, {"counter": MANY, "count": 1}]


def test_one_unknown_code_voids_none_and_is_named_by_its_line(
    world: Flask, database: SQLAlchemy, tmp_path: Path
) -> None:
    file = tmp_path / "ma.csv"
    rows = made(world, file)
    with file.open("a", encoding="utf-8") as more:
        more.write("ABCDEFGHJKMNP,x,2026-01-01\r\n")
    result = run(world, "--void", file)
    assert result.exit_code == 2
    assert f"{file}, dòng 5: không có mã này. Chưa hủy mã nào." in result.stderr
    assert run(world, "--void", "ABCDEFGHJKMNP").exit_code == 2
    assert world.test_client().get(f"/t/{rows[0]['code']}").status_code == 200
    assert run(world, "--void", rows[0]["code"]).exit_code == 0
    assert world.test_client().get(f"/t/{rows[0]['code']}").status_code == 410


def test_an_official_voids_codes_of_the_own_counter_at_the_desk_and_learns_none_of_another(
    world: Flask, database: SQLAlchemy, tmp_path: Path
) -> None:
    mine = made(world, tmp_path / "ma.csv")
    result = run(world, CLOSED, "--count", "1", "--out", tmp_path / "khac.csv")
    assert result.exit_code == 0, result.output
    other = (tmp_path / "khac.csv").read_text(encoding="utf-8-sig").splitlines()[1].partition(",")[0]
    manager: FlaskClient = signed_in(world, "ubnd", "agency_manager", agency="ubnd-ea-kao")
    path = f"/desk/counters/{MANY}/tickets/void"
    fields = fields_of(open_page(manager, path), "codes")
    for foreign in (other, "ABCDEFGHJKMNP"):  # of another counter, and of none: the same answer
        refused = manager.post(path, data=fields | {"codes": f"{mine[0]['code']}\r\n{foreign}"})
        assert refused.status_code == 422
        assert f"Quầy này không có mã: {foreign}. Chưa hủy mã nào." in refused.text
        assert mine[0]["code"] in refused.text  # nothing typed is lost
        assert_valid_html(refused.text, refused.headers["Content-Security-Policy"])
    done = manager.post(path, data=fields | {"codes": f"\n{mine[0]['code']}\r\n"}, follow_redirects=True)
    assert "Đã hủy 1 mã." in done.text
    database.session.rollback()
    voided = set(database.session.scalars(select(Ticket.code_digest).where(Ticket.voided_at.is_not(None))))
    with world.app_context():
        assert voided == {stored_digest("ticket", mine[0]["code"])}
    assert signed_in(world, "can-bo", "officer").get(path).status_code == 403
    assert signed_in(world, "bv", "agency_manager", agency="bv-vung").get(path).status_code == 404
