"""Of the country's services those are published that add up from what every province publishes itself."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from analysis.archive.files import ArchiveFolder
from analysis.archive.writing import archive_province
from analysis.figures.register import fetch_province
from analysis.periods.models import Closing
from analysis.results.closing.service import publish_period
from survey.foundation.periods import Period
from survey.foundation.storage.database import db, writing
from survey.registry.models import Service
from survey.responses.models import Rating
from tests.archive.world import PROVINCES
from tests.national.conftest import QUARTER
from tests.national.test_editions import SUBJECT, edition, run
from tests.national.test_pages import PUBLIC, page, publish, published

pytestmark = pytest.mark.one_database

KEYS = [province.key for province in PROVINCES]


def publish_provinces(app: Flask, archive: ArchiveFolder, keys: list[str]) -> dict[str, dict[str, Any]]:
    """What the provinces tell of each service: its row by province and service."""
    told = {}
    with app.app_context():
        for key in keys:
            publish_period(key, Period.parse(QUARTER))
            archive_province(archive, fetch_province(key))
            closing = db.session.scalars(
                select(Closing).where(Closing.province_id == fetch_province(key).id, Closing.period == QUARTER)
            ).one()
            assert closing.figures
            told[key] = {row["domain"]: row for row in closing.figures["subjects"][SUBJECT]["by"]["service"]}
    return told


def services(app: Flask, owner: FlaskClient) -> dict[str, Any]:
    """The country's rows as everybody reads them, by service."""
    run(app, "--period", QUARTER)
    assert "Đã công bố" in publish(owner)
    return {row["domain"]: row for row in published(app)["subjects"][SUBJECT]["by"].get("service", [])}


def test_services_that_every_province_tells_are_told_of_the_country_as_their_sums(
    ministry: Flask, archive: ArchiveFolder, owner: FlaskClient
) -> None:
    name_every_service(ministry)
    told = publish_provinces(ministry, archive, KEYS)
    rows = services(ministry, owner)
    assert len(rows) == 4
    for code, row in rows.items():
        parts = [told[key][code] for key in KEYS]
        assert row["n"] == sum(part["n"] for part in parts) > 0
        assert row["received"] == sum(part["received"] for part in parts)
        assert "is_public" not in row
    assert "Khám 0" in page(ministry.test_client(), PUBLIC)
    kept = {row["domain"]: row for row in edition(ministry).figures["subjects"][SUBJECT]["by"]["service"]}
    assert kept == rows


def test_a_service_that_one_province_hides_is_hidden_of_the_country_and_told_at_the_desk(
    ministry: Flask, archive: ArchiveFolder, owner: FlaskClient
) -> None:
    """Country minus the others would tell what the province hides, be it only to hide another beside it."""
    name_every_service(ministry)
    leave_few(ministry, "son-la", "kham-0")
    told = publish_provinces(ministry, archive, KEYS)
    hidden = {code for code, row in told["son-la"].items() if row["n"] is None}
    assert "kham-0" in hidden
    assert len(hidden) > 1
    run(ministry, "--period", QUARTER)
    at_desk = [row for row in edition(ministry).figures["subjects"][SUBJECT]["by"]["service"] if row["n"]]
    assert {row["domain"] for row in at_desk if row["is_public"]} == set(told["son-la"]) - hidden
    rows = services(ministry, owner)
    assert {code for code, row in rows.items() if row["suppressed"]} == hidden
    for code in hidden:
        names = ("estimate", "n", "received", "unweighted", "caseload", "verdict")
        assert [rows[code][name] for name in names] == [None] * len(names)


def test_a_province_that_has_closed_and_not_published_tells_no_service(
    ministry: Flask, archive: ArchiveFolder, owner: FlaskClient
) -> None:
    publish_provinces(ministry, archive, KEYS[:2])
    assert services(ministry, owner) == {}
    assert "Khám 0" not in page(ministry.test_client(), PUBLIC)


def test_a_row_that_a_province_kept_from_before_is_not_told_as_it_stands_now(
    ministry: Flask, archive: ArchiveFolder, owner: FlaskClient
) -> None:
    """Of a few late answers neither the province nor the country tells the difference."""
    name_every_service(ministry)
    publish_provinces(ministry, archive, KEYS)
    with ministry.app_context(), writing() as session:
        ids = select(Rating.response_id).where(rating_of("son-la", "kham-1")).limit(3)
        session.execute(delete(Rating).where(Rating.response_id.in_(list(session.scalars(ids)))))
    with ministry.app_context():
        archive_province(archive, fetch_province("son-la"))
    rows = services(ministry, owner)
    assert rows["kham-1"]["suppressed"]
    assert not rows["kham-2"]["suppressed"]


def name_every_service(app: Flask) -> None:
    """As where each answer is about a service: a few that name none hide others beside them."""
    with app.app_context(), writing() as session:
        session.execute(delete(Rating).where(Rating.service_id.is_(None)))


def leave_few(app: Flask, key: str, service: str) -> None:
    """Only a few answers of a service of a province."""
    with app.app_context(), writing() as session:
        ids = list(session.scalars(select(Rating.response_id).where(rating_of(key, service))))
        session.execute(delete(Rating).where(Rating.response_id.in_(ids[8:])))


def rating_of(key: str, service: str) -> Any:
    months = Period.parse(QUARTER).months
    id_ = select(Service.id).where(Service.code == service).scalar_subquery()
    return (Rating.province_id == fetch_province(key).id) & (Rating.service_id == id_) & Rating.month.in_(months)
