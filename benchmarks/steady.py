"""Ten minutes of mixed load, and what the server's processes take of memory all the while.

    python -m benchmarks.steady [--database sqlite postgresql] [--minutes 10] [--warm 5] [--citizens 4]

Citizens, kiosks with batches of 200, a reviewer at the desk and one who makes documents, on one server as shipped, but
that no worker is replaced after so many requests: that would hide what grows. Memory is what all processes of gunicorn
have of their own (`Pss_Anon`: what is shared is divided, mapped files are left out, the database's among them), every
five seconds. After `--warm` minutes, in which caches fill, `--minutes` are measured: the median of the first of them is
held against the median of the last. Exit 1 if that is more than 5 % above, anything acknowledged is missing, or
anybody got another status than one the program means. Both databases at the same time, each with a server of its own.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import re
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import median

import psutil

from benchmarks.databases import KINDS, on_each
from benchmarks.faults import proof, visitors
from benchmarks.faults.servers import ROOT, Server
from benchmarks.server_faults import prepared
from survey.foundation.clock import today
from survey.foundation.commands.progress import counting, shown
from survey.foundation.periods import shift_month

GROWS_UNDER = 0.05
EVERY = 5.0  # seconds
LAST_MONTH = shift_month(f"{today():%Y-%m}", -1)
DOCUMENTS = [
    *(f"/desk/reports/dak-lak/{recipient}/{LAST_MONTH}.pdf" for recipient in ("so-noi-vu", "so-y-te", "so-gddt")),
    *(f"/desk/reports/dak-lak/so-y-te/{LAST_MONTH}.{ending}" for ending in ("docx", "html")),
    *("/desk/dak-lak/all/chart.svg", "/desk/dak-lak/administration/exports/responses.csv"),
]


def own_memory(server: Server) -> float:
    """Proportional anonymous memory of all its processes, in MB."""
    first = psutil.Process(server.process.pid)
    kilobytes = 0
    for process in (first, *first.children(recursive=True)):
        with contextlib.suppress(OSError):  # ended just now
            text = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
            kilobytes += int(re.search(r"^Pss_Anon: +(\d+) kB", text, re.MULTILINE)[1])
    return kilobytes / 1000


def as_the_service() -> None:
    """The settings of the service that are no settings of the program."""
    unit = (ROOT / "deploy" / "hai-long.service").read_text(encoding="utf-8")
    os.environ.update(re.findall(r"(MALLOC_\w+)=(\d+)", unit))


def begin(ledger: visitors.Ledger, server: Server, keys: list[str], citizens: int) -> list[threading.Thread]:
    """Everybody, begun."""
    chance = [random.Random(number) for number in range(citizens + len(keys) + 2)]
    threads = [
        threading.Thread(target=visitors.citizen, args=(ledger, [server], chance.pop(), 0.2))
        for _one in range(citizens)
    ]
    threads += [
        threading.Thread(target=visitors.kiosk, args=(ledger, [server], chance.pop(), key, 200, 5.0)) for key in keys
    ]
    for pages in (visitors.AT_THE_DESK, DOCUMENTS):
        threads.append(threading.Thread(target=visitors.reviewer, args=(ledger, [server], chance.pop(), pages)))
    for thread in threads:
        thread.start()
    return threads


def measured(kind: str, minutes: float, warm: float, citizens: int) -> bool:
    """One run on one kind of database; whether all is well."""
    with tempfile.TemporaryDirectory(prefix="steady-") as name, shown():
        folder = Path(name)
        folder.chmod(0o755)
        with prepared(kind, folder) as (url, _app, keys):
            ledger, server = visitors.Ledger(), Server(url, folder, 0, ("--max-requests", "0"))
            while not server.is_ready():
                time.sleep(0.2)
            threads, sizes, began = begin(ledger, server, keys, citizens), [], time.monotonic()
            try:
                with counting(f"{kind}, seconds", int((warm + minutes) * 60)) as step:
                    while (passed := time.monotonic() - began) < (warm + minutes) * 60:
                        sizes.append((passed / 60, own_memory(server)))
                        time.sleep(EVERY)
                        step(int(EVERY))
            finally:
                ledger.over.set()
                for thread in threads:
                    thread.join()
                server.kill()
            wrong = [f"{count} times {what}" for what, count in ledger.broken.items()]
            wrong += proof.differences(url, ledger.thanked)
        return tell(kind, sizes, warm, ledger, wrong)


def tell(kind: str, sizes: list[tuple[float, float]], warm: float, ledger: visitors.Ledger, wrong: list[str]) -> bool:
    """Print what came of it; whether all is well."""
    end = sizes[-1][0]
    early = median(size for minute, size in sizes if warm <= minute < warm + 1)
    late = median(size for minute, size in sizes if minute >= end - 1)
    by_minute = [median(size for at, size in sizes if int(at) == minute) for minute in range(int(end) + 1)]
    print(f"{kind}: {end:.1f} minutes, acknowledged {len(ledger.thanked):,}; {dict(sorted(ledger.statuses.items()))}")
    print(f"  MB by minute: {', '.join(f'{size:.0f}' for size in by_minute)}")
    print(
        f"  minute {warm:g}: {early:.0f} MB, last: {late:.0f} MB, {late / early - 1:+.1%}; wrong: {len(wrong)}",
        flush=True,
    )
    for fault in wrong[:20]:
        print("   ", fault[:300])
    return late / early - 1 < GROWS_UNDER and not wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--warm", type=float, default=5)
    parser.add_argument("--citizens", type=int, default=4)
    asked = parser.parse_args()
    as_the_service()
    return 0 if all(on_each(asked.database, measured, asked.minutes, asked.warm, asked.citizens)) else 1


if __name__ == "__main__":
    sys.exit(main())
