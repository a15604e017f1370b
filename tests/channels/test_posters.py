"""Posters and QR codes for the counters a member of staff may see."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from urllib.parse import unquote

import pytest
import qrcode
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from tests.channels.world import CLOSED, HEALTH, MANY, NOT_READY, TWO_SECTORS
from tests.support.cases import in_one_world
from tests.support.html import assert_valid_html
from tests.support.printed_codes import codes_drawn_on, codes_in, codes_on
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database

FILES = ("poster", "qr.svg", "qr.png")


def modules_of(picture: Image.Image) -> list[list[bool]]:
    """The dark modules of a QR code's picture, without its quiet zone."""
    grey = picture.convert("L")
    left, top, right, _bottom = grey.point(lambda value: 255 - value).getbbox()
    size = next(x for x in range(left, right) if grey.getpixel((x, top)) > 128) - left  # a finder is 7 modules wide
    step = size / 7
    count = round((right - left) / step)
    return [
        [grey.getpixel((left + int((x + 0.5) * step), top + int((y + 0.5) * step))) < 128 for x in range(count)]
        for y in range(count)
    ]


def expected_modules(address: str) -> list[list[bool]]:
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_Q, border=0)
    code.add_data(address)
    return [[bool(dark) for dark in row] for row in code.get_matrix()]


def test_the_png_holds_the_counters_public_address(world: Flask) -> None:
    answer = signed_in(world, "so-y-te", "method_owner", sector="health").get(f"/desk/counters/{HEALTH}/qr.png")
    assert answer.mimetype == "image/png"
    public_url = world.extensions["settings"].public_url
    picture = Image.open(io.BytesIO(answer.data))
    assert modules_of(picture) == expected_modules(f"{public_url}/c/{HEALTH}")
    assert codes_on(picture) == [f"{public_url}/c/{HEALTH}"]
    assert picture.width >= 600


def test_the_svg_is_a_picture_of_its_own(world: Flask) -> None:
    answer = signed_in(world, "so-y-te", "method_owner", sector="health").get(f"/desk/counters/{HEALTH}/qr.svg")
    assert answer.mimetype == "image/svg+xml"
    assert ET.fromstring(answer.data).tag == "{http://www.w3.org/2000/svg}svg"
    assert codes_drawn_on(answer.text) == [f"{world.extensions['settings'].public_url}/c/{HEALTH}"]


def test_the_poster_is_a_pdf_whose_code_leads_to_the_counter(world: Flask) -> None:
    answer = signed_in(world, "so-noi-vu", "officer").get(f"/desk/counters/{MANY}/poster")
    assert answer.mimetype == "application/pdf"
    assert codes_in(answer.data) == [[f"{world.extensions['settings'].public_url}/c/{MANY}"]]


@in_one_world("file", FILES)
def test_strangers_are_asked_to_sign_in(world: Flask, file: str) -> None:
    answer = world.test_client().get(f"/desk/counters/{MANY}/{file}")
    assert answer.status_code == 302
    assert unquote(answer.headers["Location"]) == f"/login?next=/desk/counters/{MANY}/{file}"


def test_a_counter_outside_ones_scope_does_not_exist(world: Flask) -> None:
    client = signed_in(world, "so-y-te", "method_owner", sector="health")
    addresses = [f"/desk/counters/{code}/{file}" for code in (MANY, NOT_READY, "khong-co", "%00") for file in FILES]
    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 404)


def test_the_list_shows_the_counters_of_ones_scope(world: Flask) -> None:
    health = signed_in(world, "so-y-te", "method_owner", sector="health").get("/desk/counters")
    assert_valid_html(health.text, health.headers["Content-Security-Policy"])
    assert {code for code in (MANY, HEALTH, TWO_SECTORS, NOT_READY) if f"/c/{code}" in health.text} == {
        HEALTH,
        TWO_SECTORS,
    }
    whole = signed_in(world, "so-noi-vu", "officer").get("/desk/counters").text
    assert all(f"/c/{code}" in whole for code in (MANY, HEALTH, CLOSED, NOT_READY))
    agency = signed_in(world, "xa", "agency_manager", agency="ubnd-ea-kao").get("/desk/counters").text
    assert {code for code in (MANY, HEALTH, CLOSED) if f"/c/{code}" in agency} == {MANY, CLOSED}
    elsewhere = signed_in(world, "son-la", "officer", province="son-la").get("/desk/counters").text
    assert "Chưa có quầy nào trong phạm vi" in elsewhere


@pytest.fixture
def officer(world: Flask) -> FlaskClient:
    return signed_in(world, "so-noi-vu", "officer")


@in_one_world("text", ["BỆNH VIỆN", "benh vien da khoa", "bv-1", "Khoa Khám"])
def test_the_list_is_narrowed_by_name_or_code(officer: FlaskClient, text: str) -> None:
    page = officer.get("/desk/counters", query_string={"q": text}).text
    assert f"/c/{HEALTH}" in page
    assert f"/c/{MANY}" not in page


@in_one_world("text", ["100%", "_", "<b>"])
def test_a_search_for_signs_finds_nothing_and_says_so(officer: FlaskClient, text: str) -> None:
    answer = officer.get("/desk/counters", query_string={"q": text})
    assert "Không có quầy nào khớp" in answer.text
    assert "<b>" not in answer.text


def test_a_closed_counter_is_marked_in_the_list(world: Flask) -> None:
    page = signed_in(world, "so-noi-vu", "officer").get("/desk/counters?q=EAKAO-9").text
    assert "Không nhận đánh giá" in page
