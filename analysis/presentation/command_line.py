"""`flask analysis …`: figures and verdicts for people and programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn, ParamSpec

import click
from flask.cli import AppGroup

from analysis.figures.query import BOUNDARIES
from analysis.figures.register import UnknownProvince, fetch_province
from analysis.figures.service import BadQuery, FigureQuery, answer
from analysis.figures.weighting.breakdown import BREAKDOWNS
from analysis.periods.late import late_answers, sectors_of
from analysis.presentation.figures_json import figures_json, late_json, target_json, verdicts_json
from analysis.statistics import Method, StatisticsError
from analysis.targets.queries import fetch_targets
from analysis.targets.service import judged
from survey.foundation.formatting import number, percent, percent_range
from survey.foundation.periods import Period
from survey.foundation.vocabulary import SUBJECTS

group = AppGroup("analysis", help="Estimates, targets, verdicts, reports.")

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


class PeriodType(click.ParamType[Period]):
    """2026, 2026-H1, 2026-Q3, 2026-10 or a span of months; `days`: or a span of days."""

    name = "period"

    def __init__(self, *, days: bool = False) -> None:
        self.days = days

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Period:
        """Read the code; a wrong one ends the command with exit status 2."""
        try:
            return value if isinstance(value, Period) else Period.parse(str(value), days=self.days)
        except ValueError as error:
            self.fail(str(error), param, ctx)


def print_json(value: object) -> None:
    """JSON with full double precision."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False))


@group.command()
@as_format
def targets(format_: str) -> None:
    """Every target with its document, clause and quote."""
    rows = [target_json(target) for target in fetch_targets()]
    if format_ == "json":
        print_json({"targets": rows})
        return
    for row in rows:
        test = f"{row['comparator']} {percent(row['threshold'], 0)}"
        click.echo(
            f"{row['province']:9} {row['id']:4} {row['subject'] or row['coverage_of']:24} {test:9} {row['due_year']}"
        )


@group.command()
@click.option("--province", required=True)
@click.option("--year", required=True, type=click.IntRange(2000, 2100))
@click.option("--by", type=click.Choice(["sector", "agency", "service"]))
@as_format
@refusing_bad_input
def verdicts(province: str, year: int, by: str | None, format_: str) -> None:
    """Every target of a province judged on a year."""
    result = verdicts_json(judged(province, year, by=by))
    if format_ == "json":
        print_json(result)
        return
    for row in result["verdicts"]:
        verdict = row["verdict"] or {}
        click.echo(f"{row['target']:4} {row['status']:10} {row['domain']:20} {_figure_text(row)} "
                   f"{verdict.get('point') or '-'} / {verdict.get('evidence') or '-'}")  # fmt: skip


@group.command()
@click.option("--province", required=True)
@click.option("--period", required=True, type=PeriodType())
@click.option("--subject", required=True, type=click.Choice(list(SUBJECTS)))
@click.option("--by", type=click.Choice(BREAKDOWNS))
@click.option("--method", type=click.Choice([str(m) for m in Method]), default="top2", show_default=True)
@click.option("--audience", type=click.Choice(["staff", "public"]), default="staff", show_default=True)
@click.option(
    "--boundaries",
    type=click.Choice(BOUNDARIES),
    default="then",
    show_default=True,
    help="Agencies as they were then, or as they are today.",
)
@as_format
@refusing_bad_input
def estimates(
    province: str,
    period: Period,
    subject: str,
    by: str | None,
    method: str,
    audience: str,
    boundaries: str,
    format_: str,
) -> None:
    """Weighted satisfaction with its uncertainty."""
    question = FigureQuery(
        province=province,
        subject=subject,
        period=period,
        by=by,
        method=Method(method),
        audience=audience,
        boundaries=boundaries,
    )
    result = figures_json(answer(question))
    late = late_answers(fetch_province(province).id, period, sectors=sectors_of(subject))
    result["late"] = [late_json(one) for one in late]
    if format_ == "json":
        print_json(result)
        return
    for row in result["domains"]:
        click.echo(f"{row['domain']:20} {_figure_text(row)}  {row['label']}")
    for warning in result["warnings"]:
        click.echo(f"! {warning['code']}: {warning['message']}", err=True)
    for one in result["late"]:
        click.echo(f"! late: {one['answers']} answers came after {one['period']} was closed", err=True)


def _figure_text(row: dict[str, Any]) -> str:
    interval = row["interval_90"] or {}
    range_ = percent_range(interval.get("low"), interval.get("high"))
    return f"{percent(row['estimate']):>8} ({range_}) n={number(row['n'])}"
