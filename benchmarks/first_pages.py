"""The desk's first page of a server that has just started: gunicorn as shipped, each page asked of a start of its own.

Before it forks, the server has asked itself for what `foundation/server/rehearsal.py` says; the page is the
first that anybody asks of it. `benchmarks.desk` prints this beside what a process takes that was never rehearsed.
"""

from __future__ import annotations

import http.client
import time
from collections.abc import Mapping
from statistics import median

from flask import Flask

from benchmarks.serving import served
from tests.support.staff import make_user, session_of

STARTS = 3


def first_pages(app: Flask, database_url: str, pages: Mapping[str, str], username: str) -> dict[str, float]:
    """Median ms by the clock of each page (name: address), first asked of `STARTS` servers each; an administrator."""
    cookie = f"{app.config['SESSION_COOKIE_NAME']}={session_of(app, make_user(app, username, 'administrator'))}"
    return {
        name: median(_first_of_a_start(address, cookie, database_url) for _start in range(STARTS))
        for name, address in pages.items()
    }


def _first_of_a_start(address: str, cookie: str, database_url: str) -> float:
    with served("wsgi:app", "/healthz", database_url) as (port, _process):
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.connect()
        start = time.perf_counter()
        connection.request("GET", address, headers={"Cookie": cookie})
        response = connection.getresponse()
        response.read()
        took = (time.perf_counter() - start) * 1e3
        assert response.status == 200, (address, response.status)
        return took
