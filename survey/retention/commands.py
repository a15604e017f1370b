"""``flask survey erase`` and ``flask survey retention``."""

from __future__ import annotations

import datetime as dt
import json
import uuid

import click

from survey.foundation.commands.command_group import survey_commands
from survey.foundation.commands.long_commands import SAME_AGAIN, takes_long
from survey.foundation.formatting import number
from survey.retention.service import apply_rules, erase, erase_case


@survey_commands.command("erase")
@click.option("--response", type=click.UUID, help="The answer with this id.")
@click.option("--before", type=click.DateTime(["%Y-%m-%d"]), help="All answers of days before this one.")
@click.option("--case", "case_id", type=int, help="The report (phản ánh) of this number, with its words.")
@click.option("--reason", required=True, help="By which order and why, naming no citizen: it stays in the audit log.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@takes_long(SAME_AGAIN)
def erase_command(
    response: uuid.UUID | None, before: dt.datetime | None, case_id: int | None, reason: str, format_: str
) -> None:
    """Erase answers with their ratings, counts, comments and cases. Published figures stay as they were published.

    Of a report its words, steps, contact and published reply; the rating beside it stays.
    """
    if [response, before, case_id].count(None) != 2:
        raise click.UsageError("Cần đúng một trong ba: --response, --before hoặc --case.")
    if not reason.strip():
        raise click.UsageError("--reason: ghi theo yêu cầu của ai và vì sao.")
    if case_id is not None:
        if not erase_case(case_id, reason.strip()):
            raise click.UsageError(f"Không có phản ánh số {case_id}.")
        click.echo(json.dumps({"erased": 1}) if format_ == "json" else f"Đã xóa phản ánh số {case_id}.")
        return
    count = erase(response if response is not None else _day(before), reason.strip())
    if response is not None and not count:
        raise click.UsageError(f"Không có phiếu {response}.")
    click.echo(json.dumps({"erased": count}) if format_ == "json" else f"Đã xóa {number(count)} phiếu.")


@survey_commands.command("retention")
@click.option("--dry-run", is_flag=True, help="Only count; drop nothing.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@takes_long(SAME_AGAIN)
def retention_command(dry_run: bool, format_: str) -> None:
    """Drop what has been kept as long as docs/security.md says; for a nightly job."""
    dropped = apply_rules(dry_run=dry_run)
    if format_ == "json":
        click.echo(json.dumps(dropped))
    else:
        click.echo("\n".join(f"{name}: {number(count)}" for name, count in dropped.items()))


def _day(moment: dt.datetime | None) -> dt.date:
    assert moment is not None, "one of the two options is given"
    return moment.date()
