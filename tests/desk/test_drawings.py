"""The desk's charts as files: the page's own figures, as SVG and PNG."""

from __future__ import annotations

import io
import re
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from survey.foundation.installation_flags import DEMO, Fact
from survey.foundation.storage.database import writing
from tests.desk.test_overview import open_page
from tests.support.cases import in_one_world
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database

DRAWING = "/desk/dak-lak/health/chart"


@pytest.fixture
def owner(world: Flask) -> FlaskClient:
    return signed_in(world, "so-y-te", "officer", sector="health")


def drawn(client: FlaskClient, query: str) -> str:
    """All text of a drawing."""
    answer = client.get(f"{DRAWING}.svg?{query}")
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "image/svg+xml"
    return " ".join(ElementTree.fromstring(answer.data).itertext())


@in_one_world("by", ["agency", "service", "month", "channel"])
def test_a_drawing_shows_the_figures_of_the_page(owner: FlaskClient, by: str) -> None:
    query = f"subject=health_service&period=2026&by={by}"
    page = open_page(owner, f"/desk/dak-lak/health/explore?{query}").replace("\xa0", " ")
    figures = re.findall(r": ([\d,]+ %) \(khoảng ([\d,]+-[\d,]+ %)", drawn(owner, query).replace("\xa0", " "))
    assert figures
    assert [printed for pair in figures for printed in pair if printed not in page] == []


def test_the_drawing_says_what_it_shows_to_those_who_cannot_see_it(owner: FlaskClient) -> None:
    tree = ElementTree.fromstring(owner.get(f"{DRAWING}.svg?period=2026&by=agency").data)
    title, description = list(tree)[:2]
    assert title.text == "Dịch vụ y tế công: Y tế, tỉnh Đắk Lắk, năm 2026"
    assert "Bệnh viện đa khoa tỉnh" in (description.text or "")


def test_it_says_on_its_face_what_it_shows_and_that_a_demonstration_is_invented(
    owner: FlaskClient, world: Flask
) -> None:
    def words() -> list[str]:
        tree = ElementTree.fromstring(owner.get(f"{DRAWING}.svg?period=2026&by=month").data)
        return ["".join(node.itertext()) for node in tree.iter() if node.tag.endswith("}text")]

    heading = ["Dịch vụ y tế công: Y tế, tỉnh Đắk Lắk, năm 2026", "Chấm: tỷ lệ hài lòng; vạch: khoảng 90 %."]
    assert words()[:2] == heading
    assert not any("minh họa" in word for word in words())
    with world.app_context(), writing() as session:
        session.add(Fact(key=DEMO, value=True))
    assert words()[:3] == [*heading, "Dữ liệu minh họa - không phải số liệu thật"]


def test_the_same_as_png(owner: FlaskClient) -> None:
    answer = owner.get(f"{DRAWING}.png?period=2026&by=agency")
    assert answer.content_type == "image/png"
    assert Image.open(io.BytesIO(answer.data)).width > 1000


def test_the_pages_lead_to_their_drawings(owner: FlaskClient) -> None:
    for page in ("/desk/dak-lak/health?year=2026", "/desk/dak-lak/health/explore?period=2026&by=agency"):
        text = owner.get(page).text
        assert text.count("chart.svg?") == text.count("chart.png?") == 1


@in_one_world("query", ["period=x", "period=2014&by=agency"])
def test_what_cannot_be_drawn_is_refused(owner: FlaskClient, query: str) -> None:
    assert owner.get(f"{DRAWING}.svg?{query}").status_code == 400


def test_a_stranger_finds_nothing(world: Flask) -> None:
    assert signed_in(world, "son-la-1", "officer", "son-la").get(f"{DRAWING}.svg").status_code == 404
