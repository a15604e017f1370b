"""What a stranger learns by trying: not even that an object exists."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import AnyConverter, BaseConverter, Rule, UUIDConverter
from werkzeug.routing.converters import NumberConverter

from survey.foundation.access import Of
from survey.foundation.changes.audit_entry import AuditEntry
from survey.foundation.storage.database import db
from tests.accounts.test_signing_in import sign_in
from tests.guards.addresses import path_of
from tests.guards.places import RESPONSIBLE, Place, make_places
from tests.guards.requests import code_for
from tests.guards.test_permissions import rules_of
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database

OBJECTS = {
    "/desk/devices/{}": lambda place: place.device,
    "/desk/signals/{}": lambda place: place.signal,
    "/desk/agencies/{}": lambda place: place.agency,
    "/desk/measures/{}": lambda place: place.measure,
    "/desk/feedback/{}": lambda place: place.case,
}
NOWHERE = {"/desk/devices/{}": uuid.UUID(int=7), "/desk/agencies/{}": "XX-NONE"}

SAME_REQUEST = {"X-Request-ID": "mot-yeu-cau"}  # a page of errors names its request; every other letter is compared
KEPT = ("province", "sector", "period", "month")


@pytest.fixture
def everything(demonstration_on_each: Flask) -> Flask:
    """The demonstration with all its objects, on each kind of database, for forms without their token."""
    demonstration_on_each.config["WTF_CSRF_CHECK_DEFAULT"] = False
    return demonstration_on_each


def test_every_address_of_an_object_answers_as_if_the_object_were_not_there(everything: Flask) -> None:
    """Over the whole map of addresses, read and sent to: somebody else's object and one that never was are one page."""
    places = make_places(everything)
    client = signed_in(everything, "nguoi-la", "agency_manager", agency=RESPONSIBLE)
    told, compared = [], {"GET": 0, "POST": 0}
    before = traces(everything)
    for rule, method, _access in rules_of(everything, Of.OBJECT):
        if not rule.arguments:
            continue
        never = absent(rule, places["own"])
        nothing = client.open(path_of(everything, rule, never), method=method, headers=SAME_REQUEST)
        for whose in ("neighbour", "foreign"):
            there = named(rule, places[whose])
            answer = client.open(path_of(everything, rule, there), method=method, headers=SAME_REQUEST)
            compared[method] += 1
            pages = [plain(nothing.text, never), plain(answer.text, there)]
            if (answer.status_code, nothing.status_code) != (404, 404) or pages[0] != pages[1]:
                told.append(f"{method} {rule.endpoint}, {whose}: {answer.status_code}, never: {nothing.status_code}")
    assert min(compared.values()) > 40, compared
    assert not told, "\n".join(told)
    assert traces(everything) == before, "what is refused changes nothing"


def traces(app: Flask) -> int:
    with app.app_context():
        return db.session.query(AuditEntry).count()


def named(rule: Rule, place: Place) -> dict[str, Any]:
    """The values of an address for an object of a place."""
    values = {name: value for name, value in place.values.items() if name in rule.arguments}
    if "code" in values:
        values["code"] = code_for(str(rule.endpoint), place)
    return values


def absent(rule: Rule, place: Place) -> dict[str, Any]:
    """The same address for an object that never was; province, sector and period stay."""
    return {name: _absent(rule._converters[name], name, value) for name, value in named(rule, place).items()}


def _absent(converter: BaseConverter, name: str, value: Any) -> Any:
    if name in KEPT or isinstance(converter, AnyConverter):
        return value
    if isinstance(converter, UUIDConverter):
        return uuid.UUID(int=7)
    return 999_999 if isinstance(converter, NumberConverter) or isinstance(value, int) else "khong-co"


def plain(page: str, values: dict[str, Any]) -> str:
    """A page without what its own address says."""
    for value in sorted(map(str, values.values()), key=len, reverse=True):  # one code may begin with another
        page = page.replace(value, "")
    return re.sub(r'value="[^"]*"', "", page)


@pytest.mark.parametrize("address", OBJECTS)
def test_an_object_of_somebody_else_looks_like_one_that_is_not_there(demonstration: Flask, address: str) -> None:
    places = make_places(demonstration)
    client = signed_in(demonstration, "nguoi-la", "agency_manager", agency=RESPONSIBLE)
    absent = client.get(address.format(NOWHERE.get(address, 999_999)), headers=SAME_REQUEST)
    assert absent.status_code == 404
    for whose in ("neighbour", "foreign"):
        named = OBJECTS[address](places[whose])
        answer = client.get(address.format(named), headers=SAME_REQUEST)
        assert answer.status_code == 404
        assert without_the_name(answer.text, named) == without_the_name(absent.text, NOWHERE.get(address, 999_999))


def without_the_name(page: str, name: object) -> str:
    return re.sub(r'value="[^"]*"', "", page.replace(str(name), ""))


def test_a_wrong_name_a_wrong_password_and_a_closed_account_look_alike(app: Flask) -> None:
    from tests.support.staff import make_user

    make_user(app, "can-bo", "officer")
    pages = set()
    for name in ("can-bo", "khong-co"):
        for _number in range(8):  # more than a network may try
            answer = sign_in(app.test_client(), name, "sai mật khẩu rồi")
            pages.add((answer.status_code, without_the_name(answer.text, name)))
    assert len(pages) == 1
