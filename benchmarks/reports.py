"""How long the month's reports of 220 agencies take, and where the time goes.

    python -m benchmarks.reports [--agencies 220] [--processes 2]

Makes a province of its own in a temporary SQLite file (twelve months, about 40 answers an agency and month), runs
`flask analysis report-all`, then times the parts of thirty reports in one process. Aim: 25 s, 250 MB a process.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.reports_data import SECTORS, fill, short_named

PERIOD = "2026-10"
ANSWERS = 40
SAMPLE = 30


def time_parts() -> dict[str, float]:
    """Seconds of processor time for thirty reports: asking, drawing, typesetting."""
    from analysis.reports import batch
    from analysis.reports.builder import build_report
    from analysis.reports.recorded_queries import Shared
    from analysis.reports.rendering import pdf
    from survey.foundation.periods import Period

    spent = {"queries and model": 0.0, "charts": 0.0, "typesetting": 0.0}
    drawing = pdf.svg

    def timed(chart: Any) -> str:
        start = time.process_time()
        drawn = drawing(chart)
        spent["charts"] += time.process_time() - start
        return drawn

    pdf.svg = timed
    batch.get_ready()
    shared = Shared()
    for index in range(1, len(SECTORS) + 1):  # what all reports of a run share is worked out before the clock starts
        pdf.render(build_report("dak-lak", f"cq-{index:03d}", Period.parse(PERIOD), shared=shared))
    spent["charts"] = 0.0
    for index in range(1, SAMPLE + 1):
        start = time.process_time()
        report = build_report("dak-lak", f"cq-{index:03d}", Period.parse(PERIOD), shared=shared)
        spent["queries and model"] += time.process_time() - start
        start, before = time.process_time(), spent["charts"]
        pdf.render(report)
        spent["typesetting"] += time.process_time() - start - (spent["charts"] - before)
    return spent


def in_application(step: str, agencies: int) -> None:
    """One step that needs the program: ``fill`` or ``parts``."""
    from wsgi import create_app

    with create_app().app_context():
        if step == "fill":
            print(f"{agencies} agencies, {fill(short_named(agencies, ANSWERS))} answers")
            return
        spent = time_parts()
        whole = sum(spent.values())
        for name, seconds in spent.items():
            print(f"{name}: {seconds / SAMPLE * 1000:.0f} ms a report ({seconds / whole:.0%})")


def main() -> None:
    """Fill, run, time and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agencies", type=int, default=220)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--step", choices=["fill", "parts"], help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.step:
        in_application(arguments.step, arguments.agencies)
        return
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/reports.sqlite3"
        flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
        subprocess.run([*flask, "db", "upgrade"], check=True, capture_output=True)
        os.environ.setdefault("SECRET_KEY", "only for this benchmark")
        # Steps run in processes of their own: a child's largest size would else begin with this one's.
        own = [sys.executable, "-m", "benchmarks.reports", "--agencies", str(arguments.agencies), "--step"]
        subprocess.run([*own, "fill"], check=True)
        command = ["--province", "dak-lak", "--period", PERIOD, "--processes", str(arguments.processes)]
        out = Path(folder) / "out"
        start = time.perf_counter()
        report_all = [*flask, "analysis", "report-all", *command, "--out", str(out)]
        run = subprocess.Popen(report_all, stdout=subprocess.DEVNULL)  # names its folder there; errors show progress
        _, status, usage = os.wait4(run.pid, 0)  # of this run and its workers alone
        seconds = time.perf_counter() - start
        if status:
            raise SystemExit("report-all failed")
        made = [path for path in out.glob("*.pdf") if re.search(r"cq-\d+", path.name)]
        print(f"{len(made)} reports in {seconds:.1f} s on {arguments.processes} processes")
        print(f"processor time: {usage.ru_utime + usage.ru_stime:.1f} s")
        print(f"largest process: {usage.ru_maxrss / 1024:.0f} MB")
        subprocess.run([*own, "parts"], check=True)


if __name__ == "__main__":
    main()
