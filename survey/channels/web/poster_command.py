"""``flask survey posters``: posters, cards and slips of many counters in one file."""

from __future__ import annotations

from pathlib import Path

import click

from survey.channels.sheets.formats import DEFAULT_FORMAT, DEFAULT_LANGUAGES, FORMATS, codes_of, languages_printed
from survey.channels.sheets.rendering import render_sheets
from survey.channels.web.queries import CounterRow, fetch_counter, fetch_counters
from survey.channels.web.sheet_selection import below, may_be_printed, sheet_of
from survey.foundation.commands.command_group import survey_commands
from survey.foundation.commands.long_commands import SAME_AGAIN, takes_long
from survey.foundation.commands.new_files import write_whole
from survey.foundation.storage.database import db
from survey.registry.queries import fetch_province_keys, find_agency, find_province


@survey_commands.command("posters")
@click.option("--province", help="Mã tỉnh: mọi quầy của tỉnh.")
@click.option("--agency", help="Mã cơ quan: quầy của cơ quan và mọi đơn vị bên dưới.")
@click.option("--counter", help="Mã quầy.")
@click.option("--format", "format_", type=click.Choice(list(FORMATS)), default=DEFAULT_FORMAT, show_default=True)
@click.option(
    "--languages",
    default=DEFAULT_LANGUAGES.replace("-", ","),
    show_default=True,
    help="Mã ngôn ngữ: một, hoặc vi và một.",
)
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Tệp PDF sẽ ghi.")
@takes_long(SAME_AGAIN)
def posters(
    province: str | None, agency: str | None, counter: str | None, format_: str, languages: str, out: Path
) -> None:
    """Write one PDF with the sheets of a counter, an agency with all below it, or a province."""
    if sum(map(bool, (province, agency, counter))) != 1:
        raise click.UsageError("Chọn đúng một trong --province, --agency, --counter.")
    spoken = {",".join(codes_of(choice)): choice for choice in languages_printed()}
    if languages not in spoken:
        raise click.UsageError(f"--languages: chọn một trong {'; '.join(spoken)}.")
    rows = _counters(province, agency, counter)
    chosen = [row for row in rows if may_be_printed(row)]
    if not chosen:
        raise click.UsageError("Không có quầy nào đang nhận đánh giá trong phạm vi này.")
    content = render_sheets([sheet_of(row) for row in chosen], format_, spoken[languages])
    write_whole(out, content)
    click.echo(f"{out}: {len(chosen)} quầy")


def _counters(province: str | None, agency: str | None, counter: str | None) -> list[CounterRow]:
    session = db.session()
    if counter:
        row = fetch_counter(session, counter)
        return [row] if row else []
    if agency:
        above = find_agency(agency)
        if above is None:
            raise click.UsageError(f"Không có cơ quan nào mang mã {agency!r}.")
        return below(agency, fetch_counters(session, [above.province_id]))
    of_key = find_province(province or "")
    if of_key is None:
        raise click.UsageError(f"Không có tỉnh {province!r}; có: {', '.join(fetch_province_keys())}.")
    return fetch_counters(session, [of_key.id])
