"""One real change for every address of the desk that makes one, in an order in which each is possible."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from survey.accounts.models import Proposal, RecoveryCode, RoleGrant, SecondFactor, StaffSession, User
from survey.channels.paper.numbers import printed, serials_of
from survey.channels.tickets.models import TicketKey
from survey.devices.models import Device
from survey.feedback.contacts import leave_contact
from survey.feedback.models import FeedbackCase, FeedbackPublication
from survey.foundation.database import db
from survey.foundation.identifiers import new_id
from survey.foundation.sealed import COMMENT, seal
from survey.questionnaires.models import QuestionnaireUse, QuestionnaireVersion
from survey.registry.files.models import ImportRun
from survey.registry.models import Province
from survey.responses.models import Response
from tests.guards.forms import form_on
from tests.guards.places import Place
from tests.support.device_keys import queue_file_of
from tests.support.language_packs import make_pack, zipped
from tests.support.second_factors import PAGE, enrol
from tests.support.staff import PASSWORD, client_of, make_user

NEW_PASSWORD = "một câu khác cũng dài"


@dataclass
class Desk:
    """An administrator's browser, the objects at hand, and the secrets the pages have shown so far."""

    app: Flask
    client: FlaskClient
    place: Place
    neighbour: Place
    secrets: set[str] = field(default_factory=set)

    def submit(self, address: str, page: str = "", **fields: Any) -> TestResponse:
        """Send the form that a page shows for an address (by default the address itself), with some fields changed."""
        sent = form_on(self.client, page or address, address if page else "") | fields
        return self.send(address, **sent)

    def send(self, address: str, **fields: Any) -> TestResponse:
        """Send fields without looking at a page."""
        answer = self.client.post(address, data=fields)
        assert answer.status_code in (200, 302, 303), f"{address}: {answer.status_code}\n{_messages(answer.text)}"
        return answer

    def one(self, query: Any) -> Any:
        """A value from the database."""
        with self.app.app_context():
            return db.session.scalar(query)


def _messages(text: str) -> str:
    return " ".join(
        re.findall(r'class="error"[^>]*>([^<]+)|role="alert"[^>]*>(.{,400})', text, re.S)[:3].__repr__().split()
    )


def _agency(desk: Desk) -> str:
    return f"/desk/agencies/{desk.place.agency}"


def _device(desk: Desk) -> str:
    return f"/desk/devices/{desk.place.device}"


def _user(desk: Desk) -> str:
    return f"/desk/users/dak-lak/{desk.place.user}"


def _feedback(desk: Desk) -> str:
    return f"/desk/feedback/{desk.place.case}"


def _closing(desk: Desk) -> str:
    return "/desk/closing/dak-lak/2026-10"


def change_name(address: Callable[[Desk], str]) -> Callable[[Desk], TestResponse]:
    return lambda desk: desk.submit(address(desk), name="Tên mới của mục này")


def press(page: Callable[[Desk], str], button: str, **fields: Any) -> Callable[[Desk], TestResponse]:
    return lambda desk: desk.submit(f"{page(desk)}/{button}", page(desk), **fields)


def edit_caseloads(desk: Desk) -> TestResponse:
    page = f"{_agency(desk)}/caseloads/2026-10"
    fields = form_on(desk.client, page)
    count = next(name for name in fields if "count" in name)
    return desk.send(page, **(fields | {count: "4321"}))


def import_services(desk: Desk) -> TestResponse:
    """Upload, then confirm: only the second changes anything."""
    file = io.BytesIO("code,name,sector,field\nTHU-1,Dịch vụ thử,health,Khám bệnh\n".encode())
    upload = desk.submit("/desk/imports", kind="services", file=(file, "dich-vu.csv"))
    return desk.submit(urlsplit(upload.headers["Location"]).path)


def install_language(desk: Desk) -> TestResponse:
    with TemporaryDirectory() as folder:
        pack = zipped(make_pack(desk.app, Path(folder)))
    return desk.submit("/desk/languages", file=(io.BytesIO(pack), "pack.zip"))


def choose_columns(desk: Desk) -> TestResponse:
    """A file whose headings nobody knows yet: which column each means is asked, and remembered."""
    file = io.BytesIO("Ký hiệu,Việc,Ngành\nTHU-3,Dịch vụ thử ba,Y tế\n".encode())
    upload = desk.submit("/desk/imports", kind="services", file=(file, "xuat.csv"))
    page = f"{urlsplit(upload.headers['Location']).path}/columns"
    return desk.submit(page, **{"column-0": "code", "column-1": "name"})


def void_ticket(desk: Desk) -> TestResponse:
    """A code that was just made."""
    page = f"/desk/counters/{desk.place.counter}/tickets"
    file = desk.submit(page, count="1").data.decode("utf-8-sig")
    return desk.submit(f"{page}/void", codes=file.splitlines()[1].partition(",")[0])


def undo_import(desk: Desk) -> TestResponse:
    """One's latest import, whole."""
    run = desk.one(select(func.max(ImportRun.id)))
    return desk.submit(f"/desk/imports/runs/{run}/undo", "/desk/imports")


def register_target(desk: Desk) -> TestResponse:
    about = {"code": "THU-1", "subject": "health_service", "threshold": "0.9", "comparator": ">="}
    years = {"from_year": "2026", "due_year": "2030"}
    source = {"document": "Kế hoạch 1/KH-UBND", "clause": "Mục 1", "quote": "đạt từ 90% trở lên"}
    return desk.submit("/desk/targets/new", **about, **years, **source)


def queue_file(place: Place) -> tuple[io.BytesIO, str]:
    """The file of a place's kiosk (signed with the key that places.py gave it), as an upload."""
    answer = {"id": str(new_id()), "counter": place.counter}
    return io.BytesIO(queue_file_of(str(place.device), place.keys, [answer])), "hang-cho.json"


def import_queue(desk: Desk) -> TestResponse:
    return desk.submit("/desk/devices/import", file=queue_file(desk.place))


def open_feedback(desk: Desk) -> TestResponse:
    response = desk.one(
        select(Response.id)
        .join(Province, Province.id == Response.province_id)
        .where(Province.key == "dak-lak", Response.comment.is_not(None))
        .where(Response.id.not_in(select(FeedbackCase.response_id).where(FeedbackCase.response_id.is_not(None))))
        .limit(1)
    )
    with desk.app.app_context():
        sealed = seal(COMMENT, str(response))
    return desk.send("/desk/feedback/open", response=sealed)


def read_contact(desk: Desk) -> TestResponse:
    """The citizen has left one before."""
    with desk.app.app_context():
        leave_contact(desk.place.case, "0912345678")
    return desk.submit(f"{_feedback(desk)}/contact", _feedback(desk))


def propose_reply(desk: Desk) -> TestResponse:
    """Of a case that a clerk entered: no answer behind it waits for the release gate."""
    with desk.app.app_context():
        case = db.session.get_one(FeedbackCase, desk.place.case)
        case.response_id, case.text = None, "Chờ lâu quá."
        db.session.commit()
    said = {"said": "Thiếu ghế ngồi.", "reply": "Đã kê thêm ghế.", "seen_through": "y"}
    return desk.submit(f"{_feedback(desk)}/propose", _feedback(desk), **said)


def publish_reply(desk: Desk) -> TestResponse:
    """By another person than the one who proposed it."""
    with desk.app.app_context():
        publication = db.session.get_one(FeedbackPublication, desk.place.case)
        publication.proposed_by_id = None
        db.session.commit()
    return desk.submit(f"{_feedback(desk)}/publish", _feedback(desk))


def enter_feedback(desk: Desk) -> TestResponse:
    said = {"agency": desk.place.agency, "sector": "health", "channel": "phone", "text": "Thiếu ghế ngồi"}
    return desk.submit("/desk/feedback/new", **said)


def archive_report(desk: Desk) -> TestResponse:
    return desk.send("/desk/reports/archive", recipient=f"dak-lak/{desk.place.agency}", period="2026-10")


def edit_draft(desk: Desk) -> TestResponse:
    page = "/desk/questionnaires/health/draft"
    fields = form_on(desk.client, page)
    question = next(name for name in fields if name.startswith("items-") and name.endswith("-vi"))
    return desk.send(page, **(fields | {question: "Ông/Bà thấy thế nào về dịch vụ hôm nay?"}))


def end_use(desk: Desk) -> TestResponse:
    page = "/desk/questionnaires/byt-outpatient/uses/dak-lak"
    use = desk.one(select(QuestionnaireUse.id).order_by(QuestionnaireUse.id.desc()).limit(1))
    return desk.submit(f"{page}/{use}/end", page)


def grant_role(desk: Desk) -> TestResponse:
    return desk.submit(f"{_user(desk)}/grants", _user(desk), role="auditor", sector="", agency="")


def remove_grant(desk: Desk) -> TestResponse:
    grant = desk.one(
        select(RoleGrant.id).where(RoleGrant.user_id == desk.place.user).order_by(RoleGrant.id.desc()).limit(1)
    )
    return desk.submit(f"{_user(desk)}/grants/{grant}/remove", _user(desk))


def register_measure(desk: Desk) -> TestResponse:
    words = {"what": "Thêm hai quầy giờ cao điểm", "who": "Phòng KHTH", "starts_on": "2026-10-01"}
    return desk.submit("/desk/measures/new", agency=desk.place.agency, sector="health", **words)


def new_agency(desk: Desk) -> TestResponse:
    return desk.submit("/desk/new-agency", code="DL-THU", name="Đơn vị thử")


def confirm_closing(desk: Desk) -> TestResponse:
    """What somebody else has proposed: the rule of two people was switched on before."""
    proposer = Desk(
        desk.app, client_of(desk.app, make_user(desk.app, "de-nghi", "administrator")), desk.place, desk.place
    )
    proposer.submit("/desk/closing/dak-lak/2026-08/close", "/desk/closing/dak-lak/2026-08")
    proposal = desk.one(select(Proposal.id).order_by(Proposal.id.desc()).limit(1))
    return desk.submit(f"/desk/proposals/dak-lak/{proposal}/confirm", "/desk/proposals/dak-lak/")


def change_own_password(desk: Desk) -> TestResponse:
    """As another user: the story's own session goes on."""
    client = client_of(desk.app, make_user(desk.app, "doi-mat-khau", "officer"))
    desk.secrets |= {PASSWORD, NEW_PASSWORD}
    return Desk(desk.app, client, desk.place, desk.neighbour).submit(
        "/desk/account/password", current=PASSWORD, new=NEW_PASSWORD, again=NEW_PASSWORD
    )


def end_a_session(others: bool) -> Callable[[Desk], TestResponse]:
    """As another user: the story's own session goes on."""

    def change(desk: Desk) -> TestResponse:
        user_id = make_user(desk.app, f"hai-phien-{others}", "officer")
        client, _elsewhere = client_of(desk.app, user_id), client_of(desk.app, user_id)
        last = desk.one(select(StaffSession.id).where(StaffSession.user_id == user_id).order_by(-StaffSession.id))
        address = "/desk/account/sessions/end" if others else f"/desk/account/sessions/{last}/end"
        return Desk(desk.app, client, desk.place, desk.neighbour).submit(address, "/desk/account")

    return change


def of_their_own(address: str, **typed: str) -> Callable[[Desk], TestResponse]:
    """A change of one's own second factor, as another user who has one already or gets it by this."""

    def change(desk: Desk) -> TestResponse:
        client = client_of(desk.app, make_user(desk.app, f"buoc-hai-{address[-3:]}", "officer"))
        phone = enrol(client)
        desk.secrets |= {phone.secret, *phone.codes, PASSWORD}
        desk_of_user = Desk(desk.app, client, desk.place, desk.neighbour)
        return (
            desk_of_user.submit(address, PAGE, code=phone.code(), **typed) if address else desk_of_user.client.get(PAGE)
        )

    return change


def reset_second_factor(desk: Desk) -> TestResponse:
    """Of an account that has one; before the rule of two people is on."""
    user_id = make_user(desk.app, "mat-dien-thoai", "officer")
    enrol(client_of(desk.app, user_id))
    page = f"/desk/users/dak-lak/{user_id}"
    return desk.submit(f"{page}/second-factor", page)


def ask_for_second_factors(desk: Desk) -> TestResponse:
    """In another province: the story's own administrator has none."""
    client = client_of(desk.app, make_user(desk.app, "quan-tri-son-la", "administrator", province="son-la"))
    other = Desk(desk.app, client, desk.place, desk.neighbour)
    return other.submit("/desk/proposals/son-la/second-factor", "/desk/proposals/son-la/")


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
    assert "Lô này đã được ghi nhận" in answer.text, _messages(answer.text)
    return answer


def make_phone_list(desk: Desk) -> TestResponse:
    address = f"/desk/counters/{desk.place.counter}/phone"
    with desk.app.app_context():
        version = db.session.scalars(
            select(QuestionnaireVersion.id).where(QuestionnaireVersion.questionnaire_key == "health")
        ).first()
    file = (io.BytesIO(b"dossier,phone\nHS-77,0912345678\n"), "ho-so.csv")
    return desk.submit(address, version=version, language="vi", file=file)


def _report(desk: Desk) -> str:
    return f"/desk/reports/{desk.place.province}/{desk.place.agency}/2026-10"


CHANGES: Mapping[str, Callable[[Desk], TestResponse]] = {
    "agencies.new_agency": new_agency,
    "agencies.edit_agency": change_name(lambda desk: f"{_agency(desk)}/edit"),
    "services.new_service": lambda desk: desk.submit("/desk/new-service", code="THU-2", name="Dịch vụ thử hai"),
    "services.edit_service": change_name(lambda desk: "/desk/services/KB-NGOAITRU/edit"),
    "counters.new_counter": lambda desk: desk.submit(f"{_agency(desk)}/new-counter", code="thu-quay", name="Quầy thử"),
    "counters.edit_counter": change_name(lambda desk: f"{_agency(desk)}/counters/{desk.place.counter}"),
    "caseloads.month_page": edit_caseloads,
    "caseloads.remind_owing": lambda desk: desk.send("/desk/caseloads/owed/remind?province=dak-lak"),
    "imports.confirm": import_services,
    "imports.undo_run": undo_import,
    "import_columns.choose": choose_columns,
    "targets.new": register_target,
    "targets.edit": lambda desk: desk.submit(f"/desk/targets/{desk.place.target}", threshold="0.91"),
    "report_office.words": lambda desk: desk.submit(f"{_report(desk)}/words", proposals="Thêm hai ghế chờ."),
    "report_office.journal": lambda desk: desk.submit(
        f"{_report(desk)}/journal", number="45/BC", signed_on="2025-11-03", sent_on="2025-11-04"
    ),
    "report_office.received": lambda desk: desk.submit(
        "/desk/reports/dak-lak/2026-10/received", recipient=desk.place.agency, received_on="2025-11-05"
    ),
    "report_office.send_reminders": lambda desk: desk.send("/desk/reports/dak-lak/2026-10/reminders"),
    "report_office.decision": lambda desk: desk.submit(
        "/desk/reports/dak-lak/decision", number="77/QĐ-UBND", signed_on="2025-01-15"
    ),
    "measures.register": register_measure,
    "measures.change": lambda desk: desk.submit(f"/desk/measures/{desk.place.measure}/change", who="Người khác"),
    "signals.explain": press(
        lambda desk: f"/desk/signals/{desk.place.signal}", "explain", text="Quầy nghỉ để sửa chữa."
    ),
    "signals.close": press(lambda desk: f"/desk/signals/{desk.place.signal}", "close", outcome="harmless"),
    "feedback.open_from_comment": open_feedback,
    "feedback_entry.take": enter_feedback,
    "feedback.classify": press(_feedback, "classify", kind="service", holder="above"),
    "feedback.contact": read_contact,
    "feedback.note": press(_feedback, "note", note="Đã gọi cho bộ phận một cửa."),
    "feedback.answer": press(_feedback, "answer", answer="Đơn vị đã tăng thêm người tiếp nhận.", checked="y"),
    "feedback.propose": propose_reply,
    "feedback.publish": publish_reply,
    "feedback.withdraw": press(_feedback, "withdraw"),
    "feedback.close": press(_feedback, "close"),
    "tickets.batch": lambda desk: desk.submit(f"/desk/counters/{desk.place.counter}/tickets", count="3"),
    "ticket_voiding.void": void_ticket,
    "method_desk.page": lambda desk: desk.submit("/desk/methods/dak-lak/health", decision="Quyết định 1/QĐ-SYT"),
    "method_desk.publish": press(lambda desk: "/desk/methods/dak-lak/health", "publish"),
    "method_desk.retire": press(lambda desk: "/desk/methods/dak-lak/health", "retire", reason="Có văn bản mới"),
    "ticket_keys.page": lambda desk: desk.submit(f"{_agency(desk)}/ticket-keys", name="Hệ thống một cửa"),
    "ticket_keys.revoke": lambda desk: desk.submit(
        f"{_agency(desk)}/ticket-keys/{desk.place.ticket_key}/revoke", f"{_agency(desk)}/ticket-keys"
    ),
    "paper.counter": print_forms,
    "paper.hand_in": hand_in_forms,
    "phone.new_list": make_phone_list,
    "phone.close": press(lambda desk: f"/desk/phone/lists/{desk.place.phone_list}", "close"),
    "fleet.pair": lambda desk: desk.submit("/desk/devices/pair", counter=desk.place.counter),
    "fleet.rename": press(_device, "name", name="Kiosk cửa chính"),
    "fleet.pair_again": press(_device, "code"),
    "fleet.renew_pin": press(_device, "pin"),
    "fleet.move": press(_device, "counter", counter="thu-quay"),
    "fleet.import_file": import_queue,
    "fleet.revoke": press(_device, "revoke"),
    "counters.close": lambda desk: desk.submit(
        f"{_agency(desk)}/counters/{desk.place.counter}/closing",
        f"{_agency(desk)}/counters/{desk.place.counter}",
        closed_on="2026-11-30",
    ),
    "questionnaires.start": press(lambda desk: "/desk/questionnaires/health", "draft/start"),
    "questionnaires.draft": edit_draft,
    "questionnaires.publish": lambda desk: desk.submit(
        "/desk/questionnaires/health/draft/publish", "/desk/questionnaires/health/draft"
    ),
    "questionnaires.discard": lambda desk: (
        desk.submit("/desk/questionnaires/education/draft/start", "/desk/questionnaires/education")
        and desk.submit("/desk/questionnaires/education/draft/discard", "/desk/questionnaires/education/draft")
    ),
    "questionnaires.uses": lambda desk: desk.submit(
        "/desk/questionnaires/byt-outpatient/uses/dak-lak", counter=desk.place.counter
    ),
    "questionnaires.end": end_use,
    "languages.install": install_language,
    "languages.remove": lambda desk: desk.submit("/desk/languages/vi-x-mau/remove", "/desk/languages"),
    "reports.archive": archive_report,
    "closing.close": press(_closing, "close"),
    "closing.publish": press(_closing, "publish"),
    "closing.ranking": press(lambda _desk: "/desk/closing/dak-lak/2020", "ranking"),
    "users.reset_second_factor": reset_second_factor,
    "proposals.switch_rule": lambda desk: desk.submit("/desk/proposals/dak-lak/rule", "/desk/proposals/dak-lak/"),
    "proposals.confirm": confirm_closing,
    "proposals.withdraw": lambda desk: desk.send(f"/desk/proposals/dak-lak/{desk.neighbour.proposal}/withdraw"),
    "users.index": lambda desk: desk.submit("/desk/users/dak-lak/", username="moi", name="Người mới"),
    "users.add_grant": grant_role,
    "users.remove_grant": remove_grant,
    "users.reset_password": press(_user, "password"),
    "users.switch_active": press(_user, "active"),
    "proposals.switch_second_factor": ask_for_second_factors,
    "second_factor.page": of_their_own(""),
    "second_factor.renew_codes": of_their_own(f"{PAGE}/codes"),
    "second_factor.turn_off": of_their_own(f"{PAGE}/off", current=PASSWORD),
    "own_language.choose": lambda desk: desk.submit("/desk/account/language", "/desk/account", language="en"),
    "staff.change_password": change_own_password,
    "staff.end_session": end_a_session(others=False),
    "staff.end_other_sessions": end_a_session(others=True),
}


def known_secrets(desk: Desk) -> set[str]:
    """What must never stand in the log: digests and hashes from the database, what pages have shown once."""
    with desk.app.app_context():
        columns = (User.password_hash, Device.key_digest, Device.pin_hash, Device.pin_salt)
        columns = (*columns, SecondFactor.sealed_secret, RecoveryCode.code_digest, TicketKey.key_digest)
        stored = {value for column in columns for value in db.session.scalars(select(column)) if value}
    return stored | desk.secrets
