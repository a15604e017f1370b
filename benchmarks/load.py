"""A closed-loop load client: so many visitors, each on a connection kept open, the next request after the last answer.

One thread and one selector, so that it takes little of the processors that the servers need as well.
"""

from __future__ import annotations

import json
import re
import selectors
import socket
import time
import uuid
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from survey.foundation.clock import now

_TOKEN = re.compile(rb'name="token" value="([^"]+)"')
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_LOCATION = re.compile(rb"\r\nlocation: *(\S+)", re.IGNORECASE)


class Reply(NamedTuple):
    """One answer of a server."""

    status: int
    head: bytes
    body: bytes


Script = Generator[bytes, Reply, int]  # yields requests, is sent replies, returns how many answers were stored


@dataclass
class Measured:
    """One round: what was finished, how long each took (seconds), and how long the round was."""

    stored: int = 0
    times: list[float] = field(default_factory=list)
    seconds: float = 0.0

    def percentile(self, share: float) -> float:
        """The time within which this share was finished."""
        return sorted(self.times)[min(len(self.times) - 1, int(share * len(self.times)))] if self.times else 0.0


def hello(_visitor: int) -> Script:
    """The least there is."""
    yield _request("GET", "/hello")
    return 1


def visit(address: str) -> Callable[[int], Script]:
    """A citizen: open the form, send it, be thanked (by the answer itself, or by the page it leads to)."""

    def script(_visitor: int) -> Script:
        form = yield _request("GET", address)
        token = _TOKEN.search(form.body)
        assert token, form.body[:300]
        fields = {
            "token": token[1].decode(),
            "overall_service": "4",
            "overall_procedures": "5",
            "officials_polite": "3",
            "procedure_on_time": "5",
            "respondent_kind": "individual",
            "service": "administration-1",
        }
        kind = "application/x-www-form-urlencoded"
        reply = yield _request("POST", f"{address}?sent=1", urlencode(fields).encode(), f"Content-Type: {kind}\r\n")
        if reply.status == 303:
            location = _LOCATION.search(reply.head)
            assert location
            parts = urlsplit(location[1].decode())
            reply = yield _request("GET", f"{parts.path}?{parts.query}".rstrip("?"))
        assert reply.status == 200, (reply.status, reply.body[:300])
        return 1

    return script


def kiosk(counter: str, keys: list[str], size: int) -> Callable[[int], Script]:
    """A terminal that sends `size` answers at once."""

    def script(visitor: int) -> Script:
        body = json.dumps({"responses": [_answer(counter) for _number in range(size)]}).encode()
        headers = f"Authorization: Bearer {keys[visitor]}\r\nContent-Type: application/json\r\n"
        reply = yield _request("POST", "/kiosk/api/responses", body, headers)
        stored = reply.body.count(b'"stored"')
        assert stored == size, (reply.status, reply.body[:300])
        return stored

    return script


def _answer(counter: str) -> dict[str, object]:
    return {
        "id": str(uuid.uuid4()),
        "questionnaire": "administration",
        "version": 1,
        "counter": counter,
        "service": "administration-1",
        "respondent_kind": "individual",
        "language": "vi",
        "answered_at": now().isoformat(),
        "answers": {"overall_service": 4, "overall_procedures": 5, "officials_polite": 3, "procedure_on_time": 5},
        "comment": None,
    }


def _request(method: str, target: str, body: bytes = b"", headers: str = "") -> bytes:
    length = f"Content-Length: {len(body)}\r\n" if method == "POST" else ""
    return f"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}{length}\r\n".encode() + body


class _Visitor:
    """One connection going through scripts."""

    def __init__(self, number: int, port: int, make: Callable[[int], Script]) -> None:
        self.number, self.make, self.address = number, make, ("127.0.0.1", port)
        self.connect()

    def connect(self) -> None:
        self.socket = socket.create_connection(self.address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def begin(self) -> None:
        self.script, self.began = self.make(self.number), time.perf_counter()
        self.send(next(self.script))

    def send(self, request: bytes) -> None:
        self.request, self.received = request, b""
        self.socket.sendall(request)

    def read(self) -> Reply | None:
        """The reply once it is whole."""
        part = self.socket.recv(262_144)
        if not part:
            raise ConnectionError("the server hung up")
        self.received += part
        head, blank_line, body = self.received.partition(b"\r\n\r\n")
        length = _LENGTH.search(head) if blank_line else None
        if not blank_line or (length and len(body) < int(length[1])):
            return None
        return Reply(int(head[9:12]), head, body)

    def advance(self, reply: Reply) -> int | None:
        """Send what comes next; how many answers were stored when the script has ended."""
        try:
            self.send(self.script.send(reply))
        except StopIteration as ended:
            return int(ended.value)
        return None


def run(port: int, make: Callable[[int], Script], clients: int, seconds: float) -> Measured:
    """A round: scripts begun within `seconds` are finished and counted."""
    measured, began = Measured(), time.perf_counter()
    with selectors.DefaultSelector() as selector:
        for number in range(clients):
            visitor = _Visitor(number, port, make)
            selector.register(visitor.socket, selectors.EVENT_READ, visitor)
            visitor.begin()
        while selector.get_map():
            for key, _events in selector.select():
                _step(selector, key.data, measured, began + seconds)
    measured.seconds = time.perf_counter() - began
    return measured


def _step(selector: selectors.BaseSelector, visitor: _Visitor, measured: Measured, deadline: float) -> None:
    try:
        reply = visitor.read()
    except ConnectionError:  # gunicorn replaces a worker after so many requests, and closes what it kept open
        selector.unregister(visitor.socket)
        visitor.socket.close()
        visitor.connect()
        selector.register(visitor.socket, selectors.EVENT_READ, visitor)
        visitor.send(visitor.request)
        return
    stored = None if reply is None else visitor.advance(reply)
    if stored is None:
        return
    measured.stored += stored
    measured.times.append(time.perf_counter() - visitor.began)
    if time.perf_counter() < deadline:
        visitor.begin()
    else:
        selector.unregister(visitor.socket)
        visitor.socket.close()
