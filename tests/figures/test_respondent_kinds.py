"""Organisations answer about health and schools too: by every channel they stay organisations, and each clause says
whether it counts them."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from analysis.targets.service import targets_in_force
from survey.foundation.storage.database import db
from survey.foundation.vocabulary import CHANNELS, UNKNOWN_KIND
from survey.responses.models import Rating, Response
from tests.desk import world
from tests.figures.test_figures import ask
from tests.support.cases import in_one_world

PLACES = {"health": ("bv-tinh", "kham-benh"), "education": ("thpt-1", "giao-duc")}
# Đắk Lắk and Sơn La promised individuals ("cá nhân"), An Giang organisations and individuals ("tổ chức và cá nhân").
COUNTS_ORGANISATIONS = {"dak-lak": False, "son-la": False, "an-giang": True}
DAY = "2026-10-15"


@pytest.fixture
def asked(small_world: Flask) -> Flask:
    return small_world


@in_one_world(("channel", "sector"), [(channel, sector) for channel in CHANNELS for sector in PLACES])
def test_an_organisation_stays_one_by_every_channel(asked: Flask, channel: str, sector: str) -> None:
    with asked.app_context():
        before = set(db.session.scalars(select(Response.id)))
        db.session.rollback()
        world.answer(*PLACES[sector], DAY, 1, 5, channel=channel, respondent_kind="organisation")
        (new,) = set(db.session.scalars(select(Response.id))) - before
        stored = db.session.get_one(Response, new)
        rating = db.session.scalars(select(Rating).where(Rating.response_id == new)).one()
        assert (stored.channel, stored.sector, stored.respondent_kind) == (channel, sector, "organisation")
        assert rating.respondent_kind == "organisation"
        db.session.rollback()


@in_one_world(("province", "subject"), [(p, s) for p in COUNTS_ORGANISATIONS for s in ("health", "education")])
def test_each_clause_counts_organisations_as_its_words_say(asked: Flask, province: str, subject: str) -> None:
    with asked.app_context():
        clauses = [
            target_in_year.target
            for target_in_year in targets_in_force(province, 2026)
            if target_in_year.target.subject == f"{subject}_service"
        ]
        assert clauses
        for clause in clauses:
            db.session.rollback()
            kinds = clause.counted_kinds
            before = ask(f"{subject}_service", respondent_kinds=kinds).total
            world.answer(*PLACES[subject], DAY, 7, 1, respondent_kind="organisation")
            after = ask(f"{subject}_service", respondent_kinds=kinds).total
            counted = COUNTS_ORGANISATIONS[province]
            assert after.received == before.received + (7 if counted else 0), clause.code
            assert ("organisation" in clause.respondent_kinds) == counted
            assert UNKNOWN_KIND in kinds if counted else kinds == ("individual",)
