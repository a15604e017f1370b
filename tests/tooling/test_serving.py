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
def gunicorn(
    database_url: str, log: Path, *options: str, app: str = "wsgi:app"
) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A production server on a free port, and its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    environment = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": SECRET_KEY,
        "DATABASE_URL": database_url,
        "PORT": str(port),
    }
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", *options, app]
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


# Blocks of two kinds in turns, as of documents made side by side; one kind goes.
LEAVES_HOLES = """
import ctypes, re, runpy, threading, time
from pathlib import Path
conf = runpy.run_path("deploy/gunicorn.conf.py")
c, own = ctypes.CDLL(None), lambda: int(re.search(r"RssAnon:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
c.malloc.restype, c.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
blocks = [c.malloc(20_000) for _block in range(5_000)]
for block in blocks:
    ctypes.memset(block, 1, 20_000)
for place, block in enumerate(blocks):
    if place % 10:
        c.free(block)
print(own(), flush=True)
conf["post_worker_init"].__globals__["GIVES_BACK_EVERY"] = 0.1
conf["post_worker_init"](None)
time.sleep(1)
print(own())
conf["on_exit"](None)
"""


def test_a_worker_gives_back_what_documents_left_in_pieces() -> None:
    environment = {"PATH": os.environ["PATH"], "SECRET_KEY": SECRET_KEY}
    told = subprocess.run(
        [sys.executable, "-c", LEAVES_HOLES], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    held, left = map(int, told.stdout.split())
    assert left < held - 50_000, f"of {held} kB {left} kB are still held"


def test_a_server_without_its_secret_key_refuses_to_start_and_says_why() -> None:
    command = [sys.executable, "-m", "gunicorn", "--check-config", "wsgi:app"]
    environment = {"PATH": os.environ["PATH"], "SECRET_KEY": ""}
    refusal = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert refusal.returncode != 0
    assert "SECRET_KEY is missing" in refusal.stderr + refusal.stdout


RUBBISH = (
    b"\x16\x03\x01 no http\r\n\r\n",
    b"GET /t/BIMAT2345678 HTTP/9.9\r\n\r\n",
    b"GET /\x00BIMAT HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nBIMAT BIMAT: 203.0.113.77\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nBIMAT\r\n",
)
BREAKS_OFF = """
def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return stream(environ)

def stream(environ):
    yield b"begun"
    if environ["PATH_INFO"].startswith("/t/"):
        raise RuntimeError(f"{environ['RAW_URI']} of {environ['REMOTE_ADDR']}, {environ['HTTP_USER_AGENT']}")
"""


def test_what_cannot_be_read_leaves_nothing_of_it_in_the_log(sqlite_databases: DatabaseFactory, tmp_path: Path) -> None:
    log, level = tmp_path / "log", ("--log-level", "debug")
    with sqlite_databases.migrated() as database_url, gunicorn(database_url, log, *level) as (process, url):
        ready(process, url, log)
        for rubbish in RUBBISH:
            send(url, rubbish)
        process.terminate()
        process.wait(PATIENCE)
    written = log.read_text()
    assert "Invalid request: Invalid" in written
    assert re.findall(r"ip=|BIMAT|203\.0\.113", written) == []


def test_a_stream_that_breaks_off_is_logged_with_its_place_and_nothing_of_who_asked(tmp_path: Path) -> None:
    log = tmp_path / "log"
    (tmp_path / "broken.py").write_text(BREAKS_OFF)
    options = ("--pythonpath", str(tmp_path), "--workers", "1")
    with gunicorn(f"sqlite:///{tmp_path}/none", log, *options, app="broken:application") as (process, url):
        for _try in range(PATIENCE * 10):
            if b"begun" in send(url, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"):
                break
            time.sleep(0.1)
        send(
            url,
            b"GET /t/BIMAT2345678 HTTP/1.1\r\nHost: x\r\nUser-Agent: Nokia\r\nX-Forwarded-For: 203.0.113.77\r\n\r\n",
        )
        process.terminate()
        process.wait(PATIENCE)
    written = log.read_text()
    assert "RuntimeError" in written
    assert "in stream" in written
    assert re.findall(r"127\.0\.0\.1(?!:)|BIMAT|203\.0\.113|Nokia", written) == []


def send(url: str, request: bytes) -> bytes:
    """All that the server answers to these bytes until it closes; b"" where none listens yet."""
    answered = b""
    try:
        with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=PATIENCE) as connection:
            connection.sendall(request)
            while part := connection.recv(4096):
                answered += part
    except ConnectionError:
        pass
    return answered
