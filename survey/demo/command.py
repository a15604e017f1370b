"""`flask demo` and `flask addresses`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from survey.demo.accounts import ACCOUNTS, PASSWORD
from survey.demo.fill import fill, is_empty
from survey.foundation.clock import today
from survey.foundation.formatting import number
from survey.foundation.installation_flags import is_demo
from survey.foundation.languages.language import terminal_language
from survey.foundation.storage.database import db
from survey.registry.models import Counter

FIRST_COUNTER = "DL-SNV-Q1"


def fill_and_report(until: dt.date | None, *, if_empty: bool, part: float) -> None:
    """Fill the demonstration and say so; with `if_empty` do nothing where it is there already."""
    if if_empty and not is_empty():
        return
    with force_locale(terminal_language()):
        click.echo(_("Đang nạp dữ liệu minh họa, chừng một phút…"))
    filled = fill(until or today(), part)
    with force_locale(terminal_language()):
        click.echo(_("Đã nạp %(n)s lượt đánh giá minh họa.", n=number(filled)))


@click.command()
@with_appcontext
def addresses() -> None:
    """Print where to go: a citizen's form, the kiosk, the desk, the published results."""
    with force_locale(terminal_language()):
        click.echo("\n".join([*_places(), *(_logins() if is_demo() else ())]))


def _places() -> Iterator[str]:
    base = current_app.extensions["settings"].public_url
    code = db.session.scalar(select(Counter.code).where(Counter.code == FIRST_COUNTER)) or db.session.scalar(
        select(Counter.code).order_by(Counter.id).limit(1)
    )
    places = {
        _("Phiếu của người dân"): f"{base}/c/{code}" if code else _("(chưa có quầy nào)"),
        _("Kiosk"): f"{base}/kiosk/",
        _("Bàn làm việc"): f"{base}/login",
        _("Kết quả công bố"): f"{base}/results/",
    }
    return (f"{name:<22}{address}" for name, address in places.items())


def _logins() -> Iterator[str]:
    yield _("Đăng nhập bàn làm việc, mật khẩu chung %(password)s:", password=PASSWORD)
    yield from (f"  {account.username:<20}{account.sees}" for account in ACCOUNTS)
    yield _("Dữ liệu minh họa - không phải số liệu thật")
