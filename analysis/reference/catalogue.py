"""The official figures the product ships with: SIPAS as found in public pages, each with its source."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection

from analysis.reference.models import ReferenceFigure

SHIPPED = Path(__file__).with_name("sipas.csv")


def shipped_figures() -> list[dict[str, Any]]:
    """Every shipped figure as in the file, empty cells as None."""
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        return [_values(row) for row in csv.DictReader(file)]


def install_reference_figures(connection: Connection) -> None:
    """Add the shipped figures that are not there yet; what a province corrected stays as it is."""
    figure = ReferenceFigure
    keys = select(figure.province, figure.year, figure.indicator)
    present = {(province, year, indicator) for province, year, indicator in connection.execute(keys)}
    new = [row for row in shipped_figures() if (row["province"], row["year"], row["indicator"]) not in present]
    if new:
        connection.execute(insert(figure), new)


def _values(row: dict[str, str]) -> dict[str, Any]:
    return {
        **row,
        "part_of": row["part_of"] or None,
        "year": int(row["year"]),
        "value": row["value"] or None,
        "rank": int(row["rank"]) if row["rank"] else None,
    }
