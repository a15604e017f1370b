"""The mailbox behind the SMTP server of tests, which runs in a process of its own and has moods."""

from __future__ import annotations

import email
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

SERVER = Path(__file__).with_name("smtp_server.py")


class Mailbox:
    """What arrived at the server; it can refuse addresses, be stopped and come back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = 0
        self.empty()
        self.start()

    @property
    def url(self) -> str:
        """As in SMTP_URL."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def messages(self) -> list[EmailMessage]:
        """Every message in the order of arrival."""
        read = [
            email.message_from_bytes(path.read_bytes(), policy=default) for path in sorted(self.folder.glob("*.eml"))
        ]
        assert all(isinstance(message, EmailMessage) for message in read)
        return read

    def refuse(self, address: str, reply: str) -> None:
        """Answer an address with this instead of "250 OK"."""
        self._refusals.write_text(json.dumps({**json.loads(self._refusals.read_text()), address: reply}))

    def accept(self, address: str) -> None:
        """Take mail for the address again."""
        left = {
            message: reply for message, reply in json.loads(self._refusals.read_text()).items() if message != address
        }
        self._refusals.write_text(json.dumps(left))

    def empty(self) -> None:
        """Forget messages and refusals."""
        for path in self.folder.glob("*.eml"):
            path.unlink()
        self._refusals.write_text("{}")

    def start(self) -> None:
        """Come up, after the first time on the same port."""
        command = [sys.executable, str(SERVER), str(self.port), str(self.folder)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())

    def stop(self) -> None:
        """Go down."""
        self._process.terminate()
        self._process.wait(timeout=60)
        assert self._process.stdout is not None
        self._process.stdout.close()

    @property
    def _refusals(self) -> Path:
        return self.folder / "refusals.json"


@contextmanager
def open_mailbox(folder: Path) -> Iterator[Mailbox]:
    """The server, while the block lasts."""
    mailbox = Mailbox(folder)
    try:
        yield mailbox
    finally:
        mailbox.stop()
