"""gunicorn with the configuration we ship serves the application as production would."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.databases import SECRET_KEY, DatabaseFactory

ROOT = Path(__file__).parents[2]
PATIENCE = 60  # seconds until we call a server dead; a slow machine is no failure


@contextmanager
def gunicorn(database_url: str, log: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A production server on a free port, and its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    environment = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": SECRET_KEY,
        "DATABASE_URL": database_url,
        "PORT": str(port),
    }
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "wsgi:app"]
    with (
        log.open("wb") as output,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output) as process,
    ):
        try:
            yield process, f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def ready(process: subprocess.Popen[bytes], url: str, log: Path) -> dict[str, str]:
    """What /readyz says once the server answers."""
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=PATIENCE) as answer:
                return json.load(answer)
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not answer:\n{log.read_text()}")


def requests_counted(url: str) -> float:
    """How many requests to /healthz all workers together have counted."""
    with urllib.request.urlopen(f"{url}/metrics", timeout=PATIENCE) as answer:
        match = re.search(r'^hai_long_requests_total{endpoint="health.healthz".*} (\S+)$', answer.read().decode(), re.M)
    return float(match[1]) if match else 0.0


def test_gunicorn_serves_counts_for_all_workers_stops_when_told_and_logs_no_visitor(
    sqlite_databases: DatabaseFactory, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with sqlite_databases.migrated() as database_url, gunicorn(database_url, log) as (process, url):
        assert ready(process, url, log)["status"] == "ok"
        for told in range(12):
            assert requests_counted(url) == told  # whichever of the two workers answers
            urllib.request.urlopen(f"{url}/healthz", timeout=PATIENCE).close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE) == 0
    text = log.read_text()
    assert "health.readyz" in text  # requests are logged, but not who sent them
    assert re.findall(r"127\.0\.0\.1(?!:)|urllib", text, flags=re.IGNORECASE) == []


def test_a_server_without_its_secret_key_refuses_to_start_and_says_why() -> None:
    command = [sys.executable, "-m", "gunicorn", "--check-config", "wsgi:app"]
    environment = {"PATH": os.environ["PATH"], "SECRET_KEY": ""}
    refusal = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert refusal.returncode != 0
    assert "SECRET_KEY is missing" in refusal.stderr + refusal.stdout


def test_what_cannot_be_read_leaves_no_address_in_the_log(sqlite_databases: DatabaseFactory, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with sqlite_databases.migrated() as database_url, gunicorn(database_url, log) as (process, url):
        ready(process, url, log)
        port = int(url.rpartition(":")[2])
        for rubbish in (
            b"\x16\x03\x01 no http\r\n\r\n",
            b"GET / HTTP/9.9\r\n\r\n",
            b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
        ):
            with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
                connection.sendall(rubbish)
                connection.recv(4096)
        process.terminate()
        process.wait(PATIENCE)
    written = log.read_text()
    assert "Invalid request" in written
    assert re.findall(r"ip=|127\.0\.0\.1(?!:)", written) == []
