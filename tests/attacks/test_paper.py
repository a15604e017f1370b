"""A thief of a backup who knows which numbered form a citizen was handed looks for the answer it became."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from survey.channels.paper.numbers import read_number
from survey.foundation.storage.database import db
from tests.channels.conftest import database_url, world
from tests.channels.test_paper import FORM, Clerk, clerk, second

__all__ = ["clerk", "database_url", "second", "world"]


def test_no_number_of_a_form_leads_to_its_batch_its_day_or_its_answer(
    world: Flask, clerk: Clerk, second: Clerk
) -> None:
    """The worst case: the pile is one form, the only one of its day."""
    batch, (number,) = clerk.batch(1)
    clerk.post(batch, number=number, **FORM)
    check = clerk.post(f"{batch}/finish")
    second.post(check, number=number, **FORM)
    second.post(f"{batch}/hand-in")
    serial = read_number(number)
    with world.app_context():
        rows = {
            table.name: [tuple(row) for row in db.session.execute(sa.select(table))]
            for table in db.metadata.sorted_tables
        }
    assert len(rows["responses"]) == 1
    holding = {name for name, several in rows.items() for row in several if serial in row or str(serial) in str(row)}
    assert holding == {"paper_numbers"}
    assert rows["paper_numbers"] == [(serial,)]


def test_the_numbers_lie_in_no_order_of_typing(world: Flask, clerk: Clerk, second: Clerk) -> None:
    batch, numbers = clerk.batch(3)
    for number in reversed(numbers):
        clerk.post(batch, number=number, **FORM)
    clerk.post(f"{batch}/finish")
    second.post(f"{batch}/hand-in", reason="Chỉ có một người")
    with world.app_context():
        stored = db.session.execute(sa.text("SELECT number FROM paper_numbers")).scalars().all()
    assert stored == sorted(read_number(number) or 0 for number in numbers)
