"""The desk's list of counters, and the bare QR code of each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask import Blueprint, Flask, Response, abort, render_template, request
from flask_babel import lazy_gettext
from flask_login import current_user

from survey.accounts.permissions import VIEW, Action, can_anywhere, grants_allowing
from survey.channels.web import qr
from survey.channels.web.counters_in_reach import may_at_counter, may_view, viewable
from survey.channels.web.queries import CounterRow, fetch_counter, fetch_counters
from survey.foundation.access import Of, needs
from survey.foundation.clock import today
from survey.foundation.identifiers import is_code
from survey.foundation.pages.menu import Page, register_page
from survey.foundation.storage.database import db
from survey.foundation.text.vietnamese import fold
from survey.questionnaires.counter_services import Offer, offers_at

blueprint = Blueprint("posters", __name__, url_prefix="/desk/counters")
SHOWN = 300  # counters on one page; the search narrows the rest


@dataclass(frozen=True)
class Entry:
    """A counter in the list, whether its form takes ratings today, and what the user may make for it."""

    row: CounterRow
    is_open: bool
    may_make_tickets: bool
    may_enter_forms: bool


def init_posters(app: Flask) -> None:
    """Register the pages and their place in the menu."""
    app.register_blueprint(blueprint)
    also = frozenset({"posters.sheets", "tickets.batch", "ticket_voiding.void"})
    register_page(
        app, Page("collecting", 10, "posters.counters", lazy_gettext("Quầy và mã QR"), lambda: can_anywhere(VIEW), also)
    )


@blueprint.get("")
@needs(Action.VIEW, Of.ANYTHING)
def counters() -> str:
    """The counters the user may see, by agency; `q` narrows by a part of name or code, with or without marks."""
    text = request.args.get("q", "").strip()[:100]
    entries = _visible(text)
    return render_template(
        "desk/counters.html",
        entries=entries[:SHOWN],
        matching=len(entries),
        text=text,
    )


@blueprint.get("/<code>/qr.svg")
@needs(Action.VIEW, Of.OBJECT)
def qr_svg(code: str) -> Response:
    """The bare QR code as SVG."""
    return Response(qr.as_svg(require_counter(code).code), mimetype="image/svg+xml")


@blueprint.get("/<code>/qr.png")
@needs(Action.VIEW, Of.OBJECT)
def qr_png(code: str) -> Response:
    """The bare QR code as PNG."""
    return Response(qr.as_png(require_counter(code).code), mimetype="image/png")


def _visible(text: str) -> list[Entry]:
    provinces = {grant.province_id for grant in grants_allowing(current_user, VIEW)}
    wanted = fold(text)
    rows = [
        row
        for row in fetch_counters(db.session(), provinces)
        if wanted in fold(f"{row.name}\n{row.code}\n{row.agency}")
    ]
    day = today()
    return [_entry(row, offer, day) for row, offer in viewable(rows)]


def require_counter(code: str) -> CounterRow:
    """The counter of a code, if the user may see it; a stranger to it learns not even that it exists."""
    row = fetch_counter(db.session(), code) if is_code(code) else None
    if row is None or not may_view(row, offers_at(db.session(), [row.place])[row.place.counter_id]):
        abort(404)
    return row


def _entry(row: CounterRow, offer: Offer, day: dt.date) -> Entry:
    may = (may_at_counter(action, row, offer) for action in (Action.MAKE_TICKETS, Action.ENTER_FORMS))
    return Entry(row, bool(offer.sectors) and row.exists_on(day), *may)
