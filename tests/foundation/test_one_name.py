"""Whatever form a device sends it in, a name is stored as one, found as one, and signs in as one."""

from __future__ import annotations

import contextvars
import random
import re
import unicodedata

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from sqlalchemy import select

from survey.accounts.authentication import set_password
from survey.accounts.models import User
from survey.accounts.passwords import _hasher
from survey.feedback.codes import normal as follow_code
from survey.foundation.storage.database import db, writing
from survey.foundation.text.text_sanitising import AS_TYPED
from survey.registry.files.problems import ImportRefused
from survey.registry.files.service import import_file
from survey.registry.models import Service
from survey.responses.models import Response
from tests.channels.conftest import Visitor, token_in, visitor, world
from tests.channels.world import MANY, make_world
from tests.guards.source import modules
from tests.registry.pages import fields_of, open_page
from tests.support.cases import in_one_world
from tests.support.device_text import FORMS, sent
from tests.support.staff import client_of, make_user
from tests.support.worlds import stored_world

__all__ = ["visitor", "world"]
database_url = stored_world("counters_of_every_kind", make_world, "world")

PASSWORD = "Đường về nhà rất xa, 12 km"
DECOMPOSED = unicodedata.normalize("NFD", PASSWORD)
DAMAGED = {"Së Néi vô": "TCVN3 (ABC)", "Nguy?n V?n A": "dấu “?”", "Sôû Noäi vuï": "VNI"}


def names_of_service(app: Flask) -> list[str]:
    def read() -> list[str]:
        with app.app_context():
            return list(db.session.scalars(select(Service.name).where(Service.code == "S1")))

    return contextvars.Context().run(read)


def test_a_name_is_stored_and_found_as_one(world: Flask) -> None:
    client = client_of(world, make_user(world, "quan-tri", "administrator"))

    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(sent())
    def stored_and_found(forms: tuple[str, str, str]) -> None:
        name, given_name, searched = forms
        with world.test_request_context():
            import_file("services", "tep.csv", f'code,name,sector\nS1,"{given_name}",health\n'.encode())
        assert names_of_service(world) == [name]
        page = client.get("/desk/services", query_string={"q": searched, "sector": "health"})
        assert page.status_code == 200
        assert "S1" in page.text

    stored_and_found()


def test_a_comment_is_kept_as_one_text(visitor: Visitor, world: Flask) -> None:
    chance = random.Random(1)
    said = "Cán bộ rất nhiệt tình, phòng chờ sạch đẹp"
    for way in FORMS:
        assert visitor.send(visitor.open(), overall_service="4", comment=FORMS[way](said, chance)).status_code == 200
    with world.app_context():
        assert set(db.session.scalars(select(Response.comment))) == {said}


def sign_in(app: Flask, username: str, password: str) -> int:
    client = app.test_client()
    (token,) = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/login").text)
    return client.post("/login", data={"csrf_token": token, "username": username, "password": password}).status_code


@pytest.mark.parametrize("chosen", [PASSWORD, DECOMPOSED], ids=["chosen composed", "chosen decomposed"])
def test_user_names_and_passwords_sign_in_alike_from_every_keyboard(app: Flask, chosen: str) -> None:
    user_id = make_user(app, "trần thị ánh", "officer")
    with app.app_context(), writing() as session:
        set_password(session, session.get_one(User, user_id), chosen, first=False)
    for name in ("trần thị ánh", unicodedata.normalize("NFD", "Trần Thị Ánh"), "trần\u00a0thị\u200b ánh"):
        assert sign_in(app, name, PASSWORD) == sign_in(app, name, DECOMPOSED) == 302
    assert sign_in(app, "trần thị ánh", PASSWORD.replace("Đ", "D")) == 401


@pytest.mark.parametrize("kept", [PASSWORD, DECOMPOSED, f"{PASSWORD}\u00a0ｋｍ"])
def test_passwords_hashed_before_still_fit(app: Flask, kept: str) -> None:
    user_id = make_user(app, "can-bo", "officer")
    with app.app_context(), writing() as session:
        session.get_one(User, user_id).password_hash = _hasher.hash(kept)
    assert sign_in(app, "can-bo", kept) == 302


def test_a_password_field_comes_as_typed() -> None:
    fields = [
        name
        for module in modules()
        for name in re.findall(r"^    (\w+) = PasswordField\(", module.path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert fields
    assert {*fields} <= AS_TYPED


def test_damaged_names_are_refused_at_the_desk_and_in_files(world: Flask) -> None:
    client = client_of(world, make_user(world, "quan-tri", "administrator"))
    page = "/desk/new-service?province=dak-lak"
    for name, said in DAMAGED.items():
        with world.test_request_context(), pytest.raises(ImportRefused, match="1"):
            import_file("services", "tep.csv", f"code,name,sector\nS9,{name},health\n".encode())
        fields = fields_of(open_page(client, page), "name") | {"code": "S9", "name": name, "sector": "health"}
        answer = client.post(page, data=fields)
        assert (answer.status_code, said in answer.text, name in answer.text) == (422, True, True), answer.text


def test_codes_are_read_whatever_stands_around_or_inside_them(world: Flask) -> None:
    assert follow_code("ABCD\u2011EFGH\u200b-JKMN\u00a0PQRS.") in ("ABCDEFGHJKMNPQRS", "")
    assert follow_code("ａｂｃｄ-EFGH\u200b-JKMN\u00a0PQRS.") == "ABCDEFGHJKMNPQRS"
    page = world.test_client().get(f"/c/{MANY}\u200b", follow_redirects=True)
    assert token_in(page.text)


TELEX = {  # what a Vietnamese keyboard shows, and the keys of the code that was typed
    "Đ23-Â56-Ê78-9BCD": "DD23AA56EE789BCD",
    "đ23-â56-ê78-9bcd": "DD23AA56EE789BCD",
    "Ư234-5678-9BCD-EFGH": "W23456789BCDEFGH",
    "Ư23-5678-9BCD-EFGH": "UW2356789BCDEFGH",
    "Á23-Ỹ67-Ẻ9-ÙĂH": "AS23YX67ER9UFAWH",
    "Ậ2-5678-9BCD-EFGH": "AAJ256789BCDEFGH",
}


@in_one_world("shown", list(TELEX))
def test_a_code_typed_through_a_vietnamese_keyboard_is_the_code(world: Flask, shown: str) -> None:
    assert follow_code(shown) == follow_code(unicodedata.normalize("NFD", shown)) == TELEX[shown]
    led = world.test_client().get("/p/", query_string={"code": shown})
    assert led.headers["Location"] == f"/p/{TELEX[shown]}"


def test_a_letter_no_keyboard_makes_of_a_code_is_no_code(world: Flask) -> None:
    assert [follow_code(f"{letter}234-5678-9BCD-EFG") for letter in ("Ô", "Ơ", "Ö", "Ж")] == [""] * 4
