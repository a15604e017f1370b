"""Three invented provinces with four months of ratings, in a database of either kind."""

from __future__ import annotations

import datetime as dt

from flask import Flask

from benchmarks.country_data import InventedProvince, fill

MONTHS = ["2026-03", "2026-04", "2026-05", "2026-06"]
PROVINCES = [InventedProvince("an-giang", 1, 20), InventedProvince("dak-lak", 2, 30), InventedProvince("son-la", 3, 12)]
LATER = dt.datetime(2026, 7, 20, 3, tzinfo=dt.UTC)


def make_small(app: Flask) -> None:
    """Some hundred ratings a month and province."""
    with app.app_context():
        fill(PROVINCES, MONTHS, 6_000)


def make_large(app: Flask) -> None:
    """200,000 ratings."""
    with app.app_context():
        fill(PROVINCES, MONTHS, 200_000)
