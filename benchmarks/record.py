"""Run a benchmark and write down what it said in docs/measurements.md, the one place for measured times.

    python -m benchmarks.record estimation --quick

Its section there is replaced: when, which commit, which machine at which load, and what the benchmark printed.
"""

from __future__ import annotations

import datetime as dt
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

from survey.foundation.clock import today
from survey.foundation.configuration.settings import ROOT
from survey.foundation.version import program_name

PAGE = ROOT / "docs" / "measurements.md"
INTRODUCTION = """# Measurements

Written by `python -m benchmarks.record BENCHMARK`, one section a benchmark: never edit a number here, measure again.
Sections without a version were taken over from other pages, until they are; the commit in them first wrote them down.
Times hold for the machine and load they name; only ratios travel. What they mean: [performance.md](performance.md),
[statistics.md](statistics.md#speed), [kiosk.md](kiosk.md), [reports.md](reports.md), [exports.md](exports.md),
[contributing.md](contributing.md).
"""
SECTION = re.compile(r"^## (\w+)\n`\.venv.*?(?=^## \w+\n`\.venv|\Z)", flags=re.MULTILINE | re.DOTALL)


def section(benchmark: str, options: list[str], said: str, day: dt.date, load: float) -> str:
    """What the page says of one benchmark."""
    command = " ".join([f".venv/bin/python -m benchmarks.{benchmark}", *options])
    machine = f"{os.cpu_count()} processors ({platform.machine()}), Python {platform.python_version()}, load {load:.1f}"
    built = f"{day:%d/%m/%Y}, version {program_name()}, {machine}:"
    return f"## {benchmark}\n`{command}`\n\n{built}\n\n```text\n{said.strip()}\n```\n"


def put(page: str, benchmark: str, text: str) -> str:
    """The page with this benchmark's section, in the order of their names."""
    sections = {match[1]: match[0].strip() + "\n" for match in SECTION.finditer(page)} | {benchmark: text}
    return "\n".join([INTRODUCTION, *(sections[name] for name in sorted(sections))])


def main(arguments: list[str]) -> int:
    """Run it, show what it says, and keep that if it ends well; gives its exit status."""
    if not arguments or not (Path(__file__).parent / f"{arguments[0]}.py").is_file() or arguments[0] == "record":
        names = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem != "record")
        sys.stderr.write(f"Which benchmark? One of: {', '.join(names)}\n")
        return 2
    benchmark, *options = arguments
    load = os.getloadavg()[0]  # what else the machine does, before we add to it
    command = [sys.executable, "-u", "-m", f"benchmarks.{benchmark}", *options]
    said = []
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None, "it is a pipe"
        for line in running.stdout:
            said.append(line)
            sys.stdout.write(line)
            sys.stdout.flush()
    if running.returncode == 0:
        before = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
        text = section(benchmark, options, "".join(said), today(), load)
        PAGE.write_text(put(before, benchmark, text), encoding="utf-8")
    return running.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
