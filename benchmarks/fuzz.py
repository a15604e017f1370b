"""Fuzzes every form, every import and the interface for long, on a demonstration of its own.

    python -m benchmarks.fuzz [--examples 200] [--part 0.04]

Exit 1 if anything answers with 500, shows a traceback, or leaves rows behind where it was refused.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import time
from collections.abc import Callable

import flask_migrate

from analysis.results.demo import publish_demo
from survey.demo.feedback import open_demo_cases
from survey.demo.fill import fill
from survey.foundation.clock import today
from survey.foundation.settings import Settings
from tests.support.applications import application
from tests.support.databases import SECRET_KEY
from tests.support.fuzz import FuzzReport, fuzz_imports, fuzz_interface, fuzz_workbooks
from tests.support.fuzz_forms import fuzz_forms


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", type=int, default=200, help="of each form, kind of file and operation")
    parser.add_argument("--part", type=float, default=0.04, help="of the demonstration's answers")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/fuzz.sqlite3"
        settings = Settings(secret_key=SECRET_KEY, database_url=url, testing=True, log_level="CRITICAL")
        with application(settings) as app:
            with app.app_context():
                flask_migrate.upgrade()
                fill(today(), arguments.part)
                publish_demo()
                open_demo_cases()
            logging.disable(logging.CRITICAL)
            app.config["WTF_CSRF_CHECK_DEFAULT"] = False
            wrong = tell("imports", lambda: fuzz_imports(app, arguments.examples))
            wrong += tell("workbooks", lambda: fuzz_workbooks(app, arguments.examples))
            wrong += tell("interface", lambda: fuzz_interface(app, arguments.examples))
            wrong += tell("forms", lambda: fuzz_forms(app, arguments.examples))
    return 1 if wrong else 0


def tell(what: str, fuzz: Callable[[], FuzzReport]) -> int:
    """Fuzz, print what came of it, and give how much went wrong."""
    began = time.perf_counter()
    report = fuzz()
    print(
        f"{what:10} {report.tried:7,} tried, {len(report.wrong)} wrong, {time.perf_counter() - began:.0f} s", flush=True
    )
    for fault in report.wrong[:20]:
        print("  ", fault)
    return len(report.wrong)


if __name__ == "__main__":
    sys.exit(main())
