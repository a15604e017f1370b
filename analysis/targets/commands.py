"""`flask analysis targets` and `flask analysis verdicts`."""

from __future__ import annotations

import click

from analysis.command_group import analysis_commands
from analysis.figures.figure import Figure, Figures
from analysis.presentation.command_line import as_format, figure_text, print_json, refusing_bad_input
from analysis.presentation.sensitivity import sensitivity
from analysis.targets.queries import fetch_targets
from analysis.targets.service import judged
from analysis.targets.targets_json import target_json, verdicts_json
from survey.foundation.formatting import percent


@analysis_commands.command()
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


@analysis_commands.command()
@click.option("--province", required=True)
@click.option("--year", required=True, type=click.IntRange(2000, 2100))
@click.option("--by", type=click.Choice(["sector", "agency", "service"]))
@as_format
@refusing_bad_input
def verdicts(province: str, year: int, by: str | None, format_: str) -> None:
    """Every target of a province judged on a year."""
    rows = judged(province, year, by=by)
    if format_ == "json":
        print_json(verdicts_json(rows))
        return
    for judged_target in rows:
        figures = judged_target.figures
        for place, row in enumerate(verdicts_json([judged_target])["verdicts"]):
            verdict = row["verdict"] or {}
            click.echo(f"{row['target']:4} {row['status']:10} {row['domain']:20} {figure_text(row)} "
                       f"{verdict.get('point') or '-'} / {verdict.get('evidence') or '-'}")  # fmt: skip
            for line in _certainty(figures, figures.figures[place]) if figures else ():
                click.echo(f"     {line}")


def _certainty(figures: Figures, figure: Figure) -> list[str]:
    """How wrong the volunteers would have to be, the verdicts then, what hints at it, and what would settle it."""
    certainty = sensitivity(figures, figure)
    if certainty is None:
        return []
    return [line for line in (certainty.overturn, certainty.otherwise, *certainty.lines) if line]
