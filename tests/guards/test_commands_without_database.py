"""Every command ends in one sentence and exit status 2 when its database is away, empty or another program's."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import text

from survey.foundation.configuration.settings import Settings
from survey.questionnaires.packs.sample import VIETNAMESE
from tests.guards.commands import own_commands
from tests.support.databases import SECRET_KEY
from wsgi import create_app

WHERE = ["--province", "dak-lak"]
MONTH = [*WHERE, "--period", "2026-10"]
AWAY = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"  # nobody listens on this port
MIGRATES = {"try-out"}  # makes its tables itself
# Read a file and nothing else, or the file first (tests/reports, tests/backups).
OF_A_FILE = {
    "analysis country",
    "analysis estimate",
    "analysis verify",
    "survey questionnaires import",
    "survey restore",
    "survey rehearse-restore",
}
ASKS_NOTHING = {  # of the database
    *("survey alarm", "survey watch", "survey questionnaires schema", "survey languages schema", "survey schemas")
}

PACK = str(VIETNAMESE)
ARGUMENTS: Mapping[str, list[str]] = {
    "addresses": [],
    "survey questionnaires export": ["administration", "1", "FOLDER/questionnaire.json"],
    "analysis archive": ["--to", "FOLDER/archive"],
    "analysis close": MONTH,
    "analysis country-editions": ["--archive", "FOLDER/archive"],
    "analysis detect": WHERE,
    "analysis estimates": [*MONTH, "--subject", "procedures"],
    "analysis export": ["--kind", "estimates", *MONTH, "--out", "FOLDER/figures.csv"],
    "analysis import-reference": ["FOLDER/reference.csv"],
    "analysis publish": MONTH,
    "analysis questions": [*MONTH, "--subject", "procedures"],
    "analysis report": [*MONTH, "--recipient", "so-y-te", "--out", "FOLDER"],
    "analysis report-all": [*MONTH, "--out", "FOLDER"],
    "analysis sums": [],
    "analysis targets": [],
    "analysis verdicts": [*WHERE, "--year", "2026"],
    "demo": [],
    "kiosk pair": [],
    "reports send-due": [],
    "reports subscribe": [*WHERE, "--recipient", "so-y-te", "a@tinh.gov.vn"],
    "reports subscriptions": [],
    "reports unsubscribe": [*WHERE, "--recipient", "so-y-te", "a@tinh.gov.vn"],
    "staff create-user": ["moi", "--name", "Mới", "--role", "officer", *WHERE],
    "staff first-administrator": WHERE,
    "staff reset-second-factor": ["moi"],
    "staff set-password": ["moi"],
    "survey backup": ["FOLDER/all.zip"],
    "survey backup-nightly": ["FOLDER/nightly"],
    "survey erase": ["--before", "2026-01-01", "--reason", "Thử"],
    "survey export": ["--kind", "agencies", "FOLDER/agencies.csv"],
    "survey import": ["--kind", "services", "FOLDER/services.csv"],
    "survey remind": [],
    "survey retention": [],
    "survey languages check": [PACK],
    "survey languages install": [PACK],
    "survey languages list": [],
    "survey languages remove": ["vi"],
    "survey languages sample": ["FOLDER/pack"],
    "survey languages spoken": [],
    "survey languages template": ["FOLDER/texts.po"],
    "survey run-print": ["00000000-0000-0000-0000-000000000000"],
    "survey run-draft": ["00000000-0000-0000-0000-000000000000", "--task", "check"],
    "survey posters": [*WHERE, "--out", "FOLDER/sheets.pdf"],
    "survey tickets": ["QUAY-1", "--count", "3", "--out", "FOLDER/codes.csv"],
    "try-out": [],
}
FILES = {
    "services.csv": "code,name,sector,field\nTHU-1,Dịch vụ thử,health,Khám bệnh\n",
    "reference.csv": "province,year,indicator,value,rank,source\ndak-lak,2020,sipas,81.23,30,Thử\n",
}


def application(url: str) -> Flask:
    return create_app(Settings(secret_key=SECRET_KEY, database_url=url, testing=True))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("files")
    for name, content in FILES.items():
        (place / name).write_text(content, encoding="utf-8")
    return place


def ended(app: Flask, name: str, folder: Path) -> tuple[int, str]:
    """The exit status and what was said; a traceback counts as 70."""
    arguments = [word.replace("FOLDER", str(folder)) for word in ARGUMENTS[name]]
    result = app.test_cli_runner().invoke(args=[*name.split(), *arguments], input="Mật khẩu dài của thử\n")
    crashed = result.exception is not None and not isinstance(result.exception, SystemExit)
    return (70, repr(result.exception)) if crashed else (result.exit_code, result.stderr)


def test_the_list_is_complete(folder: Path) -> None:
    assert own_commands(application("sqlite://")) == ARGUMENTS.keys() | OF_A_FILE | ASKS_NOTHING


@pytest.mark.parametrize("name", ARGUMENTS)
def test_a_database_that_is_away_ends_the_command_in_one_sentence(folder: Path, name: str) -> None:
    status, said = ended(application(AWAY), name, folder)
    assert status == 2, said
    assert len(said.strip().splitlines()) == 1
    assert "Không vào được cơ sở dữ liệu" in said


@pytest.mark.parametrize("name", ARGUMENTS)
def test_a_database_that_another_server_has_migrated_further_is_left_alone(
    app: Flask, database: SQLAlchemy, folder: Path, name: str
) -> None:
    database.session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.session.commit()
    status, said = ended(app, name, folder)
    assert status == 2, said
    assert len(said.strip().splitlines()) == 1
    assert "mới hơn chương trình này" in said
    assert sorted(file.name for file in folder.rglob("*") if file.is_file()) == sorted(FILES)


@pytest.mark.parametrize("name", sorted(ARGUMENTS.keys() - MIGRATES))
def test_a_database_that_was_never_migrated_ends_the_command_in_one_sentence(
    folder: Path, tmp_path: Path, name: str
) -> None:
    status, said = ended(application(f"sqlite:///{tmp_path}/empty.sqlite3"), name, folder)
    assert status == 2, said
    assert len(said.strip().splitlines()) == 1
    assert "db upgrade" in said
    assert sorted(file.name for file in folder.rglob("*") if file.is_file()) == sorted(
        FILES
    )  # and leaves nothing half written
