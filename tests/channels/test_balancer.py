"""Two servers behind haproxy: one is lost under load, and nothing that was acknowledged is; limits hold over both."""

from __future__ import annotations

import contextlib
import os
import random
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from benchmarks.faults import proof, visitors
from benchmarks.faults.servers import Address, Server, free_port
from survey.accounts.authentication import ATTEMPTS
from survey.foundation.settings import Settings
from tests.channels.world import MANY, make_world
from tests.support.applications import application
from tests.support.databases import SECRET_KEY, DatabaseFactory
from tests.support.staff import PASSWORD, make_user

HAPROXY = shutil.which("haproxy", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
pytestmark = pytest.mark.skipif(HAPROXY is None and "CI" not in os.environ, reason="there is no haproxy here")
CITIZENS, PATIENCE = 4, 120
CONFIGURATION = """
global
  stats socket {folder}/stats
defaults
  mode http
  timeout connect 1s
  timeout client 60s
  timeout server 60s
  timeout check 10s
frontend public
  bind 127.0.0.1:{port}
  default_backend servers
backend servers
  option forwardfor
  option redispatch 1
  option httpchk GET /readyz
  default-server check inter 200ms fall 2 rise 2
"""


class Balancer(Address):
    """haproxy before two servers; `refused` tells when a request through it came to nothing."""

    def __init__(self, folder: Path, port: int, servers: list[Server]) -> None:
        super().__init__(port)
        self.stats, self.refused = folder / "stats", list[float]()
        configuration = folder / "haproxy.cfg"
        lines = [f"  server s{number} 127.0.0.1:{server.port}\n" for number, server in enumerate(servers)]
        configuration.write_text(CONFIGURATION.format(folder=folder, port=port) + "".join(lines))
        with (folder / "haproxy.log").open("wb") as log:
            self.process = subprocess.Popen(
                [str(HAPROXY), "-f", str(configuration)], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def ask(self, *arguments: Any, **options: Any) -> Any:
        """The same, keeping what failed."""
        try:
            answer = super().ask(*arguments, **options)
        except OSError:
            self.refused.append(time.monotonic())
            raise
        if answer[0] >= 500:
            self.refused.append(time.monotonic())
        return answer

    def serving(self) -> set[str]:
        """The servers it takes to be up."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(self.stats))
            connection.sendall(b"show stat\n")
            text = b"".join(iter(lambda: connection.recv(65_536), b"")).decode()
        rows = [line.split(",") for line in text.splitlines() if line.startswith("servers,s")]
        return {row[1] for row in rows if row[17].startswith("UP")}


@dataclass
class Province:
    """What a province runs: its servers, what stands before them, and its database."""

    balancer: Balancer
    servers: list[Server]
    url: str


@pytest.fixture
def province(postgresql_databases: DatabaseFactory, tmp_path: Path) -> Iterator[Province]:
    with postgresql_databases.filled("counters_of_every_kind", fill) as url, contextlib.ExitStack() as stack:
        port = free_port()
        servers = [Server(url, tmp_path, number, public=port) for number in range(2)]
        for server in servers:
            stack.callback(server.kill)
        for server in servers:  # haproxy takes each for up until it has asked
            wait_until(server.is_ready)
        balancer = Balancer(tmp_path, port, servers)
        stack.callback(balancer.process.wait)
        stack.callback(balancer.process.kill)
        wait_until(lambda: balancer.stats.exists() and balancer.serving() == {"s0", "s1"})
        yield Province(balancer, servers, url)


def fill(url: str) -> None:
    with application(settings(url)) as app:
        make_world(app)


def settings(url: str) -> Settings:
    return Settings(secret_key=SECRET_KEY, database_url=url, testing=True, release_step=0)


def wait_until(state: Callable[[], bool]) -> float:
    """When it was so."""
    give_up = time.monotonic() + PATIENCE
    while not state():
        assert time.monotonic() < give_up, "this takes too long"
        time.sleep(0.05)
    return time.monotonic()


def test_one_of_two_servers_is_killed_under_load_and_nothing_acknowledged_is_lost(province: Province) -> None:
    ledger, balancer = visitors.Ledger(), province.balancer
    citizens = [
        threading.Thread(
            target=visitors.citizen,
            args=(ledger, [balancer], random.Random(seed), 0.02, f"/c/{MANY}", {"service": "dat-dai"}),
        )
        for seed in range(CITIZENS)
    ]
    for citizen in citizens:
        citizen.start()
    try:
        thanked_at_least(ledger, 20)
        refused_before = list(balancer.refused)
        province.servers[0].kill()
        killed = time.monotonic()
        noticed = wait_until(lambda: balancer.serving() == {"s1"})
        thanked_at_least(ledger, len(ledger.thanked) + 20)
        province.servers[0].start()
        wait_until(lambda: balancer.serving() == {"s0", "s1"})
        thanked_at_least(ledger, len(ledger.thanked) + 20)
    finally:
        ledger.over.set()
        for citizen in citizens:
            citizen.join(PATIENCE)
    assert not refused_before
    refused = [round(moment - killed, 2) for moment in balancer.refused]
    assert [moment for moment in refused if not 0 <= moment <= noticed - killed + 1] == []
    assert proof.differences(province.url, ledger.thanked) == []


def thanked_at_least(ledger: visitors.Ledger, many: int) -> None:
    wait_until(lambda: len(ledger.thanked) >= many)


def test_guessing_is_counted_and_requests_are_summed_over_both_servers(province: Province) -> None:
    with application(settings(province.url)) as app:
        make_user(app, "so-y-te", "officer")
    asked = [province.servers[guess % 2] for guess in range(ATTEMPTS)]  # as a balancer deals them out
    assert {sign_in(server, "sai hết rồi") for server in asked} == {HTTPStatus.UNAUTHORIZED}
    assert [counted(server) for server in province.servers] == [asked.count(server) for server in province.servers]
    for address in (province.balancer, *province.servers):
        assert sign_in(address, PASSWORD) == HTTPStatus.UNAUTHORIZED


def sign_in(address: Address, password: str) -> int:
    """The status of the answer: 302 leads to the desk."""
    _status, headers, page = address.ask("GET", "/login")
    token = visitors.CSRF.search(page)
    assert token, page
    cookie = str(headers["Set-Cookie"]).partition(";")[0]
    body = urlencode({"username": "so-y-te", "password": password, "csrf_token": token[1]})
    return int(address.ask("POST", "/login", body, {"Cookie": cookie})[0])


def counted(server: Server) -> float:
    """How many requests to sign in a server's own page of metrics tells of."""
    _status, _headers, page = server.ask("GET", "/metrics")
    counts = re.findall(r'^hai_long_requests_total\{endpoint="staff.login",method="POST".*\} (\S+)$', page, re.M)
    return sum(map(float, counts))
