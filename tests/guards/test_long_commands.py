"""Every command that may take more than a few seconds shows how far it is, and may be interrupted without harm."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select

from survey.foundation.commands import progress
from survey.foundation.commands.long_commands import INTERRUPTED
from survey.foundation.storage.database import db
from survey.registry.models import Counter
from tests.guards.commands import own_commands

WHERE = ["--province", "dak-lak"]
MONTH = [*WHERE, "--period", "2026-10"]
A_LINE = "prints or changes what a person named"
ONE_FIGURE = "asks for the figures of one page, which the desk gives in a request"
QUICK = {
    **dict.fromkeys(("addresses", "kiosk pair", "survey alarm", "survey watch", "survey remind"), A_LINE),
    **dict.fromkeys((f"reports {name}" for name in ("subscribe", "unsubscribe", "subscriptions")), A_LINE),
    **dict.fromkeys(("staff create-user", "staff set-password", "staff reset-second-factor"), A_LINE),
    **dict.fromkeys(("staff first-administrator", "survey schemas", "survey questionnaires schema"), A_LINE),
    **dict.fromkeys(("survey questionnaires import", "survey questionnaires export"), A_LINE),
    **dict.fromkeys(("analysis targets", "analysis verdicts", "analysis estimates", "analysis questions"), ONE_FIGURE),
    **dict.fromkeys(("analysis estimate", "analysis import-reference", "analysis close"), ONE_FIGURE),
    **dict.fromkeys(
        (f"survey languages {name}" for name in ("check", "install", "list", "remove", "sample", "schema", "spoken")),
        "one language's texts",
    ),
    "survey languages template": "one language's texts",
    "survey run-print": "told to the desk's page: tests/channels/test_printing_behind_the_page.py",
    "survey run-draft": "told to the desk's page: tests/registry_files/test_long_imports.py",
    "try-out": "`demo` and others",
}
KEEPS = "Đã dừng; phần đã xong được giữ."
# A real run of each; FOLDER is empty but for what `prepare` makes.
RUNS = {
    "analysis archive": ["--to", "FOLDER/archive"],
    "analysis country": ["--archive", "FOLDER/kept", "--period", "2026-10", "--subject", "procedures"],
    "analysis country-editions": ["--archive", "FOLDER/kept", "--period", "2026-10"],
    "analysis detect": WHERE,
    "analysis export": [*MONTH, "--kind", "responses", "--out", "FOLDER/answers.csv"],
    "analysis publish": MONTH,
    "analysis report": [*MONTH, "--recipient", "so-y-te", "--out", "FOLDER/report"],
    "analysis report-all": [*MONTH, "--out", "FOLDER/reports", "--processes", "1"],
    "analysis sums": [],
    "analysis verify": ["FOLDER/kept/document.pdf"],
    "reports send-due": [],
    "survey backup": ["FOLDER/new.zip"],
    "survey backup-nightly": ["FOLDER/nightly"],
    "survey erase": ["--before", "2026-11-01", "--reason", "theo quyết định"],
    "survey export": ["--kind", "agencies", "FOLDER/agencies.csv"],
    "survey import": ["--kind", "services", "FOLDER/services.csv"],
    "survey posters": [*WHERE, "--out", "FOLDER/posters.pdf"],
    "survey rehearse-restore": ["FOLDER/kept"],
    "survey restore": ["--force", "FOLDER/kept/2026-11-19.zip"],
    "survey retention": [],
    "survey tickets": ["COUNTER", "--count", "20", "--out", "FOLDER/codes.pdf"],
}
SERVICES = "code,name,sector,field\n" + "".join(f"DAI-{n},Dịch vụ {n},health,Khám bệnh\n" for n in range(20))


def leaf(app: Flask, name: str) -> click.Command:
    """The command of a name."""
    command: click.Command = app.cli
    for word in name.split():
        assert isinstance(command, click.Group)
        command = command.commands[word]
    return command


def prepare(runner: FlaskCliRunner, folder: Path) -> None:
    """What the runs begin with: a backup, an archive, a closed month, a file, a report due."""
    (folder / "services.csv").write_text(SERVICES, encoding="utf-8")
    for arguments in (
        ["survey", "backup-nightly", str(folder / "kept")],
        ["analysis", "archive", *WHERE, "--to", str(folder / "kept")],
        ["analysis", "close", *MONTH],
        ["analysis", "report", *MONTH, "--recipient", "so-y-te", "--out", str(folder / "kept")],
        ["reports", "subscribe", *WHERE, "--recipient", "so-y-te", "--since", "2026-11-01", "phong@tinh.gov.vn"],
    ):
        result = runner.invoke(args=arguments)
        assert result.exit_code == 0, result.output
    next((folder / "kept").glob("*.pdf")).rename(folder / "kept" / "document.pdf")
    made = next((folder / "kept").glob("*.zip"))
    made.rename(made.with_name("2026-11-19.zip"))


def rows(app: Flask) -> dict[str, int]:
    """How many rows each table holds; every export is noted before it is written."""
    with app.app_context():
        tables = [table for table in db.metadata.sorted_tables if table.name != "audit_entries"]
        return {table.name: db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


@pytest.fixture
def interrupted(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Call it: from then on whatever tells its progress is interrupted there."""

    def interrupt(label: str, done: int, length: int | None) -> None:
        raise KeyboardInterrupt

    def begin() -> None:
        monkeypatch.setattr(progress, "EVERY", 0.0)
        monkeypatch.setattr(progress, "_tell_in_a_line", interrupt)

    return begin


def test_each_command_is_quick_for_a_reason_or_says_how_to_go_on(demonstration: Flask) -> None:
    long = {name for name in own_commands(demonstration) if hasattr(leaf(demonstration, name).callback, "how_to_go_on")}
    assert sorted(own_commands(demonstration) ^ (long | QUICK.keys())) == []
    assert sorted(long ^ (RUNS.keys() | {"demo"})) == []
    assert sorted(long & QUICK.keys()) == []


def test_long_commands_tell_their_progress_and_are_interrupted_without_harm(
    demonstration: Flask, tmp_path: Path, interrupted: Callable[[], None], subtests: pytest.Subtests
) -> None:
    runner = demonstration.test_cli_runner()
    with demonstration.app_context():
        counter = db.session.scalars(select(Counter.code).where(Counter.closed_on.is_(None))).first()
    assert counter is not None
    prepare(runner, tmp_path)
    interrupted()
    before, files = rows(demonstration), sorted(tmp_path.rglob("*"))
    for name, arguments in RUNS.items():
        with subtests.test(name):
            given = [word.replace("FOLDER", str(tmp_path)).replace("COUNTER", counter) for word in arguments]
            with demonstration.app_context():
                how = str(vars(leaf(demonstration, name).callback)["how_to_go_on"])
            result = runner.invoke(args=[*name.split(), *given])
            assert result.exit_code == INTERRUPTED, result.output
            assert how in result.stderr
            if not how.startswith(KEEPS):
                assert rows(demonstration) == before
                assert sorted(tmp_path.rglob("*")) == files
            before, files = rows(demonstration), sorted(tmp_path.rglob("*"))


def test_filling_the_demonstration_is_interrupted_without_harm(app: Flask, interrupted: Callable[[], None]) -> None:
    before = rows(app)
    interrupted()
    result = app.test_cli_runner().invoke(args=["demo", "--until", "2026-11-20", "--part", "0.001"])
    assert result.exit_code == INTERRUPTED, result.output
    assert "Chạy lại đúng lệnh này để làm tiếp" in result.stderr
    assert rows(app) == before
