"""Small inputs that once broke something, each with what is right now: `tests/data/faults.md`, on both databases."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.channels.tickets.service import make_tickets
from survey.feedback.codes import code_of
from survey.foundation.clock import now
from survey.foundation.configuration.settings import ROOT, SettingError, Settings
from survey.foundation.storage.database import db, writing
from survey.questionnaires.codes import check_code
from survey.registry.files.problems import ImportRefused
from survey.registry.files.service import import_file
from survey.registry.models import Agency, Counter, Service
from tests.channels.conftest import Visitor, token_in, visitor, world
from tests.channels.world import MANY, make_world
from tests.registry_files.files import workbook
from tests.support.cases import in_one_world
from tests.support.staff import signed_in
from tests.support.worlds import stored_world

__all__ = ["visitor", "world"]
database_url = stored_world("counters_of_every_kind", make_world, "world")

TABLE = ROOT / "tests" / "data" / "faults.md"
FORM = f"/c/{MANY}"
BIG, BIGGER = "2147483648", "9223372036854775808"
# address -> its status for an administrator
ADDRESSES: dict[str, int] = {
    f"{FORM}?endpoint=x": 200,
    f"{FORM}?_method=POST&_anchor=a&_scheme=x": 200,
    f"{FORM}?fbclid=ONE-VISITOR&zarsrc=30&_external=1": 200,
    "/results/?endpoint=x&_method=POST&_scheme=x": 200,
    "/desk/agencies?endpoint=x&_method=POST&_anchor=a": 200,
    **{
        f"/desk/{blueprint}/{number}": 404
        for blueprint in ("feedback", "measures", "targets", "signals")
        for number in (BIG, BIGGER)
    },
    **{f"/desk/reports/archive/{number}.pdf": 404 for number in (BIG, BIGGER)},
    "/desk/dak-lak/all/explore?period=0000": 400,
    "/desk/reports/dak-lak/so-noi-vu/0000-01.pdf": 400,
    "/api/v1/provinces/%00/targets": 404,
    "/desk/agencies/%00": 404,
    "/desk/services/%00/edit": 404,
    "/results/%00/2026-09": 404,
    f"/desk/counters/{BIG}{BIGGER * 20}": 404,
}
PUBLIC_URLS = {
    "https://tinh.example/hailong": None,
    "HTTPS://TINH.EXAMPLE": "https://tinh.example",
    "https://a:b@tinh.example": None,
    "https://tinh.example ": "https://tinh.example",
}
RESERVED = ["answers", "validate", "process", "meta", "definition", "errors", "data"]
TYPED = [
    *("{}/", "{}.", "{}./", "{},", "{} ", "{}\u200b", "{}/?x=1"),
    *("{})", "{}%0A", "{}%22", "{}\u201d.", "{}\u2026", "{}!", "{}%3F", "{}>", "{}]/"),  # of letters and chats
]
DASHES = ["\u2011", "\u2013", "\u2014", "\u2212", "\uff0d"]  # what Word and keyboards make of a hyphen
CASELOADS = {  # how the month or the file is written
    "a month by Excel": "agency,service,month,count\nubnd-ea-kao,khai-sinh,Oct-26,5\n",
    "a month by Vietnamese Excel": "agency,service,month,count\nubnd-ea-kao,khai-sinh,Thg10-26,5\n",
    "sep= first": "sep=;\nagency;service;month;count\nubnd-ea-kao;khai-sinh;2026-10;5\n",
    "commas too many": "agency,service,month,count,,,\nubnd-ea-kao,khai-sinh,2026-10,5,,,\n",
}


@pytest.fixture
def client(world: Flask) -> FlaskClient:
    return signed_in(world, "quan-tri", "administrator")


def test_every_address_of_the_table(client: FlaskClient, subtests: pytest.Subtests) -> None:
    for address, status in ADDRESSES.items():
        with subtests.test(address):
            assert client.get(address).status_code == status


def test_nothing_of_a_request_stands_in_what_the_next_visitor_gets(world: Flask) -> None:
    client = world.test_client()
    client.get(f"{FORM}?_external=1&fbclid=ONE-VISITOR", headers={"Host": "evil.example"})
    refused = client.get(FORM, headers={"Host": "evil.example"})
    page = client.get(FORM).text
    assert (refused.status_code, "evil.example" in page, "ONE-VISITOR" in page) == (421, False, False)


@pytest.mark.parametrize("given", PUBLIC_URLS)
def test_a_public_address_is_made_right_or_refused(given: str) -> None:
    environment = {"SECRET_KEY": "x" * 16, "PUBLIC_URL": given, "DATABASE_URL": "sqlite:////tmp/never.sqlite"}
    if (kept := PUBLIC_URLS[given]) is not None:
        assert Settings.from_environment(environment).public_url == kept
        return
    with pytest.raises(SettingError, match="PUBLIC_URL"):
        Settings.from_environment(environment)


@in_one_world("code", RESERVED)
def test_a_code_of_the_programs_own_is_refused_in_the_draft(app: Flask, code: str) -> None:
    with app.test_request_context(), pytest.raises(ValueError, match="đã dùng cho mục khác"):
        check_code(code)


CELLS = {  # a number and its format: the code it stands for, or None where nobody can tell
    (1.00122, "0.000000"): None,
    (12, "General"): None,
    (12, "0000"): "0012",
}


def with_format(number: float, number_format: str) -> bytes:
    """A list of services whose national code Excel took for a number."""
    book = openpyxl.load_workbook(
        io.BytesIO(workbook([["code", "name", "sector", "national_code"], ["S1", "Khám", "health", number]]))
    )
    book.active["D2"].number_format = number_format
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@in_one_world(("cell", "kept"), CELLS.items())
def test_a_code_that_became_a_number_is_refused_or_whole(
    world: Flask, cell: tuple[float, str], kept: str | None
) -> None:
    number, number_format = cell
    content = with_format(number, number_format)
    with world.test_request_context():
        if kept is None:
            with pytest.raises(ImportRefused):
                import_file("services", "services.xlsx", content)
            return
        import_file("services", "services.xlsx", content)
        assert db.session.query(Service.national_code).filter_by(code="S1").scalar() == kept
        db.session.remove()


@in_one_world("name", list(CASELOADS))
def test_what_offices_write_is_taken(world: Flask, name: str) -> None:
    with world.test_request_context():
        outcome = import_file("caseloads", "tep.csv", CASELOADS[name].encode())
        assert (outcome.new + outcome.changed + outcome.unchanged) == 1
        db.session.remove()


def test_a_number_of_400_digits_gets_a_clear_message(world: Flask, client: FlaskClient) -> None:
    world.config["WTF_CSRF_ENABLED"] = False
    answer = client.post(f"/desk/counters/{MANY}/tickets", data={"count": "9" * 400, "service": ""})
    assert (answer.status_code, "Từ 1 đến 2000 mã mỗi lần." in answer.text) == (422, True)


def test_two_answers_to_one_question_are_asked_back(visitor: Visitor) -> None:
    assert visitor.send(visitor.open(), overall_service=["4", "1"]).status_code == 422


def printed(world: Flask, visitor: Visitor) -> dict[str, str]:
    """A counter, a ticket and a case, each under the address printed for it."""
    sent = visitor.send(visitor.open(), overall_service="1", comment="Chờ lâu quá.", reply="1")
    assert sent.status_code == 200
    with world.app_context():
        from survey.responses.models import Response

        case = code_of(db.session.query(Response).one().id)
        counter = db.session.query(Counter).filter_by(code=MANY).one()
        place = (counter.id, MANY, counter.agency.province_id)
        db.session.rollback()
        (ticket,) = make_tickets(*place, "", 1, now().replace(year=now().year + 1))
    return {"c": MANY, "t": ticket, "p": case}


def test_a_printed_address_works_in_any_case_with_whatever_stands_behind_it(
    world: Flask, visitor: Visitor, subtests: pytest.Subtests
) -> None:
    client = world.test_client()
    for kind, code in printed(world, visitor).items():
        for spelling in (code, code.lower()):
            dashed = [code.replace("-", dash) for dash in DASHES if "-" in code]
            for typed in [*(way.format(spelling) for way in TYPED), *dashed]:
                address = f"/{kind}/{typed}"
                with subtests.test(address):
                    assert client.get(address, follow_redirects=True).status_code == 200
    assert token_in(client.get(f"{FORM.lower()}./", follow_redirects=True).text)
    assert token_in(client.get(FORM.upper(), follow_redirects=True).text)


def test_the_words_stand_on_the_page_while_the_database_is_away(world: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    from sqlalchemy.exc import OperationalError

    def fail(*_given: Any, **_named: Any) -> None:
        raise OperationalError("SELECT 1", {}, Exception("server closed the connection"))

    client = world.test_client()
    token = token_in(client.get(FORM).text)
    with monkeypatch.context() as patched:
        patched.setattr("survey.channels.web.routes.under_register", fail)
        answer = client.post(FORM, data={"token": token, "overall_service": "4", "comment": "Chờ rất lâu"})
    assert (answer.status_code, "Chờ rất lâu" in answer.text, answer.headers["Retry-After"]) == (503, True, "10")
    assert client.post(FORM, data={"token": token, "overall_service": "4"}).status_code == 200


def test_what_a_stopped_disk_leaves_is_not_ready(world: Flask) -> None:
    client = world.test_client()
    assert client.get("/readyz").status_code == 200
    with world.app_context():
        if db.engine.dialect.name == "postgresql":
            name = db.engine.url.database
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
            db.session.remove()
            db.engine.dispose()
        else:
            with writing() as session:
                session.connection().exec_driver_sql("PRAGMA max_page_count = 1")
            db.session.remove()
            db.engine.dispose()
            from sqlalchemy import event

            event.listen(db.engine, "connect", lambda raw, _record: raw.execute("PRAGMA query_only = ON"))
    assert client.get("/readyz").status_code == 503


NAMES = ["Y học", "Quầy 10", "Đa khoa", "Quầy 2", "Da liễu", "Ăn uống"]
IN_ORDER = ["Ăn uống", "Da liễu", "Đa khoa", "Quầy 2", "Quầy 10", "Y học"]
LISTS = ["/desk/agencies", "/desk/services", "/desk/counters", "/desk/devices/pair", "/desk/explore", "/desk/feedback"]


def test_lists_at_the_desk_stand_in_vietnamese_order(
    world: Flask, client: FlaskClient, subtests: pytest.Subtests
) -> None:
    with world.app_context(), writing() as session:
        province = session.query(Agency).filter_by(code="ubnd-ea-kao").one().province_id
        for number, name in enumerate(NAMES):
            agency = Agency(code=f"x{number}", name=name, province_id=province, kind="administrative", level="commune")
            session.add(agency)
            services = [Service(code=f"y{number}", name=name, sector="administration")]
            session.add(Counter(code=f"Z-{number}", name=name, agency=agency, services=services))
            own = session.query(Agency).filter_by(code="ubnd-ea-kao").one()
            session.add(Counter(code=f"W-{number}", name=name, agency=own, services=[]))
    shown = 0
    for address in LISTS:
        with subtests.test(address):
            page = client.get(address, follow_redirects=True).text
            order = [name for name in re.findall(r">\s*([^<>]+?)\s*(?=<)", page) if name in NAMES]
            once = list(dict.fromkeys(order))
            shown += len(once)
            assert once == [name for name in IN_ORDER if name in once]
    assert shown > 3 * len(NAMES)


def test_every_row_of_the_table_is_held_by_a_test() -> None:
    items = re.split(r"^- ", TABLE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    rows = [(item.splitlines()[0], item.partition("  - test: ")[2]) for item in items if "\n  - right: " in item]
    assert len(rows) == 20
    for row, tests in rows:
        assert tests, row
        for named in re.findall("`(.+?)`", tests):
            file, _colons, name = named.rpartition("::")
            path = ROOT / file if file else Path(__file__)
            assert re.search(rf"^def {name}\(", path.read_text(encoding="utf-8"), re.MULTILINE), (row, named)
