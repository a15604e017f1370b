"""`flask analysis …`: what its commands share."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn, ParamSpec

import click

from analysis.figures.query import BadQuery
from analysis.figures.register import UnknownProvince
from analysis.presentation.phrases import range_beside, share_beside
from analysis.statistics import StatisticsError, Threshold
from survey.foundation.clock import today
from survey.foundation.formatting import number
from survey.foundation.periods import Period

as_format = click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
Arguments = ParamSpec("Arguments")


def refuse(message: str) -> NoReturn:
    """End with exit status 2 and a message on standard error: the input was wrong, nothing was done."""
    click.echo(message, err=True)
    sys.exit(2)


def refusing_bad_input(command: Callable[Arguments, None]) -> Callable[Arguments, None]:
    """Turn what is wrong with a question into a message and exit status 2."""

    @wraps(command)
    def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except (BadQuery, UnknownProvince, StatisticsError) as error:
            refuse(str(error))

    return guarded


LAST_MONTH = "last-month"


class PeriodType(click.ParamType[Period]):
    """2026, 2026-H1, 2026-Q3, 2026-10, last-month or a span of months; `days`: or a span of days."""

    name = "period"

    def __init__(self, *, days: bool = False) -> None:
        self.days = days

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Period:
        """Read the code, or the last full month; a wrong one ends the command with exit status 2."""
        if value == LAST_MONTH:
            return Period.of_month(today()).previous()
        try:
            return value if isinstance(value, Period) else Period.parse(str(value), days=self.days)
        except ValueError as error:
            self.fail(str(error), param, ctx)


def print_json(value: object) -> None:
    """JSON with full double precision."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False))


def figure_text(row: dict[str, Any]) -> str:
    """A domain of the JSON in one line: share, 90 % interval, n and received."""
    target = (row.get("verdict") or {}).get("target")
    beside = [float(Threshold.parse(target).threshold)] if target else None
    interval = row["interval_90"] or {}
    range_ = range_beside(interval.get("low"), interval.get("high"), beside)
    return (
        f"{share_beside(row['estimate'], beside):>8} ({range_}) n={number(row['n'])} received={number(row['received'])}"
    )
