"""`flask analysis detect`: once a night (`deploy/hai-long-nightly.service`)."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from analysis.command_group import analysis_commands
from analysis.presentation.command_line import as_format, print_json, refuse, refusing_bad_input
from analysis.signals.models import Signal
from analysis.signals.phrases import summary
from analysis.signals.service import detect
from survey.foundation.clock import month_of, today
from survey.foundation.commands.long_commands import GOES_ON, takes_long
from survey.foundation.periods import Period, shift_month
from survey.registry.queries import fetch_province_keys


@analysis_commands.command("detect")
@click.option("--province", help="A province (default: every one).")
@click.option("--month", help="A month such as 2026-10 (default: last month and this one).")
@as_format
@refusing_bad_input
@with_appcontext
@takes_long(GOES_ON)
def detect_command(province: str | None, month: str | None, format_: str) -> None:
    """Look for signals and open each as a task; the same evidence opens one task once."""
    this_month = month_of(today())
    months = [_month(month)] if month else [shift_month(this_month, -1), this_month]
    provinces = [province] if province else fetch_province_keys()
    opened = [signal for key in provinces for signal in detect(key, months)]
    if format_ == "json":
        print_json({"signals": [_as_json(signal) for signal in opened]})
        return
    for signal in opened:
        click.echo(f"{signal.id}\t{signal.agency.name}\t{summary(signal)}")
    click.echo(f"Mở {len(opened)} tín hiệu mới.")


def _month(text: str) -> str:
    try:
        period = Period.parse(text)
    except ValueError as error:
        refuse(str(error))
    if period.kind != "month" or period.first > month_of(today()):
        refuse(f"--month {text!r}: cần một tháng đã bắt đầu, ví dụ 2026-10.")
    return period.code


def _as_json(signal: Signal) -> dict[str, object]:
    return {
        "id": signal.id,
        "kind": signal.kind,
        "month": signal.month,
        "sector": signal.sector,
        "agency": signal.agency.code,
        "counter": signal.counter.code if signal.counter else None,
        "evidence": signal.evidence,
    }
