"""`flask analysis questions`: results by factor and by question, each with its method."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from analysis.command_group import analysis_commands
from analysis.figures.query import FigureQuery
from analysis.figures.questions import QuestionResult, as_rows, overall_results, question_results
from analysis.presentation.command_line import PeriodType, as_format, figure_text, print_json, refusing_bad_input
from analysis.presentation.facts import fact_lines, fact_results
from analysis.presentation.figures_json import figure_json
from analysis.presentation.one_stop_points import grade, point_total, total_words
from survey.foundation.periods import Period
from survey.foundation.vocabulary import SUBJECTS


@analysis_commands.command()
@click.option("--province", required=True)
@click.option("--period", required=True, type=PeriodType())
@click.option("--subject", required=True, type=click.Choice(list(SUBJECTS)))
@click.option("--other-points", type=click.FloatRange(0, 18), help="Points of the indicators citizens do not judge.")
@as_format
@refusing_bad_input
def questions(province: str, period: Period, subject: str, other_points: float | None, format_: str) -> None:
    """Results by factor and question of every form answered, each with its method; then facts and reasons."""
    question = FigureQuery(province=province, subject=subject, period=period)
    rows = [_row("", "overall", result) for result in overall_results(question)]
    for form in question_results(question):
        for of, results in (("form", form.whole), ("factor", form.factors), ("question", form.questions)):
            rows += [_row(form.key, of, row) for result in results for row in as_rows(result)]
    facts = fact_results(question)
    total = point_total(facts)
    if total is not None and other_points is not None and other_points > total.others:
        raise click.UsageError(f"--other-points: các chỉ số còn lại có tối đa {total.others} điểm.")
    if format_ == "json":
        asked = {"province": province, "period": period.code, "subject": subject}
        whole = None if total is None or other_points is None else grade(total.points + other_points)
        points = None if total is None else {**asdict(total), "grade": whole}
        print_json({**asked, "rows": rows, "facts": [asdict(fact) for fact in facts], "points": points})
        return
    for row in rows:
        click.echo(f"{row['form']:18} {row['of']:8} {row['method']:13} {figure_text(row)}  {row['text']}")
    for fact in facts:
        click.echo("\n".join(fact_lines(fact)))
    if total is not None:
        click.echo(total_words(total, other_points))


def _row(form: str, of: str, result: QuestionResult) -> dict[str, Any]:
    """A figure with what it is about; `levels`: how many rated 1-5; `mean`: 1-5."""
    said = {"form": form, "of": of, "code": result.code, "text": result.text, "method": str(result.method)}
    return {**figure_json(result.figure), **said, "levels": list(result.levels) or None, "mean": result.mean}
