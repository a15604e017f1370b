"""Responses come in through the one door: all or none, and the same file twice counts once."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select

from survey.foundation.clock import UTC
from survey.responses.models import Response, Tally
from tests.registry_files.files import RESPONSES, AssertRefused, Import

FIRST = RESPONSES.splitlines()[1]


def count(database: SQLAlchemy) -> int:
    """How many responses are stored."""
    database.session.rollback()
    return database.session.scalar(select(func.count()).select_from(Response)) or 0


def test_responses_are_stored_and_counted(database: SQLAlchemy, world: Import) -> None:
    result = world("responses", RESPONSES, "--format", "json")
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["new"] == 2
    first, second = database.session.scalars(select(Response).order_by(Response.answered_at))
    assert first.answers == {"overall_procedures": 4, "overall_service": 5}
    assert (first.channel, first.comment, first.respondent_kind) == ("paper", "Tốt", "individual")
    assert first.answered_at == dt.datetime(2026, 10, 5, 7, tzinfo=UTC)  # its hour
    assert second.counter_id is None
    assert second.answered_at == dt.datetime(2026, 10, 6, 1, 0, tzinfo=UTC)  # no offset: Vietnamese time
    assert second.answers == {"overall_service": 2}
    assert database.session.scalar(select(func.sum(Tally.count))) == 3


def test_the_same_file_twice_counts_once(database: SQLAlchemy, world: Import) -> None:
    assert world("responses", RESPONSES).exit_code == 0
    result = world("responses", RESPONSES + FIRST + "\n")
    assert result.stdout.splitlines()[0] == "tep.csv: đã nhập: mới 0, thay đổi 0, giữ nguyên 3."
    assert count(database) == 2
    assert database.session.scalar(select(func.sum(Tally.count))) == 3


def test_a_dry_run_counts_and_stores_nothing(database: SQLAlchemy, world: Import) -> None:
    result = world("responses", RESPONSES, "--dry-run")
    assert "Nếu nhập: mới 2" in result.stdout
    assert count(database) == 0
    assert database.session.scalar(select(func.count()).select_from(Tally)) == 0


BAD_LINES = (
    ("11111111-1111-4111-8111-111111111111", "1", "dòng 2, cột id, giá trị “1”: Không phải mã định danh UUID."),
    (",Q1,", ",Q7,", "dòng 2: Không có quầy Q7."),
    (",Q1,KHAI-SINH", ",,KHAI-SINH", "dòng 2: Không có cơ quan (trống)."),
    (",KHAI-SINH,", ",NOPE,", "dòng 2: Không có dịch vụ NOPE."),
    ("2026-10-05T14:30:00+07:00", "hôm qua", "dòng 2, cột answered_at, giá trị “hôm qua”: Không phải ngày giờ."),
    ("2026-10-05T14:30:00+07:00", "05/10/2098", "cột answered_at, giá trị “05/10/2098”: Ngày này chưa đến."),
    ("paper", "fax", "dòng 2, cột channel, giá trị “fax”: Không có trong danh mục."),
    ("paper", "ticket", "cột channel, giá trị “ticket”: Tệp không chứng minh được phiếu trả lời bằng mã một lần."),
    ("paper", "Mã một lần", "cột channel, giá trị “Mã một lần”: Tệp không chứng minh được"),
    ("individual", "person", "dòng 2, cột respondent_kind"),
    ("administration,1,Tốt", "administration,7,Tốt", "dòng 2: Không có phiếu administration phiên bản 7."),
    ("Tốt,4,5", "Tốt,6,5", "dòng 2, cột overall_procedures, giá trị “6”: Không phải mức đánh giá."),
    ("Tốt,4,5", ",,", "dòng 2: Chưa có đánh giá nào"),
    ("overall_procedures", "overall_procedure", "cột overall_procedure: Cột lạ. Có phải “overall_procedures”?"),
)


WRITTEN = ("14:30 05/10/2026", "05/10/2026 14h30", "5/10/2026 2:30 PM", "05.10.26 02:30 CH", "46300.604")


def test_an_instant_is_read_however_it_is_written(database: SQLAlchemy, world: Import) -> None:
    head, line = RESPONSES.splitlines()[:2]
    lines = [
        line.replace("2026-10-05T14:30:00+07:00", written).replace("11111111-", f"1111111{place}-", 1)
        for place, written in enumerate(WRITTEN)
    ]
    result = world("responses", "\n".join([head, *lines]))
    assert result.exit_code == 0, result.stderr
    begun = dt.datetime(2026, 10, 5, 7, tzinfo=dt.UTC)
    assert database.session.scalars(select(Response.answered_at)).all() == [begun] * len(WRITTEN)


def test_more_answers_than_dossiers_are_named_before_and_when_they_come(world: Import) -> None:
    head, line = RESPONSES.splitlines()[:2]
    few = "agency,service,month,unit,count\nEA-MOI,KHAI-SINH,2026-09,dossier,2\n"
    assert world("caseloads", few).exit_code == 0
    lines = [line.replace("2026-10-05", "2026-09-05").replace("11111111-", f"1111111{place}-", 1) for place in range(3)]
    said = "Với tệp này 1 nơi có số lượt đánh giá nhiều hơn số hồ sơ: EA-MOI, KHAI-SINH, 2026-09: 3 lượt, 2 hồ sơ."
    for options in (("--dry-run",), ()):
        assert said in world("responses", "\n".join([head, *lines]), *options).stdout
    again = world("responses", "\n".join([head, *lines]))
    assert said not in again.stdout, "nothing new comes"


def test_one_bad_line_keeps_all_responses_out(refused: AssertRefused) -> None:
    refused(("responses", RESPONSES.replace(old, new, 1), message) for old, new, message in BAD_LINES)


def test_an_id_with_other_content_is_a_conflict_that_overwrites_nothing(database: SQLAlchemy, world: Import) -> None:
    assert world("responses", RESPONSES).exit_code == 0
    result = world("responses", RESPONSES.replace("Tốt,4,5", "Tốt,1,1"))
    assert result.exit_code == 2
    assert "dòng 2, cột id, giá trị “11111111-1111-4111-8111-111111111111”: Mã này đã có" in result.stderr
    stored = database.session.scalars(select(Response.answers).where(Response.comment == "Tốt")).one()
    assert stored == {"overall_procedures": 4, "overall_service": 5}


def test_two_contents_under_one_id_in_one_file_are_a_conflict(database: SQLAlchemy, world: Import) -> None:
    result = world("responses", RESPONSES + FIRST.replace("Tốt", "Xấu") + "\n")
    assert result.exit_code == 2
    assert "dòng 4, cột id" in result.stderr
    assert count(database) == 0


def test_a_file_longer_than_one_batch_is_still_one_transaction(
    database: SQLAlchemy, world: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("survey.channels.paper.response_file.BATCH", 1)
    bad = FIRST.replace("11111111-1111-4111", "33333333-3333-4333").replace(",Q1,", ",Q7,")
    assert world("responses", RESPONSES + bad + "\n").exit_code == 2
    assert count(database) == 0
    assert world("responses", RESPONSES).exit_code == 0
    assert count(database) == 2
