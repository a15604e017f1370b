"""Access keys: made and revoked by who makes tickets for the whole agency, shown by its software at each call."""

from __future__ import annotations

from typing import NamedTuple

from flask import abort, request
from flask_babel import gettext as _
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from survey.channels.tickets.key_queries import add_key, find_key, lock_key, mark_used
from survey.channels.tickets.models import TicketKey
from survey.channels.web.queries import CounterRow, fetch_counter
from survey.foundation.changes import audit
from survey.foundation.clock import now, today
from survey.foundation.identifiers import digest, is_code, secret_key
from survey.foundation.storage.database import db, writing
from survey.registry.models import Agency
from survey.registry.tree import subtree_of


class KeyHolder(NamedTuple):
    """Whose software calls: the key's name, the agencies at whose counters it makes tickets, and for which sector."""

    name: str
    agencies: frozenset[int]
    sector: str | None

    def counter(self, code: str) -> CounterRow:
        """One of its counters; others look as if there were none.

        Raises:
            NotFound: there is none.
        """
        row = fetch_counter(db.session(), code) if is_code(code) else None
        if row is None or row.place.agency_id not in self.agencies:
            abort(404, _("Không có quầy %(code)s trong phạm vi của khóa này.", code=code))
        return row


def make_key(agency: Agency, name: str, sector: str | None = None) -> str:
    """Make a key for an agency, for all sectors or one; the key, which is stored nowhere."""
    key = secret_key()
    with writing() as session:
        add_key(
            session, TicketKey(agency_id=agency.id, sector=sector, name=name, key_digest=digest(key), made_at=now())
        )
        after = {"name": name, "sector": sector}
        audit.record(session, "make_ticket_key", "agencies", agency.code, province_id=agency.province_id, after=after)
    return key


def revoke_key(agency: Agency, key_id: int, sector: str | None = None) -> bool:
    """Let a key, of one sector where it is given, open nothing any more; False: there is none, or it opened nothing."""
    with writing() as session:
        key = lock_key(session, agency.id, sector, key_id)
        if key is None or key.revoked_at is not None:
            return False
        key.revoked_at = now()
        before, where = {"name": key.name}, agency.province_id
        audit.record(session, "revoke_ticket_key", "agencies", agency.code, province_id=where, before=before)
    return True


def require_key() -> KeyHolder:
    """Whose software sent the request.

    Raises:
        Unauthorized: it carries no key, an unknown one, or one that was revoked.
    """
    given = request.authorization
    text = given.token or "" if given is not None and given.type == "bearer" else ""
    key = find_key(db.session(), digest(text)) if text else None
    if key is None:
        words = _("Thiếu khóa truy cập, hoặc khóa không còn hiệu lực: xem trang Khóa truy cập của cơ quan.")
        raise Unauthorized(words, www_authenticate=WWWAuthenticate("bearer", {"realm": "tickets"}))
    holder = KeyHolder(key.name, frozenset(subtree_of(key.agency_id)), key.sector)
    if key.used_on != today():
        key_id = key.id
        db.session.rollback()
        with writing() as session:
            mark_used(session, key_id, today())
    return holder
