"""Of several sheets with the same columns none is taken in silence: the one with data, or the one that was chosen."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from survey.channels.phone.contact_file import read_contacts
from survey.channels.tickets.code_file import codes_of
from survey.foundation.identifiers import new_id
from survey.foundation.tables.cells import TableRefused
from survey.registry.models import Agency
from tests.registry.pages import fields_of, open_page, submit, text_of
from tests.registry_files.files import Import, everything, workbook
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database


@pytest.fixture
def administrator(app: Flask, world: Import) -> FlaskClient:
    """May change everything in Đắk Lắk."""
    return signed_in(app, "quan-tri", "administrator")


HEADER = ["Mã", "Tên cơ quan", "Loại", "Cấp", "Tỉnh"]
FIRST = [HEADER, ["S1", "Sở Một", "Hành chính", "Tỉnh", "Đắk Lắk"]]
SECOND = [HEADER, ["X1", "Xã Một", "Hành chính", "Xã", "Đắk Lắk"], ["X2", "Xã Hai", "Hành chính", "Xã", "Đắk Lắk"]]
LEVELS = workbook(FIRST, **{"Cấp xã": SECOND})


def new_codes(database: SQLAlchemy) -> list[str]:
    query = select(Agency.code).where(Agency.code.in_(["S1", "X1", "X2"]))
    return sorted(database.session.scalars(query))


def test_two_sheets_of_agencies_are_asked_about(database: SQLAlchemy, world: Import) -> None:
    before = everything(database)
    result = world("agencies", LEVELS)
    assert result.exit_code == 2
    assert "Tệp có 2 trang tính cùng loại số liệu: “Sheet”, “Cấp xã”." in result.stderr
    assert everything(database) == before
    assert "2 trang tính" in world("agencies", LEVELS, "--sheet", "Cấp huyện").stderr
    result = world("agencies", LEVELS, "--sheet", "Cấp xã")
    assert result.exit_code == 0, result.stderr
    assert "Chỉ đọc trang tính “Cấp xã”; không đọc: Sheet." in result.stdout
    assert new_codes(database) == ["X1", "X2"]


def test_accounts_are_asked_about_too(world: Import) -> None:
    header = ["Tên đăng nhập", "Họ tên", "Tỉnh"]
    book = workbook([header, ["mot", "Một", "Đắk Lắk"]], Hai=[header, ["hai", "Hai", "Đắk Lắk"]])
    assert "2 trang tính" in world("accounts", book).stderr
    assert world("accounts", book, "--sheet", "Hai", "--dry-run").exit_code == 0


def test_lists_of_dossiers_leave_out_no_sheet_in_silence(app: Flask) -> None:
    header, first, second = ["Mã hồ sơ", "Số điện thoại"], ["HS-1", "0912345678"], ["HS-2", "0912345679"]
    with app.test_request_context():
        with pytest.raises(TableRefused, match="Tệp có 2 trang tính cùng loại số liệu: “Sheet”, “Hai”"):
            read_contacts(workbook([header, first], Hai=[header, second]))
        assert [contact.dossier for contact in read_contacts(workbook([header], Hai=[header, second])).contacts] == [
            "HS-2"
        ]


def test_official_figures_come_from_the_sheet_that_is_named(
    runner: FlaskCliRunner, database: SQLAlchemy, tmp_path: Path
) -> None:
    header = ["Tỉnh", "Năm", "Chỉ số", "Kết quả", "Nguồn"]
    file = tmp_path / "sipas.xlsx"
    file.write_bytes(
        workbook(
            [header, ["Sơn La", 2023, "sipas", "83,05", "Bộ Nội vụ"]],
            **{"2024": [header, ["Sơn La", 2024, "sipas", "84,1", "Bộ Nội vụ"]]},
        )
    )
    command = ["analysis", "import-reference", str(file), "--format", "json"]
    refused = runner.invoke(args=command)
    assert (refused.exit_code, "--sheet" in refused.stderr) == (2, True)
    taken = runner.invoke(args=[*command, "--sheet", "2024"])
    assert taken.exit_code == 0, taken.output
    assert json.loads(taken.stdout)["new"] == 1


@pytest.mark.parametrize("headings", [["Mã hồ sơ", "counter"], ["Mã hồ sơ", "Tên"]])
def test_codes_are_made_for_the_sheet_of_dossiers_that_is_named(
    world: Import, runner: FlaskCliRunner, tmp_path: Path, headings: list[str]
) -> None:
    source, out = tmp_path / "ho-so.xlsx", tmp_path / "ma.csv"
    source.write_bytes(workbook([headings, ["HS-1", "Q1"]], Hai=[headings, ["HS-2", "Q1"], ["HS-3", "Q1"]]))
    command = ["survey", "tickets", "Q1", "--dossiers", str(source), "--out", str(out)]
    refused = runner.invoke(args=command)
    assert (refused.exit_code, "--sheet TÊN-TRANG" in refused.stderr) == (2, True), refused.output
    made = runner.invoke(args=[*command, "--sheet", "Hai"])
    assert made.exit_code == 0, made.output
    assert [line.split(",")[0] for line in out.read_text(encoding="utf-8").splitlines()[1:]] == ["HS-2", "HS-3"]


@pytest.mark.parametrize("heading", [["code"], []])
def test_no_sheet_of_codes_is_left_valid_in_silence(app: Flask, heading: list[str]) -> None:
    """Who voids a file of lost slips takes all of them for void."""
    book = workbook([heading, ["AAAA"]] if heading else [["AAAA"]], Hai=[heading, ["BBBB"]] if heading else [["BBBB"]])
    with app.test_request_context():
        with pytest.raises(TableRefused, match="2 trang tính"):
            codes_of(book)
        assert [code for _line, code in codes_of(book, "Hai")] == ["BBBB"]


@pytest.mark.parametrize("first", [[HEADER], [[*HEADER, "Ghi chú", "Địa bàn"]], [HEADER, ["Ví dụ: S1", "Sở", "", ""]]])
def test_a_sheet_without_data_gives_way_to_the_one_that_has_some(
    database: SQLAlchemy, world: Import, first: list[list[str]]
) -> None:
    result = world("agencies", workbook(first, **{"Dữ liệu": SECOND}))
    assert result.exit_code == 0, result.stderr
    assert new_codes(database) == ["X1", "X2"]


def test_the_desk_asks_which_sheet_and_takes_that_one(administrator: FlaskClient, database: SQLAlchemy) -> None:
    sent = submit(administrator, "/desk/imports", "kind", kind="agencies", file=(io.BytesIO(LEVELS), "cap.xlsx"))
    preview = sent.headers["Location"]
    page = administrator.get(preview).text
    assert "Tệp có 2 trang tính cùng loại số liệu" in page
    assert '<option value="Cấp xã">Cấp xã</option>' in page
    answers = fields_of(open_page(administrator, preview), "sheet") | {"sheet": "Cấp xã"}
    administrator.post(f"{preview}/given", data=answers)
    assert "X1 mới: Tên: Xã Một;" in text_of(administrator.get(preview).text)
    submit(administrator, preview, "discard")
    assert new_codes(database) == ["X1", "X2"]


def test_the_preview_of_a_file_that_gave_way_to_another_says_so(administrator: FlaskClient) -> None:
    earlier, later = (
        submit(administrator, "/desk/imports", "kind", kind="agencies", file=(io.BytesIO(book), "tep.xlsx"))
        for book in (workbook(FIRST), workbook(SECOND))
    )
    for answer in (administrator.get(earlier.headers["Location"]), administrator.get(f"/desk/imports/{new_id()}")):
        assert answer.status_code == 404
        page = text_of(answer.text)
        assert "đã nhường chỗ cho một tệp cùng loại gửi sau" in page
        assert "nếu lần này không có ở đó thì chưa có gì được ghi" in page
    assert administrator.get(later.headers["Location"]).status_code == 200


def test_of_two_headings_that_are_the_same_one_is_chosen(administrator: FlaskClient, database: SQLAlchemy) -> None:
    header = ["Mã cơ quan", "Mã TTHC", "Tháng", "Tổng số đã giải quyết", "Quá hạn", "Đang giải quyết", "Quá hạn"]
    book = workbook([header, ["EA-MOI", "KHAI-SINH", "9/2026", 40, 3, 10, 2]])
    sent = submit(administrator, "/desk/imports", "kind", kind="caseloads", file=(io.BytesIO(book), "igate.xlsx"))
    choose = administrator.get(sent.headers["Location"]).headers["Location"]
    assert "Quá hạn (2)" in administrator.get(choose).text
    chosen = ["agency", "service", "month", "count", "", "", "overdue"]
    columns = {f"column-{place}": column for place, column in enumerate(chosen)}
    preview = submit(administrator, choose, "column-0", **columns).headers["Location"]
    assert "Số lượng: 40; Quá hạn: 2" in text_of(administrator.get(preview).text)
    submit(administrator, preview, "discard")
    again = submit(administrator, "/desk/imports", "kind", kind="caseloads", file=(io.BytesIO(book), "igate.xlsx"))
    assert "Mọi mục trong tệp (1) đã có sẵn" in text_of(administrator.get(again.headers["Location"]).text)
