"""Importing at the desk: checked, previewed, confirmed; each only within the own scope."""

from __future__ import annotations

import io

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from survey.foundation.changes.audit_entry import AuditEntry
from survey.registry.files.models import ImportDraft
from survey.registry.models import Caseload, Service
from tests.registry.pages import fields_of, open_page, submit, text_of
from tests.registry_files.files import CASELOADS, SERVICES, Import, workbook
from tests.support.clocks import frozen_at
from tests.support.html import assert_valid_html
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database

HEALTH = "agency,service,month,unit,count\nBV,KHAM,2026-10,visit,2600\nBV,KHAM,2026-09,visit,2400\n"
frozen_clock = frozen_at("2026-11-20T02:00:00+00:00")


@pytest.fixture
def health_owner(app: Flask, world: Import) -> FlaskClient:
    """Enters the caseloads of health in Đắk Lắk."""
    return signed_in(app, "so-y-te", "method_owner", sector="health")


@pytest.fixture
def administrator(app: Flask, world: Import) -> FlaskClient:
    """May change everything in Đắk Lắk."""
    return signed_in(app, "quan-tri", "administrator")


def upload(client: FlaskClient, kind: str, content: str, name: str = "tep.csv") -> TestResponse:
    """Send a file for checking."""
    return submit(client, "/desk/imports", "kind", kind=kind, file=(io.BytesIO(content.encode()), name))


def counts(database: SQLAlchemy) -> list[int]:
    """Every stored caseload's count."""
    database.session.rollback()
    return sorted(database.session.scalars(select(Caseload.count)))


def test_a_file_is_previewed_and_changes_nothing_until_confirmed(
    health_owner: FlaskClient, database: SQLAlchemy
) -> None:
    answer = upload(health_owner, "caseloads", HEALTH)
    assert answer.status_code == 302
    preview = answer.headers["Location"]
    open_page(health_owner, preview)
    page = text_of(health_owner.get(preview).text)
    assert "1 mục mới, 1 mục thay đổi, 0 mục giữ nguyên. Chưa ghi gì." in page
    assert "Số lượng: 2.500 → 2.600" in page
    assert counts(database) == [10, 100, 2500]
    assert submit(health_owner, preview, "discard").headers["Location"].startswith("/desk/imports")
    assert counts(database) == [10, 100, 2400, 2600]
    assert database.session.scalar(select(func.count()).select_from(ImportDraft)) == 0
    entry = database.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).all()[0]
    assert (entry.action, entry.object_id, entry.user_id is not None) == ("import", "tep.csv", True)


def test_a_refusal_does_not_repeat_what_no_page_may_hold(administrator: FlaskClient) -> None:
    for spoilt in ("\x01", "\x9f", "\uffff"):
        file = f"code,name,sector,field\nTHU,Khám{spoilt},heal{spoilt},Khám\n"
        for content in (file, file.replace("field", f"field,x{spoilt}")):
            refused = upload(administrator, "services", content, f"dịch{spoilt} vụ.csv")
            assert_valid_html(refused.text, refused.headers["Content-Security-Policy"])
        refused = upload(administrator, "services", file)
        assert "Tên Khám Có ký tự điều khiển không in được." in text_of(refused.text)


def test_a_file_can_be_given_up(health_owner: FlaskClient, database: SQLAlchemy) -> None:
    preview = upload(health_owner, "caseloads", HEALTH).headers["Location"]
    submit(health_owner, preview, "discard", discard="1")
    assert counts(database) == [10, 100, 2500]
    assert health_owner.get(preview).status_code == 404


def test_mistakes_are_listed_with_their_lines(health_owner: FlaskClient, database: SQLAlchemy) -> None:
    answer = upload(health_owner, "caseloads", HEALTH + "BV,NOPE,2026-10,visit,x\n")
    assert answer.status_code == 422
    page = text_of(answer.text)
    assert "Tệp tep.csv có 2 lỗi; chưa nhập dòng nào" in page
    assert "4 Số lượng x Không phải số nguyên" in page
    assert "4 Dịch vụ NOPE Không có mã này." in page
    assert counts(database) == [10, 100, 2500]


def test_a_sector_of_others_is_refused(health_owner: FlaskClient, database: SQLAlchemy) -> None:
    answer = upload(health_owner, "caseloads", CASELOADS.replace(",100,", ",101,"))
    assert answer.status_code == 422
    assert "Không thuộc phạm vi quản lý của tài khoản này." in text_of(answer.text)
    assert upload(health_owner, "services", SERVICES).status_code == 422  # not even offered
    assert counts(database) == [10, 100, 2500]


def test_a_draft_is_reached_by_its_sender_only_and_for_a_day(
    app: Flask, health_owner: FlaskClient, frozen_clock: time_machine.Coordinates
) -> None:
    preview = upload(health_owner, "caseloads", HEALTH).headers["Location"]
    colleague = signed_in(app, "dong-nghiep", "method_owner", sector="health")
    assert colleague.get(preview).status_code == 404
    frozen_clock.shift(25 * 3600)
    assert health_owner.get(preview).status_code in (302, 404)  # the session or the draft is over


def test_a_preview_that_no_longer_holds_is_refused_at_confirmation(
    health_owner: FlaskClient, database: SQLAlchemy, world: Import
) -> None:
    preview = upload(health_owner, "caseloads", HEALTH).headers["Location"]
    fields = fields_of(open_page(health_owner, preview), "discard")
    closed = "code,name,kind,level,province,valid_to\nBV,BV,public_service_unit,province,dak-lak,2020-01-01\n"
    assert world("agencies", closed).exit_code == 0
    answer = health_owner.post(preview, data=fields)
    assert answer.status_code == 422
    assert "không hoạt động trong tháng này" in text_of(answer.text)
    assert counts(database) == [10, 100, 2500]


def test_administrators_import_services_and_a_template_names_the_columns(
    administrator: FlaskClient, database: SQLAlchemy
) -> None:
    header = administrator.get("/desk/imports/template/services.csv")
    assert header.data.decode("utf-8-sig").strip() == "code,name,sector,field,national_code"
    preview = upload(administrator, "services", "code,name,sector\nTIEM,Tiêm chủng,health\n").headers["Location"]
    assert submit(administrator, preview, "discard").status_code == 302
    database.session.rollback()
    assert "TIEM" in database.session.scalars(select(Service.code)).all()


def test_columns_are_called_as_people_call_them(administrator: FlaskClient) -> None:
    page = text_of(administrator.get("/desk/imports").text)
    assert "Cơ quan kế thừa successor" in page
    assert "Successor successor" in text_of(administrator.get("/desk/imports?lang=en").text)
    preview = upload(administrator, "services", "code,name,sector\nKHAM,Khám bệnh,education\n").headers["Location"]
    assert "Ngành: Y tế → Giáo dục" in text_of(administrator.get(preview).text)


def test_nothing_chosen_is_told(administrator: FlaskClient) -> None:
    answer = submit(administrator, "/desk/imports", "kind")
    assert answer.status_code == 422
    assert "Chọn một tệp." in text_of(answer.text)


def test_who_may_import_nothing_finds_no_such_page(app: Flask, world: Import) -> None:
    officer = signed_in(app, "can-bo", "officer")
    assert officer.get("/desk/imports").status_code == 404
    assert "Nhập từ tệp" not in officer.get("/desk/agencies").text


EXPORT = "Đơn vị,Mã số,Tên,Kỳ báo cáo,Giải quyết,Trễ\nBV,KHAM,Khám bệnh,10/2026,2600,3\n"


def test_the_columns_of_a_foreign_form_are_chosen_once_and_remembered(
    health_owner: FlaskClient, database: SQLAlchemy
) -> None:
    page = upload(health_owner, "caseloads", EXPORT).headers["Location"]
    choosing = health_owner.get(page).headers["Location"]
    assert choosing == f"{page}/columns"
    offered = [option.text for option in open_page(health_owner, choosing).iter("option")]
    assert "Số lượng (bắt buộc)" in offered
    assert "Khám bệnh" in text_of(health_owner.get(choosing).text)
    twice = submit(health_owner, choosing, "column-1", **{"column-1": "service", "column-2": "service"})
    assert twice.status_code == 422
    chosen = {"column-1": "service", "column-2": "", "column-3": "month", "column-4": "count", "column-5": "overdue"}
    answer = submit(health_owner, choosing, "column-1", **chosen)
    assert answer.headers["Location"] == page
    seen = text_of(health_owner.get(page).text)
    assert "1 mục thay đổi" in seen
    assert "Các cột được đọc theo lựa chọn đã nhớ cho mẫu tệp này." in seen
    assert submit(health_owner, page, "discard").status_code == 302
    assert counts(database) == [10, 100, 2600]
    again = upload(health_owner, "caseloads", EXPORT.replace("2600", "2700")).headers["Location"]
    assert "Số lượng: 2.600 → 2.700" in text_of(health_owner.get(again).text)


def test_what_a_file_does_not_say_is_asked_once(health_owner: FlaskClient, database: SQLAlchemy) -> None:
    matrix = "Mã TTHC,Tên thủ tục,Tháng 8,Tháng 9\nKHAM,Khám bệnh,2300,2400\n"
    page = upload(health_owner, "caseloads", matrix).headers["Location"]
    for name, value in (("year", "2026"), ("agency", "BV")):
        asked = open_page(health_owner, page).find(f".//select[@id='{name}']")
        assert value in [option.get("value") for option in asked.iter("option")]
        fields = fields_of(open_page(health_owner, page), name) | {name: value}
        assert health_owner.post(f"{page}/given", data=fields).status_code == 302
    assert "2 mục mới" in text_of(health_owner.get(page).text)
    assert submit(health_owner, page, "discard").status_code == 302
    assert counts(database) == [10, 100, 2300, 2400, 2500]


def test_a_preview_calls_columns_kinds_and_files_as_people_do(administrator: FlaskClient) -> None:
    agencies = "Mã,Tên cơ quan,Loại,Cấp,Tỉnh,Ngày thành lập\nZ1,Xã Zê,Hành chính,Xã,Đắk Lắk,1/7/25\n"
    answer = upload(administrator, "agencies", agencies, name="danh sa\u0301ch\u202efdp.csv")
    page = text_of(administrator.get(answer.headers["Location"]).text)
    assert "Cột Ngày thành lập, dòng 2, có năm viết hai chữ số" in page
    assert "Xem trước: danh sáchfdp.csv" in page
    english = text_of(administrator.get(f"{answer.headers['Location']}?lang=en").text)
    assert "valid_from" not in english
    other = text_of(upload(administrator, "caseloads", agencies).text)
    assert "Chọn loại tệp “cơ quan” (agencies)" in other


def test_the_national_form_of_three_header_lines_is_taken_once_its_columns_are_chosen(
    administrator: FlaskClient, database: SQLAlchemy
) -> None:
    received, handled, open_ones = "Số hồ sơ tiếp nhận", "Số hồ sơ đã giải quyết", "Số hồ sơ đang giải quyết"
    handled_as = ["Tổng số", "Trước hạn", "Đúng hạn", "Quá hạn"]
    figures = [100, 50, 40, 10, 90, 10, 75, 5, 10, 9, 1]
    form = workbook(
        [
            ["Biểu số II.06a/VPCP/KSTT"],
            ["Kỳ báo cáo: tháng 9 năm 2026 (từ ngày 01/09/2026 đến ngày 30/09/2026)"],
            ["Đơn vị báo cáo: Xã Ea Mới"],
            ["STT", "Mã TTHC", received, *[""] * 3, handled, *[""] * 3, open_ones, "", ""],
            ["", "", "Tổng số", "Trong kỳ", "", "Kỳ trước", *handled_as, "Tổng số", "Trong hạn", "Quá hạn"],
            ["", "", "", "Trực tuyến", "Trực tiếp", *[""] * 8],
            ["(1)", "(2)", "(3)=(4)+(5)+(6)", *(f"({n})" for n in range(4, 14))],
            [1, "KHAI-SINH", *figures],
            ["TỔNG CỘNG", "", *figures],
        ]
    )
    answer = submit(administrator, "/desk/imports", "kind", kind="caseloads", file=(io.BytesIO(form), "II06a.xlsx"))
    choosing = administrator.get(answer.headers["Location"]).headers["Location"]
    page = text_of(administrator.get(choosing).text)
    assert f"{received}: Trong kỳ: Trực tuyến" in page
    assert f"{open_ones}: Quá hạn" in page
    columns = {1: "service", 6: "count", 9: "overdue"}
    chosen = {f"column-{place}": columns.get(place, "") for place in range(13)}
    preview = submit(administrator, choosing, "column-1", **chosen).headers["Location"]
    assert "1 mục mới" in text_of(administrator.get(preview).text)
    submit(administrator, preview, "discard")
    stored = select(Caseload.count, Caseload.overdue).where(Caseload.month == "2026-09")
    assert [tuple(row) for row in database.session.execute(stored)] == [(90, 5)]
