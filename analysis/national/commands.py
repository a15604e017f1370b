"""`flask analysis country-editions`: the country's figures, made from the archives and kept for pages to show."""

from __future__ import annotations

import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from analysis.command_group import analysis_commands
from analysis.national.figures import read_targets
from analysis.national.queries import fetch_newest
from analysis.statistics.problems import StatisticsError
from survey.foundation.commands.long_commands import GOES_ON, takes_long
from survey.foundation.periods import Period


@analysis_commands.command("country-editions")
@click.option("--archive", "place", metavar="DIR|s3://…", help="Kho lưu trữ; mặc định: COUNTRY_ARCHIVE.")
@click.option("--period", "periods", multiple=True, metavar="2026-Q3", help="Chỉ kỳ này (nhiều lần: nhiều kỳ).")
@with_appcontext
@takes_long(GOES_ON)
def country_editions(place: str | None, periods: tuple[str, ...]) -> None:
    """Lập số liệu cả nước từ kho lưu trữ của các tỉnh: kỳ mới nhất mỗi loại, và kỳ đã lập mà kho nay khác."""
    settings = current_app.extensions["settings"]
    place = place or settings.country_archive
    if not place:
        click.echo("COUNTRY_ARCHIVE chưa đặt: không có gì để làm.")
        return
    from analysis.archive.files import ArchiveFolder  # Arrow is read when the command needs it
    from analysis.archive.manifest import ArchiveProblem
    from analysis.country.engines.embedded import Embedded
    from analysis.national.making import Country, make_editions

    try:
        targets = read_targets(settings.country_targets)
        country = Country(ArchiveFolder(place), settings.country_provinces, targets)
        known = [Period.parse(edition.period) for edition in fetch_newest()]
        asked = [Period.parse(period) for period in periods]
        for code in make_editions(country, Embedded(), asked, known):
            click.echo(f"{code}: đã lập.")
    except (ArchiveProblem, StatisticsError, OSError, ValueError) as problem:
        click.echo(str(problem), err=True)
        sys.exit(2)
