"""What README and docs tell to type is so: every command runs."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click
import pytest
from flask import Flask

from survey.foundation.configuration.settings import Settings
from tests.guards.loaded_program import loaded_program
from tests.guards.shell_blocks import PAGES, Command, blocks, commands, flask_arguments, make_targets, mentioned
from tests.guards.source import ROOT
from tests.support.databases import SECRET_KEY
from wsgi import create_app

PATIENCE = 120  # seconds until a command counts as stuck; a slow machine is no failure
# Pages whose commands change a whole server, or ask one that runs: of these only what the program is told is run.
FOR_A_SERVER = {"docs/deployment.md", "docs/operations.vi.md", "docs/api.md"}
FOR_THE_SERVICE = re.compile(r"^sudo hai-long |^(?:\S+ ){5}hai-long /usr/local/bin/hai-long ")  # typed; by cron
RUN_ELSEWHERE = re.compile(rf"^make |^pre-commit |^\.ci/run|-m benchmarks\.|{FOR_THE_SERVICE.pattern}")
PLACEHOLDER = re.compile(r"^(?:FILE|KIND|DIR|COUNTER|000N|…|\.\.\.)|[<\[]")

ONE_CALL = re.compile(r"\.venv/bin/flask --app wsgi (?:[^;&|`<>']|'[^']*')*$")  # of our command line, nothing else

EVERY_MENTION = [command for page in PAGES for command in mentioned(page)]


@pytest.fixture(scope="module")
def program() -> Flask:
    """The application without a database."""
    return create_app(Settings(secret_key=SECRET_KEY, database_url="sqlite://", testing=True))


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory, demonstration_file: Path) -> Iterator[Path]:
    """A copy of the project with the small demonstration where `make run` would put its own."""
    place = tmp_path_factory.mktemp("copy") / "hai-long"
    place.mkdir()
    for name in ("survey", "kiosk", "analysis", "templates", "static", "migrations", "deploy", "benchmarks"):
        shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("wsgi.py", "Makefile", "requirements.txt", "pyproject.toml"):
        shutil.copy2(ROOT / name, place / name)
    shutil.copytree(ROOT / "docs" / "examples", place / "docs" / "examples")
    (place / ".venv").symlink_to(Path(sys.prefix))
    (place / "var").mkdir()
    shutil.copyfile(demonstration_file, place / "var" / "hai-long.sqlite3")
    yield place
    shutil.rmtree(place)


def environment(**more: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **more}


def typed() -> list[Command]:
    """Every command of a block that a reader can type where the project lies."""
    every = [command for page in PAGES if str(page.relative_to(ROOT)) not in FOR_A_SERVER for command in commands(page)]
    first = {command.text: command for command in reversed(every)}  # what several pages print is run once
    return [command for command in every if first[command.text] is command and not RUN_ELSEWHERE.search(command.text)]


def in_shell(text: str, place: Path, around: Mapping[str, str] | None = None) -> tuple[int, str]:
    """What a line ends with when it is typed, and all that it said."""
    done = subprocess.run(
        ["sh", "-euc", text],
        cwd=place,
        env=around or environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return done.returncode, done.stdout


def words_of(call: str, place: Path, around: Mapping[str, str] | None = None) -> list[str]:
    """The words of a call as the shell hands them over."""
    return in_shell(f"printf '%s\\n' {call}", place, around)[1].splitlines()


def test_every_command_of_readme_and_docs_runs(sandbox: Path) -> None:
    as_typed, *others = typed()
    assert len(others) >= 5
    status, said = in_shell(as_typed.text, sandbox)
    assert status == 0, f"{as_typed}\n{said}"
    with loaded_program(sandbox, environment(), sandbox.parent / "said", PATIENCE) as program:
        for command in others:
            if ONE_CALL.match(command.text):
                status, said = program.run(words_of(command.text, sandbox))
            else:
                status, said = in_shell(command.text, sandbox)
            assert status == 0, f"{command}\n{said}"


def test_what_a_service_is_told_on_its_server_runs(sandbox: Path) -> None:
    """In the order of the pages, on a database that is not there yet; sudo, cron and systemd are not the program's."""
    lines = [command for page in PAGES for command in commands(page) if FOR_THE_SERVICE.search(command.text)]
    assert len(lines) >= 7
    home = sandbox.parent / "service"
    (home / "backups").mkdir(parents=True)
    database = home / "hai-long.sqlite3"
    around = environment(HOME=str(home), DATABASE_URL=f"sqlite:///{database}")
    with loaded_program(sandbox, around, home / "said", PATIENCE) as program:
        for line in lines:
            call = f".venv/bin/flask --app wsgi {FOR_THE_SERVICE.sub('', line.text)}"
            words = words_of(call.replace("/var/lib/hai-long", str(home)), sandbox, around)
            if "restore" in words:
                database.unlink()
                (last_night,) = (home / "backups").glob("????-??-??.zip")
                shutil.copyfile(last_night, home / "named.zip")
                words[-1] = str(home / "named.zip")
            status, said = program.run(words)
            assert status == 0, f"{line}\n{said}"


def test_make_run_serves_and_says_where_to_go(sandbox: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
    command = ["make", "--no-print-directory", "-o", ".venv/.installed", "run"]
    log = sandbox.parent / "log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command,
            cwd=sandbox,
            env=environment(PORT=port, WEB_CONCURRENCY="1"),
            stdout=output,
            stderr=output,
            start_new_session=True,
        ) as process,
    ):
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz", process, log)
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=PATIENCE)
    text = log.read_text(encoding="utf-8")
    assert f"http://127.0.0.1:{port}/c/DL-SNV-Q1" in text
    assert "mật khẩu" in text


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE):
                return
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError(f"no answer from {url}:\n{log.read_text(encoding='utf-8')}")


def test_every_make_target_that_is_mentioned_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    known = set(re.findall(r"^([a-z-]+):.*## ", makefile, flags=re.MULTILINE))
    asked = [(command, target) for command in EVERY_MENTION for target in make_targets(command)]
    assert len(asked) > 5
    assert [str(command) for command, target in asked if target not in known] == []


def complaint(program: Flask, arguments: Sequence[str]) -> str | None:
    """What the command line would say to these arguments before doing anything; None if it would begin."""
    context = click.Context(program.cli)
    command: click.Command = program.cli
    rest = [argument for argument in arguments if argument not in ("--help",)]
    with program.app_context():
        while isinstance(command, click.Group) and rest:
            subcommand = command.get_command(context, rest[0])
            if subcommand is None:
                return f"there is no command {rest[0]!r}"
            command, rest = subcommand, rest[1:]
            context = click.Context(command, parent=context)
    known = {option for parameter in command.params for option in parameter.opts}
    strange = [word for word in rest if re.match(r"--[a-z]", word) and word.split("=")[0] not in known]
    return f"{command.name} has no option {', '.join(strange)}" if strange else None


def test_every_command_line_that_is_mentioned_exists_with_its_options(program: Flask) -> None:
    groups = {name for name, command in program.cli.commands.items() if isinstance(command, click.Group)}
    asked = [(command, arguments) for command in EVERY_MENTION for arguments in flask_arguments(command, groups)]
    assert len(asked) > 30
    told = [(command, complaint(program, arguments)) for command, arguments in asked]
    assert [f"{command}: {words}" for command, words in told if words] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_block_is_sound_shell(page: Path) -> None:
    for block in blocks(page):
        text = re.sub(r"<[^>\n]+>", "PLACEHOLDER", block)
        checked = subprocess.run(["bash", "-n"], input=text, capture_output=True, text=True, check=False)
        assert checked.returncode == 0, f"{page}: {checked.stderr}"
