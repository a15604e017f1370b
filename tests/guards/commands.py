"""One real run of every command that changes something, and why the others leave no entry in the audit log."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import click
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from survey.foundation.storage.database import db
from survey.questionnaires.packs.sample import VIETNAMESE
from survey.registry.models import Counter
from tests.support.second_factors import give_factor
from tests.support.staff import PASSWORD, make_user

READS = "changes nothing"
OWN_RECORD = {
    **dict.fromkeys(
        ("addresses", "analysis targets", "analysis verdicts", "analysis estimates", "analysis questions"), READS
    ),
    **dict.fromkeys(
        ("analysis country", "analysis estimate", "analysis verify", "analysis report", "analysis report-all"), READS
    ),
    **dict.fromkeys(
        ("survey export", "survey backup", "survey questionnaires schema", "survey schemas", "survey posters"), READS
    ),
    **dict.fromkeys(("survey backup-nightly", "survey rehearse-restore", "survey watch", "survey alarm"), READS),
    "staff first-administrator": "makes nothing where an account is; that it is audited: tests/accounts",
    **dict.fromkeys(("survey questionnaires export", "reports subscriptions"), READS),
    **dict.fromkeys((f"survey languages {word}" for word in ("check", "list", "schema", "spoken")), READS),
    **dict.fromkeys(("survey languages sample", "survey languages template"), "writes a file of its own"),
    "analysis country-editions": "keeps what archives say, which say themselves of when; publishing is audited",
    "analysis sums": "keeps sums of what is there, so that pages open faster; no figure depends on it",
    "analysis detect": "opens tasks that say themselves when and on what evidence; what people do with them is audited",
    "reports send-due": "every report and message has its own row with state and time; archiving a report is audited",
    "survey remind": "each case says itself when its holder was told",
    "survey retention": "drops by rule what is over; comments and tickets it drops are audited (tests/retention)",
    "survey run-print": "a file to print changes nothing: tests/channels/test_printing_behind_the_page.py",
    "survey run-draft": "an import of the desk in a process of its own: tests/registry_files/test_long_imports.py",
    "demo": "fills an empty database with invented data",
    "try-out": "what other commands do, one after the other",
}
Run = Callable[[FlaskCliRunner, Path], object]
WHERE = ["--province", "dak-lak"]


def _import(kind: str, name: str, text: str) -> Run:
    def run(runner: FlaskCliRunner, folder: Path) -> object:
        file = folder / name
        file.write_text(text, encoding="utf-8")
        command = ["analysis", "import-reference"] if kind == "reference" else ["survey", "import", "--kind", kind]
        return called(runner, *command, str(file))

    return run


def _restore(runner: FlaskCliRunner, folder: Path) -> object:
    called(runner, "survey", "backup", str(folder / "all.zip"))
    return called(runner, "survey", "restore", "--force", str(folder / "all.zip"))


def _reset_second_factor(runner: FlaskCliRunner, _folder: Path) -> object:
    give_factor(runner.app, make_user(runner.app, "mat-dien-thoai", "officer"))
    return called(runner, "staff", "reset-second-factor", "mat-dien-thoai")


def _subscription(word: str) -> Run:
    return lambda runner, _folder: called(
        runner, "reports", word, *WHERE, "--recipient", "so-y-te", "phong-nvy@so.tinh.gov.vn"
    )


def _import_questionnaire(runner: FlaskCliRunner, folder: Path) -> object:
    file = folder / "phieu.json"
    called(runner, "survey", "questionnaires", "export", "sipas-2017", "1", str(file))
    file.write_text(file.read_text(encoding="utf-8").replace('"version": 1', '"version": 2'), encoding="utf-8")
    return called(runner, "survey", "questionnaires", "import", str(file))


def _tickets(runner: FlaskCliRunner, folder: Path) -> object:
    file = str(folder / "ma.csv")
    with runner.app.app_context():
        counter = str(db.session.scalar(select(Counter.code).order_by(Counter.id).limit(1)))
    called(runner, "survey", "tickets", counter, "--count", "3", "--out", file)
    return called(runner, "survey", "tickets", "--void", file)


COMMANDS: Mapping[str, Run] = {
    "survey languages install": lambda runner, _folder: called(
        runner, "survey", "languages", "install", str(VIETNAMESE)
    ),
    "survey languages remove": lambda runner, _folder: called(runner, "survey", "languages", "remove", "vi"),
    "survey questionnaires import": _import_questionnaire,
    "survey import": _import("services", "dich-vu.csv", "code,name,sector,field\nTHU-1,Dịch vụ thử,health,Khám bệnh\n"),
    "analysis import-reference": _import(
        "reference", "sipas.csv", "province,year,indicator,value,rank,source\ndak-lak,2020,sipas,81.23,30,Thử\n"
    ),
    "staff create-user": lambda runner, _folder: called(
        runner, "staff", "create-user", "moi", "--name", "Mới", "--role", "officer", *WHERE, typed=f"{PASSWORD}\n"
    ),
    "staff set-password": lambda runner, _folder: called(
        runner, "staff", "set-password", "moi", typed=f"{PASSWORD} nữa\n"
    ),
    "staff reset-second-factor": _reset_second_factor,
    "survey erase": lambda runner, _folder: called(
        runner, "survey", "erase", "--before", "2026-01-01", "--reason", "Thử"
    ),
    "kiosk pair": lambda runner, _folder: called(runner, "kiosk", "pair"),
    "analysis archive": lambda runner, folder: called(
        runner, *("analysis", "archive", "--to", str(folder / "kho"), *WHERE, "--until", "2026-10")
    ),
    "analysis close": lambda runner, _folder: called(runner, "analysis", "close", *WHERE, "--period", "2026-10"),
    "analysis publish": lambda runner, _folder: called(runner, "analysis", "publish", *WHERE, "--period", "2026-10"),
    "analysis export": lambda runner, folder: called(
        runner,
        *("analysis", "export", "--kind", "estimates", *WHERE),
        *("--period", "2026-10", "--out", str(folder / "so-lieu.csv")),
    ),
    "reports subscribe": _subscription("subscribe"),
    "reports unsubscribe": _subscription("unsubscribe"),
    "survey restore": _restore,
    "survey tickets": _tickets,
}


def called(runner: FlaskCliRunner, *arguments: str, typed: str | None = None) -> object:
    """Run a command that must succeed."""
    result = runner.invoke(args=list(arguments), input=typed)
    assert result.exit_code == 0, f"{' '.join(arguments)}: {result.output}"
    return result


def own_commands(app: Flask) -> set[str]:
    """The names of all commands of the product; those of the migration tool change the schema alone."""
    return {name for name in _leaves(app.cli) if not name.startswith("db ")}


def _leaves(command: click.Command, *names: str) -> Iterator[str]:
    if not isinstance(command, click.Group):
        yield " ".join(names)
        return
    for name, subcommand in command.commands.items():
        yield from _leaves(subcommand, *names, name)
