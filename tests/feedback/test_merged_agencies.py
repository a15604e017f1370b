"""An agency that took over the one a case is about has its people: it is treated as that one is."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy

from survey.accounts.models import RoleGrant
from survey.foundation.clock import today
from survey.foundation.storage.database import writing
from survey.registry.models import Agency, AgencySuccession
from tests.feedback.test_contacts import PHONE, left
from tests.feedback.test_flow import answered, handed
from tests.feedback.test_kinds import only_case, owner, report
from tests.registry.pages import fields_of, open_page
from tests.support.staff import client_of, make_user, signed_in

__all__ = ["owner"]
pytestmark = pytest.mark.one_database


def merge(world: Flask, before: str, *after: str) -> None:
    """From today on others do an agency's work."""
    with world.app_context(), writing() as session:
        ids = {row.code: row for row in session.query(Agency)}
        ids[before].valid_to = today() - dt.timedelta(days=1)
        session.flush()
        session.add_all(
            AgencySuccession(predecessor_id=ids[before].id, successor_id=ids[code].id, kind="merged") for code in after
        )


@pytest.mark.parametrize("way", [("tt-la",), ("th-nguyen-hue", "tt-la")], ids=["merged", "split, then merged"])
def test_nobody_looks_into_their_own_conduct_after_a_merger(
    world: Flask, owner: FlaskClient, database: SQLAlchemy, way: tuple[str, ...]
) -> None:
    report(world, "Bác sĩ mắng tôi trước mặt mọi người")
    merge(world, "bv-vung", *way)
    if len(way) > 1:
        merge(world, "th-nguyen-hue", "tt-la")
    address = f"/desk/feedback/{only_case(database).id}"
    fields = fields_of(open_page(owner, address), "kind")
    refused = owner.post(f"{address}/classify", data=fields | {"holder": "tt-la"})
    assert refused.status_code == 422
    assert signed_in(world, "tt", "agency_manager", agency="tt-la").get(address).status_code == 404
    handed(owner, address, "ubnd-ea-kao")


def test_who_took_over_may_answer_but_never_reads_how_the_writer_is_reached(
    world: Flask, owner: FlaskClient, database: SQLAlchemy
) -> None:
    left(world)
    merge(world, "bv-vung", "tt-la")
    address = f"/desk/feedback/{only_case(database).id}"
    handed(owner, address, "tt-la")
    successor = signed_in(world, "tt", "agency_manager", agency="tt-la")
    fields = fields_of(open_page(successor, address), "note")
    assert successor.post(f"{address}/contact", data=fields).status_code == 403
    assert PHONE in owner.post(f"{address}/contact", data=fields_of(open_page(owner, address), "note")).text
    answered(successor, address, "Đã kê ghế.")


def test_a_case_opens_for_whoever_has_two_roles(world: Flask, owner: FlaskClient, database: SQLAlchemy) -> None:
    left(world)
    user_id = make_user(world, "hai", "agency_manager", agency="tt-la")
    with world.app_context(), writing() as session:
        first = session.query(RoleGrant).filter_by(user_id=user_id).one()
        session.add(RoleGrant(user_id=user_id, role="method_owner", province_id=first.province_id, sector="health"))
    assert client_of(world, user_id).get(f"/desk/feedback/{only_case(database).id}").status_code == 200
