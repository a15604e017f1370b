"""The HTML form stands alone, says what the model says and is accessible."""

from __future__ import annotations

import dataclasses
import re
from base64 import b64decode
from collections.abc import Callable
from html import unescape
from typing import TYPE_CHECKING

import pytest
from flask import Flask

from analysis.reports.rendering import html
from tests.reports.pages import squashed, strings_of
from tests.reports.samples import sample_report

pytestmark = pytest.mark.one_database

if TYPE_CHECKING:
    from playwright.sync_api import Page


def rendered(app: Flask) -> str:
    with app.app_context():
        return html.render(sample_report()).decode()


def test_every_string_of_the_model_is_on_the_page(app: Flask) -> None:
    shown = squashed(unescape(re.sub("<[^>]*>", "", rendered(app)))).lower()
    document = sample_report().document
    assert [text for text in strings_of(document, drawn=False) if squashed(text).lower() not in shown] == []


def test_it_loads_nothing_from_elsewhere(app: Flask) -> None:
    page = rendered(app)
    assert not re.search(r'(src|href)="(?!data:|#)', page)
    assert "url(" not in page


def test_charts_need_no_font_of_the_reader(app: Flask) -> None:
    """A picture in a page sees no font but the reader's own; a wider one would run into what stands beside it."""
    drawn = [
        b64decode(data).decode() for data in re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', rendered(app))
    ]
    assert len(drawn) == 2
    assert [chart for chart in drawn if "<text" in chart or "font-family" in chart] == []
    assert all(chart.count("<use") > 50 for chart in drawn)


def test_what_people_wrote_is_escaped(app: Flask) -> None:
    report = sample_report()
    document = dataclasses.replace(report.document, closing="<script>alert(1)</script>")
    with app.app_context():
        assert b"<script>" not in html.render(dataclasses.replace(report, document=document))


def test_it_has_no_accessibility_problem(app: Flask, page: Page, assert_accessible: Callable[[Page], None]) -> None:
    page.set_content(rendered(app))
    assert_accessible(page)
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
