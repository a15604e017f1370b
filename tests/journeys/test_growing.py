"""A third language is one catalogue and one line, a new channel one line: everything that lists them takes them in."""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import lazy_gettext

from survey.foundation.registered import Registered
from survey.foundation.vocabulary import CHANNELS, LANGUAGES, LIVE_CHANNELS
from tests.desk.filled import database_url, frozen_clock, world
from tests.desk.world import answer
from tests.support.databases import SECRET_KEY
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database

__all__ = ["database_url", "frozen_clock", "world"]

ENGLISH = Path("survey/foundation/translations/en/LC_MESSAGES/messages.po")
EXPORTS = "/desk/dak-lak/health/exports"


def registered(monkeypatch: pytest.MonkeyPatch, register: Registered[Any], name: str, member: object) -> None:
    """One line more in a register, for one test."""
    monkeypatch.setattr(register, "_members", dict(register))
    register.add(name, member)


@pytest.fixture
def third_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """French, whose every text is the Vietnamese one in guillemets: the catalogue, and the one line."""
    with ENGLISH.open("rb") as file:
        catalogue = read_po(file, locale="fr")
    for message in catalogue:
        if message.id:
            message.string = tuple(map(_quoted, message.id)) if message.pluralizable else _quoted(str(message.id))
    place = tmp_path / "fr" / "LC_MESSAGES"
    place.mkdir(parents=True)
    with (place / "messages.mo").open("wb") as compiled:
        write_mo(compiled, catalogue)
    registered(monkeypatch, LANGUAGES, "fr", "Français")


def _quoted(text: str) -> str:
    return f"«{text}»"


@pytest.fixture
def french(third_language: None, world: Flask, tmp_path: Path) -> Flask:
    world.extensions["babel"].translation_directories.append(str(tmp_path))
    return world


@pytest.fixture
def officer(french: Flask) -> FlaskClient:
    return signed_in(french, "so-y-te", "method_owner", sector="health")


def test_a_third_language_is_offered_and_spoken_on_public_pages(french: Flask) -> None:
    visitor = french.test_client()
    for address in ("/", "/c/quay-bv-tinh", "/results/", "/login"):
        assert "Français" in visitor.get(address).text, address
        page = visitor.get(f"{address}?lang=fr").text
        assert '<html lang="fr"' in page, address
        assert "«" in page, address


def test_a_third_language_is_spoken_at_the_desk_by_menus_filters_and_themes(officer: FlaskClient) -> None:
    page = officer.get("/desk/dak-lak/health?lang=fr", follow_redirects=True).text
    assert "«Kết quả»" in page, "groups of the menu"
    assert "Français" in officer.get("/desk/dak-lak/health").text, "the way to it"
    assert re.search(r'<option[^>]* value="fr"[^>]*>\s*Français', officer.get("/desk/dak-lak/health/explore").text)
    assert "«Thái độ phục vụ»" in officer.get("/desk/dak-lak/health/comments?lang=fr", follow_redirects=True).text


def test_a_form_sent_in_a_third_language_is_a_figure_and_an_exported_row(officer: FlaskClient, french: Flask) -> None:
    with french.app_context():
        answer("bv-tinh", "kham-benh", "2026-10-20", 40, 5, language="fr")
    explored = officer.get("/desk/dak-lak/health/explore?by=language&period=2026-10", follow_redirects=True)
    assert "Français" in explored.text
    rows = officer.get(f"{EXPORTS}/responses.csv?period=2026-10&lang=fr")
    assert "fr" in {row["«Ngôn ngữ»"] for row in csv.DictReader(io.StringIO(rows.data.decode("utf-8-sig")))}


def test_a_kiosk_gets_the_texts_of_a_third_language(french: Flask) -> None:
    from kiosk.pages.assets import texts_by_language

    with french.test_request_context("/kiosk/"):
        texts = texts_by_language()
    assert set(texts) == set(LANGUAGES)
    assert all(text.startswith("«") for text in texts["fr"].values())


def test_every_questionnaire_can_be_sent_in_a_third_language(french: Flask) -> None:
    from survey.questionnaires.catalogue import shipped_questionnaires
    from survey.questionnaires.definition import Definition
    from survey.questionnaires.form import try_send

    with french.test_request_context("/"):
        for questionnaire in shipped_questionnaires():
            try_send(Definition.parse(questionnaire["definition"]))


def test_numbers_and_days_follow_the_manners_of_a_third_language(french: Flask) -> None:
    from survey.foundation.formatting import date, number

    with french.test_request_context("/?lang=fr"):
        assert (number(1234.5, 1), date(dt.date(2026, 9, 3))) == ("1\u202f234,5", "3 sept. 2026")


def test_a_third_language_is_printed_on_sheets(french: Flask) -> None:
    from survey.channels.sheets.formats import languages_printed

    with french.app_context():
        assert list(languages_printed()) == ["vi", "vi-en", "en", "vi-fr", "fr"]


def test_a_third_language_can_be_typed_in_the_editor() -> None:
    """In a program of its own, because its forms are made once, when the program starts."""
    program = """
from survey.foundation.vocabulary import LANGUAGES
LANGUAGES.add("fr", "Français")
from survey.questionnaires.editor import ItemForm, NewItemForm
print(hasattr(ItemForm, "fr"), hasattr(NewItemForm, "fr"))
"""
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert told.split() == ["True", "True"]


@pytest.fixture
def email(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one line of a new channel."""
    registered(monkeypatch, CHANNELS, "email", lazy_gettext("Thư điện tử"))


def test_a_new_channel_is_taken_in_counted_told_apart_and_exported(world: Flask, email: None) -> None:
    from analysis.figures.query import FigureQuery
    from analysis.figures.service import answer as ask
    from survey.foundation.periods import Period

    with world.app_context():
        october = FigureQuery(
            province="dak-lak", subject="health_service", period=Period.parse("2026-10"), by="channel"
        )
        before = {figure.domain: figure.received for figure in ask(october).figures}
    with world.app_context():
        answer("bv-tinh", "kham-benh", "2026-10-20", 40, 5, channel="email")
    with world.app_context():
        after = {figure.domain: figure.received for figure in ask(october).figures}
    assert after == before | {"email": 40}
    client = signed_in(world, "so-y-te", "method_owner", sector="health")
    page = client.get("/desk/dak-lak/health/explore?by=channel&period=2026-10", follow_redirects=True).text
    assert re.search(r'<option[^>]* value="email"[^>]*>\s*Thư điện tử', page), "the filter by channel"
    rows = client.get(f"{EXPORTS}/responses.csv?period=2026-10").data.decode("utf-8-sig")
    assert [row["Kênh"] for row in csv.DictReader(io.StringIO(rows))].count("email") == 40
    assert "email" in client.get(f"{EXPORTS}/responses/tu-dien.csv?period=2026-10").text


LINES = """
import sys
from survey.foundation.vocabulary import CHANNELS, LANGUAGES
CHANNELS.add("email", "Thư điện tử")
LANGUAGES.add("fr", "Français")
from flask.cli import ScriptInfo
from wsgi import create_app
app = create_app()
app.cli.main(args=sys.argv[1:], obj=ScriptInfo(create_app=lambda: app))
"""


def commanded(database_url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command of a program that has had both lines from its start."""
    settings = {"DATABASE_URL": database_url, "SECRET_KEY": SECRET_KEY}
    return subprocess.run(
        [sys.executable, "-c", LINES, *arguments],
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=False,
    )


def test_commands_take_files_of_a_new_channel_and_write_files_in_a_third_language(
    world: Flask, database_url: str, tmp_path: Path
) -> None:
    head = "id,agency,counter,service,answered_at,channel,respondent_kind,language,questionnaire,version,comment"
    row = "bv-tinh,quay-bv-tinh,kham-benh,2026-10-20T09:00:00+07:00,email,,fr,health,1,"
    file, out = tmp_path / "answers.csv", tmp_path / "tallies.csv"
    file.write_text(f"{head},overall_health\n11111111-1111-4111-8111-111111111111,{row},5\n", encoding="utf-8")
    taken = commanded(database_url, "survey", "import", "--kind", "responses", str(file))
    assert taken.returncode == 0, taken.stderr
    asked = ("--kind", "tallies", "--province", "dak-lak", "--period", "2026-10", "--lang", "fr", "--out", str(out))
    written = commanded(database_url, "analysis", "export", *asked)
    assert (written.returncode, out.exists()) == (0, True), written.stderr
    file.write_text(file.read_text(encoding="utf-8").replace("email", "pigeon"), encoding="utf-8")
    assert commanded(database_url, "survey", "import", "--kind", "responses", str(file)).returncode == 2


def test_only_channels_that_exist_are_live() -> None:
    assert set(CHANNELS) >= LIVE_CHANNELS
