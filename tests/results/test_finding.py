"""From the start page to one's own place: its published results, or a form to rate it."""

from __future__ import annotations

from flask import Flask

from tests.results.test_publishing import page
from tests.support.html import parse_html


def test_a_place_is_found_without_diacritics_with_its_results_and_its_counters(demonstration: Flask) -> None:
    client = demonstration.test_client()
    assert 'action="/results/find"' in page(client, "/")
    hospital = page(client, "/results/find?q=da%20khoa%20tinh")
    assert 'href="/results/dak-lak/agencies/DL-BVDK"' in hospital
    addresses = [element.get("href") or "" for element in parse_html(hospital).iter("a")]
    [form, *_others] = [address for address in addresses if address.startswith("/c/")]
    assert client.get(form).status_code == 200


def test_what_nobody_is_called_is_said_and_nothing_asked_lists_nothing(demonstration: Flask) -> None:
    client = demonstration.test_client()
    assert "Không có tên nào chứa “zzz”" in page(client, "/results/find?q=zzz")
    assert 'class="promise"' not in page(client, "/results/find")
