"""Single-use codes of the demonstration: a batch at its first counter, one of them printed to try."""

from __future__ import annotations

import click
from flask import current_app
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from survey.channels.tickets.service import make_tickets
from survey.demo.command import FIRST_COUNTER
from survey.foundation.languages.language import for_terminal
from survey.foundation.storage.database import db
from survey.registry.models import Agency, Counter

COUNT = 20


def make_demo_tickets() -> None:
    """Make the batch and print the address of one: codes are stored nowhere, so this is the only time it can be.

    None without a SECRET_KEY that a server will have, too: nobody could use them.
    """
    settings = current_app.extensions["settings"]
    if current_app.config.get("HAS_PASSING_KEY"):
        click.echo(for_terminal(_("Không tạo mã một lần: đặt SECRET_KEY rồi nạp lại dữ liệu minh họa.")))
        return
    query = (
        select(Counter.id, Agency.province_id)
        .join(Agency, Agency.id == Counter.agency_id)
        .where(Counter.code == FIRST_COUNTER)
    )
    counter_id, province_id = db.session.execute(query).one()
    code = make_tickets(counter_id, FIRST_COUNTER, province_id, "", COUNT)[0]
    label = for_terminal(_("Phiếu bằng mã một lần"))
    click.echo(f"{label:<22}{settings.public_url}/t/{code}")
