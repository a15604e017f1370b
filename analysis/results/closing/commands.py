"""`flask analysis close` and `flask analysis publish`."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from analysis.command_group import analysis_commands
from analysis.figures.register import UnknownProvince
from analysis.presentation.command_line import refuse
from analysis.results.closing.service import NotPossible, close_period, publish_period
from survey.foundation.commands.long_commands import SAME_AGAIN, takes_long
from survey.foundation.periods import Period


@analysis_commands.command()
@click.option("--province", required=True)
@click.option("--period", required=True, help="2026-10, 2026-Q3, 2026-H1, 2026.")
@with_appcontext
def close(province: str, period: str) -> None:
    """Freeze a period: answers that come later wait for the next revision."""
    try:
        closing = close_period(province, _period(period))
        click.echo(f"Đã chốt {closing.period} của {province}, bản {closing.revision}.")
    except (NotPossible, UnknownProvince) as problem:
        refuse(str(problem))


@analysis_commands.command()
@click.option("--province", required=True)
@click.option("--period", required=True)
@with_appcontext
@takes_long(SAME_AGAIN)
def publish(province: str, period: str) -> None:
    """Show the latest closing of a period on /results/."""
    try:
        closing = publish_period(province, _period(period))
        click.echo(
            f"Đã công bố {closing.period} của {province}, bản {closing.revision}: /results/{province}/{closing.period}"
        )
    except (NotPossible, UnknownProvince) as problem:
        refuse(str(problem))


def _period(text: str) -> Period:
    try:
        return Period.parse(text)
    except ValueError as problem:
        refuse(str(problem))
