"""What a stranger learns by trying: not even that an object exists."""

from __future__ import annotations

import re
import uuid

import pytest
from flask import Flask

from tests.accounts.test_signing_in import sign_in
from tests.guards.places import RESPONSIBLE, make_places
from tests.support.staff import signed_in

OBJECTS = {
    "/desk/devices/{}": lambda place: place.device,
    "/desk/signals/{}": lambda place: place.signal,
    "/desk/agencies/{}": lambda place: place.agency,
    "/desk/measures/{}": lambda place: place.measure,
    "/desk/feedback/{}": lambda place: place.case,
}
NOWHERE = {"/desk/devices/{}": uuid.UUID(int=7), "/desk/agencies/{}": "XX-NONE"}


@pytest.mark.parametrize("address", OBJECTS)
def test_an_object_of_somebody_else_looks_like_one_that_is_not_there(demonstration: Flask, address: str) -> None:
    places = make_places(demonstration)
    client = signed_in(demonstration, "nguoi-la", "agency_manager", agency=RESPONSIBLE)
    absent = client.get(address.format(NOWHERE.get(address, 999_999)))
    assert absent.status_code == 404
    for whose in ("neighbour", "foreign"):
        named = OBJECTS[address](places[whose])
        answer = client.get(address.format(named))
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
