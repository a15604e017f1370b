"""`flask analysis export`: the files of the desk, from the command line."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import click
from flask.cli import with_appcontext
from flask_babel import force_locale

from analysis.command_group import analysis_commands
from analysis.exports.kinds import EXPORTS
from analysis.exports.service import ENDINGS, FileThere, new_files, record, save, table_of
from analysis.figures.register import fetch_province
from analysis.presentation.command_line import PeriodType, refuse, refusing_bad_input
from analysis.presentation.scope import Scope
from survey.foundation.commands.long_commands import SAME_AGAIN, takes_long
from survey.foundation.commands.new_files import reason
from survey.foundation.periods import Period
from survey.foundation.vocabulary import LANGUAGES, SECTORS


@analysis_commands.command("export")
@click.option("--kind", type=click.Choice(list(EXPORTS)), required=True)
@click.option("--province", required=True)
@click.option("--period", required=True, type=PeriodType())
@click.option("--sector", type=click.Choice(list(SECTORS)), help="Bỏ trống: mọi ngành.")
@click.option("--format", "ending", type=click.Choice(ENDINGS), default="csv", show_default=True)
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--comments", is_flag=True, help="Kèm ý kiến đã che (chỉ với responses).")
@click.option("--lang", type=click.Choice(list(LANGUAGES)), default="vi", show_default=True)
@with_appcontext
@refusing_bad_input
@takes_long(SAME_AGAIN)
def export(
    kind: str, province: str, period: Period, sector: str | None, ending: str, out: Path, comments: bool, lang: str
) -> None:
    """Write estimates, tallies or anonymised responses to a new file, with the data dictionary."""
    with force_locale(lang) if lang != "vi" else nullcontext():
        scope = Scope(fetch_province(province), sector)
        try:
            files = new_files(out, ending)
            table = table_of(kind, scope, period, comments=comments)
            record(table, ending, scope, period, comments=comments)
            save(table, files)
        except FileThere as problem:
            refuse(str(problem))
        except OSError as problem:
            refuse(f"{out}: {reason(problem)}")
    for path in files:
        click.echo(str(path))
