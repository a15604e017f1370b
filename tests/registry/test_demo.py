"""The demonstration shows every way in which an agency can end, each with its document."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from survey.foundation.storage.database import db
from survey.registry.models import Agency, AgencySuccession
from survey.registry.successions import refresh
from tests.registry.pages import text_of
from tests.support.staff import signed_in


def _kinds() -> dict[tuple[int, int], tuple[str, object]]:
    row = AgencySuccession
    query = select(row.predecessor_id, row.successor_id, row.kind, row.effective_on)
    return {(before, after): (kind, day) for before, after, kind, day in db.session.execute(query)}


def test_it_has_renames_merges_splits_and_an_abolition_with_documents(
    demonstration: Flask,
) -> None:
    with demonstration.app_context():
        stored = _kinds()
        assert {kind for kind, _day in stored.values()} == {"rename", "merge", "split"}
        assert not db.session.scalars(select(AgencySuccession).where(AgencySuccession.document.is_(None))).all()
        refresh(db.session())
        assert _kinds() == stored  # what the desk would derive
        ended = select(Agency).where(Agency.valid_to.is_not(None))
        succeeded = {before for before, _after in stored}
        abolished = [agency for agency in db.session.scalars(ended) if agency.id not in succeeded]
        assert [bool(agency.abolished_by) for agency in abolished] == [True]
        code, document = abolished[0].code, abolished[0].abolished_by
    page = signed_in(demonstration, "can-bo", "administrator").get(f"/desk/agencies/{code}").text
    assert document in text_of(page)
