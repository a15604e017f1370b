"""What the servers said in a run: each unexpected failure once, with its traceback and how often it came."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence

from benchmarks.faults.servers import Server

LINES = 60  # of each log


def failures(servers: Sequence[Server]) -> Counter[str]:
    """How often each failure stands in the logs, with its traceback."""
    return Counter(said for each in servers for said in _failures(each))


def _failures(server: Server) -> Iterator[str]:
    """The program's own in one line of JSON each; gunicorn's, what happened outside of any page, in many lines."""
    open_: list[str] = []
    for line in server.log.read_text(encoding="utf-8", errors="replace").splitlines():
        if open_ and not line.startswith((" ", "Traceback", "The above", "During", "\t")) and line:
            yield "\n".join([*open_, line])
            open_ = []
        elif open_ or line.startswith("Traceback"):
            open_.append(line)
        elif told := _traceback(line):
            yield told


def _traceback(line: str) -> str:
    try:
        return str(json.loads(line).get("traceback", "")) if line.startswith("{") else ""
    except ValueError:  # cut off by whoever killed the process or forbade it to write
        return ""


def show(servers: Sequence[Server]) -> None:
    """Print the failures, the most frequent first, and what was answered; without any, the end of each log."""
    told = failures(servers)
    for traceback, count in told.most_common():
        sys.stderr.write(f"{count} times {traceback}\n\n")
    for failed in (failure for each in servers for failure in each.failed):
        sys.stderr.write(f"{failed}\n")
    for each in [] if told else servers:
        lines = each.log.read_text(encoding="utf-8", errors="replace").splitlines()
        sys.stderr.write("\n".join(lines[-LINES:]) + "\n")
