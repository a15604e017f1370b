"""A standalone Spark cluster on loopback: a master and workers of one core each, for tests and benchmarks."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

SECONDS = 120
LOOPBACK = "127.0.0.1"
# Short-lived: compiled at once, never twice; one collector, small heaps.
JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:CICompilerCount=1"
DEFAULTS = """spark.driver.memory 512m
spark.executor.memory 512m
spark.sql.shuffle.partitions 4
spark.default.parallelism 4
"""


def environment(folder: Path) -> dict[str, str]:
    """What Spark's processes and its driver are told: loopback, little memory."""
    (folder / "spark-defaults.conf").write_text(DEFAULTS)
    return {
        "SPARK_LOCAL_IP": LOOPBACK,
        "SPARK_CONF_DIR": str(folder),
        "SPARK_LOCAL_DIRS": str(folder),
        "JAVA_TOOL_OPTIONS": JAVA,
    }


@contextmanager
def standalone(folder: Path, settings: dict[str, str], workers: int = 2) -> Iterator[str]:
    """The address of a master whose workers have come."""
    with ExitStack() as stack:
        master = stack.enter_context(_daemon("master.Master", folder, settings, "--host", LOOPBACK, "--port", "0"))
        address = _said(master, r"Starting Spark master at (spark://\S+)")
        for number in range(workers):
            place = folder / f"worker-{number}"
            place.mkdir()
            options = ["--host", LOOPBACK, "--cores", "1", "--memory", "1g", "--work-dir", str(place), address]
            stack.enter_context(_daemon("worker.Worker", place, settings, *options))
        for number in range(workers):
            _said(folder / f"worker-{number}" / "worker.Worker.log", r"(Successfully registered) with master")
        yield address


@contextmanager
def _daemon(name: str, folder: Path, settings: dict[str, str], *options: str) -> Iterator[Path]:
    """One of Spark's own processes, ended with those it started; gives what it logs into."""
    import pyspark

    log = folder / f"{name}.log"
    command = [Path(pyspark.__file__).parent / "bin" / "spark-class", f"org.apache.spark.deploy.{name}"]
    with log.open("wb") as file:
        process = subprocess.Popen(
            [*command, "--webui-port", "0", *options], stdin=subprocess.DEVNULL, stdout=file, stderr=file,
            env=os.environ | settings | {"SPARK_DAEMON_MEMORY": "256m"},
        )  # fmt: skip
    try:
        yield log
    finally:
        process.terminate()
        process.wait(SECONDS)


def _said(log: Path, pattern: str) -> str:
    """What a process says, once it has."""
    for _ in range(SECONDS * 10):
        if said := re.search(pattern, log.read_text()):
            return said[1]
        time.sleep(0.1)
    raise TimeoutError(f"{log}: {log.read_text()}")
