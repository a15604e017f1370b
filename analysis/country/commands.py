"""`flask analysis country`: figures of a country from the archives of its provinces, without their databases."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from analysis.archive.manifest import ArchiveProblem
from analysis.command_group import analysis_commands
from analysis.country.question import BREAKDOWNS, CountryQuery
from analysis.figures.query import BadQuery
from analysis.statistics.problems import StatisticsError
from analysis.statistics.verdicts.verdict import Threshold
from survey.foundation.commands.command_problems import on_any_schema
from survey.foundation.commands.long_commands import SAME_AGAIN, takes_long
from survey.foundation.periods import Period

if TYPE_CHECKING:  # Arrow is read when the command needs it: servers would carry it for nothing
    from analysis.country.engines import Engine

WITHHELD = 3  # the exit code when a province's figure is


@analysis_commands.command("country", with_appcontext=True)
@click.option("--archive", "place", required=True, metavar="DIR|s3://…", help="Kho lưu trữ của các tỉnh.")
@click.option("--period", required=True, help="2026-10, 2026-Q3, 2026-H1, 2026.")
@click.option("--subject", required=True, help="procedures, agency_service, health_service, education_service …")
@click.option("--by", type=click.Choice(BREAKDOWNS), help="Chia theo; bỏ trống: chỉ cả nước.")
@click.option("--target", metavar="'>80'", help="Mốc để kết luận, ví dụ '>60' hoặc '>=70' (phần trăm).")
@click.option("--province", "expected", multiple=True, metavar="KEY", help="Tỉnh phải có mặt (nhiều lần).")
@click.option("--engine", type=click.Choice(["duckdb", "spark"]), default="duckdb", show_default=True)
@click.option("--master", default="local[2]", show_default=True, help="Cụm Spark.")
@click.option("--format", type=click.Choice(["json"]), default="json", show_default=True, expose_value=False)
@takes_long(SAME_AGAIN)
@on_any_schema
def country(
    place: str,
    period: str,
    subject: str,
    by: str | None,
    target: str | None,
    expected: tuple[str, ...],
    engine: str,
    master: str,
) -> None:
    """Số liệu cả nước, ghép từ các tỉnh; tỉnh nào thiếu hoặc hỏng thì nêu tên và không có số cả nước (mã 3)."""
    from analysis.archive.files import ArchiveFolder
    from analysis.country.as_json import country_as_json
    from analysis.country.service import country_figures

    try:
        question = CountryQuery(subject, Period.parse(period), by)
        threshold = Threshold.parse(target) if target else None
        figures = country_figures(
            ArchiveFolder(place), question, _engine(engine, master), expected=expected, threshold=threshold
        )
    except (ArchiveProblem, BadQuery, StatisticsError, ValueError) as problem:
        click.echo(str(problem), err=True)
        sys.exit(2)
    click.echo(json.dumps(country_as_json(figures), ensure_ascii=False, indent=2, allow_nan=False))
    if figures.withheld:
        sys.exit(WITHHELD)


def _engine(name: str, master: str) -> Engine:
    if name == "spark":
        from analysis.country.engines.spark import Spark  # an extra that few need

        return Spark(master)
    from analysis.country.engines.embedded import Embedded

    return Embedded()
