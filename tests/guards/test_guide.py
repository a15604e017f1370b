"""The user guide explains every page of the desk, and the "?" of each leads to its paragraph."""

from __future__ import annotations

from collections import Counter

import pytest
from flask import Flask
from markupsafe import Markup

from survey.foundation.pages.guide import PICTURES, _inline, sections
from tests.support.html import parse_html
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database


def test_every_part_of_the_desk_is_explained_by_one_section(app: Flask) -> None:
    of_the_desk = {
        str(rule.endpoint).partition(".")[0] for rule in app.url_map.iter_rules() if str(rule).startswith("/desk")
    }
    explained = Counter(page for section in sections() for page in section.pages)
    assert set(explained) == of_the_desk
    assert {page for page, times in explained.items() if times > 1} == set()


def test_every_picture_is_there_and_says_what_it_shows() -> None:
    pictures = [block.lines for section in sections() for block in section.blocks if block.kind == "picture"]
    assert len(pictures) >= 4
    for words, name in pictures:
        assert len(words) > 20
        assert (PICTURES / str(name)).read_bytes().startswith(b"\x89PNG")


def test_nothing_of_the_guide_becomes_markup_but_its_bold_and_code() -> None:
    assert _inline("**a** & `<b>`") == Markup("<strong>a</strong> &amp; <code>&lt;b&gt;</code>")


@pytest.mark.parametrize(
    ("page", "anchor"),
    [
        ("/desk/agencies", "agencies"),
        ("/desk/new-service", "agencies"),
        ("/desk/account", "staff"),
        ("/desk/reports/", "reports"),
    ],
)
def test_the_question_mark_of_a_page_leads_to_its_paragraph(demonstration: Flask, page: str, anchor: str) -> None:
    client = signed_in(demonstration, "giup-do", "administrator")
    shown = parse_html(client.get(page).text)
    (link,) = (element for element in shown.iter("a") if element.get("class") == "help")
    assert link.get("href") == f"/desk/guide#{anchor}"
    guide = client.get("/desk/guide")
    assert any(element.get("id") == anchor for element in parse_html(guide.text).iter("h2"))
    assert client.get("/desk/guide/guide-overview.png").mimetype == "image/png"
    assert client.get("/desk/guide/form.png").status_code == 404
