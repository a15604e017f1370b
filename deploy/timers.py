"""Runs what the units of this folder say when their timers say, where there is no systemd: in containers.

    python deploy/timers.py [--address http://web:8000/readyz]    where the service answers

deploy/compose.yml starts it. Schedule, commands and limits are read from `*.timer` and `*.service`, so both ways of
running do the same; times are Viet Nam's. Like systemd with `Persistent=yes` it makes up for what was missed while it
did not run.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import re
import shlex
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

DEPLOY = Path(__file__).resolve().parent
STATE = Path("/var/lib/hai-long/timers")  # when each ran last, as systemd keeps it
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
MINUTE = dt.timedelta(minutes=1)
LONGEST = 62 * 24 * 60  # minutes between two turns of a timer, and more
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SECONDS = {"": 1, "s": 1, "min": 60, "h": 3600}


@dataclass(frozen=True)
class Calendar:
    """When a timer elapses, from its `OnCalendar`: to the minute, each part None where any will do."""

    weekdays: frozenset[int] | None
    days: frozenset[int] | None
    hours: frozenset[int] | None
    minutes: frozenset[int] | None

    @classmethod
    def parse(cls, text: str) -> Calendar:
        """From ``*-*-* 01:15:00``, ``*:0/10`` or ``Sun *-*-01..07 02:30:00``.

        Raises:
            ValueError: it says something else.
        """
        match = re.fullmatch(r"(?:(\w{3}) )?(?:\*-\*-(\S+) )?([^:\s]+):([^:\s]+)(?::00)?", text)
        if match is None:
            raise ValueError(f"OnCalendar={text}")
        weekday, day, hour, minute = match.groups()
        return cls(
            frozenset((WEEKDAYS.index(weekday),)) if weekday else None,
            _numbers(day or "*", 31),
            _numbers(hour, 23),
            _numbers(minute, 59),
        )

    def elapses(self, moment: dt.datetime) -> bool:
        """Whether its minute is this one."""
        parts = (
            (self.weekdays, moment.weekday()),
            (self.days, moment.day),
            (self.hours, moment.hour),
            (self.minutes, moment.minute),
        )
        return all(allowed is None or value in allowed for allowed, value in parts)

    def last(self, moment: dt.datetime) -> dt.datetime:
        """The last turn up to a moment.

        Raises:
            StopIteration: there is none within two months.
        """
        minute = moment.astimezone(VIETNAM).replace(second=0, microsecond=0)
        return next(then for back in range(LONGEST) if self.elapses(then := minute - back * MINUTE))


def _numbers(text: str, most: int) -> frozenset[int] | None:
    if text == "*":
        return None
    if every := re.fullmatch(r"(\d+)/(\d+)", text):
        return frozenset(range(int(every[1]), most + 1, int(every[2])))
    if span := re.fullmatch(r"(\d+)\.\.(\d+)", text):
        return frozenset(range(int(span[1]), int(span[2]) + 1))
    return frozenset((int(text),))


@dataclass(frozen=True)
class Unit:
    """A timer with its service: commands in order, the seconds they may take together, what their environment adds."""

    name: str
    calendar: Calendar
    commands: tuple[tuple[str, ...], ...]
    seconds: int
    environment: dict[str, str]

    @classmethod
    def read(cls, timer: Path) -> Unit:
        """From the two files of a name.

        Raises:
            ValueError: a line says what is not understood here.
        """
        (when,) = _lines(timer, "OnCalendar")
        service = timer.with_suffix(".service")
        (limit,) = _lines(service, "TimeoutStartSec")
        match = re.fullmatch(r"(\d+)(s|min|h|)", limit)
        if match is None:
            raise ValueError(f"TimeoutStartSec={limit}")
        given = dict(line.split("=", 1) for line in _lines(service, "Environment"))
        given.pop("HAI_LONG_ENVIRONMENT", None)  # a container is given its settings by whoever starts it
        commands = tuple(tuple(shlex.split(line)) for line in _lines(service, "ExecStart"))
        return cls(timer.stem, Calendar.parse(when), commands, int(match[1]) * SECONDS[match[2]], given)

    def run(self, address: str) -> bool:
        """Run its commands one after the other, until one fails; whether none did."""
        until = time.monotonic() + self.seconds
        for command in self.commands:
            more = ("--address", address) if address and command[-2:-1] == ("watch",) else ()
            try:
                subprocess.run(
                    [*command, *more],
                    cwd=DEPLOY.parent,
                    env={**os.environ, **self.environment},
                    check=True,
                    timeout=until - time.monotonic(),
                )
            except (subprocess.SubprocessError, OSError) as error:
                sys.stderr.write(f"{self.name}: {error}\n")
                return False
        return True


def units() -> list[Unit]:
    """Every timer of this folder."""
    return [Unit.read(timer) for timer in sorted(DEPLOY.glob("*.timer"))]


def run_what_is_due(unit: Unit, now: dt.datetime, address: str, state: Path) -> bool:
    """Run a unit if a turn of its timer came since it ran last; whether it ran. A failure is told as systemd's is.

    One that never ran waits for its next turn.
    """
    stamp = state / unit.name
    if not stamp.exists():
        state.mkdir(parents=True, exist_ok=True)
        stamp.touch()
        os.utime(stamp, (now.timestamp(), now.timestamp()))
    if unit.calendar.last(now).timestamp() <= stamp.stat().st_mtime:
        return False
    os.utime(stamp, (now.timestamp(), now.timestamp()))
    if not unit.run(address):
        alarm = (*unit.commands[0][:3], "survey", "alarm", f"{unit.name}.service")
        subprocess.run(alarm, cwd=DEPLOY.parent, check=False, timeout=120)
    return True


def _lines(path: Path, name: str) -> list[str]:
    return re.findall(rf"^{name}=(.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)


def _keep(unit: Unit, address: str) -> None:
    while True:
        try:
            run_what_is_due(unit, dt.datetime.now(VIETNAM), address, STATE)
        except (OSError, subprocess.SubprocessError) as error:  # a full disk; the next turn may go well
            sys.stderr.write(f"{unit.name}: {error}\n")
        time.sleep(20)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", default="")
    given = parser.parse_args()
    os.nice(10)
    threads = [threading.Thread(target=_keep, args=(unit, given.address), name=unit.name) for unit in units()]
    for thread in threads:
        thread.start()
