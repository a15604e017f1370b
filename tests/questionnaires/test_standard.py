"""The three questionnaires the product ships with."""

from __future__ import annotations

import pytest
from flask_sqlalchemy import SQLAlchemy

from survey.foundation.vocabulary import SECTOR_OF_SUBJECT, SECTORS
from survey.questionnaires.catalogue import shipped_questionnaires
from survey.questionnaires.definition import Definition
from survey.questionnaires.versions import VersionName, current_version, load_definition

pytestmark = pytest.mark.one_database

SHIPPED = shipped_questionnaires()


def test_there_is_one_for_each_sector() -> None:
    assert sorted(shipped["sector"] for shipped in SHIPPED) == sorted(SECTORS)


@pytest.mark.parametrize("shipped", SHIPPED, ids=lambda shipped: shipped["key"])
def test_each_asks_about_its_own_sector_in_both_languages(shipped: dict[str, object]) -> None:
    definition = Definition.parse(shipped["definition"])
    assert {SECTOR_OF_SUBJECT[item.subject or ""] for item in definition.overall_items} == {shipped["sector"]}
    for entry in (*definition.items, *definition.factors):
        assert set(entry.text) == {"vi", "en"}
        assert entry.text["vi"] != entry.text["en"]


@pytest.mark.parametrize("shipped", SHIPPED, ids=lambda shipped: shipped["key"])
def test_each_has_five_factors_and_asks_something_in_each(shipped: dict[str, object]) -> None:
    definition = Definition.parse(shipped["definition"])
    assert len(definition.factors) == 5
    assert {item.factor for item in definition.optional_items} == {factor.code for factor in definition.factors}


@pytest.mark.parametrize("sector", SECTORS)
def test_an_empty_database_has_them_after_the_upgrade(database: SQLAlchemy, sector: str) -> None:
    assert current_version(database.session(), sector) == VersionName(sector, 1)
    (shipped,) = [shipped for shipped in SHIPPED if shipped["sector"] == sector]
    assert load_definition(database.session(), VersionName(sector, 1)) == Definition.parse(shipped["definition"])


def test_the_version_published_last_is_asked_and_a_draft_is_not(database: SQLAlchemy) -> None:
    import datetime as dt

    from survey.foundation.clock import now
    from survey.questionnaires.models import QuestionnaireVersion

    definition = SHIPPED[0]["definition"]
    key = SHIPPED[0]["key"]
    later = now() + dt.timedelta(days=1)
    database.session.add_all(
        [
            QuestionnaireVersion(questionnaire_key=key, version=2, definition=definition, published_at=later),
            QuestionnaireVersion(questionnaire_key=key, version=3, definition=definition, published_at=None),
        ]
    )
    database.session.flush()
    assert current_version(database.session(), SHIPPED[0]["sector"]) == VersionName(key, 2)
    assert load_definition(database.session(), VersionName(key, 3)) is None
