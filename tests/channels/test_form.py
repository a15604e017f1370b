"""The page behind a printed QR code."""

from __future__ import annotations

import gzip
import itertools
from xml.etree.ElementTree import Element

import pytest
from flask import Flask

from tests.channels.conftest import Visitor
from tests.channels.world import HEALTH, MANY, SCHOOL, TWO_SECTORS
from tests.support.cases import in_one_world
from tests.support.html import assert_valid_html

pytestmark = pytest.mark.one_database

KINDS = {"administration": MANY, "health": HEALTH, "education": SCHOOL}


def open_page(app: Flask, address: str) -> Element:
    answer = app.test_client().get(address)
    assert answer.status_code == 200, answer.text
    return assert_valid_html(answer.text, answer.headers["Content-Security-Policy"])


def names(page: Element) -> set[str]:
    return {control.get("name", "") for control in page.iter() if control.tag in ("input", "select", "textarea")}


@in_one_world(
    ("counter", "overall"),
    [
        (MANY, ["overall_service", "overall_procedures"]),
        (HEALTH, ["overall_health"]),
        (SCHOOL, ["overall_education"]),
    ],
)
def test_each_sector_asks_its_own_overall_questions_first(world: Flask, counter: str, overall: list[str]) -> None:
    page = open_page(world, f"/c/{counter}")
    rows = [fieldset.get("id") for fieldset in page.iter("fieldset") if "rating" in (fieldset.get("class") or "")]
    assert rows[: len(overall)] == overall
    values = [
        box.get("value") for box in page.iter("input") if box.get("type") == "radio" and box.get("name") == overall[0]
    ]
    assert values == ["1", "2", "3", "4", "5", "0"]


def test_fields_carry_the_names_of_the_contract(world: Flask) -> None:
    page = open_page(world, f"/c/{MANY}")
    assert {"overall_service", "overall_procedures", "respondent_kind", "service", "comment", "token"} <= names(page)


def test_the_respondent_kind_is_asked_in_administration_only(world: Flask) -> None:
    assert "respondent_kind" not in names(open_page(world, f"/c/{HEALTH}"))


def test_a_counter_with_one_service_does_not_ask_which(world: Flask) -> None:
    assert "service" not in names(open_page(world, f"/c/{HEALTH}"))


def test_optional_questions_are_folded_away(world: Flask) -> None:
    page = open_page(world, f"/c/{MANY}")
    folded = next(page.iter("details"))
    assert folded.get("open") is None
    assert {box.get("name") for box in folded.iter("input")} >= {"access_seats", "officials_polite"}


@in_one_world(("counter", "language"), itertools.product(KINDS.values(), ("vi", "en")))
def test_the_whole_page_weighs_at_most_20_kilobytes_compressed(world: Flask, counter: str, language: str) -> None:
    answer = world.test_client().get(f"/c/{counter}?lang={language}")
    assert len(gzip.compress(answer.data)) <= 20_000
    assert "<script" not in answer.text
    assert 'rel="stylesheet"' not in answer.text


@in_one_world(
    ("address", "kept"),
    [("/", "no-store"), (f"/c/{MANY}", "private, no-cache"), ("/c/x", "no-store"), (f"/c/{MANY}/thanks", "no-store")],
)
def test_public_pages_set_no_cookie_and_no_cache_answers_for_us(world: Flask, address: str, kept: str) -> None:
    answer = world.test_client().get(address)
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == kept


def test_sending_sets_no_cookie_either(visitor: Visitor) -> None:
    answer = visitor.client.post(f"/c/{MANY}", data={"token": visitor.open(), "overall_service": "5"})
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


def test_the_security_policy_allows_the_inline_style_by_its_hash_alone(world: Flask) -> None:
    for _visit in ("rendered", "from memory"):
        answer = world.test_client().get(f"/c/{MANY}")
        policy = answer.headers["Content-Security-Policy"]
        assert "'unsafe-inline'" not in policy
        assert_valid_html(answer.text, policy)


def test_every_visit_has_a_token_of_its_own(visitor: Visitor) -> None:
    assert len({visitor.open() for _visit in range(3)}) == 3


def test_the_page_is_in_the_language_asked_for(world: Flask) -> None:
    english = world.test_client().get(f"/c/{MANY}?lang=en").text
    assert '<html lang="en">' in english
    assert "How satisfied are you with how the agency served you today?" in english
    assert f'action="/c/{MANY}?sent=1&amp;lang=en"' in english
    vietnamese = world.test_client().get(f"/c/{MANY}").text
    assert "Ông/Bà hài lòng như thế nào với sự phục vụ của cơ quan hôm nay?" in vietnamese


def test_a_change_in_the_database_shows_at_once(world: Flask) -> None:
    from survey.foundation.storage.database import writing
    from survey.registry.models import Agency, Service

    client = world.test_client()
    assert "Đăng ký kết hôn" in client.get(f"/c/{MANY}").text
    with world.app_context(), writing() as session:
        session.query(Service).filter_by(code="ket-hon").one().name = "Đăng ký lại kết hôn"
        session.query(Agency).filter_by(code="ubnd-ea-kao").one().name = "UBND phường Ea Kao"
    changed = client.get(f"/c/{MANY}").text
    assert "Đăng ký lại kết hôn" in changed
    assert "UBND phường Ea Kao" in changed


def test_names_from_the_database_are_text_and_never_markup(world: Flask) -> None:
    from survey.foundation.storage.database import writing
    from survey.registry.models import Agency

    with world.app_context(), writing() as session:
        session.query(Agency).filter_by(code="ubnd-ea-kao").one().name = "<b>UBND</b> & 'xã'"
    assert "<b>UBND" not in world.test_client().get(f"/c/{MANY}").text


def test_a_counter_of_two_sectors_offers_both_forms(world: Flask) -> None:
    first = world.test_client().get(f"/c/{TWO_SECTORS}").text
    assert "overall_service" in first
    assert f'formaction="/c/{TWO_SECTORS}?switched=form&amp;sector=health"' in first
    second = world.test_client().get(f"/c/{TWO_SECTORS}?sector=health").text
    assert "overall_health" in second
    assert "overall_service" not in second


def test_the_start_page_leads_on(world: Flask) -> None:
    page = open_page(world, "/")
    assert {"/results/", "/desk/", "/kiosk/"} <= {link.get("href") for link in page.iter("a")}
