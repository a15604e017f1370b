"""Rating and service beside a citizen's words reach the rated agency only if the citizen ticks so."""

from __future__ import annotations

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from survey.feedback.models import FeedbackCase
from survey.foundation.storage.database import db
from tests.attacks.test_complaints import database_url, settings
from tests.channels.conftest import Visitor
from tests.channels.world import HEALTH
from tests.registry.pages import text_of
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database

__all__ = ["database_url", "settings"]
NOON, LATER = "2026-11-02T05:12:00+00:00", "2026-12-02T05:00:00+00:00"
WORDS = "Phòng khám thiếu ghế cho người già"
COMMENTS = "/desk/dak-lak/health/comments?agency=bv-vung&period=2026-11"
PERIOD = "agency=bv-vung&period=2026-11&comments=1"


def written(app: Flask, words: str, **ticked: str) -> str:
    """A comment whose month is told of a month later; the page of its case."""
    with time_machine.travel(NOON, tick=False):
        for number in range(12):
            other = Visitor(app.test_client(), HEALTH)
            other.send(other.open(), overall_health="4", comment=f"Ý kiến {number}")
        citizen = Visitor(app.test_client(), HEALTH)
        citizen.send(citizen.open(), overall_health="1", service="kham-benh", comment=words, reply="1", **ticked)
        with app.app_context():
            return f"/desk/feedback/{db.session.scalars(select(FeedbackCase.id)).one()}"


def rated_agency(app: Flask) -> FlaskClient:
    return signed_in(app, "benh-vien", "method_owner", agency="bv-vung", sector="health")


@pytest.mark.parametrize("ticked", [{}, {"shares_rating": "1"}], ids=["unticked", "ticked"])
def test_the_rated_agency_reads_rating_and_service_only_where_the_citizen_ticked_so(
    app: Flask, ticked: dict[str, str]
) -> None:
    address = written(app, WORDS, **ticked)
    with time_machine.travel(LATER, tick=False):
        own, above = rated_agency(app), signed_in(app, "so-y-te", "method_owner", sector="health")
        for client, sees in ((own, bool(ticked)), (above, True)):
            page = text_of(client.get(address).text)
            assert WORDS in page
            assert ("Rất không hài lòng" in page, "Khám bệnh ngoại trú" in page) == (sees, sees)
            assert (WORDS in client.get(COMMENTS).text) == sees, "the page of comments shows the rating beside it"
            for file in ("comments.csv?agency=bv-vung&period=2026-11", f"exports/responses.csv?{PERIOD}"):
                assert (WORDS in client.get(f"/desk/dak-lak/health/{file}").text) == sees, file


PERIOD = "agency=bv-vung&period=2026-11&comments=1"


ACCUSATIONS = ("Bác sĩ mắng tôi trước mặt mọi người", "Tôi làm đơn tố cáo ông trưởng phòng khám")


@pytest.mark.parametrize("accusation", ACCUSATIONS)
def test_what_accuses_somebody_is_not_read_by_their_agency_among_the_comments_or_cases(
    app: Flask, accusation: str
) -> None:
    written(app, accusation, shares_rating="1")
    with time_machine.travel(LATER, tick=False):
        own, above = rated_agency(app), signed_in(app, "so-y-te", "method_owner", sector="health")
        assert accusation not in own.get(COMMENTS).text
        assert accusation not in own.get("/desk/feedback").text
        assert "Ý kiến 3" in own.get(COMMENTS).text
        assert accusation in above.get(COMMENTS).text
        assert accusation in above.get("/desk/feedback").text


@pytest.mark.parametrize("accusation", ACCUSATIONS)
def test_what_accuses_somebody_is_not_read_by_their_agency_though_nobody_asked_for_a_reply(
    app: Flask, accusation: str
) -> None:
    """So a comment without a case waits for nobody's decision: its words decide."""
    with time_machine.travel(NOON, tick=False):
        for words in (accusation, WORDS, *(f"Ý kiến {number}" for number in range(12))):
            citizen = Visitor(app.test_client(), HEALTH)
            citizen.send(citizen.open(), overall_health="1", comment=words)
        with app.app_context():
            assert db.session.scalars(select(FeedbackCase.id)).all() == []
    with time_machine.travel(LATER, tick=False):
        own, above = rated_agency(app), signed_in(app, "so-y-te", "method_owner", sector="health")
        files = ("comments.csv?agency=bv-vung&period=2026-11", f"exports/responses.csv?{PERIOD}")
        for address in (COMMENTS, f"{COMMENTS}&rating=1", *(f"/desk/dak-lak/health/{file}" for file in files)):
            assert accusation not in own.get(address).text, address
            assert WORDS in own.get(address).text, address
            assert accusation in above.get(address).text, address
