"""A citizen's answer meets every trouble its database can say, at every statement and at the end: nothing is lost."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import Connection, text

from survey.foundation.storage.database import db
from tests.channels.conftest import RECORDED, Stored, Visitor
from tests.channels.world import MANY
from tests.support.breaking import breaking, breaks_on, ending_breaks

WORDS = "Còn đây, chưa mất"
GIVEN = {"overall_service": "4", "comment": WORDS}


def test_an_answer_given_back_is_stored_once_when_it_is_sent_again(
    world: Flask, visitor: Visitor, stored: Stored
) -> None:
    with world.app_context():
        engine = db.engine
    wrong, met_at = [], set()
    for sent, (name, trouble) in enumerate(breaks_on(engine).items(), start=1):
        token = visitor.open()
        for at in range(20):
            with breaking(engine, at, trouble) as met:
                answer = visitor.client.post(f"/c/{MANY}", data={"token": token, **GIVEN})
            if not met.broke:
                break
            met_at.add(at)
            if answer.status_code != 503 or "Retry-After" not in answer.headers or WORDS not in answer.text:
                wrong.append(f"{name} at statement {at}: {answer.status_code}")
        if RECORDED not in visitor.send(token, **GIVEN).text or len(stored()) != sent:
            wrong.append(f"{name}: {len(stored())} stored of {sent}")
    assert not wrong, "\n".join(wrong)
    assert len(met_at) >= 2


def test_a_connection_is_given_back_although_what_was_read_on_it_cannot_be_ended(world: Flask) -> None:
    with world.app_context():
        engine = db.engine
        db.session.execute(text("SELECT 1"))  # the first connection of all is asked what it is
    kept: list[Connection] = []
    for trouble in breaks_on(engine).values():
        with ending_breaks(engine, "rollback", trouble) as met, world.app_context():
            db.session.execute(text("SELECT 1"))
            kept.append(db.session().connection())  # as a traceback keeps it, in which it stands
        assert met.broke
        assert engine.pool.checkedout() == 0
