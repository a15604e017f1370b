"""The server and the browser as processes that can be killed like a power cut: `kill -9`, whole process group."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.browsers import CHROMIUM, FLAGS
from tests.support.databases import SECRET_KEY

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, BrowserType

ROOT = Path(__file__).parents[3]
CITIZEN = Path(__file__).with_name("citizen.js")
PATIENCE_S = 60


class ServerProcess:
    """The application on a port, started again after each kill."""

    def __init__(self, database_url: str) -> None:
        self.port = _free_port()
        self.release = 0
        self._pid: int | None = None
        environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            "SECRET_KEY": SECRET_KEY,
            "PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "LOG_LEVEL": "ERROR",
        }
        self._forker = subprocess.Popen(
            [sys.executable, "-m", "tests.kiosk.faults.serve", str(self.port)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )

    def start(self) -> None:
        """Start and wait until it listens."""
        assert self._forker.stdin is not None
        assert self._forker.stdout is not None
        self._forker.stdin.write(f"{self.release}\n")
        self._forker.stdin.flush()
        started = self._forker.stdout.readline()
        assert started, "the server did not start"
        self._pid = int(started)

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._pid is not None:
            gone = os.pidfd_open(self._pid)
            os.kill(self._pid, signal.SIGKILL)
            select.select([gone], [], [])
            os.close(gone)
            self._pid = None

    def close(self) -> None:
        """End it for good."""
        _kill_group(self._forker)
        for pipe in (self._forker.stdin, self._forker.stdout):
            assert pipe is not None
            pipe.close()


class BrowserProcess:
    """Chromium with a profile that survives it."""

    def __init__(self, chromium: BrowserType, profile: Path) -> None:
        self._chromium = chromium
        self._profile = profile
        self._process: subprocess.Popen[bytes] | None = None
        self.context: BrowserContext

    def start(self) -> None:
        """Start on the profile and wait until it can be driven."""
        port_file = self._profile / "DevToolsActivePort"
        port_file.unlink(missing_ok=True)
        flags = [*FLAGS, "--headless=new", "--remote-debugging-port=0", f"--user-data-dir={self._profile}"]
        self._process = subprocess.Popen(
            [CHROMIUM, *flags, "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        deadline = time.monotonic() + PATIENCE_S
        while not port_file.exists() or "\n" not in port_file.read_text():
            assert time.monotonic() < deadline, "Chromium did not start"
            time.sleep(0.05)
        port = port_file.read_text().split("\n")[0]
        browser = self._chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        self.context = browser.contexts[0]
        self.context.add_init_script(path=CITIZEN)

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._process is not None:
            _kill_group(self._process)
            self._process = None
            # Chromium leaves its lock behind when it is killed; the next start finds the owner dead.
            (self._profile / "SingletonLock").unlink(missing_ok=True)


def _kill_group(process: subprocess.Popen[bytes] | subprocess.Popen[str]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
