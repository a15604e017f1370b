"""Where agencies have answers enough to be published: list, pages, comparisons, ranking and files say the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask

from analysis.figures.register import fetch_province
from analysis.results.closing.service import publish_ranking, ranking_to_publish
from survey.foundation.configuration.settings import Settings
from survey.foundation.periods import Period
from survey.foundation.storage.database import writing
from tests.desk import world as desk
from tests.guards.one_figure.claims import disagreements, unbalanced, unknown
from tests.guards.one_figure.walking import Bounds, interface, walked
from tests.results.scattered import YEAR_OVER, publish_everything
from tests.support.applications import application
from tests.support.databases import SECRET_KEY, DatabaseFactory
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database

RESULTS = "/results/dak-lak"
TELL = {
    *("api.publication", "api.ranking", "published.data_file", "published.ranking_file", "published.agency_file"),
    *("published.province_page", "published.period_page", "published.ranking_page", "published.agency_page"),
    *("published.agencies_page", "published.compare_page", "published_pictures.file"),
    *("published_pictures.agency_file",),
}


def fill(url: str) -> None:
    """Many answers everywhere, everything published, the year ranked."""
    settings = Settings(secret_key=SECRET_KEY, database_url=url, testing=True, release_step=0)
    with time_machine.travel(desk.NOW, tick=False), application(settings) as app:
        desk.make_world(app)
        with app.app_context():
            for number, (agency, service) in enumerate(desk.ANSWERS):
                for day in (f"2026-{month}-{day:02d}" for month in ("09", "10") for day in range(2, 28, 2)):
                    desk.answer(agency, service, day, 6 + number % 5, 5)
                    desk.answer(agency, service, day, 1 + number % 3, 2)
        publish_everything(app, YEAR_OVER)
        with time_machine.travel(YEAR_OVER, tick=False), app.app_context():
            closing_id, rows = ranking_to_publish(fetch_province("dak-lak"), Period.parse("2026"), 1)
            with writing() as session:
                publish_ranking(session, closing_id, rows, None)


@pytest.fixture
def database_url(databases: DatabaseFactory) -> Iterator[str]:
    with databases.filled("published_for_one_figure", fill) as url:
        yield url


def test_what_is_published_of_agencies_has_one_share_one_n_and_one_received(app: Flask) -> None:
    with time_machine.travel(YEAR_OVER, tick=False):
        public, staff = app.test_client(), signed_in(app, "quan-tri", "administrator")
        starts = [f"{RESULTS}/2026", f"{RESULTS}/2026/ranking", f"{RESULTS}/", *interface(app, public)]
        told = walked(app, public, "public", starts, Bounds(3, 12, 30))
        own = walked(app, staff, "staff", ["/desk/dak-lak/all?year=2026"], Bounds(2, 2, 10), "/desk/")
    silent = {kind for kind in TELL if not told.claims_of[kind]}
    assert silent == set(), f"these kinds of pages told nothing of {dict(told.visits)}"
    told.add(own)
    assert told.unread == []
    assert disagreements(told.claims) == []
    assert unbalanced(told.claims) == []
    assert unknown(told.loose, told.claims) == []
    places = defaultdict(set)
    for claim in told.claims:
        if claim.share is not None:
            places[claim.key].add(claim.place)
    of_agencies = [place for key, place in places.items() if " agency:" in key and len(place) >= 8]
    assert len(of_agencies) >= 4, sorted((len(place), key) for key, place in places.items())[-9:]
