"""`flask analysis estimates`: figures for people and programs."""

from __future__ import annotations

from dataclasses import replace

import click

from analysis.command_group import analysis_commands
from analysis.figures.breakdowns import BREAKDOWNS
from analysis.figures.query import BOUNDARIES, FigureQuery
from analysis.figures.register import fetch_province
from analysis.figures.service import answer
from analysis.figures.suppression.complement import for_everyone
from analysis.periods.late import late_answers, sectors_of
from analysis.presentation.command_line import PeriodType, as_format, figure_text, print_json, refusing_bad_input
from analysis.presentation.figures_json import figures_json, late_json
from analysis.statistics import Method
from survey.foundation.periods import Period
from survey.foundation.vocabulary import SUBJECTS


@analysis_commands.command()
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
    figures = answer(question)
    if audience == "public":
        figures = for_everyone(figures, answer(replace(question, by=None)).total)
    result = figures_json(figures)
    late = late_answers(fetch_province(province).id, period, sectors=sectors_of(subject))
    result["late"] = [late_json(answers) for answers in late]
    if format_ == "json":
        print_json(result)
        return
    for row in result["domains"]:
        click.echo(f"{row['domain']:20} {figure_text(row)}  {row['label']}")
    for warning in result["warnings"]:
        click.echo(f"! {warning['code']}: {warning['message']}", err=True)
    for late_period in result["late"]:
        click.echo(f"! late: {late_period['answers']} answers came after {late_period['period']} was closed", err=True)
