"""An office's proxy keeps what it may keep; the next official behind it asks for the same address."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.accounts.test_signing_in import sign_in
from tests.desk.filled import database_url, frozen_clock, world
from tests.guards.looks import addresses_about
from tests.support.staff import make_user, signed_in

pytestmark = pytest.mark.one_database

__all__ = ["database_url", "frozen_clock", "world"]
AGENCY, MONTH, YEAR = "bv-tinh", "2026-10", "2026"
VALUES = {
    "province": "dak-lak",
    "sector": "health",
    "recipient": AGENCY,
    "ending": "pdf",
    "month": MONTH,
    "code": AGENCY,
    "counter": f"quay-{AGENCY}",
    "image": "png",
}
PRIVATE = ("no-store", "private")
KIOSK = ("/kiosk/", "/kiosk/sw.js", "/kiosk/manifest.webmanifest")


def test_no_private_page_and_no_private_file_may_be_kept_by_a_cache_that_others_share(world: Flask) -> None:
    """Refusals and redirects too: what they say is about whoever asked."""
    client = signed_in(world, "chu-phuong-phap", "method_owner")
    kept, files, pages = [], 0, 0
    for address in addresses_about(world, VALUES, MONTH, YEAR):
        if not address.startswith(("/desk", "/kiosk/api")):
            continue
        answer = client.get(address)
        control = answer.headers.get("Cache-Control", "")
        is_file = "attachment" in answer.headers.get("Content-Disposition", "")
        files += is_file and answer.status_code == 200
        pages += not is_file and answer.status_code == 200
        if not any(word in control for word in PRIVATE) or "public" in control or "s-maxage" in control:
            kept.append(f"{address}: {answer.status_code} {control!r}")
    assert kept == []
    assert files > 5
    assert pages > 30


def test_whoever_signs_in_or_out_is_answered_for_themselves_alone(world: Flask) -> None:
    stranger = world.test_client()
    for address in ("/desk", "/desk/account", "/desk/dak-lak/health", "/desk/sign-in"):
        assert "no-store" in stranger.get(address).headers["Cache-Control"], address


def test_public_pages_that_caches_may_keep_set_no_cookie(world: Flask) -> None:
    make_user(world, "can-bo", "officer")
    client = world.test_client()
    sign_in(client, "can-bo")  # by hand: such a session is renewed with every page
    shared = 0
    for address in {*addresses_about(world, VALUES, MONTH, YEAR), *KIOSK}:
        if not address.startswith("/desk"):
            answer = client.get(address)
            if not any(word in answer.headers.get("Cache-Control", "") for word in PRIVATE):
                shared += 1
                assert "Set-Cookie" not in answer.headers, address
    assert shared
