"""The run book's return to a point in time, on one machine: pgBackRest, encrypted, under one server of ours.

    python -m benchmarks.point_in_time

Citizens answer while a full backup is taken and go on after it; then every answer is deleted, and the database returns
to the second before. Told are how long backup and return take, and which acknowledged answers are missing or there
twice (must be none). Needs `apt-get install pgbackrest`. All ends with it.
"""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import flask_migrate
import psycopg

from benchmarks.databases import folder_at
from benchmarks.failover import CITIZENS, Process, answered
from benchmarks.faults import proof, visitors
from benchmarks.faults.servers import Server, free_port
from survey.foundation.configuration.settings import Settings
from tests.channels.world import MANY, make_world
from tests.support.applications import application
from tests.support.databases import SECRET_KEY
from tests.support.programs import of_ordinary_user, program, wait_until

CONFIGURATION = """[global]
repo1-path={repository}
repo1-cipher-type=aes-256-cbc
repo1-cipher-pass=for-this-run-alone
repo1-retention-full=2
log-path={work}
lock-path={work}
start-fast=y
[hai-long]
pg1-path={data}
pg1-port={port}
pg1-socket-path={work}
pg1-user=postgres
"""


class Database:
    """PostgreSQL that archives each change, and pgBackRest beside it."""

    def __init__(self, folder: Path) -> None:
        self.data, self.work, self.port = folder / "data", folder / "work", free_port()
        self.configuration = folder / "pgbackrest.conf"
        for place in (self.data, self.work, folder / "repository"):
            place.mkdir(mode=0o700)
            of_ordinary_user(place)
        self.configuration.write_text(
            CONFIGURATION.format(repository=folder / "repository", work=self.work, data=self.data, port=self.port)
        )
        self._run("initdb", "--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "-D", str(self.data))
        command = f"{program('pgbackrest')} --config={self.configuration} --stanza=hai-long archive-push %p"
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(f"archive_mode = on\narchive_command = '{command}'\nunix_socket_directories = '{self.work}'\n")
        self.process = Process(self.data, program("postgres"), "-D", str(self.data), "-p", str(self.port))
        wait_until(self.takes_writes, "PostgreSQL")

    @property
    def url(self) -> str:
        """For the program."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres"

    def execute(self, statement: str) -> list[tuple[object, ...]]:
        """A statement in a transaction of its own; its rows."""
        with psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True, connect_timeout=5) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def takes_writes(self) -> bool:
        """Whether it is there, and no standby that still reads the changes of before."""
        try:
            return self.execute("SELECT pg_is_in_recovery()") == [(False,)]
        except psycopg.OperationalError:
            return False

    def pgbackrest(self, *arguments: str) -> float:
        """One of its commands; the seconds it took."""
        began = time.monotonic()
        self._run("pgbackrest", f"--config={self.configuration}", "--stanza=hai-long", *arguments)
        return time.monotonic() - began

    def _run(self, name: str, *arguments: str) -> None:
        done = subprocess.run(
            [program(name), *arguments], capture_output=True, check=False, **of_ordinary_user(self.work)
        )
        if done.returncode:
            sys.exit(f"{name}: {done.stdout.decode()}{done.stderr.decode()}")


def run(folder: Path, stack: ExitStack) -> int:
    database = Database(folder)
    stack.callback(database.process.kill)
    with application(Settings(secret_key=SECRET_KEY, database_url=database.url, testing=True, release_step=0)) as app:
        with app.app_context():
            flask_migrate.upgrade()
        make_world(app)
    server = Server(database.url, folder, 0)
    stack.callback(server.kill)
    wait_until(server.is_ready, "the server")
    database.pgbackrest("stanza-create")
    ledger, citizens = visitors.Ledger(), list[threading.Thread]()
    stack.callback(ledger.over.set)
    for seed in range(CITIZENS):
        told = (ledger, [server], random.Random(seed), 0.02, f"/c/{MANY}", {"service": "dat-dai"})
        citizens.append(threading.Thread(target=visitors.citizen, args=told))
        citizens[-1].start()
    answered(ledger, 200)
    print(f"a full backup while citizens answer: {database.pgbackrest('--type=full', 'backup'):.1f} s", flush=True)
    answered(ledger, 500)
    ledger.over.set()
    for citizen in citizens:
        citizen.join()
    ((before,),) = database.execute("SELECT now()::text")
    time.sleep(1)
    database.execute("TRUNCATE responses CASCADE")
    print(f"{len(ledger.thanked)} answers acknowledged, all deleted after {before}", flush=True)
    server.kill()
    subprocess.run([program("pg_ctl"), "-D", str(database.data), "-m", "fast", "stop"], check=True,
                   stdout=subprocess.DEVNULL, **of_ordinary_user(database.work))  # fmt: skip
    database.process.process.wait()
    target = ("--delta", "--type=time", f"--target={before}", "--target-action=promote")
    took = database.pgbackrest(*target, "restore")
    began = time.monotonic()
    database.process.start()
    wait_until(database.takes_writes, "PostgreSQL")
    print(f"restored in {took:.1f} s, taking writes {time.monotonic() - began:.1f} s after its start", flush=True)
    server.start()
    wait_until(server.is_ready, "the server")
    wrong = proof.differences(database.url, ledger.thanked)
    print(f"missing, twice or counted otherwise: {wrong or 'none'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    with folder_at(None) as place, ExitStack() as everything:
        sys.exit(run(place, everything))
