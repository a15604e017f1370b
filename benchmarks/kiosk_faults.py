"""The long fault run of the kiosk: every answer thanked is stored, once, as given - whatever fails.

    python -m benchmarks.kiosk_faults [--faults 200] [--queued 5000] [--seed 1]

Real Chromium, a real server process, a proxy between them. First `--queued` answers pile up offline and are sent while
faults strike; then faults of every kind follow each other in random order until `--faults` have struck. Exit 1 if
anything thanked is missing, doubled, refused or different, a tally differs from a recount, or a date is wrong without a
flag that says so.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import flask_migrate
from playwright.sync_api import sync_playwright

from kiosk import pairing
from survey.foundation.configuration.settings import Settings
from tests.kiosk.driving import rows
from tests.kiosk.faults.run import FaultRun, dates_of, differences, fault_run, tallies_differ
from tests.kiosk.world import COUNTER, make_world
from tests.support.applications import application
from tests.support.databases import SECRET_KEY

ANSWERS_BETWEEN_CHECKS = 500


def prepare(database_url: str) -> str:
    """A migrated database with the test world; returns a pairing code."""
    with application(Settings(secret_key=SECRET_KEY, database_url=database_url, testing=True)) as app:
        with app.app_context():
            flask_migrate.upgrade()
        make_world(app)
        with app.app_context():
            return pairing.issue_code(COUNTER)


def fill_queue(run: FaultRun, count: int) -> None:
    """Let citizens rate without a network until `count` answers wait on the device's disk."""
    run.proxy.go_offline()
    began = time.perf_counter()
    for done in range(0, count, ANSWERS_BETWEEN_CHECKS):
        run.citizens(min(ANSWERS_BETWEEN_CHECKS, count - done))
    waiting, took = run.kiosk.waiting(), time.perf_counter() - began
    print(f"{waiting} answers wait on the device ({took / count * 1000:.0f} ms each, pressed by a script)", flush=True)
    run.proxy.go_online()


def strike_all(run: FaultRun, faults: int) -> None:
    """Faults of every kind equally often, in random order."""
    kinds = [kind for kind in run.kinds for _ in range(-(-faults // len(run.kinds)))]
    run.random.shuffle(kinds)
    for number, kind in enumerate(kinds[:faults], 1):
        run.strike(kind)
        if number % 20 == 0:
            print(f"{number} faults, {len(run.outcome.thanked)} thanked", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faults", type=int, default=200)
    parser.add_argument("--queued", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        url = f"sqlite:///{folder}/kiosk.sqlite3"
        code = prepare(url)
        began = time.perf_counter()
        with fault_run(playwright.chromium, url, Path(folder) / "profile", arguments.seed) as run:
            run.pair(code)
            fill_queue(run, arguments.queued)
            strike_all(run, arguments.faults)
            run.settle()
            return report(run, time.perf_counter() - began)


def report(run: FaultRun, seconds: float) -> int:
    """Print what came of it; 1 if anything is wrong."""
    outcome, problems, tallies = run.outcome, differences(run), tallies_differ(run.database_url)
    dates = dates_of(run)
    [(stored,)] = rows(run.database_url, "SELECT count(*) FROM responses")
    for kind, count in sorted(outcome.faults.items()):
        print(f"  {kind:16} {count:4}")
    print(f"faults {outcome.faults.total()}, replies lost after commit {run.proxy.dropped}, {seconds:.0f} s")
    print(f"thanked {len(outcome.thanked)}, cut short {len(outcome.interrupted)}, stored {stored}")
    print(f"dates flagged uncertain {dates.flagged}, of them in a wrong hour {len(dates.off_and_flagged)}")
    print(f"dated in a wrong hour and not flagged {len(dates.silently_off)}")
    print(f"different {len(problems)}, tallies that differ from a recount {len(tallies)}")
    wrong = [*problems, *tallies, *dates.silently_off]
    for problem in wrong[:20]:
        print("  ", problem)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
