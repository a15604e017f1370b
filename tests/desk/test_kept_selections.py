"""A selection is kept by a name, looked at again and dropped, each account for itself."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.html import assert_valid_html
from tests.support.staff import signed_in

EXPLORE, KEPT = "/desk/dak-lak/health/explore", "/desk/dak-lak/health/explore/kept"
ASKED = "period=2026-10&by=service&channel=qr&order=-n"


@pytest.fixture(autouse=True)
def forms(world: Flask) -> None:
    world.config["WTF_CSRF_ENABLED"] = False


def kept_by(client: FlaskClient) -> str:
    page = client.get(EXPLORE).text
    assert_valid_html(page)
    return page[page.index('class="kept"') : page.index("kept-name")]


def test_a_selection_kept_by_a_name_is_found_again_by_its_owner_alone(world: Flask) -> None:
    owner, other = (signed_in(world, name, "method_owner", sector="health") for name in ("owner", "other"))
    kept = owner.post(f"{KEPT}?{ASKED}", data={"name": "Mã QR, theo dịch vụ"})
    assert kept.status_code == 302
    page = owner.get(kept.headers["Location"]).text
    assert "Đã giữ “Mã QR, theo dịch vụ”." in page
    assert all(part in kept.headers["Location"] for part in ASKED.split("&"))
    assert f'<a href="{kept.headers["Location"].replace("&", "&amp;")}">Mã QR, theo dịch vụ</a>' in kept_by(owner)
    assert "Mã QR, theo dịch vụ" not in kept_by(other)
    other.post(KEPT, data={"name": "Mã QR, theo dịch vụ", "drop": "1"})
    assert "Mã QR, theo dịch vụ" in kept_by(owner)
    owner.post(KEPT, data={"name": "Mã QR, theo dịch vụ", "drop": "1"})
    assert "Mã QR, theo dịch vụ" not in kept_by(owner)


def test_a_name_given_again_takes_the_new_selection(world: Flask) -> None:
    owner = signed_in(world, "owner", "method_owner", sector="health")
    for period in ("2026-09", "2026-10"):
        owner.post(f"{KEPT}?period={period}", data={"name": "Tháng này"})
    assert kept_by(owner).count("Tháng này</a>") == 1
    assert "period=2026-10" in kept_by(owner)


def test_nothing_is_kept_without_a_name_or_of_what_one_may_not_see(world: Flask) -> None:
    owner = signed_in(world, "owner", "method_owner", sector="health")
    assert "Giữ lựa chọn này để xem lại" in kept_by(owner)
    refused = owner.post(KEPT, data={"name": " "})
    assert "Ô này bắt buộc." in owner.get(refused.headers["Location"]).text
    assert owner.post("/desk/dak-lak/education/explore/kept", data={"name": "x"}).status_code == 404
    assert owner.post(f"{KEPT}?period=0000", data={"name": "x"}).status_code == 400
    assert owner.post(f"{KEPT}?_external=1&_scheme=x&province=y", data={"name": "x"}).status_code == 302
