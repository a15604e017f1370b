"""Several processes of one server count together, also those that have ended."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.multiprocess import MultiProcessCollector

from survey.foundation.server.metrics_files import FIRST, RoomyDict, retire

ROOT = Path(__file__).parents[2]
WORKER = """
import os
from survey.foundation.server.metrics import REQUESTS, SECONDS
REQUESTS.labels("health.healthz", "GET", "200").inc({count})
SECONDS.labels("health.healthz").observe(0.03)
print(os.getpid())
"""


def work(directory: Path, count: int) -> int:
    environment = {"PATH": os.environ["PATH"], "PROMETHEUS_MULTIPROC_DIR": str(directory)}
    command = [sys.executable, "-c", WORKER.format(count=count)]
    return int(subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True).stdout)


def told(directory: Path) -> tuple[float | None, float | None]:
    registry = CollectorRegistry()
    MultiProcessCollector(registry, str(directory))
    labels = {"endpoint": "health.healthz", "method": "GET", "status": "200"}
    return (
        registry.get_sample_value("hai_long_requests_total", labels),
        registry.get_sample_value("hai_long_request_seconds_bucket", {"endpoint": "health.healthz", "le": "0.05"}),
    )


def test_the_processes_of_a_server_are_added_up(tmp_path: Path) -> None:
    work(tmp_path, 2)
    work(tmp_path, 3)
    assert told(tmp_path) == (5, 2)


def test_what_a_worker_counted_stays_when_it_ends_and_its_files_go(tmp_path: Path) -> None:
    first, second, third = (work(tmp_path, count) for count in (2, 3, 4))
    retire(tmp_path, first)
    retire(tmp_path, second)
    assert told(tmp_path) == (9, 3)
    assert {path.name.partition("_")[2] for path in tmp_path.iterdir()} == {"retired.db", f"{third}.db"}


def test_counts_lie_in_room_that_was_taken_before(tmp_path: Path) -> None:
    work(tmp_path, 2)
    many = RoomyDict(str(tmp_path / "counter_many.db"))
    for number in range(FIRST // 50):
        many.write_value(f"an endpoint of the program {number}", 1.0, 0.0)
    many.close()
    for file in tmp_path.iterdir():
        taken = file.stat()
        assert taken.st_blocks * 512 >= taken.st_size >= FIRST, file.name
    assert (tmp_path / "counter_many.db").stat().st_size > FIRST


def test_where_there_is_no_room_nothing_is_counted_and_nothing_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = work(tmp_path, 2)

    def refuse(_descriptor: int, _from: int, _length: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", refuse)
    with pytest.raises(OSError, match="space"):
        RoomyDict(str(tmp_path / "counter_1.db"))
    retire(tmp_path, worker)
    assert told(tmp_path) == (2, 1)
    assert {path.name.partition("_")[2] for path in tmp_path.iterdir()} == {f"{worker}.db"}
