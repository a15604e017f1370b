"""How long it takes to hide jointly what a large province publishes of a year, period by period.

    python -m benchmarks.publishing [--responses 600000] [--use DIR]

A province with 300 agencies and three years of answers (`benchmarks.desk_data`, SQLite). Of the last whole year every
month, quarter, half and the year is closed and published in the order they end; then twenty answers come late and the
year is revised. Printed of each: the seconds its preview takes in a process that has just begun, and how many of its
figures are told.
"""

from __future__ import annotations

import argparse
import datetime as dt
import time
from pathlib import Path

from flask import Flask

from analysis.figures.register import fetch_province
from analysis.results.closing.service import close_period, preview, publish_period, to_publish
from benchmarks.databases import folder_at, is_filled
from benchmarks.desk import fill, one_answer, served
from survey.foundation.caching.weighted_lru import forget_everything
from survey.foundation.clock import today
from survey.foundation.commands.progress import shown
from survey.foundation.periods import Period
from survey.foundation.storage.database import db

YEAR = today().year - 1


def periods() -> list[Period]:
    """Of the last whole year, in the order they end, the shorter first."""
    months = [f"{YEAR}-{month:02d}" for month in range(1, 13)]
    longer = [f"{YEAR}-Q{number}" for number in range(1, 5)] + [f"{YEAR}-H1", f"{YEAR}-H2", f"{YEAR}"]
    return sorted(map(Period.parse, [*months, *longer]), key=lambda period: (period.last, len(period.months)))


def told(figures: dict[str, object]) -> int:
    """How many figures a publication tells."""
    subjects: dict[str, dict[str, dict[str, list[dict[str, object]]]]] = figures["subjects"]  # type: ignore[assignment]
    rows = [row for entry in subjects.values() for rows in entry["by"].values() for row in rows]
    return sum(row["n"] is not None for row in rows)


def publish(app: Flask, period: Period) -> float:
    """Close, look at and publish a period; prints a line and gives the seconds of looking."""
    with app.app_context():
        close_period("dak-lak", period)
        forget_everything()
        db.session.remove()
        province = fetch_province("dak-lak")
        start = time.perf_counter()
        preview(province, period, to_publish(province, period))
        looked = time.perf_counter() - start
        start = time.perf_counter()
        closing = publish_period("dak-lak", period)
        print(
            f"{period.code:<9}{closing.revision:>9}{looked:>10.1f}{time.perf_counter() - start:>12.1f}"
            f"{told(closing.figures):>14,}",
            flush=True,
        )
    return looked


def main(arguments: list[str] | None = None) -> None:
    """Print a line for each publication."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--responses", type=int, default=600_000)
    parser.add_argument("--use", type=Path, help="keep the database there, or take the one that is")
    asked = parser.parse_args(arguments)
    with folder_at(asked.use) as folder:
        filled = is_filled(folder, "sqlite")
        with served("sqlite", folder) as app:
            if not filled:
                fill(app, asked.responses)
            print(f"{'period':<9}{'revision':>9}{'preview s':>10}{'publish s':>12}{'figures told':>14}")
            seconds = [publish(app, period) for period in periods()]
            for _number in range(20):
                one_answer(app, "cq-001", answered_at=dt.datetime(YEAR, 12, 20, 3, tzinfo=dt.UTC))
            seconds.append(publish(app, Period.parse(str(YEAR))))
            print(f"longest preview: {max(seconds):.1f} s")


if __name__ == "__main__":
    with shown():
        main()
