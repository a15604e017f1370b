"""What a report is, as its words suggest; what each kind leads to, as a clerk decides."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from pydantic import ValidationError
from sqlalchemy import select

from survey.feedback.kinds import KIND_WORDS
from survey.feedback.models import FeedbackCase
from survey.feedback.rules import Rules, proposed_agency, proposed_kind
from survey.foundation.text.vietnamese import fold
from tests.channels.conftest import Visitor
from tests.channels.world import HEALTH
from tests.feedback.test_following import code_in
from tests.registry.pages import fields_of, open_page, text_of
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database

SAID = {
    "Tôi muốn khiếu nại quyết định thu hồi đất": "complaint",
    "Tôi làm đơn TỐ CÁO ông phó phòng": "denunciation",
    "Không có gì khiếu nại, phòng chờ hơi nóng": "service",
    "Cô ở quầy 2 thái độ hách dịch": "conduct",
    "Thái độ nhiệt tình nhưng chờ lâu": "service",
    "Chị ở quầy 1 thái độ tốt nhưng anh ở quầy 2 đòi tiền": "conduct",
    "Thái độ nhiệt tình, riêng bảo vệ quát mắng tôi": "conduct",
    "Lần trước tôi không khiếu nại, lần này tôi khiếu nại": "complaint",
    "Toi to cao ong chu tịch xa nhan tien cua dan": "denunciation",
    "Thai do cua chi o quay 2 rat hach dịch": "conduct",
    "Điều dưỡng gợi ý bồi dưỡng mới tiêm": "conduct",
    "Cán bộ nhận tiền lót tay của dân": "conduct",
    "Nhà trường ép học thêm": "conduct",
    "Lớp bồi dưỡng giáo viên tổ chức tốt": "service",
    "I want to make a complaint": "complaint",
    "No complaint, but the room was hot": "service",
    "The man at desk 2 was rude": "conduct",
    "Thank you very much": "thanks",
    "Đề nghị sửa đổi quy định nộp bản sao công chứng": "regulation",
    "Cảm ơn các cô chú rất nhiều": "thanks",
    "Cảm ơn, nhưng ghế hỏng": "service",
    "Thiếu ghế ngồi": "service",
}


@pytest.mark.parametrize("text", SAID)
def test_the_words_of_a_report_suggest_its_kind_however_they_are_typed(app: Flask, text: str) -> None:
    with app.app_context():
        assert proposed_kind(text) == SAID[text]
        assert proposed_kind(text.upper()) == SAID[text]
        assert proposed_kind(fold(text)) == SAID[text]


def test_words_with_other_marks_suggest_nothing(app: Flask) -> None:
    with app.app_context():
        assert proposed_kind("Nhà to, cao quá, không có chỗ để xe") == "service"


def test_a_kind_more_is_one_line_and_one_that_nobody_knows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = {"version": "1", "kinds": [{"kind": "praise", "words": ["khen"]}], "days": {"praise": 3}}
    with pytest.raises(ValidationError, match="praise is none of service, regulation"):
        Rules.model_validate(rule)
    monkeypatch.setattr("survey.feedback.rules.KIND_WORDS", {**KIND_WORDS, "praise": "Khen"})
    assert Rules.model_validate(rule).kinds[0].kind == "praise"


def test_an_agency_is_suggested_by_its_name_by_service_or_by_a_word_of_the_rules(app: Flask, tmp_path: Path) -> None:
    names = {"ubnd-ea-kao": "UBND xã Ea Kao", "so-xay-dung": "Sở Xây dựng"}
    path = tmp_path / "rules.json"
    rule = {"agency": "so-xay-dung", "words": ["cấp phép xây dựng"], "services": ["xay-dung"]}
    path.write_text(json.dumps({"version": "1", "kinds": [], "agencies": [rule], "days": {"service": 3}}), "utf-8")
    with app.app_context():
        assert proposed_agency("Ủy ban đóng cửa sớm", None, names) is None
        assert proposed_agency("ubnd xã ea kao đóng cửa sớm", None, names) == "ubnd-ea-kao"
        app.extensions["settings"] = replace(app.extensions["settings"], feedback_rules=str(path))
        assert proposed_agency("Cấp phép xây dựng chậm", None, names) == "so-xay-dung"
        assert proposed_agency("Chậm", "xay-dung", names) == "so-xay-dung"
        assert proposed_kind("Tôi khiếu nại") == "service"


def test_marks_tell_words_apart_where_they_are_written(world: Flask) -> None:
    with world.app_context():
        assert proposed_kind("Trụ sở mới to cao và rất đẹp") == "service"


def report(world: Flask, comment: str) -> tuple[str, Visitor]:
    """A citizen asks for a reply at the hospital: the code, and their browser."""
    citizen = Visitor(world.test_client(), HEALTH)
    return code_in(citizen.send(citizen.open(), overall_health="2", comment=comment, reply="1")), citizen


def only_case(database: SQLAlchemy) -> FeedbackCase:
    database.session.rollback()
    return database.session.scalars(select(FeedbackCase)).one()


@pytest.fixture
def owner(world: Flask) -> FlaskClient:
    return signed_in(world, "so-y-te", "method_owner", sector="health")


def test_who_wants_to_complain_sees_the_right_door_at_once_and_the_case_is_closed_as_redirected(
    world: Flask, owner: FlaskClient, database: SQLAlchemy
) -> None:
    code, citizen = report(world, "Tôi muốn khiếu nại bệnh viện")
    door = "Trụ sở Tiếp công dân tỉnh Đắk Lắk"
    page = text_of(citizen.client.get(f"/p/{code}").text)
    assert door in page
    assert "02/2011/QH13" in page
    address = f"/desk/feedback/{only_case(database).id}"
    fields = fields_of(open_page(owner, address), "kind")
    assert fields["kind"] == "complaint"
    owner.post(f"{address}/classify", data=fields)
    case = only_case(database)
    assert (case.state, case.redirected, case.answer) == ("closed", True, None)
    closed = text_of(citizen.client.get(f"/p/{code}").text)
    assert "không giải quyết qua khảo sát" in closed
    assert door in closed
    english = text_of(citizen.client.get(f"/p/{code}?lang=en").text)
    assert "Complaints and denunciations are received elsewhere" in english


def test_a_clerk_decides_otherwise_and_the_door_is_gone(world: Flask, owner: FlaskClient, database: SQLAlchemy) -> None:
    code, citizen = report(world, "Khiếu nại gì đâu, ghế hỏng thôi")
    address = f"/desk/feedback/{only_case(database).id}"
    fields = fields_of(open_page(owner, address), "kind")
    owner.post(f"{address}/classify", data=fields | {"kind": "service"})
    assert (only_case(database).kind, only_case(database).state) == ("service", "assigned")
    assert "Tiếp công dân" not in citizen.client.get(f"/p/{code}").text


def test_what_seems_to_accuse_is_answered_only_after_somebody_decided_that_it_does_not(
    world: Flask, owner: FlaskClient, database: SQLAlchemy
) -> None:
    code, citizen = report(world, "Tôi tố cáo người thu tiền")
    address = f"/desk/feedback/{only_case(database).id}"
    fields = fields_of(open_page(owner, address), "answer") | {"answer": "Không có việc ấy."}
    refused = owner.post(f"{address}/answer", data=fields)
    assert refused.status_code == 422
    assert "Phân loại trước" in refused.text
    assert "Không có việc ấy." in refused.text
    assert "Không có việc ấy." not in citizen.client.get(f"/p/{code}").text
    owner.post(f"{address}/classify", data=fields_of(open_page(owner, address), "kind") | {"kind": "service"})
    fields = fields_of(open_page(owner, address), "answer") | {"answer": "Không có việc ấy."}
    assert owner.post(f"{address}/answer", data=fields).status_code == 302


def test_a_regulation_is_named_and_its_answer_says_what_becomes_of_it(
    world: Flask, owner: FlaskClient, database: SQLAlchemy
) -> None:
    code, citizen = report(world, "Đề nghị sửa đổi quy định nộp bản sao công chứng")
    address = f"/desk/feedback/{only_case(database).id}"
    fields = fields_of(open_page(owner, address), "kind")
    refused = owner.post(f"{address}/classify", data=fields | {"costs": "Mất 50.000 đồng"})
    assert refused.status_code == 422
    assert "Ghi quy định được phản ánh" in refused.text
    assert "Mất 50.000 đồng" in refused.text  # nothing typed is lost
    about = {"regulation": "Thủ tục khai sinh", "costs": "Mất 50.000 đồng", "proposal": "Bỏ bản sao"}
    owner.post(f"{address}/classify", data=fields | about)
    assert only_case(database).due_on.isoformat() == "2026-12-11"  # fifteen working days after Friday 20 November
    fields = fields_of(open_page(owner, address), "answer") | {"answer": "Đã bỏ yêu cầu bản sao."}
    assert owner.post(f"{address}/answer", data=fields).status_code == 422
    assert owner.post(f"{address}/answer", data=fields | {"outcome": "changed"}).status_code == 302
    assert "Sửa đổi, bổ sung hoặc bãi bỏ quy định" in text_of(citizen.client.get(f"/p/{code}").text)
