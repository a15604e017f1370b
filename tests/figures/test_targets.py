"""The legal targets: what the documents say, word for word, and which one speaks for which year."""

from __future__ import annotations

import json
import re
import unicodedata
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from analysis.figures import codebook
from analysis.targets.service import judged
from survey.foundation import vocabulary
from survey.foundation.caching.weighted_lru import forget_everything
from survey.foundation.storage.database import db
from tests.support.cases import in_one_world

pytestmark = pytest.mark.one_database

DOCUMENTS = Path(__file__).parents[1] / "data" / "documents"
FILES = {"dak-lak": "dak-lak-323.txt", "son-la": "son-la-210.txt", "an-giang": "an-giang-930.txt"}


def folded(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


def shipped() -> list[dict[str, Any]]:
    from analysis.targets.catalogue import shipped_targets

    return shipped_targets()


@pytest.mark.parametrize("target", shipped(), ids=lambda target: target["id"])
def test_every_quote_stands_in_its_document(target: dict[str, Any]) -> None:
    document = folded((DOCUMENTS / FILES[target["province"]]).read_text(encoding="utf-8"))

    assert folded(target["quote"]) in document
    share = Fraction(target["threshold"]) * 100
    assert f"{share}%" in folded(target["quote"]).replace(" %", "%")


def test_all_targets_of_the_three_programmes_ship() -> None:
    of_dak_lak = {"D1", "D2h", "D2e", "D2p", "D3", "D4h", "D4e", "D4p", "D5", "DC", "DT", "DO"}
    of_son_la = {"S1", "S2h", "S2e", "S2p", "S3", "SC", "SO"}
    of_an_giang = {"A1", "A2h", "A2e", "A2p", "AO"}

    assert {target["id"] for target in shipped()} == of_dak_lak | of_son_la | of_an_giang


def test_more_than_is_strict_and_an_giang_is_not() -> None:
    comparators = {target["id"]: target["comparator"] for target in shipped()}

    assert {comparators[id_] for id_ in ("D1", "D2h", "D3", "D4e", "D5", "S1", "S3")} == {">"}
    assert {comparators[id_] for id_ in ("A1", "A2h", "A2e", "A2p", "SC", "DT")} == {">="}
    assert {comparators[id_] for id_ in ("DO", "SO", "AO")} == {"="}


def test_only_dak_lak_and_son_la_ask_individuals_alone_about_health_and_education() -> None:
    kinds = {target["id"]: target["respondent_kinds"] for target in shipped() if target["kind"] == "satisfaction"}

    assert {id_ for id_, value in kinds.items() if value == ["individual"]} == {
        f"{base}{suffix}" for base in ("D2", "D4", "S2") for suffix in "hep"
    }


@in_one_world(
    ("province", "year", "expected"),
    [
        ("dak-lak", 2014, {"D1": "on_the_way", "D2h": "on_the_way", "DO": "reference"}),
        ("dak-lak", 2015, {"D1": "due", "D2e": "due"}),
        ("dak-lak", 2016, {"D1": "reference", "D5": "on_the_way", "D2h": "reference", "D3": "on_the_way"}),
        ("dak-lak", 2020, {"D1": None, "D2p": None, "D5": "due", "D4p": "due", "D3": "due"}),
        ("dak-lak", 2026, {"D1": None, "D5": "reference", "DC": "reference"}),
        ("son-la", 2015, {"S1": None, "SC": "due", "SO": "due"}),
        ("son-la", 2020, {"S1": "due", "S3": "due", "SC": "reference"}),
        ("an-giang", 2013, {"A1": "on_the_way", "AO": "due"}),
        ("an-giang", 2026, {"A1": "reference", "A2h": "reference"}),
    ],
)  # fmt: skip
def test_a_target_speaks_until_a_later_one_is_due(
    database: Any, province: str, year: int, expected: dict[str, str | None]
) -> None:
    from analysis.targets.service import targets_in_force

    standings = {row.target.code: row.status for row in targets_in_force(province, year)}

    assert {code: standings.get(code) for code in expected} == expected


def test_the_command_prints_every_target_with_its_quote(runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["analysis", "targets", "--format", "json"])

    targets = json.loads(result.output)["targets"]
    assert len(targets) == 24
    d3 = next(target for target in targets if target["id"] == "D3")
    assert (d3["comparator"], d3["threshold"], d3["due_year"], d3["clause"]) == (">", 0.8, 2020, "III.2")
    assert d3["agency"] is None
    assert d3["respondent_kinds"] == ["individual", "organisation"]


def test_a_respondent_kind_that_nobody_uses_changes_no_verdict(
    demonstration: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def verdicts() -> dict[str, Any]:
        forget_everything()
        db.session.rollback()
        return {
            f"{row.in_year.target.code} {year}": [(figure.estimate, figure.verdict) for figure in row.figures.figures]
            for year in (2020, 2026)
            for row in judged("dak-lak", year)
            if row.figures
        }

    with demonstration.app_context():
        before = verdicts()
        kinds = {"household": "Hộ gia đình", **vocabulary.RESPONDENT_KINDS}
        for module in (vocabulary, codebook):
            monkeypatch.setattr(module, "RESPONDENT_KINDS", kinds)
        assert before["D3 2020"]
        assert verdicts() == before


def test_a_clause_about_several_kinds_takes_those_who_do_not_say_theirs_and_one_about_individuals_does_not() -> None:
    said = {(len(target["respondent_kinds"]) > 1, target["takes_unknown"]) for target in shipped()}

    assert said == {(True, True), (False, False)}
