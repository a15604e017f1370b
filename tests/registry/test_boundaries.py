"""Figures "in today's boundaries": heirs are followed through renames and mergers; a split is flagged."""

from __future__ import annotations

import datetime as dt

import pytest
from flask_sqlalchemy import SQLAlchemy
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from survey.registry.boundaries import AgencyFate, Lifetime, standings
from survey.registry.models import Agency, AgencySuccession, Province
from survey.registry.queries import fetch_standings
from survey.registry.successions import Link, kinds_of, set_successors

TODAY = dt.date(2026, 11, 20)
GONE = Lifetime(None, dt.date(2025, 6, 30))
HERE = Lifetime(dt.date(2025, 7, 1), None)


@pytest.mark.parametrize(
    ("agencies", "successions", "expected"),
    [
        ({1: HERE}, [], AgencyFate("itself", (1,))),
        ({1: Lifetime(None, TODAY)}, [], AgencyFate("itself", (1,))),
        ({1: GONE}, [], AgencyFate("abolished", ())),
        ({1: GONE, 2: HERE}, [(1, 2)], AgencyFate("succeeded", (2,))),
        ({1: GONE, 2: GONE, 3: HERE}, [(1, 2), (2, 3)], AgencyFate("succeeded", (3,))),
        ({1: GONE, 2: HERE, 3: HERE}, [(1, 2), (1, 3)], AgencyFate("split", (2, 3))),
        ({1: GONE, 2: GONE, 3: HERE, 4: HERE}, [(1, 2), (2, 3), (2, 4)], AgencyFate("split", (3, 4))),
        ({1: GONE, 2: GONE, 3: HERE}, [(1, 2), (1, 3), (2, 3)], AgencyFate("succeeded", (3,))),
        ({1: GONE, 2: GONE}, [(1, 2)], AgencyFate("abolished", ())),
        ({1: HERE, 2: HERE}, [(1, 2)], AgencyFate("itself", (1,))),
    ],
    ids=[
        "still there",
        "on its last day",
        "abolished",
        "renamed",
        "renamed twice",
        "split",
        "renamed, then split",
        "split and wholly merged again",
        "its heir is gone too",
        "its end is still to come",
    ],
)
def test_an_agency_is_followed_to_its_heirs(
    agencies: dict[int, Lifetime], successions: list[tuple[int, int]], expected: AgencyFate
) -> None:
    assert standings(agencies, successions, TODAY)[1] == expected


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda pair: pair[0] < pair[1]), max_size=25))
def test_every_heir_exists_today_and_only_a_single_heir_is_counted_under(successions: list[tuple[int, int]]) -> None:
    agencies = {number: GONE if number < 6 else HERE for number in range(10)}
    for agency_id, standing in standings(agencies, set(successions), TODAY).items():
        assert all(heir >= 6 for heir in standing.heirs)
        assert (standing.counted_under is not None) == (len(standing.heirs) == 1)
        if agency_id >= 6:
            assert standing.counted_under == agency_id


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ([Link(1, 2, dt.date(2025, 6, 30), dt.date(2025, 7, 1))], {(1, 2): "rename"}),
        ([Link(1, 3, None, None), Link(2, 3, None, None)], {(1, 3): "merge", (2, 3): "merge"}),
        ([Link(1, 2, dt.date(2025, 6, 30), dt.date(2010, 1, 1))], {(1, 2): "merge"}),
        ([Link(1, 2, None, None), Link(1, 3, None, None)], {(1, 2): "split", (1, 3): "split"}),
    ],
    ids=["renamed", "merged into a new one", "absorbed by one that was there", "split"],
)
def test_the_kind_of_a_succession_follows_from_who_takes_over_from_whom(
    links: list[Link], expected: dict[tuple[int, int], str]
) -> None:
    assert kinds_of(links) == expected


def test_the_database_gives_what_became_of_each_agency(database: SQLAlchemy) -> None:
    province = database.session.scalars(select(Province).where(Province.key == "dak-lak")).one()
    shared = {"province_id": province.id, "kind": "administrative", "level": "commune"}
    old, agency, two = (
        Agency(code="CU", name="Xã cũ", valid_to=dt.date(2025, 6, 30), **shared),
        Agency(code="MOI1", name="Xã mới 1", valid_from=dt.date(2025, 7, 1), **shared),
        Agency(code="MOI2", name="Xã mới 2", valid_from=dt.date(2025, 7, 1), **shared),
    )
    database.session.add_all([old, agency, two])
    database.session.flush()
    set_successors(database.session(), {old.id: [agency.id, two.id]})
    read = fetch_standings(province.id, TODAY)
    assert read[old.id] == AgencyFate("split", (agency.id, two.id))
    assert read[agency.id].counted_under == agency.id
    set_successors(database.session(), {old.id: [two.id]})
    row = database.session.scalars(select(AgencySuccession)).one()
    assert (row.successor_id, row.kind, row.effective_on) == (two.id, "rename", dt.date(2025, 7, 1))
    database.session.rollback()
