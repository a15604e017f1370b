"""`flask analysis sums`: keeps the counts of finished months, so that no page reads their ratings again."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from analysis.command_group import analysis_commands
from analysis.figures.store.refresh import fetch_to_keep, fetch_unkept, save_kept
from survey.foundation.clock import month_of, today
from survey.foundation.commands.long_commands import GOES_ON, takes_long
from survey.foundation.commands.progress import progress
from survey.foundation.storage.database import db, writing
from survey.foundation.storage.turns import take_turn


def keep_sums(*, running: bool = False) -> int:
    """Keep what is not kept of finished months (`running`: of this month too); returns how many agency-months."""
    now, kept = month_of(today()), 0
    unkept = fetch_unkept(db.session())
    for month, stamps in progress(unkept.items(), "Cộng sẵn các tháng", len(unkept)):
        if running or month.month < now:
            counts = fetch_to_keep(month, frozenset(stamps))
            with writing() as session:
                take_turn(session, f"sums of {month}")
                left = fetch_unkept(session, month).get(month, {})
                mine = {agency_id: stamp for agency_id, stamp in stamps.items() if agency_id in left}
                if mine:  # else another server was quicker
                    save_kept(session, month, mine, counts)
            kept += len(mine)
    return kept


@analysis_commands.command("sums")
@click.option("--running", is_flag=True, help="The running month too, not only finished ones.")
@with_appcontext
@takes_long(GOES_ON)
def sums(running: bool) -> None:
    """Keep the counts of past months, so that pages open at once; figures do not depend on it."""
    click.echo(f"Đã cộng sẵn {keep_sums(running=running)} tháng của các cơ quan.")
