"""`flask analysis questions`: results by factor and by question, each with its method."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from analysis.command_group import analysis_commands
from analysis.figures.query import FigureQuery
from analysis.figures.questions import QuestionResult, overall_results, question_results
from analysis.presentation.command_line import PeriodType, as_format, figure_text, print_json, refusing_bad_input
from analysis.presentation.facts import fact_lines, fact_results
from analysis.presentation.figures_json import figure_json
from survey.foundation.periods import Period
from survey.foundation.vocabulary import SUBJECTS


@analysis_commands.command()
@click.option("--province", required=True)
@click.option("--period", required=True, type=PeriodType())
@click.option("--subject", required=True, type=click.Choice(list(SUBJECTS)))
@as_format
@refusing_bad_input
def questions(province: str, period: Period, subject: str, format_: str) -> None:
    """Results by factor and question of every form answered, each with its method; then facts and reasons."""
    question = FigureQuery(province=province, subject=subject, period=period)
    rows = [_row("", "overall", result) for result in overall_results(question)]
    for form in question_results(question):
        for of, results in (("form", form.whole), ("factor", form.factors), ("question", form.questions)):
            rows += [_row(form.key, of, result) for result in results]
    if format_ == "json":
        asked = {"province": province, "period": period.code, "subject": subject}
        print_json({**asked, "rows": rows, "facts": [asdict(fact) for fact in fact_results(question)]})
        return
    for row in rows:
        click.echo(f"{row['form']:18} {row['of']:8} {row['method']:13} {figure_text(row)}  {row['text']}")
    for fact in fact_results(question):
        click.echo("\n".join(fact_lines(fact)))


def _row(form: str, of: str, result: QuestionResult) -> dict[str, Any]:
    """A figure with what it is about; `levels`: how many rated 1-5; `mean`: 1-5."""
    said = {"form": form, "of": of, "code": result.code, "text": result.text, "method": str(result.method)}
    return {**figure_json(result.figure), **said, "levels": list(result.levels) or None, "mean": result.mean}
