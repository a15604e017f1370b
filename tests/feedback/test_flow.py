"""A case goes from hand to hand with its history; the citizen judges the answer, once each time."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from survey.feedback.models import FeedbackStep
from survey.foundation.changes.audit_entry import AuditEntry
from tests.feedback.test_kinds import only_case, owner, report
from tests.registry.pages import fields_of, open_page, text_of
from tests.support.staff import signed_in

__all__ = ["owner"]
WORDS = "Phòng khám thiếu ghế"


def handed(client: FlaskClient, address: str, holder: str, **changes: str) -> None:
    fields = fields_of(open_page(client, address), "kind") | {"holder": holder} | changes
    assert client.post(f"{address}/classify", data=fields).status_code == 302


def answered(client: FlaskClient, address: str, text: str) -> None:
    fields = fields_of(open_page(client, address), "answer") | {"answer": text}
    assert client.post(f"{address}/answer", data=fields).status_code == 302


def test_a_case_is_handed_to_another_agency_and_another_so_which_then_see_it_and_its_words_alone(
    world: Flask, owner: FlaskClient, database: SQLAlchemy
) -> None:
    code, citizen = report(world, WORDS)
    address = f"/desk/feedback/{only_case(database).id}"
    commune = signed_in(world, "xa", "agency_manager", agency="ubnd-ea-kao")
    schools = signed_in(world, "so-gddt", "method_owner", sector="education")
    assert commune.get(address).status_code == schools.get(address).status_code == 404
    handed(owner, address, "ubnd-ea-kao", reason="Ghế do xã cấp")
    assert schools.get(address).status_code == 404
    page = text_of(commune.get(address).text)
    assert WORDS in page
    assert "Ghế do xã cấp" in page
    assert "Khám bệnh ngoại trú" not in page
    assert WORDS in commune.get("/desk/feedback").text
    assert "Nơi xử lý: UBND xã Ea Kao" in text_of(citizen.client.get(f"/p/{code}").text)
    handed(commune, address, "sector:education")
    assert commune.get(address).status_code == 404
    answered(schools, address, "Sở đã chuyển 20 ghế sang.")
    assert "Sở đã chuyển 20 ghế sang." in citizen.client.get(f"/p/{code}").text
    steps = only_case(database).steps
    assert [step.step for step in steps] == ["classified", "assigned", "assigned", "answered"]
    assert all(step.by_id for step in steps)


def test_an_answer_that_did_not_help_reopens_the_case_once_and_the_second_verdict_closes_it(
    world: Flask, owner: FlaskClient, database: SQLAlchemy
) -> None:
    code, citizen = report(world, WORDS)
    address, path = f"/desk/feedback/{only_case(database).id}", f"/p/{code}"
    assert citizen.client.post(path, data={"helped": "yes"}).status_code == 303  # nothing to judge yet
    assert only_case(database).helped is None
    answered(owner, address, "Đã kê ghế.")
    assert citizen.client.post(path, data={}).status_code == 422
    sent = citizen.client.post(path, data={"helped": "no", "because": "Vẫn thiếu, gọi tôi 0912 345 678"})
    assert (sent.status_code, "Set-Cookie" in sent.headers) == (303, False)
    case = only_case(database)
    assert (case.state, case.helped, case.closed_at) == ("assigned", None, None)
    assert case.due_on.isoformat() == "2026-12-04"
    assert "Vẫn thiếu, gọi tôi [số]" in text_of(owner.get(address).text)
    assert "Ý kiến đang được xem lại" in citizen.client.get(path).text
    answered(owner, address, "Đã kê thêm 20 ghế.")
    for _twice in range(2):
        citizen.client.post(path, data={"helped": "no"})
    case = only_case(database)
    assert (case.state, case.helped) == ("closed", False)
    citizen.client.post(path, data={"helped": "yes"})
    assert only_case(database).helped is False
    steps = database.session.scalars(select(FeedbackStep).order_by(FeedbackStep.id)).all()
    assert [step.step for step in steps if step.by_id is None] == ["reopened", "not_helped"]
    assert all(step.at.minute == 0 for step in steps if step.by_id is None)
    actions = database.session.scalars(select(AuditEntry.action)).all()
    assert set(actions) == {"answer_feedback"}  # a verdict leaves no trace of anybody


def test_an_answer_that_helped_closes_the_case_also_after_a_clerk_closed_it(
    world: Flask, owner: FlaskClient, database: SQLAlchemy
) -> None:
    code, citizen = report(world, WORDS)
    address = f"/desk/feedback/{only_case(database).id}"
    answered(owner, address, "Đã kê ghế.")
    owner.post(f"{address}/close", data=fields_of(open_page(owner, address), "answer"))
    assert "Trả lời này có giải quyết được không?" in text_of(citizen.client.get(f"/p/{code}").text)
    citizen.client.post(f"/p/{code}", data={"helped": "yes"})
    assert (only_case(database).state, only_case(database).helped) == ("closed", True)
    assert "giải quyết được không" not in text_of(citizen.client.get(f"/p/{code}").text)


def test_the_second_of_two_clerks_is_told_and_keeps_what_was_typed(
    world: Flask, owner: FlaskClient, database: SQLAlchemy
) -> None:
    report(world, WORDS)
    address = f"/desk/feedback/{only_case(database).id}"
    slow = fields_of(open_page(owner, address), "answer")
    answered(signed_in(world, "so-y-te-2", "method_owner", sector="health"), address, "Đã kê ghế.")
    late = owner.post(f"{address}/answer", data=slow | {"answer": "Sẽ kê ghế."})
    assert late.status_code == 409
    assert "Người khác vừa thay đổi" in late.text
    assert "Sẽ kê ghế." in late.text
    assert only_case(database).answer == "Đã kê ghế."
    again = slow | {"version": str(only_case(database).version), "answer": "Sẽ kê ghế."}
    assert owner.post(f"{address}/answer", data=again).status_code == 302


def test_notes_stay_inside(world: Flask, owner: FlaskClient, database: SQLAlchemy) -> None:
    code, citizen = report(world, WORDS)
    address = f"/desk/feedback/{only_case(database).id}"
    fields = fields_of(open_page(owner, address), "note") | {"note": "Đã gọi trưởng khoa."}
    for _twice in range(2):
        owner.post(f"{address}/note", data=fields)
    assert owner.get(address).text.count("Đã gọi trưởng khoa.") == 1
    assert "Đã gọi trưởng khoa." in text_of(signed_in(world, "thanh-tra", "auditor").get(address).text)
    assert "trưởng khoa" not in citizen.client.get(f"/p/{code}").text


def test_many_cases_of_one_agency_hide_none_of_another(world: Flask, owner: FlaskClient, database: SQLAlchemy) -> None:
    report(world, "Ghế hỏng ở xã")
    case = only_case(database)
    flood = {column.name: getattr(case, column.name) for column in FeedbackStep.metadata.tables["feedback_cases"].c}
    rows = [flood | {"id": 1000 + n, "response_id": None, "code_digest": f"{n}", "text": f"Lũ {n}"} for n in range(620)]
    database.session.execute(case.__table__.insert(), rows)
    commune = case.agency_id - 1
    own = {"id": 7, "agency_id": commune, "holder_id": commune, "sector": "administration", "code_digest": "x"}
    database.session.execute(case.__table__.insert().values(flood | {"response_id": None} | own))
    database.session.commit()
    commune = signed_in(world, "xa", "agency_manager", agency="ubnd-ea-kao")
    assert "1 phản ánh, đến hạn" in text_of(commune.get("/desk/feedback").text)
    listed = text_of(owner.get("/desk/feedback").text)
    assert "621 phản ánh, đến hạn" in listed
    assert "Trang kế tiếp" in listed
    last = text_of(owner.get("/desk/feedback?page=13").text)
    assert "Lũ 619" in last
    assert "Trang kế tiếp" not in last


def test_who_hands_on_is_offered_the_agencies_they_see_and_the_levels_alone(
    world: Flask, owner: FlaskClient, database: SQLAlchemy
) -> None:
    report(world, f"{WORDS}, UBND xã Ea Kao hứa cấp")
    address = f"/desk/feedback/{only_case(database).id}"
    assert fields_of(open_page(owner, address), "kind")["holder"] == "ubnd-ea-kao"  # named in words, so proposed
    handed(owner, address, "ubnd-ea-kao")
    commune = signed_in(world, "xa", "agency_manager", agency="ubnd-ea-kao")
    page = commune.get(address).text
    assert 'value="ubnd-ea-kao"' in page
    assert 'value="sector:education"' in page
    assert 'value="th-nguyen-hue"' not in page
    foreign = fields_of(open_page(commune, address), "kind") | {"holder": "th-nguyen-hue"}
    assert commune.post(f"{address}/classify", data=foreign).status_code == 422
    assert only_case(database).holder.code == "ubnd-ea-kao"
