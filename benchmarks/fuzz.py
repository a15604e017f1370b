"""Fuzzes every form, address, import and the interface for long, on a demonstration of its own.

    python -m benchmarks.fuzz [--examples 200] [--part 0.04] [--database sqlite postgresql] [--only forms imports]

Exit 1 if anything answers with 500, shows a traceback, or leaves rows behind where it was refused.
"""

from __future__ import annotations

import argparse
import logging
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import flask_migrate
from flask import Flask

from analysis.results.demo import publish_demo
from benchmarks.databases import KINDS, database, folder_at
from survey.demo.feedback import open_demo_cases
from survey.demo.fill import fill
from survey.foundation.clock import today
from survey.foundation.configuration.settings import Settings
from tests.support.applications import application
from tests.support.databases import SECRET_KEY
from tests.support.fuzz import FuzzReport, fuzz_imports, fuzz_interface, fuzz_workbooks
from tests.support.fuzz_forms import fuzz_forms
from tests.support.fuzz_parameters import fuzz_paths, fuzz_read_parameters, fuzz_unknown_parameters

FUZZERS: Mapping[str, Callable[[Flask, int], FuzzReport]] = {  # in their order: forms may end what others need
    "imports": fuzz_imports,
    "workbooks": fuzz_workbooks,
    "interface": fuzz_interface,
    "names": lambda app, _examples: fuzz_unknown_parameters(app),
    "parameters": lambda app, examples: fuzz_read_parameters(app, examples, pages=1000),
    "paths": fuzz_paths,
    "forms": fuzz_forms,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", type=int, default=200, help="of each form, kind of file and operation")
    parser.add_argument("--part", type=float, default=0.04, help="of the demonstration's answers")
    parser.add_argument("--database", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--only", nargs="+", choices=FUZZERS, default=list(FUZZERS), help="what is fuzzed")
    asked = parser.parse_args()
    return 1 if sum(fuzz(kind, asked.examples, asked.part, asked.only) for kind in asked.database) else 0


def fuzz(kind: str, examples: int, part: float, only: Sequence[str]) -> int:
    """One run on one kind of database; how much is wrong."""
    print(f"{kind}:", flush=True)
    with folder_at(None) as folder, database(kind, folder) as url:
        settings = Settings(secret_key=SECRET_KEY, database_url=url, testing=True, log_level="CRITICAL")
        with application(settings) as app:
            with app.app_context():
                flask_migrate.upgrade()
                fill(today(), part)
                publish_demo()
                open_demo_cases()
            logging.disable(logging.CRITICAL)
            app.config["WTF_CSRF_CHECK_DEFAULT"] = False
            return sum(tell(name, partial(fuzzer, app, examples)) for name, fuzzer in FUZZERS.items() if name in only)


def tell(what: str, run: Callable[[], FuzzReport]) -> int:
    """Fuzz, print what came of it, and give how much went wrong."""
    began = time.perf_counter()
    report = run()
    print(
        f"{what:10} {report.tried:7,} tried, {len(report.wrong)} wrong, {time.perf_counter() - began:.0f} s", flush=True
    )
    for fault in report.wrong[:20]:
        print("  ", fault)
    return len(report.wrong)


if __name__ == "__main__":
    sys.exit(main())
