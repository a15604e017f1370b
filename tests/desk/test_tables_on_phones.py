"""On a phone a table of the desk stands row by row, each cell beside its column's name; at a desk it is a table."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, ViewportSize

from tests.journeys.clipping import cut_off
from tests.journeys.test_accessible import NARROW, WIDE, sign_in
from tests.support.applications import LiveServer, serving
from tests.support.browsers import MakeContext

ROLES, RECEIVED = "/desk/setup/roles", "/desk/reports/dak-lak/2026-10/received"
EXPLORED = "/desk/dak-lak/all/explore?subject=procedures&period=2026&by=agency"
TYPED = "/desk/agencies/DL-SNV/caseloads/2026-10"
LOG = "/desk/audit/dak-lak/"
REPLIES = "/results/dak-lak/replies/"  # for everyone
OVERVIEW, CASES = "/desk/dak-lak/all", "/desk/dak-lak/all/cases?year=2026"
DEADLINES, YEARS = "/desk/reports/", "/results/dak-lak"
TABLET: ViewportSize = {"width": 768, "height": 1024}
ROLE = "tbody tr:first-child td"


@pytest.fixture
def server(demonstration: Flask) -> Iterator[LiveServer]:
    with socket.create_server(("127.0.0.1", 0)) as listener, serving(demonstration, listener):
        yield LiveServer(url=f"http://127.0.0.1:{listener.getsockname()[1]}", app=demonstration)


@pytest.fixture
def phone(server: LiveServer, new_context: MakeContext) -> Page:
    page = new_context(viewport=NARROW).new_page()
    sign_in(page, server, "quan-tri")
    return page


def named(page: Page) -> list[str]:
    """The names that stand beside the cells of the first row."""
    names: list[str] = page.eval_on_selector_all(
        ROLE, "cells => cells.map(cell => getComputedStyle(cell, '::before').content.replaceAll('\"', ''))"
    )
    return names


def scrolling(page: Page, tables: str = "table") -> list[str]:
    """Of these tables the ones wider than the box they stand in."""
    wider = "areas => areas.filter(area => area.scrollWidth > area.clientWidth + 1).map(area => area.textContent)"
    too_wide: list[str] = page.eval_on_selector_all(f".table-scroll:has(> {tables})", wider)
    return too_wide


def test_a_cell_stands_beside_the_name_of_its_column(server: LiveServer, phone: Page) -> None:
    phone.goto(server.url + ROLES)
    assert named(phone) == [
        "Quản trị viên",
        "Chủ trì phương pháp",
        "Quản lý cơ quan",
        "Cán bộ xem số liệu",
        "Thanh tra (chỉ đọc)",
    ]
    assert phone.get_by_role("table").get_by_role("rowheader").first.inner_text() == "Xem kết quả"
    phone.set_viewport_size(WIDE)
    assert phone.locator("thead th").nth(1).inner_text() == "Quản trị viên"
    assert phone.locator(ROLE).first.evaluate("cell => getComputedStyle(cell).display") == "table-cell"


def test_a_box_to_type_in_stands_beside_what_it_counts(server: LiveServer, phone: Page) -> None:
    phone.goto(server.url + TYPED)
    assert named(phone)[:3] == ["Đơn vị tính", "Chung, đã giải quyết", "Chung, quá hạn"]


@pytest.mark.parametrize("address", [ROLES, RECEIVED, EXPLORED, TYPED, REPLIES, LOG])
def test_nothing_lies_beyond_the_edge_of_a_phone(server: LiveServer, phone: Page, address: str) -> None:
    phone.goto(server.url + address)
    assert phone.locator(".stacked").count()
    assert cut_off(phone) == []
    assert scrolling(phone, ".stacked") == []


@pytest.mark.parametrize("language", ["vi", "en"])
def test_tables_fit_a_tablet_upright(server: LiveServer, phone: Page, language: str) -> None:
    phone.set_viewport_size(TABLET)
    for address in (OVERVIEW, EXPLORED, CASES, DEADLINES, ROLES, RECEIVED, LOG, REPLIES, YEARS):
        phone.goto(f"{server.url}{address}{'&' if '?' in address else '?'}lang={language}")
        assert phone.locator("table").count(), address
        assert (scrolling(phone), cut_off(phone)) == ([], []), address
