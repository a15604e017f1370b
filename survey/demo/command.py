"""`flask demo` and `flask addresses`."""

from __future__ import annotations

import datetime as dt

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from survey.demo.accounts import ACCOUNTS, PASSWORD
from survey.demo.fill import fill, is_empty
from survey.foundation.clock import today
from survey.foundation.database import db
from survey.foundation.installation_flags import is_demo
from survey.registry.models import Counter

FIRST_COUNTER = "DL-SNV-Q1"


def fill_and_report(until: dt.date | None, *, if_empty: bool, part: float = 1.0) -> bool:
    """Fill the demonstration and say so; False when it was there already and that is fine."""
    if if_empty and not is_empty():
        return False
    click.echo("Đang nạp dữ liệu minh họa…")
    click.echo(f"Đã nạp {fill(until or today(), part):,} lượt đánh giá minh họa.".replace(",", "."))
    return True


@click.command()
@with_appcontext
def addresses() -> None:
    """Print where to go: a citizen's form, the kiosk, the desk, the published results."""
    base = current_app.extensions["settings"].public_url
    code = db.session.scalar(select(Counter.code).where(Counter.code == FIRST_COUNTER)) or db.session.scalar(
        select(Counter.code).order_by(Counter.id).limit(1)
    )
    lines = [
        f"Phiếu của người dân   {base}/c/{code}" if code else "Phiếu của người dân   (chưa có quầy nào)",
        f"Kiosk                 {base}/kiosk/",
        f"Bàn làm việc          {base}/login",
        f"Kết quả công bố       {base}/results/",
    ]
    if is_demo():
        names = ", ".join(account.username for account in ACCOUNTS[:3])
        lines.insert(3, f"                      đăng nhập: {names} - mật khẩu: {PASSWORD}")
        lines.append("Dữ liệu minh họa - không phải số liệu thật")
    click.echo("\n".join(lines))
