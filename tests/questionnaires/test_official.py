"""The official forms: complete, honest about their wording, usable at once, never asked at counters by themselves."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from survey.foundation.vocabulary import SECTORS
from survey.questionnaires.catalogue import official_questionnaires
from survey.questionnaires.definition import Definition
from survey.questionnaires.form import try_send
from survey.questionnaires.versions import VersionName, current_version, load_definition
from tests.channels.conftest import database_url
from tests.registry.pages import text_of
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database

__all__ = ["database_url"]
OFFICIAL = {questionnaire["key"]: questionnaire for questionnaire in official_questionnaires()}


def definition(key: str) -> Definition:
    return Definition.parse(OFFICIAL[key]["definition"])


@pytest.mark.parametrize(
    ("key", "sections", "others"),
    [
        ("byt-inpatient", [5, 7, 11, 7, 6], 5),
        ("byt-outpatient", [5, 10, 8, 4, 4], 5),
        ("sipas-2017", [4, 5, 6, 3, 4], 6),
    ],
)
def test_a_form_is_complete(key: str, sections: list[int], others: int) -> None:
    form = definition(key)
    counts = Counter(item.factor for item in form.items if item.is_detail)
    assert [counts[factor.code] for factor in form.factors] == sections
    assert sum(not item.is_rated for item in form.items) == others


def test_sipas_asks_about_each_factor_and_the_whole() -> None:
    form = definition("sipas-2017")
    assert [item.factor for item in form.items if item.is_rated and not item.is_detail and not item.subject] == [
        factor.code for factor in form.factors
    ]
    assert {item.subject for item in form.overall_items} == {"agency_service", "procedures"}


def test_of_the_one_stop_indicators_only_those_a_citizen_can_judge_are_asked() -> None:
    assert [item.code for item in definition("one-stop-2018").items if item.type == "points"] == [
        "one_time",
        "one_contacts",
        "one_agencies",
        "one_published",
        "one_attitude",
    ]


@pytest.mark.parametrize("key", ["edu-preschool", "edu-primary", "edu-lower-secondary"])
def test_a_form_of_a_school_below_upper_secondary_addresses_parents(key: str) -> None:
    intro = definition(key).intro
    assert intro is not None
    assert intro["vi"].startswith("Dành cho cha mẹ hoặc người giám hộ")


@pytest.mark.parametrize("key", OFFICIAL)
def test_each_names_its_document_and_what_is_not_confirmed_and_asks_nothing_personal(key: str) -> None:
    form = definition(key)
    assert form.source is not None
    assert form.source.note
    assert all(item.note for item in form.overall_items if item.confidence == "own")
    text = json.dumps(OFFICIAL[key]["definition"]["items"], ensure_ascii=False).lower()
    assert not [word for word in ("họ và tên", "số điện thoại", "cccd", "ngày sinh") if word in text]
    try_send(form)


def test_one_code_asks_one_thing() -> None:
    said: dict[str, set[str]] = {}
    for key in OFFICIAL:
        for item in definition(key).items:
            if not item.subject:
                said.setdefault(item.code, set()).add(item.text["vi"])
    assert {code: texts for code, texts in said.items() if len(texts) > 1} == {}


@pytest.mark.parametrize("sector", SECTORS)
def test_counters_go_on_asking_the_short_form(database: SQLAlchemy, sector: str) -> None:
    assert current_version(database.session(), sector) == VersionName(sector, 1)
    for key in OFFICIAL:
        assert load_definition(database.session(), VersionName(key, 1)) == definition(key)


def test_the_owner_of_a_method_sees_what_is_not_confirmed_and_others_see_the_document(app: Flask) -> None:
    page = "/desk/questionnaires/byt-inpatient"
    owner = text_of(signed_in(app, "so-y-te", "method_owner", sector="health").get(page).text)
    assert "QĐ 3869/QĐ-BYT" in owner
    assert "Một trong ba bản chép" in owner
    other = text_of(signed_in(app, "so-noi-vu", "method_owner", sector="administration").get(page).text)
    assert "QĐ 3869/QĐ-BYT" in other
    assert "Một trong ba bản chép" not in other


def run(app: Flask, *words: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["survey", "questionnaires", *words])
    return result.exit_code, result.output


def test_a_file_goes_out_and_in_and_a_published_version_never_changes(
    app: Flask, database: SQLAlchemy, tmp_path: Path
) -> None:
    file = tmp_path / "noi-tru.json"
    assert run(app, "export", "byt-inpatient", "1", str(file)) == (0, "")
    assert json.loads(file.read_text(encoding="utf-8")) == OFFICIAL["byt-inpatient"]
    assert run(app, "import", str(file)) == (0, "Đã có từ trước: bản 1.\n")
    data: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    data["definition"]["items"][1]["text"]["vi"] = "Khác"
    file.write_text(json.dumps(data), encoding="utf-8")
    code, said = run(app, "import", str(file))
    assert (code, "đã có với nội dung khác" in said) == (2, True)
    data |= {"key": "phieu-moi", "version": 7}
    file.write_text(json.dumps(data), encoding="utf-8")
    assert run(app, "import", str(file)) == (0, "Đã công bố: bản 7.\n")
    assert load_definition(database.session(), VersionName("phieu-moi", 7)) == Definition.parse(data["definition"])


@pytest.mark.parametrize("content", ["", "[]", "{", '{"key": "x"}', '{"key": "x", "sector": "health", "title": "t"}'])
def test_a_file_that_is_none_is_refused_by_name(app: Flask, tmp_path: Path, content: str) -> None:
    file = tmp_path / "hong.json"
    file.write_text(content, encoding="utf-8")
    code, said = run(app, "import", str(file))
    assert code == 2
    assert "hong.json" in said
