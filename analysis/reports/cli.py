"""`flask analysis report` and `flask analysis verify`."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from analysis.command_group import analysis_commands
from analysis.figures.register import fetch_province
from analysis.presentation.command_line import PeriodType, as_format, print_json, refuse, refusing_bad_input
from analysis.reports.batch import Task, make_all
from analysis.reports.builder import build_report, report_name
from analysis.reports.context import SATISFACTION
from analysis.reports.kinds import KINDS
from analysis.reports.queries import fetch_rated_agencies
from analysis.reports.recipients import UnknownRecipient
from analysis.reports.rendering import unprintable
from analysis.reports.rendering.renderers import ENGINES, file_name
from analysis.reports.verify import NotAReport, Verification, verify
from analysis.reports.versions import METHOD
from survey.foundation.commands.long_commands import GOES_ON, SAME_AGAIN, takes_long
from survey.foundation.commands.new_files import write_whole
from survey.foundation.commands.progress import progress
from survey.foundation.periods import Period
from survey.foundation.this_app import this_app

METHOD_CHANGED = 3  # exit status: what differs was made by another method


@analysis_commands.command("report")
@click.option("--province", required=True, help="Mã tỉnh, ví dụ dak-lak.")
@click.option("--recipient", required=True, help="so-y-te, so-gddt, so-noi-vu hoặc mã cơ quan.")
@click.option(
    "--period",
    required=True,
    type=PeriodType(days=True),
    help="2026-10, 2026-Q3, 2026-H1, 2026; đột xuất: 2026-01..2026-04, 2026-09-10..2026-10-05.",
)
@click.option("--cut-off", type=click.DateTime(["%Y-%m-%d"]), help="Ngày cuối cùng còn tính, trước khi kỳ kết thúc.")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Thư mục ghi tệp.")
@click.option("--kind", type=click.Choice(list(KINDS)), default=SATISFACTION, show_default=True, help="Loại báo cáo.")
@click.option("--as", "engine", type=click.Choice(list(ENGINES)), default="pdf", show_default=True)
@as_format
@with_appcontext
@refusing_bad_input
@takes_long(SAME_AGAIN)
def report(
    province: str,
    recipient: str,
    period: Period,
    cut_off: dt.datetime | None,
    out: Path,
    kind: str,
    engine: str,
    format_: str,
) -> None:
    """Make one report and print where it lies."""
    try:
        made = build_report(province, recipient, period, cut_off.date() if cut_off else None, kind=kind)
    except UnknownRecipient as error:
        refuse(str(error))
    out.mkdir(parents=True, exist_ok=True)
    path = out / file_name(made, engine)
    write_whole(path, ENGINES[engine].render(made))
    if engine == "pdf" and (notice := unprintable.notice(made.document)):
        click.echo(notice, err=True)
    if format_ == "json":
        print_json({"file": str(path), "digest": made.digest, **made.figures})
    else:
        click.echo(str(path))


@analysis_commands.command("report-all")
@click.option("--province", required=True, help="Mã tỉnh, ví dụ dak-lak.")
@click.option("--period", required=True, type=PeriodType())
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Thư mục ghi tệp.")
@click.option("--processes", type=click.IntRange(1, 16), default=2, show_default=True)
@with_appcontext
@refusing_bad_input
@takes_long(GOES_ON)
def report_all(province: str, period: Period, out: Path, processes: int) -> None:
    """Make the report of every rated agency; run again after an interruption to go on where it stopped."""
    out.mkdir(parents=True, exist_ok=True)
    rated_agencies = fetch_rated_agencies(fetch_province(province).id, None, period)
    names = {code: f"{report_name(province, code, period)}.pdf" for _, code, _ in rated_agencies}
    tasks = [Task(province, code, period.code, out / name) for code, name in names.items()]
    problems = 0
    results = make_all(this_app(), tasks, processes)
    for count, done in enumerate(progress(results, "Lập báo cáo", len(tasks)), start=1):
        problems += bool(done.problem)
        state = f"không lập được: {done.problem}" if done.problem else ("đã có" if done.kept else "xong")
        state += f". {done.notice}" if done.notice else ""
        if done.problem or done.notice or not sys.stderr.isatty():  # a bar is enough for those that went well
            click.echo(f"{count}/{len(tasks)} {done.recipient}: {state}", err=True)
    click.echo(str(out))
    if problems:
        raise SystemExit(1)


@analysis_commands.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_format
@with_appcontext
@takes_long(SAME_AGAIN)
def verify_command(file: Path, format_: str) -> None:
    """Recompute every figure of a report; exit 1 and a list where they differ, 3 if the method changed since."""
    try:
        result = verify(file.read_bytes())
    except (NotAReport, LookupError) as error:
        refuse(f"{file}: {error}")
    if format_ == "json":
        print_json(result.as_json())
    elif result.differences:
        click.echo(_headline(result))
        for difference in result.differences:
            click.echo(
                f"- {difference.where}: báo cáo {_shown(difference.reported)}, "
                f"cơ sở dữ liệu {_shown(difference.recomputed)}"
            )
    else:
        click.echo(f"Khớp: {result.figures} số liệu tính lại từ cơ sở dữ liệu đều bằng số liệu trong báo cáo.")
    if result.not_kept and format_ != "json":
        click.echo(
            f"{result.not_kept} số liệu về ý kiến, phản ánh không tính lại được, vì lời người dân chỉ được giữ hai năm."
        )
    if result.differences:
        raise SystemExit(METHOD_CHANGED if result.method_changed else 1)


def _headline(result: Verification) -> str:
    count = len(result.differences)
    if not result.method_changed:
        return f"{count} số liệu khác với cơ sở dữ liệu:"
    return (
        f"Phương pháp đã đổi từ khi lập báo cáo ({result.made_by or 'không ghi'}, nay {METHOD}): {count} trong "
        f"{result.figures} số liệu tính lại theo phương pháp mới cho số khác. Điều đó không nói rằng báo cáo hay cơ sở "
        "dữ liệu đã bị sửa; muốn đối chiếu, chạy lệnh này bằng phiên bản chương trình ghi trong báo cáo. Những chỗ "
        "khác:"
    )


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
