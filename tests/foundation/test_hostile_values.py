"""Values no row, calendar or page can have end in 404 or 400 in the reader's words, on both databases; never in 500."""

from __future__ import annotations

import ast

import pytest
from flask import Flask
from sqlalchemy import select, text
from werkzeug.routing import IntegerConverter, UnicodeConverter

from survey.foundation.storage.database import db
from survey.questionnaires.codes import RESERVED, check_code
from survey.questionnaires.form import QuestionnaireForm
from survey.responses.models import Response
from tests.channels.conftest import Visitor, token_in, visitor, world
from tests.channels.world import MANY, make_world
from tests.guards.addresses import path_of
from tests.guards.source import modules
from tests.support.cases import in_one_world
from tests.support.staff import signed_in
from tests.support.worlds import stored_world

__all__ = ["visitor", "world"]
database_url = stored_world("counters_of_every_kind", make_world, "world")

PARTS = ["%00", "%01x", "x%7F", "0000", "0000-01", "0000-01..0000-02", "9999-99", "9" * 400, "²", "%EF%BF%BF", "a%2Fb"]
IDS = ["2147483648", "9223372036854775808", "9" * 400, "0", "٣"]
QUERIES = [
    *(f"{name}={value}" for name in ("before", "version", "revision", "year") for value in (*IDS, "-1", "1e9", "x")),
    *(f"period={value}" for value in ("0000", "0000-01", "9999", "1899", "0001-01-01..9999-12-31")),
    *(f"{name}={day}" for name in ("since", "until", "from", "to", "cut_off") for day in ("0001-01-01", "9999-12-31")),
]
PAGES = [
    *("/desk/audit/dak-lak/", "/desk/dak-lak/all/explore", "/desk/dak-lak/all/comments", "/desk/dak-lak/"),
    *("/desk/reports/", "/api/v1/provinces/dak-lak/targets", "/desk/questionnaires/health"),
    "/results/dak-lak/agencies/",
]
CODES = [
    *("answers", "validate", "process", "meta", "definition", "errors", "data", "populate_obj", "validate_comment"),
    *("filter_comment", "constructor"),
]
WRONG = {
    "/desk/dak-lak/all/explore?period=0000": 400,
    "/desk/reports/dak-lak/so-noi-vu/0000-01.pdf": 400,
    "/desk/feedback/9223372036854775808": 404,
    "/desk/measures/2147483648": 404,
    "/desk/agencies/%00": 404,
}
# What a database may be told to do, and what our connections do.
OF_A_DATABASE = {
    "datestyle": ("SQL, DMY", "ISO, YMD"),
    "timezone": ("America/New_York", "UTC"),
    "client_encoding": ("LATIN1", "UTF8"),
    "standard_conforming_strings": ("off", "on"),
    "extra_float_digits": ("-15", "1"),
    "synchronous_commit": ("off", "on"),
}
OF_WTFORMS = {"IntegerField", "DateField", "DecimalField", "FloatField", "StringField"}
STANDING = {"province": "dak-lak", "sector": "all", "period": "2026-10", "key": "health"}


def hostile_paths(app: Flask) -> list[str]:
    """Each address with a part of it, one after the other, as hostile as can be."""
    faults = []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
            continue
        for name, converter in rule._converters.items():
            values = IDS if isinstance(converter, IntegerConverter) else PARTS
            if isinstance(converter, IntegerConverter | UnicodeConverter):
                others = {key: place for key, place in STANDING.items() if key in rule.arguments}
                base = path_of(app, rule, {**others, name: 7777})
                faults += [base.replace("7777", value) for value in values]
    return faults


def test_no_part_of_an_address_breaks_the_program(world: Flask) -> None:
    client = signed_in(world, "quan-tri", "administrator")
    paths = hostile_paths(world)
    assert len(paths) > 300
    statuses = {path: client.get(path).status_code for path in paths}
    assert {path: status for path, status in statuses.items() if status >= 500} == {}


@in_one_world("address", PAGES)
def test_no_parameter_breaks_a_page(world: Flask, address: str) -> None:
    client = signed_in(world, f"u{abs(hash(address))}", "administrator")
    statuses = {query: client.get(f"{address}?{query}").status_code for query in QUERIES}
    assert {query: status for query, status in statuses.items() if status >= 500} == {}


@in_one_world(("address", "status"), WRONG.items())
def test_it_is_said_what_is_wrong(world: Flask, address: str, status: int) -> None:
    client = signed_in(world, f"u{abs(hash(address))}", "administrator")
    assert client.get(address).status_code == status


@in_one_world("query", ["\xff\xfe", "lang=\xe9", "period=\xc3\xb4n&lang=en", "\xff=1", "province=\xed\xa0\x80"])
def test_bytes_that_are_no_text_break_no_page(world: Flask, query: str) -> None:
    client = world.test_client()
    for address in ("/", "/results/", "/login", "/c/DL-SNV-Q1", "/no-such-page", "/static/no-such-file"):
        answer = client.get(address, environ_overrides={"QUERY_STRING": query})
        assert answer.status_code in {200, 302, 404}, address
    posted = client.post("/login", data={"username": "a"}, environ_overrides={"QUERY_STRING": query})
    assert posted.status_code == 400


def test_a_number_of_400_digits_gets_a_clear_message(world: Flask) -> None:
    world.config["WTF_CSRF_ENABLED"] = False
    client = signed_in(world, "quan-tri", "administrator")
    answer = client.post(f"/desk/counters/{MANY}/tickets", data={"count": "9" * 400, "service": ""})
    assert (answer.status_code, "Từ 1 đến 2000 mã mỗi lần." in answer.text) == (422, True)


def test_a_database_with_settings_of_its_own_makes_no_difference(world: Flask) -> None:
    with world.app_context():
        if db.engine.dialect.name != "postgresql":
            pytest.skip("SQLite has no such settings")
        name = db.engine.url.database
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for setting, (its_own, _ours) in OF_A_DATABASE.items():
                connection.execute(text(f"ALTER DATABASE \"{name}\" SET {setting} = '{its_own}'"))
        db.session.remove()
        db.engine.dispose()
        for setting, (_its_own, ours) in OF_A_DATABASE.items():
            assert db.session.scalar(text(f"SELECT current_setting('{setting}')")) == ours
        day, said = db.session.execute(text("SELECT date '2026-11-03'::text, 'Chờ lâu'")).one()
        assert (day, said) == ("2026-11-03", "Chờ lâu")
        db.session.remove()
    client = world.test_client()
    assert client.get("/results/").status_code == 200
    page = client.get(f"/c/{MANY}").text
    sent = client.post(
        f"/c/{MANY}", data={"token": token_in(page), "overall_service": "4", "comment": "Chờ lâu ở quầy"}
    )
    assert sent.status_code in (200, 303)
    with world.app_context():
        assert db.session.scalar(select(Response.comment).where(Response.comment.is_not(None))) == "Chờ lâu ở quầy"


@pytest.mark.parametrize("typed", [MANY.lower(), f"{MANY}.", f"{MANY}/", f"{MANY.lower()}./", f"{MANY}/?sector=health"])
def test_a_printed_address_leads_to_its_counter_however_it_is_typed(world: Flask, typed: str) -> None:
    client = world.test_client()
    answer = client.get(f"/c/{typed}", follow_redirects=True)
    assert answer.status_code == 200
    sent = client.post(f"/c/{typed.split('/')[0]}", data={"token": token_in(answer.text), "overall_service": "4"})
    assert sent.status_code in (200, 303)


def test_two_different_choices_for_one_question_are_asked_back(visitor: Visitor) -> None:
    for name, values in (("overall_service", ["4", "1"]), ("respondent_kind", ["individual", "organisation"])):
        given = {"overall_procedures": "5", name: values}
        page = visitor.send(visitor.open(), **given)
        assert page.status_code == 422, name
        assert "Mục này có nhiều lựa chọn khác nhau: vui lòng chọn một." in page.text
    same = visitor.send(visitor.open(), overall_service=["4", "4"], comment=["Tốt.", "Nhanh."])
    assert same.status_code == 200


@in_one_world("code", CODES)
def test_a_code_that_means_something_to_the_program_is_refused(app: Flask, code: str) -> None:
    with app.test_request_context(), pytest.raises(ValueError, match="đã dùng cho mục khác"):
        check_code(code)


def test_every_attribute_of_the_form_is_reserved() -> None:
    assert {name for name in dir(QuestionnaireForm()) if not name.startswith(("validate_", "filter_", "_"))} <= RESERVED


def test_numbers_and_days_are_read_in_one_place() -> None:
    """WTForms' own fields take numbers of any size, and `type=int` passes them on."""
    faults = []
    for module in modules():
        if module.name == "survey.foundation.pages.form_fields":
            continue
        for node in module.nodes:
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("wtforms"):
                faults += [f"{module.place}: {name.name}" for name in node.names if name.name in OF_WTFORMS]
            elif isinstance(node, ast.keyword) and node.arg == "type" and ast.unparse(node.value) == "int":
                faults.append(f"{module.place}:{node.value.lineno}")
    assert [fault for fault in faults if "cli" not in fault and "command" not in fault] == []
