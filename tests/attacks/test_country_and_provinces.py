"""A reader takes the country's edition and every province's own publication for one table, and solves its equations."""

from __future__ import annotations

import uuid
from functools import partial
from itertools import product
from typing import Any, NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, insert, inspect, select

from analysis.archive.files import ArchiveFolder
from analysis.archive.writing import archive_province
from analysis.figures.register import fetch_province, fetch_register
from analysis.periods.models import Closing
from analysis.results.closing.service import close_period, publish_period
from survey.foundation.periods import Period
from survey.foundation.storage.database import db, writing
from survey.registry.models import Agency
from survey.responses.models import Rating, Response
from tests.archive.world import PROVINCES
from tests.national.conftest import QUARTER, archive, database_url, ministry, owner
from tests.national.test_editions import SUBJECT, run
from tests.national.test_pages import publish, published
from tests.national.test_services import name_every_service
from tests.results.attacker import Attacker, names_of

__all__ = ["archive", "database_url", "ministry", "owner"]
pytestmark = pytest.mark.one_database

MONTHS = Period.parse(QUARTER).months
KEYS = [province.key for province in PROVINCES]
FEWEST = 30


class Atom(NamedTuple):
    """An agency's answers; `late`: those that its province's publication did not know."""

    province: str
    agency: str
    area: str
    month: str
    late: bool


def leave(app: Flask, key: str, place: int, answers: int) -> str:
    """Only so many answers of the province's agency at this place; gives its code."""
    with app.app_context(), writing() as session:
        province = fetch_province(key)
        agencies = select(Agency.id, Agency.code).where(Agency.province_id == province.id).order_by(Agency.code)
        id_, code = session.execute(agencies.offset(place).limit(1)).one()
        own = (Rating.province_id == province.id) & (Rating.agency_id == id_)
        ids = list(session.scalars(select(Rating.response_id).where(own, Rating.month.in_(MONTHS))))
        session.execute(delete(Rating).where(Rating.response_id.in_(ids[answers:])))
    return str(code)


def publish_provinces(
    app: Flask, archive: ArchiveFolder, periods: tuple[str, ...] = (QUARTER,)
) -> dict[tuple[str, str], dict[str, Any]]:
    """What each province publishes of the subject, by province and period."""
    told = {}
    with app.app_context():
        for key, period in product(KEYS, periods):
            if period != QUARTER:
                close_period(key, Period.parse(period))
            publish_period(key, Period.parse(period))
            archive_province(archive, fetch_province(key))
            of_key = (Closing.province_id == fetch_province(key).id) & (Closing.period == period)
            closing = db.session.scalars(select(Closing).where(of_key)).one()
            assert closing.figures
            told[key, period] = closing.figures["subjects"][SUBJECT]
    return told


Truth = dict[tuple[str, str, str, str], int]


def truth(app: Flask) -> Truth:
    """Answers received of each province, agency, area and month."""
    counts: Truth = {}
    with app.app_context():
        for key in KEYS:
            province = fetch_province(key)
            own = (Rating.province_id == province.id) & (Rating.subject == SUBJECT)
            columns = (Rating.agency_id, Rating.month)
            query = select(*columns, func.count()).where(own, Rating.month.in_(MONTHS)).group_by(*columns)
            of_place = {(id_, month): count for id_, month, count in db.session.execute(query)}
            for (id_, agency), month in product(fetch_register(province.id).agencies.items(), MONTHS):
                counts[key, agency.code, agency.area or "", month] = of_place.get((id_, month), 0)
    return counts


def rows_of(entry: dict[str, Any], by: str) -> list[tuple[str, int]]:
    """The rows that tell how many answers were received."""
    return [(row["domain"], row["received"]) for row in entry["by"].get(by, []) if row["received"] is not None]


def attack(
    before: Truth, after: Truth, provinces: dict[tuple[str, str], dict[str, Any]], country: dict[str, Any]
) -> Attacker[Atom]:
    """Who has read all of it; `before`: the answers the provinces published, `after`: those the country has, too."""
    early = {Atom(*place, late=False): count for place, count in before.items()}
    late = {Atom(*place, late=True): count - before[place] for place, count in after.items()}
    attacker = Attacker({atom: count for atom, count in (early | late).items() if count})
    for (key, period), entry in provinces.items():

        def of_province(atom: Atom, code: str = "", key: str = key, period: str = period) -> bool:
            inside = atom.province == key and atom.month in Period.parse(period).months and not atom.late
            return inside and code in ("", atom.agency)

        if entry["total"]["received"] is not None:
            attacker.hears(f"{key} {period}", entry["total"]["received"], of_province)
        for code, count in rows_of(entry, "agency"):
            attacker.hears(f"{code} {period}", count, partial(of_province, code=code))
    if country["total"]["received"] is not None:
        attacker.hears("country", country["total"]["received"], lambda _atom: True)
    for by in ("province", "area"):
        for code, count in rows_of(country, by):
            attacker.hears(f"country {code}", count, partial(is_of, by=by, code=code))
    return attacker


def is_of(atom: Atom, by: str, code: str) -> bool:
    """Whether it belongs to a row of the country."""
    return bool(getattr(atom, by) == code)


def come_after_publication(app: Flask, key: str, count: int) -> None:
    """So many answers like others of the province, which its publication does not know and its archive does."""
    with app.app_context(), writing() as session:
        own = (Rating.province_id == fetch_province(key).id) & Rating.month.in_(MONTHS)
        for id_ in list(
            session.scalars(select(Rating.response_id).where(own).order_by(Rating.response_id).limit(count))
        ):
            new = uuid.uuid4()
            for model, name in ((Response, "id"), (Rating, "response_id")):
                for row in session.scalars(select(model).where(getattr(model, name) == id_)):
                    values = {column.key: getattr(row, column.key) for column in inspect(row).mapper.column_attrs}
                    session.execute(insert(model), [values | {name: new}])


def read_everything(
    app: Flask,
    archive: ArchiveFolder,
    owner: FlaskClient,
    *,
    late: dict[str, int],
    periods: tuple[str, ...] = (QUARTER,),
) -> Attacker[Atom]:
    """Provinces publish, then so many answers come late, then the country publishes: who has read all of it."""
    provinces = publish_provinces(app, archive, periods)
    before = truth(app)
    for key, count in late.items():
        come_after_publication(app, key, count)
        with app.app_context():
            archive_province(archive, fetch_province(key))
    run(app, "--period", QUARTER)
    assert "Đã công bố" in publish(owner)
    return attack(before, truth(app), provinces, published(app)["subjects"][SUBJECT])


def test_areas_of_the_country_give_back_no_agencies_that_their_province_hides(
    ministry: Flask, archive: ArchiveFolder, owner: FlaskClient
) -> None:
    """Everybody knows where an agency lies: an area minus the agencies that are told is those that are not."""
    name_every_service(ministry)
    few = {leave(ministry, "dak-lak", place, 7) for place in (4, 25)}  # both rural
    attacker = read_everything(ministry, archive, owner, late={})
    assert len(attacker.names) > 50
    assert not {f"{code} {QUARTER}" for code in few} & set(attacker.names)
    leaks = attacker.leaks(FEWEST)
    assert not leaks, names_of(leaks)


@pytest.mark.parametrize(
    ("late", "periods", "told"),
    [
        ({"dak-lak": 3}, (QUARTER,), False),
        ({"dak-lak": 3}, MONTHS, False),
        ({"dak-lak": 20, "son-la": 15}, (QUARTER,), True),
    ],
)
def test_the_country_tells_no_few_answers_that_came_after_a_province_had_published(
    ministry: Flask,
    archive: ArchiveFolder,
    owner: FlaskClient,
    late: dict[str, int],
    periods: tuple[str, ...],
    told: bool,
) -> None:
    """The province keeps what it told until thirty more have come; its row of the country would tell the few."""
    name_every_service(ministry)
    attacker = read_everything(ministry, archive, owner, late=late, periods=periods)
    assert ("country" in attacker.names) is told
    assert "country an-giang" in attacker.names
    leaks = attacker.leaks(FEWEST)
    assert not leaks, names_of(leaks)
