"""The run book's failover on one machine: three etcds, two Patronis with Debian's PostgreSQL, one server of ours.

    python -m benchmarks.failover [--ttl 30]

Citizens answer all the while. First an etcd is killed, which nobody should notice; then the primary with its Patroni.
Told are the seconds in which nothing was stored, what was acknowledged and is missing or there twice (must be none),
and when the old primary is a synchronous standby again. Needs `apt-get install patroni etcd-server`. All ends with it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import flask_migrate

from benchmarks.databases import folder_at
from benchmarks.faults import proof, visitors
from benchmarks.faults.servers import Server, free_port
from survey.foundation.configuration.settings import Settings
from tests.channels.world import MANY, make_world
from tests.support.applications import application
from tests.support.databases import SECRET_KEY
from tests.support.programs import of_ordinary_user, program, wait_until

CITIZENS, NAMES, PASSWORD = 4, ("a", "b"), "for-this-run-alone"


class Process:
    """A program in a group of its own, in a folder of its own."""

    def __init__(self, folder: Path, *command: str) -> None:
        self.folder, self.command = folder, command
        folder.mkdir(mode=0o700, exist_ok=True)
        self.start()

    def start(self) -> None:
        """Start it."""
        with (self.folder.parent / f"{self.folder.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                **of_ordinary_user(self.folder),
            )  # fmt: skip

    def kill(self) -> None:
        """End all of it as a power cut would."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Node(Process):
    """A Patroni and its PostgreSQL."""

    def __init__(self, folder: Path, name: str, etcds: Sequence[int], ttl: int) -> None:
        self.name, self.port, self.api = name, free_port(), free_port()
        self.data = folder / name / "data"
        (folder / name).mkdir(mode=0o700)
        configuration = folder / f"{name}.json"  # which is YAML
        configuration.write_text(json.dumps(self._configuration(folder / name, etcds, ttl)))
        super().__init__(folder / name, program("patroni"), str(configuration))

    def _configuration(self, folder: Path, etcds: Sequence[int], ttl: int) -> dict[str, Any]:
        def account(name: str) -> dict[str, str]:
            return {"username": name, "password": PASSWORD}

        dcs = {
            "ttl": ttl, "loop_wait": min(10, ttl // 3), "retry_timeout": 10, "synchronous_mode": True,
            "postgresql": {"use_pg_rewind": True},
        }  # fmt: skip
        access = [f"host {what} all 127.0.0.1/32 scram-sha-256" for what in ("all", "replication")]
        return {
            "scope": "hai-long",
            "name": self.name,
            "restapi": {"listen": f"127.0.0.1:{self.api}", "connect_address": f"127.0.0.1:{self.api}"},
            "etcd3": {"hosts": [f"127.0.0.1:{port}" for port in etcds]},
            "bootstrap": {"dcs": dcs, "initdb": [{"encoding": "UTF8"}, "data-checksums"]},
            "postgresql": {
                "listen": f"127.0.0.1:{self.port}",
                "connect_address": f"127.0.0.1:{self.port}",
                "data_dir": str(self.data),
                "bin_dir": str(Path(program("initdb")).parent),
                "authentication": {"superuser": account("postgres"), "replication": account("standby")},
                "pgpass": str(folder / "pgpass"),
                "pg_hba": access,
                "parameters": {"unix_socket_directories": str(folder), "max_connections": 50},
            },
        }

    def kill(self) -> None:
        """PostgreSQL too, which Patroni starts in a group of its own."""
        postmaster = self.data / "postmaster.pid"
        with suppress(FileNotFoundError, ProcessLookupError):
            os.kill(int(postmaster.read_text().split()[0]), signal.SIGKILL)
        super().kill()

    def members(self) -> dict[str, str]:
        """What it knows of the cluster: role by name, of those that run; nothing while it does not answer."""
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{self.api}/cluster", timeout=5) as answer:
            said = json.load(answer)["members"]
            return {each["name"]: each["role"] for each in said if each.get("state") in ("running", "streaming")}
        return {}


def etcds(folder: Path, stack: ExitStack) -> tuple[list[int], list[Process]]:
    """Three members on loopback: the ports of clients, and their processes."""
    ports = [(free_port(), free_port()) for _ in range(3)]
    peers = ",".join(f"e{number}=http://127.0.0.1:{peer}" for number, (_client, peer) in enumerate(ports))
    processes = []
    for number, (client, peer) in enumerate(ports):
        here, there = f"http://127.0.0.1:{client}", f"http://127.0.0.1:{peer}"
        told = [
            *("--name", f"e{number}", "--data-dir", str(folder / f"e{number}" / "data"), "--initial-cluster", peers),
            *("--listen-client-urls", here, "--advertise-client-urls", here),
            *("--listen-peer-urls", there, "--initial-advertise-peer-urls", there),
        ]
        processes.append(Process(folder / f"e{number}", program("etcd"), *told))
        stack.callback(processes[-1].kill)
    return [client for client, _peer in ports], processes


def longest_pause(ledger: visitors.Ledger, since: int, until: threading.Event) -> float:
    """The longest time (s) in which nothing was acknowledged, until `until`."""
    longest, known, at = 0.0, since, time.monotonic()
    while not until.wait(0.1):
        if len(ledger.thanked) > known:
            known, at = len(ledger.thanked), time.monotonic()
        longest = max(longest, time.monotonic() - at)
    return longest


def answered(ledger: visitors.Ledger, many: int) -> None:
    """Wait for so many more answers."""
    enough = len(ledger.thanked) + many
    wait_until(lambda: len(ledger.thanked) >= enough, "an answer")


def run(folder: Path, ttl: int, stack: ExitStack) -> int:
    ports, members = etcds(folder, stack)
    nodes = {name: Node(folder, name, ports, ttl) for name in NAMES}
    for node in nodes.values():
        stack.callback(node.kill)
    whole = {"leader", "sync_standby"}
    wait_until(lambda: {*nodes["a"].members().values()} == whole, "the cluster")
    both = ",".join(["127.0.0.1"] * len(nodes)), ",".join(str(node.port) for node in nodes.values())
    url = f"postgresql+psycopg://postgres:{PASSWORD}@/postgres?host={both[0]}&port={both[1]}&target_session_attrs=read-write"
    settings = Settings(secret_key=SECRET_KEY, database_url=url, testing=True, release_step=0)
    with application(settings) as app:
        with app.app_context():
            flask_migrate.upgrade()
        make_world(app)
    server = Server(url, folder, 0)
    stack.callback(server.kill)
    wait_until(server.is_ready, "the server")

    ledger = visitors.Ledger()
    citizens = [
        threading.Thread(
            target=visitors.citizen,
            args=(ledger, [server], random.Random(seed), 0.02, f"/c/{MANY}", {"service": "dat-dai"}),
        )
        for seed in range(CITIZENS)
    ]
    for citizen in citizens:
        citizen.start()
    stack.callback(ledger.over.set)
    answered(ledger, 100)
    print(f"an etcd of three is killed: {pause_after(ledger, members[0].kill):.1f} s without an answer", flush=True)

    leader = next(name for name, role in nodes["a"].members().items() if role == "leader")
    other = next(name for name in NAMES if name != leader)
    print(f"the primary is killed: {pause_after(ledger, nodes[leader].kill):.1f} s without an answer", flush=True)
    began = time.monotonic()
    nodes[leader].start()
    wait_until(lambda: nodes[other].members() == {other: "leader", leader: "sync_standby"}, "the old primary")
    print(f"started again it is the synchronous standby after {time.monotonic() - began:.1f} s", flush=True)
    answered(ledger, 100)
    ledger.over.set()
    for citizen in citizens:
        citizen.join()
    wrong = proof.differences(url, ledger.thanked)
    print(f"{len(ledger.thanked)} answers acknowledged; missing, twice or counted otherwise: {wrong or 'none'}")
    return 1 if wrong else 0


def pause_after(ledger: visitors.Ledger, strike: Any) -> float:
    """Strike; the longest pause until 200 further answers are stored."""
    over, longest = threading.Event(), [0.0]

    def watch() -> None:
        longest[0] = longest_pause(ledger, len(ledger.thanked), over)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        strike()
        answered(ledger, 200)
    finally:
        over.set()
        watcher.join()
    return longest[0]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ttl", type=int, default=30, help="seconds after which Patroni takes the primary for lost")
    asked = parser.parse_args(arguments)
    with folder_at(None) as folder, ExitStack() as stack:
        return run(folder, asked.ttl, stack)


if __name__ == "__main__":
    sys.exit(main())
