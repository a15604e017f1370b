"""The audit log's page tells the values of closed lists in words, not as the database keeps them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flask import Flask
from flask.testing import FlaskClient

from tests.guards.test_pages import visitor
from tests.support.html import parse_html

FILETYPES = {"csv", "xlsx"}  # called so in words, too
FILTERED = "subject=health_service&period=2026&by=agency&kind=individual&channel=qr"


def values(client: FlaskClient) -> Iterator[str]:
    """What stands under "before" and "after" on every page of the log."""
    address = "/desk/audit/dak-lak/"
    while address:
        page = parse_html(client.get(address).text)
        for cell in page.iter("td"):
            if cell.get("data-column") in ("Trước", "Sau"):
                yield "".join(cell.itertext()).strip()
        address = next((link.get("href") or "" for link in page.iter("a") if link.get("rel") == "next"), "")


def test_no_code_stands_in_the_log(demonstration: Flask) -> None:
    client = visitor(demonstration, "quan-tri")
    for taken in (f"cells.csv?{FILTERED}", "comments.csv?theme=waiting"):
        assert client.get(f"/desk/dak-lak/all/{taken}").status_code == 200
    codes = {value for value in values(client) if re.fullmatch(r"[a-z_]+", value)} - FILETYPES
    assert not codes
