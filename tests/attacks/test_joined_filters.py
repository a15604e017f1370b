"""An official sets filters by hand, joins them as they like, and subtracts every number on every page from every other.

What is left by subtraction is nobody, or ten and more; of answers that name no service, of a counter, a channel, a
language or a month with few, nothing is worked out.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import product
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.attacks import thin_hospital
from tests.attacks.thin_hospital import FEWEST, HOSPITAL, ITEM, Chosen, Told
from tests.desk.filled import database_url, frozen_clock
from tests.guards.one_figure.pages import of_page, words_of
from tests.support.html import parse_html
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database

__all__ = ["database_url", "frozen_clock"]


@pytest.fixture
def world(app: Flask) -> Flask:
    thin_hospital.fill(app)
    return app


def pages_of(client: FlaskClient, chosen: Chosen, by: str) -> Iterator[Told]:
    """All numbers of the page of a selection, of its working, and of its breakdown."""
    about = thin_hospital.keys_about(chosen, by)
    for page in ("explore", "explain"):
        yield from read(client, f"{page}?{urlencode({**chosen, 'agency': HOSPITAL, 'by': by})}", about)


def questions_of(client: FlaskClient, chosen: Chosen) -> Iterator[Told]:
    """All numbers of the page of a selection's questions: of everybody, and of those who answered a detailed one."""
    address = f"questions?{urlencode({**chosen, 'agency': HOSPITAL})}"
    for items in ((), (ITEM,)):
        about = thin_hospital.keys_about(chosen, "month", items)
        yield from read(client, address, about, "".join(items))


def read(
    client: FlaskClient, address: str, about: dict[str, thin_hospital.Selected], whose: str = ""
) -> Iterator[Told]:
    answer = client.get(f"/desk/dak-lak/health/{address}")
    assert answer.status_code == 200, address
    for claim in of_page(address, parse_html(answer.text)):
        if claim.key in about:
            yield Told(about[claim.key], claim.n, claim.received, address, whose)


def test_no_two_selections_of_any_filters_tell_of_fewer_than_ten(world: Flask) -> None:
    """What a method owner reads who opens forty selections."""
    rng = random.Random(14)
    client = signed_in(world, "chu-phuong-phap", "method_owner", sector="health")
    with world.test_request_context():
        pairs, thin = thin_hospital.left_over(
            number
            for chosen in thin_hospital.combinations(rng, 40)
            for number in pages_of(client, chosen, rng.choice(("month", "service", "channel", "language")))
        )
    assert not thin
    assert pairs > 100


def test_a_selection_too_small_by_itself_does_not_tell_its_size(world: Flask) -> None:
    """Eleven told a language, seven of them about one service: four others were left by subtraction."""
    client = signed_in(world, "chu-phuong-phap", "method_owner", sector="health")
    with world.test_request_context():
        pairs, thin = thin_hospital.left_over(
            number
            for period in ("2026", "2026-Q4", "2026-09")
            for more in ({}, {"language": "en"}, {"language": "en", "service": "kham-benh"})
            for number in questions_of(client, {"period": period, **more})
        )
    assert not thin
    assert pairs > 10


def test_a_working_counts_no_part_of_a_selection_that_is_too_small_by_itself(world: Flask) -> None:
    """An agency's service among those who chose a language, say: a row of its own where it is explored."""
    client = signed_in(world, "chu-phuong-phap", "method_owner", sector="health")
    counted = 0
    for period, more in product(("2026", "2026-Q3", "2026-10"), ({"language": "en"}, {"channel": "paper"}, {})):
        asked = {"period": period, "agency": HOSPITAL, **more}
        for table in parse_html(client.get(f"/desk/dak-lak/health/explain?{urlencode(asked)}").text).iter("table"):
            headings = [words_of(cell) for cell in table.iter("th") if cell.get("scope") == "col"]
            if "Mỗi phiếu đứng cho" in headings:
                place = headings.index("Phiếu")
                cells = [words_of(list(row)[place]) for row in table.iter("tr")][1:]
                counts = [int(cell.replace(".", "")) for cell in cells if cell.replace(".", "").isdigit()]
                counted += len(counts)
                assert all(n == 0 or n >= FEWEST for n in counts), asked
    assert counted >= 6
