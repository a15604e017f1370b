"""`flask analysis targets` and `flask analysis verdicts`."""

from __future__ import annotations

import click

from analysis.presentation.command_line import as_format, figure_text, group, print_json, refusing_bad_input
from analysis.targets.queries import fetch_targets
from analysis.targets.service import judged
from analysis.targets.targets_json import target_json, verdicts_json
from survey.foundation.formatting import percent


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
        click.echo(f"{row['target']:4} {row['status']:10} {row['domain']:20} {figure_text(row)} "
                   f"{verdict.get('point') or '-'} / {verdict.get('evidence') or '-'}")  # fmt: skip
