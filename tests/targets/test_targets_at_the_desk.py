"""A province keeps its own newer targets, each with its document; those of the programmes are only read."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select
from werkzeug.test import TestResponse

from analysis.reports.parts.clauses import clause_in_document
from analysis.targets.catalogue import shipped_notes, shipped_targets
from analysis.targets.models import Target
from analysis.targets.service import judged, targets_in_force
from survey.foundation.changes.audit_entry import AuditEntry
from tests.registry.pages import fields_of, open_page, submit, text_of
from tests.reports.making import make, paragraphs
from tests.support.cases import in_one_world
from tests.support.staff import signed_in

DOCUMENT = "Kế hoạch số 15/KH-UBND ngày 12/01/2026 của UBND tỉnh Đắk Lắk"
QUOTE = "mức độ hài lòng của người bệnh đạt từ 92,5% trở lên vào năm 2026"
FIELDS = {
    "code": "Y2026",
    "subject": "health_service",
    "comparator": ">=",
    "threshold": "92,5 %",
    "from_year": "2026",
    "due_year": "2026",
    "document": DOCUMENT,
    "clause": "II.3",
    "quote": QUOTE,
}
HEADER = "province,code,agency,subject,comparator,threshold,from_year,due_year,document,clause,quote\n"
FILE = (
    HEADER
    + f'dak-lak,Y2026,,health_service,>=,"92,5 %",2026,2026,{DOCUMENT},II.3,"{QUOTE}"\n'
    + f"dak-lak,BV30,bv-tinh,health_service,>,0.9,2026,2030,{DOCUMENT},II.4,người bệnh hài lòng trên 90%\n"
)


def add(client: FlaskClient, **changes: Any) -> TestResponse:
    return submit(client, "/desk/targets/new", "threshold", **(FIELDS | changes))


def upload(client: FlaskClient, content: str) -> TestResponse:
    file = (io.BytesIO(content.encode()), "chi-tieu.csv")
    return submit(client, "/desk/imports?kind=targets", "kind", kind="targets", file=file)


IN_WORDS = (
    "Tỉnh;Mã chỉ tiêu;Tên cơ quan;Nội dung;So sánh;Ngưỡng;Từ năm;Năm đến hạn;Văn bản;"
    "Mục, khoản;Trích nguyên văn;Đối tượng\n"
    f"Đắk Lắk;Y2026;;Dịch vụ y tế công;Tối thiểu;92,5 %;2026;2026;{DOCUMENT};II.3;{QUOTE};Cá nhân, tổ chức\n"
)


def page(client: FlaskClient) -> str:
    open_page(client, "/desk/targets")
    return text_of(client.get("/desk/targets").text).replace("\N{NO-BREAK SPACE}", " ")


def stored(database: SQLAlchemy, code: str = "Y2026") -> Target | None:
    database.session.rollback()
    target: Target | None = database.session.scalar(select(Target).where(Target.code == code))
    return target


def traces(database: SQLAlchemy) -> list[AuditEntry]:
    database.session.rollback()
    return list(database.session.scalars(select(AuditEntry).where(AuditEntry.object_type == "targets")))


@pytest.fixture
def owner(world: Flask) -> FlaskClient:
    return signed_in(world, "so-y-te", "method_owner", sector="health")


def test_every_target_stands_there_with_document_clause_quote_and_standing(world: Flask) -> None:
    text = page(signed_in(world, "can-bo", "officer"))
    assert "D4h · Dịch vụ y tế công > 80 %" in text
    assert "Mốc tham chiếu (chỉ tiêu đã hết hạn năm 2020)" in text
    assert "D2h · Dịch vụ y tế công > 60 %" in text
    assert "Hết hạn năm 2015, đã có chỉ tiêu sau thay" in text
    assert "Quyết định số 323/QĐ-UBND ngày 13/02/2012 của UBND tỉnh Đắk Lắk" in text
    assert "Chưa có chỉ tiêu nào do tỉnh tự thêm" in text
    assert "Thêm chỉ tiêu của tỉnh" not in text


def test_a_new_target_is_stored_exactly_and_judges_at_once(
    world: Flask, owner: FlaskClient, database: SQLAlchemy
) -> None:
    before = {row.in_year.target.code: row.in_year.status for row in judged("dak-lak", 2026)}
    assert before["D4h"] == "reference"
    assert add(owner).status_code == 302
    target = stored(database)
    assert target is not None
    assert (target.threshold, target.comparator, target.sector, target.kind) == (
        "0.925",
        ">=",
        "health",
        "satisfaction",
    )
    assert (target.document, target.clause, target.quote) == (DOCUMENT, "II.3", QUOTE)
    after = {row.in_year.target.code: row for row in judged("dak-lak", 2026)}
    assert "D4h" not in after  # the newer promise is due and takes over
    assert after["Y2026"].in_year.status == "due"
    assert after["Y2026"].figures is not None
    assert after["Y2026"].figures.total.verdict is not None
    assert after["Y2026"].figures.total.verdict.point == "not_met"
    assert "chỉ tiêu ≥ 92,5 %" in text_of(owner.get("/desk/dak-lak/health").text).replace("\N{NO-BREAK SPACE}", " ")
    assert "Y2026 · Dịch vụ y tế công ≥ 92,5 %" in page(owner)


def test_a_change_keeps_before_and_after_in_the_log(world: Flask, owner: FlaskClient, database: SQLAlchemy) -> None:
    add(owner)
    target = stored(database)
    assert target is not None
    assert submit(owner, f"/desk/targets/{target.id}", "threshold", threshold="90 %").status_code == 302
    created, changed = traces(database)
    assert (created.action, created.before) == ("create", None)
    assert (changed.action, changed.object_id) == ("change", "dak-lak/Y2026")
    assert changed.before is not None
    assert changed.after is not None
    assert (changed.before["threshold"], changed.after["threshold"]) == ("0.925", "0.9")
    assert changed.before["respondent_kinds"] == ["individual", "organisation"]


def test_an_ended_target_speaks_no_more_and_the_older_one_is_the_mark_again(
    world: Flask, owner: FlaskClient, database: SQLAlchemy
) -> None:
    add(owner, from_year="2024", due_year="2025")
    target = stored(database)
    assert target is not None
    address = f"/desk/targets/{target.id}"
    refused = submit(owner, address, "threshold", last_year="2025")
    assert refused.status_code == 422
    assert "Chấm dứt một chỉ tiêu cần cả năm cuối và văn bản" in refused.text
    assert "D4h" not in {target_in_year.target.code for target_in_year in targets_in_force("dak-lak", 2026)}
    submit(owner, address, "threshold", last_year="2025", ended_by="Kế hoạch số 80/KH-UBND")
    database.session.rollback()
    assert {"D4h"} == {target_in_year.target.code for target_in_year in targets_in_force("dak-lak", 2026)} & {
        "D4h",
        "Y2026",
    }
    assert {"Y2026"} == {target_in_year.target.code for target_in_year in targets_in_force("dak-lak", 2025)} & {
        "D4h",
        "Y2026",
    }
    assert "Chấm dứt sau năm 2025" in page(owner)
    assert "Chấm dứt theo: Kế hoạch số 80/KH-UBND" in page(owner)


def test_an_agencys_own_target_judges_the_agency_alone(world: Flask, owner: FlaskClient, database: SQLAlchemy) -> None:
    add(owner, agency="bv-tinh")
    from survey.registry.models import Agency

    ids = {code: id_ for id_, code in database.session.execute(select(Agency.id, Agency.code))}
    of_hospital = judged("dak-lak", 2026, agencies=frozenset({ids["bv-tinh"]}))
    of_station = judged("dak-lak", 2026, agencies=frozenset({ids["tyt-xa"]}))
    assert {row.in_year.target.code for row in of_hospital} >= {"Y2026", "D4h"}
    assert "Y2026" not in {row.in_year.target.code for row in of_station}


def test_an_attachment_says_whose_each_target_is(world: Flask, owner: FlaskClient) -> None:
    add(owner, agency="bv-tinh")
    of_hospital, of_department = (make(world, recipient).figures["targets"] for recipient in ("bv-tinh", "so-y-te"))
    whose = {target["id"]: target["agency"] for target in of_hospital}
    assert (whose["Y2026"], whose["D4h"]) == ("bv-tinh", None)
    (own,) = [target for target in of_hospital if target["id"] == "Y2026"]
    assert own["label"] == "chỉ tiêu ≥ 92,5 % của Bệnh viện đa khoa tỉnh"
    assert own["threshold"] == ">=92.5"
    assert "Y2026" not in {target["id"] for target in of_department}


def test_an_agencys_own_target_is_named_at_the_desk_and_stands_in_its_own_report_alone(
    world: Flask, owner: FlaskClient
) -> None:
    add(owner, agency="bv-tinh")
    desk = text_of(owner.get("/desk/dak-lak/health").text)
    assert "Y tế, Bệnh viện đa khoa tỉnh:" in desk
    of_hospital, of_station, of_department = (
        "\n".join(paragraphs(make(world, recipient).document)) for recipient in ("bv-tinh", "tyt-xa", "so-y-te")
    )
    assert QUOTE in of_hospital
    assert "so với chỉ tiêu ≥ 92,5 % của Bệnh viện đa khoa tỉnh" in of_hospital
    assert QUOTE not in of_station
    assert QUOTE not in of_department


def test_a_shipped_target_cannot_be_changed_on_the_page_or_by_file(
    world: Flask, owner: FlaskClient, database: SQLAlchemy
) -> None:
    shipped = stored(database, "D4h")
    assert shipped is not None
    assert owner.get(f"/desk/targets/{shipped.id}").status_code == 403
    row = f"dak-lak,D4h,,health_service,>,0.5,2011,2020,{DOCUMENT},II.3,thấp hơn\n"
    refused = upload(owner, HEADER + row)
    assert refused.status_code == 422
    assert "đi kèm phần mềm, không sửa được" in refused.text
    again = add(owner, code="D4h")
    assert again.status_code == 422
    assert stored(database, "D4h").threshold == "0.8"
    assert traces(database) == []


@in_one_world(
    ("changes", "says"),
    [
        ({"threshold": "80"}, "Viết 80 % hoặc 0.8"),
        ({"threshold": "120 %"}, "Viết 80 % hoặc 0.8"),
        ({"due_year": "2020"}, "Năm đến hạn trước năm bắt đầu (2026)"),
        ({"document": ""}, "Ô này bắt buộc"),
        ({"quote": ""}, "Ô này bắt buộc"),
        ({"code": "mã lạ"}, "Không phải mã hợp lệ"),
        ({"subject": "education_service"}, "Không thuộc phạm vi quản lý của tài khoản này"),
        ({"subject": "surveyed_units"}, "Không thuộc phạm vi quản lý của tài khoản này"),
    ],
)
def test_what_is_wrong_is_said_with_the_mend_and_nothing_is_stored(
    world: Flask, owner: FlaskClient, database: SQLAlchemy, changes: dict[str, str], says: str
) -> None:
    refused = add(owner, **changes)
    assert refused.status_code == 422
    assert says in text_of(refused.text)
    assert QUOTE in refused.text or "quote" in changes  # what was typed is still there
    assert stored(database) is None
    assert traces(database) == []


def test_a_file_of_targets_in_words_is_read_as_meant(world: Flask, owner: FlaskClient, database: SQLAlchemy) -> None:
    preview = upload(owner, IN_WORDS).headers["Location"]
    assert owner.post(preview, data=fields_of(open_page(owner, preview), "discard")).status_code == 302
    own = stored(database)
    assert own is not None
    assert (own.subject, own.comparator, own.threshold) == ("health_service", ">=", "0.925")


def test_a_file_of_targets_is_previewed_then_taken_in_whole(
    world: Flask, owner: FlaskClient, database: SQLAlchemy
) -> None:
    answer = upload(owner, FILE)
    assert answer.status_code == 302
    preview = answer.headers["Location"]
    assert "Chỉ tiêu của tỉnh: 2 mục mới" in text_of(owner.get(preview).text)
    assert stored(database) is None
    assert owner.post(preview, data=fields_of(open_page(owner, preview), "discard")).status_code == 302
    own, of_hospital = stored(database), stored(database, "BV30")
    assert own is not None
    assert of_hospital is not None
    assert (own.threshold, own.agency_id, of_hospital.threshold) == ("0.925", None, "0.9")
    assert of_hospital.agency is not None
    assert of_hospital.agency.code == "bv-tinh"
    (trace,) = traces(database)
    assert trace.action == "import"
    again = upload(owner, FILE)
    assert "không có gì để nhập" in text_of(owner.get(again.headers["Location"]).text)


def test_one_wrong_cell_and_no_line_is_taken_in(world: Flask, owner: FlaskClient, database: SQLAlchemy) -> None:
    bad = FILE.replace("0.9,2026,2030", "9,2026,2030").replace("bv-tinh", "bv-tin")
    refused = upload(owner, bad)
    assert refused.status_code == 422
    text = text_of(refused.text)
    assert "có 2 lỗi; chưa nhập dòng nào" in text
    assert "3 Ngưỡng 9 Không phải tỷ lệ. Viết 80 % hoặc 0.8" in text
    assert "3 Cơ quan bv-tin Không có mã này. Có phải “bv-tinh”?" in text
    assert stored(database) is None


def test_strangers_neither_see_nor_touch_a_province_or_an_agencys_own_target(
    world: Flask, owner: FlaskClient, database: SQLAlchemy
) -> None:
    add(owner, agency="bv-tinh")
    target = stored(database)
    assert target is not None
    school = signed_in(world, "hieu-truong", "agency_manager", agency="thpt-1")
    assert "Y2026" not in page(school)
    assert "D4h" in page(school)
    for client in (school, signed_in(world, "son-la", "administrator", province="son-la")):
        assert client.get(f"/desk/targets/{target.id}").status_code == 404
    assert signed_in(world, "can-bo", "officer").get(f"/desk/targets/{target.id}").status_code == 403
    assert school.get("/desk/targets/new").status_code == 404


def test_two_people_at_once_do_not_overwrite_each_other(world: Flask, owner: FlaskClient, database: SQLAlchemy) -> None:
    add(owner)
    target = stored(database)
    assert target is not None
    address = f"/desk/targets/{target.id}"
    first = fields_of(open_page(owner, address), "threshold")
    submit(owner, address, "threshold", threshold="90 %")
    late = owner.post(address, data=first | {"threshold": "85 %"})
    assert late.status_code == 422
    assert "Người khác vừa sửa mục này" in late.text
    assert stored(database).threshold == "0.9"


def test_where_two_people_are_asked_for_a_target_waits_for_the_second(
    world: Flask, owner: FlaskClient, database: SQLAlchemy
) -> None:
    from survey.accounts.approvals import approvals
    from survey.accounts.approvals.province_rules import TWO_PEOPLE
    from survey.accounts.models import Proposal
    from survey.registry.queries import find_province

    province = find_province("dak-lak")
    assert province is not None
    approvals.switch_on(TWO_PEOPLE, province)
    assert add(owner, threshold="120 %").status_code == 422  # what is wrong is said at once, not to the second person
    waiting = owner.post(
        "/desk/targets/new",
        data=fields_of(open_page(owner, "/desk/targets/new"), "threshold") | FIELDS,
        follow_redirects=True,
    )
    assert "một người khác có quyền cần xác nhận" in waiting.text
    assert stored(database) is None
    assert "đang chờ xác nhận" in add(owner).text  # once is enough
    refused = upload(owner, FILE)
    assert "Tỉnh yêu cầu hai người khi thay đổi chỉ tiêu." in refused.text
    proposal_id = database.session.scalars(select(Proposal.id)).one()
    second = signed_in(world, "quan-tri", "administrator")
    world.config["WTF_CSRF_ENABLED"] = False
    for client, is_stored in ((owner, False), (second, True)):
        client.post(f"/desk/proposals/dak-lak/{proposal_id}/confirm")
        assert (stored(database) is not None) is is_stored
    assert [trace.action for trace in traces(database)] == ["create"]


def test_where_two_people_are_asked_for_nobody_undoes_a_file_of_targets_alone(
    world: Flask, owner: FlaskClient, database: SQLAlchemy
) -> None:
    from survey.accounts.approvals import approvals
    from survey.accounts.approvals.province_rules import TWO_PEOPLE, switch
    from survey.foundation.storage.database import writing
    from survey.registry.queries import find_province

    for content in (FILE, FILE.replace("92,5 %", "95 %")):
        preview = upload(owner, content).headers["Location"]
        assert owner.post(preview, data=fields_of(open_page(owner, preview), "discard")).status_code == 302
    imports = "/desk/imports?kind=targets"
    number = owner.get(imports).text.partition("/desk/imports/runs/")[2].partition("/")[0]
    address = f"/desk/imports/runs/{number}/undo"
    token = {"csrf_token": fields_of(open_page(owner, imports), "kind")["csrf_token"]}
    province = find_province("dak-lak")
    assert province is not None
    approvals.switch_on(TWO_PEOPLE, province)
    refused = owner.post(address, data=token, follow_redirects=True)
    assert "Tỉnh yêu cầu hai người khi thay đổi chỉ tiêu." in refused.text
    assert stored(database).threshold == "0.95"
    with world.app_context(), writing() as session:
        switch(session, TWO_PEOPLE, province.key, province.id, on=False)
    owner.post(address, data=token)
    assert stored(database).threshold == "0.925"


def test_reports_name_a_document_by_the_fields_it_was_given_or_in_full(
    world: Flask, owner: FlaskClient, database: SQLAlchemy
) -> None:
    add(owner)
    whole = "\n".join(paragraphs(make(world, "so-y-te").document))
    assert f"Mục II.3 {DOCUMENT} quy định" in whole
    target = stored(database)
    assert target is not None
    assert (target.short_document, clause_in_document(target)) == (DOCUMENT, f"mục II.3, {DOCUMENT}")
    address = f"/desk/targets/{target.id}"
    short = "Kế hoạch (năm đầu) số 15/KH-UBND"
    assert submit(owner, address, "threshold", document_short=short).status_code == 302
    database.session.rollback()
    assert f"Mục II.3 {short} quy định" in "\n".join(paragraphs(make(world, "so-y-te").document))
    assert clause_in_document(target) == f"mục II.3, {short}"
    submit(owner, address, "threshold", document_number="15/KH-UBND")
    database.session.rollback()
    assert clause_in_document(target) == "mục II.3, số 15/KH-UBND"
    assert (target.short_document, target.document) == (short, DOCUMENT)


def test_every_shipped_document_has_the_number_and_short_name_that_stand_in_it() -> None:
    for target in shipped_targets():
        assert target["document"].startswith(target["document_short"]), target["id"]
        assert f" {target['document_number']} " in target["document_short"], target["id"]


def test_the_programs_own_notes_are_english_on_the_english_page_and_the_quotes_stay_as_they_are(
    owner: FlaskClient,
) -> None:
    note = "Điều khoản của tỉnh, ghi ngày 12/01/2026."
    add(owner, note=note)
    pages = {language: text_of(owner.get(f"/desk/targets?lang={language}").text) for language in ("vi", "en")}
    shipped = [target for target in shipped_targets() if target["province"] == "dak-lak"]
    for told in {target["note"] for target in shipped} - {""}:
        assert told in pages["vi"]
        assert told not in pages["en"]
        assert shipped_notes()[told]["en"] in pages["en"]
    for target in shipped:
        assert target["quote"] in pages["en"]
    assert note in pages["en"]


def test_every_shipped_note_is_told_in_english_too() -> None:
    assert {target["note"] for target in shipped_targets()} - {""} == shipped_notes().keys()
