"""Tickets, paper forms, telephone: one real change for every address."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping

from sqlalchemy import select
from werkzeug.test import TestResponse

from survey.channels.paper.numbers import printed, serials_of
from survey.foundation.storage.database import db
from survey.questionnaires.models import QuestionnaireVersion
from tests.guards.changes.desk import Desk, agency_page, messages_of, press


def void_ticket(desk: Desk) -> TestResponse:
    """A code that was just made."""
    page = f"/desk/counters/{desk.place.counter}/tickets"
    file = desk.submit(page, count="1").data.decode("utf-8-sig")
    return desk.submit(f"{page}/void", codes=file.splitlines()[1].partition(",")[0])


def print_forms(desk: Desk) -> TestResponse:
    address = f"/desk/counters/{desk.place.counter}/paper"
    with desk.app.app_context():
        version = db.session.scalars(
            select(QuestionnaireVersion.id).where(QuestionnaireVersion.questionnaire_key == "health")
        ).first()
    return desk.submit(address, version=version, language="vi", count="2")


def hand_in_forms(desk: Desk) -> TestResponse:
    """Type a batch's only form and hand it in."""
    batch = f"/desk/paper/batches/{desk.place.batch}"
    number = printed(next(iter(serials_of(desk.place.run, 1))))
    assert desk.client.post(batch, data={"form-number": number, "overall_health": "4"}).status_code == 303
    assert desk.client.post(f"{batch}/finish").status_code == 303
    answer = desk.client.post(f"{batch}/hand-in", data={"reason": "Cơ quan chỉ có một người"}, follow_redirects=True)
    assert "Lô này đã được ghi nhận" in answer.text, messages_of(answer.text)
    return answer


def make_phone_list(desk: Desk) -> TestResponse:
    address = f"/desk/counters/{desk.place.counter}/phone"
    with desk.app.app_context():
        version = db.session.scalars(
            select(QuestionnaireVersion.id).where(QuestionnaireVersion.questionnaire_key == "health")
        ).first()
    file = (io.BytesIO(b"dossier,phone\nHS-77,0912345678\n"), "ho-so.csv")
    return desk.submit(address, version=version, language="vi", file=file)


CHANGES: Mapping[str, Callable[[Desk], TestResponse]] = {
    "tickets.batch": lambda desk: desk.submit(f"/desk/counters/{desk.place.counter}/tickets", count="3"),
    "ticket_voiding.void": void_ticket,
    "ticket_keys.page": lambda desk: desk.submit(f"{agency_page(desk)}/ticket-keys", name="Hệ thống một cửa"),
    "ticket_keys.revoke": lambda desk: desk.submit(
        f"{agency_page(desk)}/ticket-keys/{desk.place.ticket_key}/revoke", f"{agency_page(desk)}/ticket-keys"
    ),
    "paper.counter": print_forms,
    "paper.hand_in": hand_in_forms,
    "phone.new_list": make_phone_list,
    "phone.close": press(lambda desk: f"/desk/phone/lists/{desk.place.phone_list}", "close"),
}
