"""Requests no browser sends, to the server as it is shipped: two readings of one request, and a way it never came."""

from __future__ import annotations

import re
import socket
from pathlib import Path
from urllib.parse import urlsplit

from tests.support.databases import DatabaseFactory
from tests.tooling.test_serving import gunicorn, ready

EVIL = "//evil.example"
SECOND = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
# Each can be read as one request or as two, by a server and the proxy before it.
DOUBTFUL = {
    "both lengths": f"Content-Length: {len(SECOND) + 5}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{SECOND}",
    "two lengths": f"Content-Length: {len(SECOND)}\r\nContent-Length: 0\r\n\r\n{SECOND}",
    "a signed length": f"Content-Length: +{len(SECOND)}\r\n\r\n{SECOND}",
    "a blank before the colon": f"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n{SECOND}",
    "an encoding that is none": f"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{SECOND}",
    "a header over two lines": f"X-Long: a\r\n Content-Length: {len(SECOND)}\r\n\r\n{SECOND}",
    "a line end within a chunk's size": f"Transfer-Encoding: chunked\r\n\r\n5;\n\r\nabcde\r\n0\r\n\r\n{SECOND}",
}
# What only a proxy may say, in every writing that becomes the same variable.
CLAIMS = {
    "a prefix": f"GET {EVIL}/desk/ HTTP/1.1\r\nSCRIPT_NAME: {EVIL}\r\n",
    "another path": "GET /healthz HTTP/1.1\r\nPATH_INFO: /desk/\r\n",
    "another scheme": "GET /results//dak-lak/ HTTP/1.1\r\nX-Forwarded-Proto: https\r\n",
    "another host": "GET /results//dak-lak/ HTTP/1.1\r\nX-Forwarded-Host: evil.example\r\n",
}


def exchanged(url: str, sent: str) -> str:
    """All that a server answers until it closes, or says nothing more."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname or "", parts.port or 0)) as connection:
        connection.settimeout(2)
        connection.sendall(sent.encode())
        answered = b""
        try:
            while part := connection.recv(65536):
                answered += part
        except TimeoutError:
            pass
    return answered.decode(errors="replace")


def test_no_request_is_read_as_two_and_none_says_which_way_it_came(
    sqlite_databases: DatabaseFactory, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with sqlite_databases.migrated() as database_url, gunicorn(database_url, log) as (process, url):
        ready(process, url, log)
        host = f"Host: {urlsplit(url).netloc}\r\n"
        for name, rest in DOUBTFUL.items():
            answer = exchanged(url, f"POST /login HTTP/1.1\r\n{host}{rest}")
            told = re.findall(r"HTTP/1\.1 (\d)", answer)
            assert told, name
            assert set(told) <= {"4", "5"}, (name, answer)
        for name, head in CLAIMS.items():
            answer = exchanged(url, f"{head}{host}Connection: close\r\n\r\n")
            assert not any(word in answer for word in ("evil.example/", "https://", "/login")), (name, answer[:300])
