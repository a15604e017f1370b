"""A province on several machines: haproxy, two servers, pgbouncer, PostgreSQL with a standby, as the run book has them.

One server is lost under load, and nothing that was acknowledged is; limits hold over both; the standby lags and goes.
"""

from __future__ import annotations

import contextlib
import random
import re
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from benchmarks.faults import proof, visitors
from benchmarks.faults.servers import Address, Server, free_port
from survey.accounts.authentication import ATTEMPTS
from survey.foundation.configuration.settings import Settings
from survey.foundation.storage.read_replica import WRITTEN
from tests.channels.world import MANY, make_world
from tests.support.applications import application
from tests.support.databases import SECRET_KEY
from tests.support.programs import PATIENCE, program, wait_until
from tests.support.staff import PASSWORD, make_user
from tests.support.standby import Pair, streaming_pair

CITIZENS, LAG = 4, 1
FROM_STANDBY, AWAY = "Đọc từ máy dự phòng", "Máy dự phòng không trả lời"
BEHIND = re.compile(r"Máy dự phòng chậm hơn máy chính \d+ giây: đọc từ máy chính\.")
SET_COOKIE = re.compile(r"^([^=]+)=([^;]*)")
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
                [program("haproxy"), "-f", str(configuration)], stdin=subprocess.DEVNULL, stdout=log, stderr=log
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
    """What a province runs: its servers, what stands before them, and its databases."""

    balancer: Balancer
    servers: list[Server]
    pair: Pair
    url: str


class Person:
    """Someone at a browser, who keeps cookies and goes through the balancer."""

    def __init__(self, address: Address) -> None:
        self.address, self.cookies = address, dict[str, str]()

    def open(self, path: str) -> str:
        """A page."""
        status, page = self._ask("GET", path)
        assert status == HTTPStatus.OK, f"{path}: {status}"
        return page

    def send(self, path: str, **fields: str) -> int:
        """Fill in the form of a page; the status of the answer."""
        token = visitors.CSRF.search(self.open(path))
        assert token, path
        return self._ask("POST", path, urlencode({**fields, "csrf_token": token[1]}))[0]

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        status, headers, page = self.address.ask(method, path, body, {"Cookie": cookies} if cookies else {})
        pairs = [SET_COOKIE.match(line) for line in headers.get_all("Set-Cookie", [])]
        self.cookies.update({pair[1]: pair[2] for pair in pairs if pair})
        return status, page


@pytest.fixture(scope="module")
def pair(run_directory: Path) -> Iterator[Pair]:
    with streaming_pair(run_directory, pooled=True) as pair:
        yield pair


@pytest.fixture(scope="module")
def province(pair: Pair, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Province]:
    tmp_path = tmp_path_factory.mktemp("province")
    with pair.databases.filled("counters_of_every_kind", fill) as url, contextlib.ExitStack() as stack:
        pair.catch_up()
        primary, standby = pair.urls(url)
        told = {"DATABASE_READ_URL": standby, "DATABASE_READ_LAG": str(LAG), "DATABASE_POOLED": "1"}
        port = free_port()
        servers = [Server(primary, tmp_path, number, public=port, settings=told) for number in range(2)]
        for server in servers:
            stack.callback(server.kill)
        for server in servers:  # haproxy takes each for up until it has asked
            wait_until(server.is_ready)
        balancer = Balancer(tmp_path, port, servers)
        stack.callback(balancer.process.wait)
        stack.callback(balancer.process.kill)
        wait_until(lambda: balancer.stats.exists() and balancer.serving() == {"s0", "s1"})
        yield Province(balancer, servers, pair, url)


def fill(url: str) -> None:
    with application(settings(url)) as app:
        make_world(app)


def settings(url: str) -> Settings:
    return Settings(secret_key=SECRET_KEY, database_url=url, testing=True, release_step=0)


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
        killed = time.monotonic()
        province.servers[0].kill()
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
    before = [counted(server) for server in province.servers]
    asked = [province.servers[guess % 2] for guess in range(ATTEMPTS)]  # as a balancer deals them out
    assert {sign_in(server, "sai hết rồi") for server in asked} == {HTTPStatus.UNAUTHORIZED}
    counts = [counted(server) - earlier for server, earlier in zip(province.servers, before, strict=True)]
    assert counts == [asked.count(server) for server in province.servers]
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


def test_what_metrics_read_from_the_database_is_the_same_on_both_servers(province: Province) -> None:
    lines = [metrics(server).splitlines() for server in province.servers]
    of_database = [[line for line in page if line.startswith("hai_long_ready")] for page in lines]
    assert of_database == [["hai_long_ready 1.0"]] * 2


def test_the_desk_reads_at_the_standby_misses_nothing_it_wrote_and_goes_on_without_it(province: Province) -> None:
    with application(settings(province.url)) as app:
        make_user(app, "quan-tri", "administrator")
    person, pair = Person(province.balancer), province.pair
    assert person.send("/login", username="quan-tri", password=PASSWORD) == HTTPStatus.FOUND
    assert FROM_STANDBY not in person.open("/desk/services")  # has just written: a session
    forget_writing(person)
    wait_until(lambda: FROM_STANDBY in person.open("/desk/services"), "reading at the standby")
    pair.pause(paused=True)
    try:
        new = {"code": "moi", "name": "Dịch vụ vừa thêm", "sector": "health"}
        assert person.send("/desk/new-service", **new) == HTTPStatus.FOUND
        for _server in province.servers:
            assert "Dịch vụ vừa thêm" in person.open("/desk/services")
        forget_writing(person)
        time.sleep(LAG + 2)  # more than the limit, and than it is asked again
        for _server in province.servers:
            page = person.open("/desk/services")
            assert "Dịch vụ vừa thêm" in page
            assert BEHIND.search(page)
    finally:
        pair.pause(paused=False)
    pair.standby.stop()
    try:
        stranger = Person(province.balancer)
        assert stranger.send("/login", username="quan-tri", password=PASSWORD) == HTTPStatus.FOUND
        forget_writing(stranger)
        for _server in province.servers:
            wait_until(lambda: AWAY in stranger.open("/desk/services"), "knowing that the standby is away")
    finally:
        pair.standby.start()
    assert [server.failed for server in province.servers] == [[], []]


def forget_writing(person: Person) -> None:
    """As after some seconds."""
    del person.cookies[WRITTEN]


def counted(server: Server) -> float:
    """How many requests to sign in a server's own page of metrics tells of."""
    page = metrics(server)
    counts = re.findall(r'^hai_long_requests_total\{endpoint="staff.login",method="POST".*\} (\S+)$', page, re.M)
    return sum(map(float, counts))


def metrics(server: Server) -> str:
    """A server's own page of them."""
    status, _headers, page = server.ask("GET", "/metrics")
    assert status == HTTPStatus.OK
    return str(page)
