"""A TCP proxy that can lose its network, and can lose an answer after the server has committed it."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator


class FaultyProxy:
    """Listens on a port of its own and passes bytes on to whatever port the server has at present."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.online = True
        self.drops_left = 0
        self.dropped = 0
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def go_offline(self) -> None:
        """Refuse new connections and cut those that are open."""
        self.online = False
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def go_online(self) -> None:
        """Pass bytes again."""
        self.online = True

    def drop_next_replies(self, count: int) -> None:
        """Let the next requests that carry answers reach the server, and lose its replies."""
        self.drops_left = count

    def close(self) -> None:
        """Stop for good."""
        self._listener.close()
        self.go_offline()

    def _accept(self) -> None:
        while True:
            try:
                browser, _address = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(browser,), daemon=True).start()

    def _serve(self, browser: socket.socket) -> None:
        if not self.online:
            browser.close()
            return
        try:
            server = socket.create_connection(("127.0.0.1", self.target))
        except OSError:
            browser.close()
            return
        with self._lock:
            self._open |= {browser, server}
        state = {"losing": False}
        upstream = threading.Thread(target=self._pass_requests, args=(browser, server, state), daemon=True)
        upstream.start()
        self._pass_replies(server, browser, state)
        upstream.join()
        with self._lock:
            self._open -= {browser, server}

    def _pass_requests(self, browser: socket.socket, server: socket.socket, state: dict[str, bool]) -> None:
        for data in _received(browser):
            if data.startswith(b"POST /kiosk/api/responses") and self.drops_left > 0:
                self.drops_left -= 1
                state["losing"] = True
            if not _sent(server, data):
                break
        _end(server)

    def _pass_replies(self, server: socket.socket, browser: socket.socket, state: dict[str, bool]) -> None:
        for data in _received(server):
            if state["losing"]:
                self.dropped += 1  # the server has committed; the kiosk never hears of it
                break
            if not _sent(browser, data):
                break
        _end(browser)
        _end(server)


def _received(connection: socket.socket) -> Iterator[bytes]:
    while True:
        try:
            data = connection.recv(65536)
        except OSError:
            return
        if not data:
            return
        yield data


def _sent(connection: socket.socket, data: bytes) -> bool:
    try:
        connection.sendall(data)
    except OSError:
        return False
    return True


def _end(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    with contextlib.suppress(OSError):
        connection.close()
