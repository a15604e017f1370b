"""The desk's menu: groups first, then the pages of the group one is in; only what the reader may open."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database

ROW = re.compile(r'<nav class="menu[^"]*" aria-label="([^"]+)"><ul class="wrap">(.*?)</ul></nav>', re.S)
LINK = re.compile(r'<a href="([^"]+)"( aria-current="\w+")?>([^<]+)</a>')


def rows(text: str) -> dict[str, list[tuple[str, str, str]]]:
    """Each row's links: label, address, what it says of being current."""
    return {
        label: [(words.strip(), address, current.strip()) for address, current, words in LINK.findall(links)]
        for label, links in ROW.findall(text)
    }


def test_a_page_shows_its_group_and_the_pages_beside_it(world: Flask) -> None:
    client = signed_in(world, "quan-tri-menu", "administrator")
    entries = rows(client.get("/desk/targets").text)
    assert [words for words, _url, _current in entries["Mục chính"]] == [
        "Kết quả",
        "Ý kiến, phản ánh",
        "Báo cáo, công bố",
        "Thu thập",
        "Quản trị",
    ]
    assert [words for words, _url, current in entries["Mục chính"] if current] == ["Quản trị"]
    assert [(words, current) for words, _url, current in entries["Quản trị"] if current] == [
        ("Các chỉ tiêu", 'aria-current="page"')
    ]
    assert all(client.get(url, follow_redirects=True).status_code == 200 for _w, url, _c in entries["Quản trị"])


def test_a_group_without_a_page_one_may_open_is_not_there(world: Flask) -> None:
    client = signed_in(world, "can-bo-menu", "officer", sector="health")
    entries = rows(client.get("/desk/targets").text)
    labels = [words for label in entries for words, _url, _current in entries[label]]
    assert "Nhật ký" not in labels
    assert "Tài khoản" not in labels
