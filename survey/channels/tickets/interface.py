"""/api/v1/tickets: codes for the software of an agency, which prints them on receipts; with an access key."""

from __future__ import annotations

import datetime as dt
from typing import TypeVar

from flask import Blueprint, Response, abort, jsonify, request
from flask_babel import gettext as _
from pydantic import BaseModel, ValidationError

from survey.channels.tickets import service as tickets
from survey.channels.tickets.interface_schema import (
    IssuedTicketJson,
    IssuedTicketsJson,
    TicketOrder,
    TicketVoiding,
    VoidedTicketsJson,
)
from survey.channels.tickets.keys import require_key
from survey.channels.tickets.voiding import UnknownCodes, void_tickets
from survey.channels.web.qr import ticket_address
from survey.channels.web.queries import CounterRow
from survey.foundation.access import public
from survey.foundation.clock import start_of_day, today
from survey.foundation.interface.described import takes
from survey.foundation.interface.schema_problems import schema_problems
from survey.foundation.storage.database import db
from survey.questionnaires.counter_services import offers_at

PROOF = "an access key, in a header that no other site can make a browser send"
Body = TypeVar("Body", bound=BaseModel)

blueprint = Blueprint("ticket_interface", __name__, url_prefix="/api/v1/tickets")


@blueprint.post("")
@public("makes codes for who shows an access key", proof=PROOF, printed="the software of agencies calls it")
@takes(TicketOrder, IssuedTicketsJson)
def make() -> Response:
    """Make single-use codes for a counter."""
    holder = require_key()
    order = _body(TicketOrder)
    row = holder.counter(order.counter)
    _require_service(row, order.service, holder.sector)
    last = _last_day(order.expires)
    codes = tickets.make_tickets(
        row.place.counter_id,
        row.code,
        row.province_id,
        order.service or "",
        order.count,
        start_of_day(last + dt.timedelta(days=1)),
        by=holder.name,
    )
    issued = [IssuedTicketJson(code=code, address=ticket_address(code)) for code in codes]
    return _made(IssuedTicketsJson(counter=row.code, service=order.service, expires=last.isoformat(), tickets=issued))


@blueprint.post("/void")
@public("voids codes for who shows an access key", proof=PROOF, printed="the software of agencies calls it")
@takes(TicketVoiding, VoidedTicketsJson)
def void() -> Response:
    """Void codes: all that are given, or none."""
    holder = require_key()
    codes = _body(TicketVoiding).codes
    try:
        sectors = None if holder.sector is None else frozenset({holder.sector})
        voided = void_tickets(codes, agencies=holder.agencies, sectors=sectors, by=holder.name)
    except UnknownCodes as problem:
        places = ", ".join(f"codes[{place}]" for place in problem.places[:10])
        abort(404, _("%(places)s: không có mã này trong phạm vi của khóa. Chưa hủy mã nào.", places=places))
    return _made(VoidedTicketsJson(voided=voided.now, before=voided.before))


def _body(model: type[Body]) -> Body:
    try:
        return model.model_validate(request.get_json(force=True))
    except ValidationError as error:
        abort(400, "; ".join(map(str, schema_problems(error))))
    except RecursionError:
        abort(400, _("JSON lồng nhau quá sâu."))


def _require_service(row: CounterRow, service: str | None, sector: str | None) -> None:
    offer = offers_at(db.session(), [row.place])[row.place.counter_id]
    offered = {offered.code for offered in offer.services if sector in (None, offered.sector)}
    if service is not None and service not in offered:
        abort(400, _("service: quầy %(counter)s không có dịch vụ này.", counter=row.code))
    if service is None and sector is not None and set(offer.sectors) != {sector}:
        abort(
            400,
            _("service: quầy %(counter)s có nhiều ngành, ghi dịch vụ của ngành mà khóa này dùng.", counter=row.code),
        )


def _last_day(expires: dt.date | None) -> dt.date:
    last = expires or today() + tickets.GOOD_FOR
    if not today() <= last <= today() + tickets.LONGEST:
        abort(400, _("expires: chọn một ngày từ hôm nay đến 400 ngày sau."))
    return last


def _made(answer: BaseModel) -> Response:
    told = jsonify(answer.model_dump())
    told.status_code = 201
    told.headers["Cache-Control"] = "no-store"
    return told
