"""gunicorn as it is shipped, in a process group of its own, started again by whoever killed it."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from email.message import Message
from pathlib import Path

import psutil

from benchmarks.faults.moved_clock import MOVED_BY
from tests.support.databases import SECRET_KEY

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    """A port nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


class Address:
    """A port on loopback that is asked; `failed` tells what was answered with an error of the program's own."""

    def __init__(self, port: int) -> None:
        self.port, self.failed = port, list[str]()

    def is_ready(self) -> bool:
        """Whether it serves and takes what is written."""
        with contextlib.suppress(OSError, http.client.HTTPException):
            return self.ask("GET", "/readyz", timeout=5)[0] == 200
        return False

    def ask(
        self, method: str, path: str, body: str | None = None, headers: Mapping[str, str] = {}, timeout: float = 20
    ) -> tuple[int, Message, str]:
        """One request on a connection of its own: status, headers, text.

        Raises:
            OSError, http.client.HTTPException: no whole answer came.
        """
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            form = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
            connection.request(method, path, body, {**form, **headers})
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
            if answer.status == http.HTTPStatus.INTERNAL_SERVER_ERROR:
                self.failed.append(f"{method} {path} at {time.time():.3f}: {answer.headers.items()} {text[:500]}")
            return answer.status, answer.headers, text
        finally:
            connection.close()


class Server(Address):
    """One server; its log and its clock lie in `folder`. `public`: the port by which everybody knows it.

    `settings`: further ones, as the environment names them.
    """

    def __init__(
        self,
        url: str,
        folder: Path,
        number: int,
        options: tuple[str, ...] = (),
        public: int | None = None,
        settings: Mapping[str, str] = {},
    ) -> None:
        super().__init__(free_port())
        self.clock, self.log = folder / f"clock-{number}", folder / f"log-{number}"
        self.options = options
        self.environment = {**os.environ, "DATABASE_URL": url, "SECRET_KEY": SECRET_KEY, "PORT": str(self.port)}
        self.environment |= {"WEB_CONCURRENCY": "2", "LOG_LEVEL": "ERROR", MOVED_BY: str(self.clock)}
        self.environment |= {"PUBLIC_URL": f"http://127.0.0.1:{public or self.port}"}
        self.environment |= settings
        self.set_clock(0)
        self.start()

    def start(self) -> None:
        """Start it."""
        command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", *self.options]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "benchmarks.faults.moved_clock:make()"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        """End every process of it as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def workers(self) -> list[psutil.Process]:
        """Its workers; none while it is down."""
        try:
            return psutil.Process(self.process.pid).children()
        except psutil.NoSuchProcess:
            return []

    def set_clock(self, seconds: float) -> None:
        """Move its clock so far from the true time."""
        self.clock.write_text(str(seconds))
