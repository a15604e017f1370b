"""Whoever sees one agency alone meets sound pages too, in both languages: there counts are 1 and lists are empty."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.guards.crawler import walk
from tests.guards.english import stumbled_over
from tests.guards.test_pages import STAFF_STARTS, assert_faultless
from tests.support.staff import client_of, make_user

AGENCY = "DL-TYT1"  # one counter, two services


@pytest.mark.parametrize("role", ["officer", "agency_manager"])
@pytest.mark.parametrize("language", ["", "?lang=en"])
def test_the_pages_of_one_agency_are_sound_and_read_as_if_written_so(
    demonstration: Flask, role: str, language: str
) -> None:
    client = client_of(demonstration, make_user(demonstration, f"mot-noi-{role}", role, agency=AGENCY))
    seen = list(walk(demonstration, client, [start + language for start in STAFF_STARTS], pages=1))
    assert_faultless(seen)
    pages = [visit for visit in seen if visit.is_page and visit.answer.status_code == 200]
    assert len(pages) > 10
    if language:
        ours = [visit for visit in pages if "lang=en" in visit.address and not visit.address.startswith("/results/")]
        stumbled = {f"{visit.address}: {problem}" for visit in ours for problem in stumbled_over(visit.tree)}
        assert not stumbled, "\n".join(sorted(stumbled))
