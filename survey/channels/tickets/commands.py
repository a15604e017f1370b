"""``flask survey tickets``: codes by the thousand into a file, and codes voided."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import click
from flask import current_app

from survey.channels.tickets import service as tickets
from survey.channels.tickets.code_file import codes_of, write_codes
from survey.channels.tickets.dossier_codes import SERVICE, dossiers_of, write_codes_beside
from survey.channels.tickets.queries import fetch_batches
from survey.channels.tickets.slips import SLIP_FORMATS, printed_slips
from survey.channels.tickets.voiding import UnknownCodes, void_tickets
from survey.channels.web.queries import CounterRow, fetch_counter
from survey.foundation.clock import local_day, start_of_day, today
from survey.foundation.commands.command_group import survey_commands
from survey.foundation.commands.long_commands import SAME_AGAIN, takes_long
from survey.foundation.commands.new_files import new_file, reason
from survey.foundation.formatting import number
from survey.foundation.identifiers import is_code
from survey.foundation.storage.database import db
from survey.foundation.tables.cells import TableRefused
from survey.foundation.tables.headed import SeveralSheets
from survey.questionnaires.counter_services import offers_at

MOST = 100_000  # codes of one run
SHOWN = 10  # unknown codes named by their lines


@survey_commands.command("tickets")
@click.argument("counter", required=False)
@click.option("--service", default="", help="Good for this service alone.")
@click.option("--count", type=click.IntRange(1, MOST), help="How many codes to make.")
@click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), help="The last day they are good; 90 days from now.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="A new FILE (.csv, or .pdf to print): codes stand nowhere else."
)
@click.option(
    "--slips", type=click.Choice(SLIP_FORMATS), default="slip", show_default=True, help="How a PDF is laid out."
)
@click.option(
    "--dossiers",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A FILE of dossiers: a code each, written beside. Its columns counter and service say for what.",
)
@click.option("--list", "listed", is_flag=True, help="How many codes there are, of a COUNTER or of all.")
@click.option("--void", metavar="FILE|CODE", help="Void the codes of a file, or one code, instead.")
@click.option("--sheet", default="", help="The sheet of --dossiers or --void, where several hold such a list.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@takes_long(SAME_AGAIN)
def tickets_command(
    counter: str | None,
    service: str,
    count: int | None,
    expires: dt.datetime | None,
    out: Path | None,
    slips: str,
    dossiers: Path | None,
    listed: bool,
    void: str | None,
    sheet: str,
    format_: str,
) -> None:
    """Make single-use codes for a COUNTER, each good for one answer, or void or list some."""
    if current_app.config.get("HAS_PASSING_KEY"):
        raise click.UsageError("Đặt SECRET_KEY trước: không máy chủ nào biết mã tạo bằng khóa tạm.")
    if void is not None:
        if any((counter, count, out, dossiers, listed)):
            raise click.UsageError("--void không dùng cùng COUNTER, --count, --out, --dossiers, --list.")
        told, said = _void(void, sheet)
    elif listed:
        if any((count, out, dossiers)):
            raise click.UsageError("--list không dùng cùng --count, --out, --dossiers.")
        told, said = _list(counter)
    elif dossiers is not None:
        if count or service or out is None:
            raise click.UsageError("--dossiers cần --out, không dùng cùng --count, --service.")
        told, said = _make_beside(dossiers, sheet, counter or "", _last_day(expires), out)
    elif counter is None or count is None or out is None:
        raise click.UsageError("Cần COUNTER, --count và --out (hoặc chỉ --void).")
    else:
        told, said = _make(_counter(counter), service, count, _last_day(expires), out, slips)
    click.echo(json.dumps(told) if format_ == "json" else said)


def _make(
    row: CounterRow, service: str, count: int, last: dt.date, out: Path, slips: str
) -> tuple[dict[str, object], str]:
    _require_service(row, service, "--service")
    end = start_of_day(last + dt.timedelta(days=1))
    place = (row.place.counter_id, row.code, row.province_id)

    def keep(made: list[str]) -> None:
        if out.suffix.lower() == ".pdf":
            target.buffer.write(printed_slips(row, made, last, slips))
        else:
            write_codes(target, made, last)

    try:
        with new_file(out, 0o600) as target:
            codes = tickets.make_tickets(*place, service, count, end, keep=keep)
    except OSError as error:
        raise click.UsageError(f"{out}: không ghi được tệp ({reason(error)}).") from error
    told: dict[str, object] = {"codes": len(codes), "expires": last.isoformat(), "file": str(out)}
    return told, f"Đã tạo {number(len(codes))} mã dùng được đến hết ngày {last:%d/%m/%Y}, ghi vào {out}."


def _make_beside(source: Path, sheet: str, counter: str, last: dt.date, out: Path) -> tuple[dict[str, object], str]:
    try:
        file = dossiers_of(source.read_bytes(), counter, sheet)
    except TableRefused as refusal:
        raise _refused(source, refusal) from refusal
    if len(file.dossiers) > MOST:
        raise click.UsageError(f"{source}: nhiều hơn {number(MOST)} hồ sơ; chia tệp ra.")
    counters: dict[str, CounterRow] = {}
    for dossier in file.dossiers:
        try:
            row = counters[dossier.counter] = counters.get(dossier.counter) or _counter(dossier.counter)
            _require_service(row, dossier.service, SERVICE)
        except click.UsageError as error:
            raise click.UsageError(f"{source}, dòng {dossier.line}: {error.message} Chưa tạo mã nào.") from error
    try:
        with new_file(out, 0o600) as target:
            made = write_codes_beside(target, file, counters.__getitem__, last)
    except OSError as error:
        raise click.UsageError(f"{out}: không ghi được tệp ({reason(error)}).") from error
    told: dict[str, object] = {"codes": made, "expires": last.isoformat(), "file": str(out)}
    return told, f"Đã tạo {number(made)} mã dùng được đến hết ngày {last:%d/%m/%Y}, ghi cạnh từng hồ sơ vào {out}."


def _list(counter: str | None) -> tuple[dict[str, object], str]:
    batches = fetch_batches(db.session(), None if counter is None else _counter(counter).code)
    rows = [
        {
            "counter": batch.counter,
            "service": batch.service,
            "expires": local_day(batch.expires_at - dt.timedelta(seconds=1)).isoformat(),
            "made": batch.made,
            "voided": batch.voided,
        }
        for batch in batches
    ]
    lines = [
        f"{row['counter']:20} {row['service'] or '-':20} đến hết {row['expires']}  {row['made']} mã, "
        f"hủy {row['voided']}"
        for row in rows
    ]
    return {"tickets": rows}, "\n".join(lines) or "Chưa có mã nào."


def _void(what: str, sheet: str) -> tuple[dict[str, object], str]:
    lines, codes = _named(what, sheet)
    try:
        voided = void_tickets(codes)
    except UnknownCodes as problem:
        at = ", ".join(str(lines[place]) for place in problem.places[:SHOWN])
        more = ", …" if len(problem.places) > SHOWN else ""
        where = f"{what}, dòng {at}{more}" if lines[0] else what
        raise click.UsageError(f"{where}: không có mã này. Chưa hủy mã nào.") from problem
    before = f" ({number(voided.before)} mã đã hủy từ trước)" if voided.before else ""
    return {"voided": voided.now, "before": voided.before}, f"Đã hủy {number(voided.now)} mã{before}."


def _named(what: str, sheet: str) -> tuple[list[int], list[str]]:
    """The codes meant, and the line of each (0: not from a file)."""
    if tickets.normal(what) and not Path(what).exists():
        return [0], [what]
    try:
        lines = codes_of(Path(what).read_bytes(), sheet)
    except OSError as error:
        raise click.UsageError(f"{what}: không phải một mã, và không đọc được tệp ({error.strerror}).") from error
    except TableRefused as refusal:
        raise _refused(Path(what), refusal) from refusal
    return [line for line, _code in lines], [code for _line, code in lines]


def _refused(file: Path, refusal: TableRefused) -> click.UsageError:
    at = f", dòng {refusal.line}" if refusal.line else ""
    option = " Hoặc chọn một trang: --sheet TÊN-TRANG." if isinstance(refusal, SeveralSheets) else ""
    return click.UsageError(f"{file}{at}: {refusal.message} {refusal.mend}{option}")


def _require_service(row: CounterRow, service: str, where: str) -> None:
    offered = {offer.code for offer in offers_at(db.session(), [row.place])[row.place.counter_id].services}
    if service and service not in offered:
        raise click.UsageError(f"{where} {service}: quầy {row.code} không có dịch vụ này.")


def _counter(code: str) -> CounterRow:
    row = fetch_counter(db.session(), code) if is_code(code) else None
    if row is None:
        raise click.UsageError(f"Không có quầy {code}.")
    return row


def _last_day(expires: dt.datetime | None) -> dt.date:
    last = expires.date() if expires else today() + tickets.GOOD_FOR
    if not today() <= last <= today() + tickets.LONGEST:
        raise click.UsageError("--expires: chọn một ngày từ hôm nay đến 400 ngày sau.")
    return last
