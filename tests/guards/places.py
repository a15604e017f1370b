"""Objects of the demonstration as three kinds of places stand to whoever is responsible for health in Đắk Lắk."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from analysis.measures.models import Measure
from analysis.reports.models import ArchivedReport
from analysis.signals.finding import QUIET
from analysis.signals.models import Signal
from analysis.targets.models import Target
from survey.accounts.models import Proposal, RoleGrant, User
from survey.channels.paper.models import TYPING, PaperBatch, PaperRun
from survey.channels.phone.models import PhoneContact, PhoneList
from survey.channels.tickets.models import TicketKey
from survey.devices.models import Device, DeviceAssignment
from survey.feedback.models import FeedbackCase
from survey.foundation.clock import today
from survey.foundation.identifiers import digest, new_id
from survey.foundation.security.sealed import COMMENT, seal
from survey.foundation.storage.database import writing
from survey.questionnaires.models import QuestionnaireVersion
from survey.registry.models import Agency, Counter
from survey.responses.ingest import Submission, store
from tests.support.demonstration import NOON
from tests.support.device_keys import DeviceKeys

RESPONSIBLE = "DL-SYT"
KEYS = {name: DeviceKeys() for name in ("own", "neighbour", "foreign")}  # what their kiosks sign with
AGENCIES = {"own": "DL-BVDK", "neighbour": "DL-SGDDT", "foreign": "SL-SYT"}
USERS = {"own": "so-y-te", "neighbour": "so-gddt", "foreign": "so-noi-vu-son-la"}
PROVINCES = {"own": "dak-lak", "neighbour": "dak-lak", "foreign": "son-la"}


@dataclass(frozen=True)
class Place:
    """One place with the values its addresses take; `query` narrows a province's page to its agency."""

    name: str
    province: str
    agency: str
    counter: str
    device: Any
    comment: Any  # the response whose comment is no case yet, sealed as the page names it
    signal: int
    archived: int
    measure: int
    proposal: int
    target: int
    case: int
    user: int
    grant: int
    run: int
    batch: int
    phone_list: int
    contact: int
    ticket_key: int

    @property
    def keys(self) -> DeviceKeys:
        """What its kiosk signs with."""
        return KEYS[self.name]

    @property
    def values(self) -> Mapping[str, Any]:
        """For the parameters of rules."""
        return {
            "province": self.province,
            "sector": "health",
            "recipient": self.agency,
            "period": "2026-10",
            "ending": "pdf",
            "month": "2026-10",
            "code": self.agency,
            "counter": self.counter,
            "device_id": self.device,
            "signal_id": self.signal,
            "archived_id": self.archived,
            "measure_id": self.measure,
            "proposal_id": self.proposal,
            "target_id": self.target,
            "case_id": self.case,
            "user_id": self.user,
            "key": "health",
            "version": 1,
            "grant_id": self.grant,
            "run_id": self.run,
            "batch_id": self.batch,
            "list_id": self.phone_list,
            "contact_id": self.contact,
            "use_id": 0,
            "key_id": self.ticket_key,
        }


def make_places(app: Flask) -> dict[str, Place]:
    """The three places, each with a counter and a kiosk at it."""
    with app.app_context():
        return {name: _place(name) for name in AGENCIES}


def _kiosk(session: Session, name: str, agency_id: int, counter_id: int) -> uuid.UUID:
    """A kiosk that has gone from a counter to another of its agency: a form brings it back."""
    device = new_id()
    about_device = {"name": f"Kiosk {name}", "key_digest": digest(name), "public_key": KEYS[name].public}
    session.execute(insert(Device).values(id=device, paired_at=NOON, **about_device))
    another = Counter(agency_id=agency_id, code=f"CU-{name.upper()}", name=f"Quầy cũ {name}")
    session.add(another)
    session.flush()
    for at, days in ((counter_id, 9), (another.id, 8)):
        held = {"device_id": device, "counter_id": at, "since": NOON - dt.timedelta(days=days)}
        session.execute(insert(DeviceAssignment).values(held))
    return device


def _place(name: str) -> Place:
    with writing() as session:
        agency = session.execute(select(Agency).where(Agency.code == AGENCIES[name])).scalar_one()
        counter_id, counter = session.execute(
            select(Counter.id, Counter.code).where(Counter.agency_id == agency.id).limit(1)
        ).one()
        device = _kiosk(session, name, agency.id, counter_id)
        where = {"province_id": agency.province_id}
        evidence = {"since": "2026-10-05", "days": 5, "earlier": 60, "earlier_quiet": 1, "usual": 2.5, "p": 1e-6}
        about = {"kind": QUIET, "about": name, "month": "2026-10", "sector": "health", "evidence": evidence}
        signal = Signal(**where, **about, agency_id=agency.id, counter_id=counter_id, opened_at=NOON)
        report = {
            "recipient": agency.code,
            "period": "2026-10",
            "cut_off": NOON.date(),
            "name": name,
            "content": b"%PDF",
        }
        archived = ArchivedReport(**where, **report, digest=digest(name), sha256=digest(name), made_at=NOON)
        measure = Measure(
            **where,
            sector="health",
            agency_id=agency.id,
            what=name,
            who=name,
            starts_on=NOON.date(),
            registered_at=NOON,
        )
        shipped = session.execute(select(Target).where(Target.code == "D4h")).scalar_one()
        promise = {
            column.key: getattr(shipped, column.key) for column in Target.__table__.columns if column.key != "id"
        }
        target = Target(**(promise | where | {"agency_id": agency.id, "code": f"own-{name}"}))
        proposer = User(username=f"de-nghi-{name}", name=name, password_hash="")
        case = _case(session, name, counter, agency)
        session.add_all([signal, archived, measure, target, case, proposer])
        session.flush()
        proposed = {
            "kind": "close_period",
            "object_id": f"2026-{len(name):02d}",
            "details": {"period": "2026-09", "revision": 1},
        }
        proposal = Proposal(**where, **proposed, proposed_at=NOON, proposed_by_id=proposer.id)
        session.add(proposal)
        session.flush()
        accounts = select(RoleGrant).join(User).where(User.username == USERS[name]).limit(1)
        grant = session.execute(accounts).scalar_one()
        made = (signal.id, archived.id, measure.id, proposal.id, target.id, case.id, grant.user_id, grant.id)
        paper = (
            *_paper(session, counter_id, proposer.id),
            *_phone(session, counter_id, proposer.id),
            _key(session, agency.id, name),
        )
        comment = seal(COMMENT, str(_comment(session, counter)))
        return Place(name, PROVINCES[name], agency.code, counter, device, comment, *made, *paper)


def _paper(session: Session, counter_id: int, user_id: int) -> tuple[int, int]:
    """A run of paper forms and a batch of it that is being typed."""
    run = PaperRun(**_asked(session, counter_id), count=2, made_at=NOON, made_by_id=user_id)
    session.add(run)
    session.flush()
    pile = {"run_id": run.id, "answered_on": NOON.date(), "expected": 1, "state": TYPING}
    batch = PaperBatch(**pile, opened_at=NOON, opened_by_id=user_id)
    session.add(batch)
    session.flush()
    return run.id, batch.id


def _phone(session: Session, counter_id: int, user_id: int) -> tuple[int, int]:
    """A list of calls and the only contact on it, whom nobody calls yet."""
    days = {"made_on": NOON.date(), "last_day": today() + dt.timedelta(days=30)}
    calls = PhoneList(**_asked(session, counter_id), **days, listed=1, drawn=1, made_by_id=user_id)
    session.add(calls)
    session.flush()
    contact = PhoneContact(list_id=calls.id, place=1, sealed="sealed")
    session.add(contact)
    session.flush()
    return calls.id, contact.id


def _key(session: Session, agency_id: int, name: str) -> int:
    """An access key of software."""
    key = TicketKey(agency_id=agency_id, name=name, key_digest=digest(f"key {name}"), made_at=NOON)
    session.add(key)
    session.flush()
    return key.id


def _asked(session: Session, counter_id: int) -> dict[str, Any]:
    version = QuestionnaireVersion.questionnaire_key == "health"
    version_id = session.scalars(select(QuestionnaireVersion.id).where(version)).first()
    return {"counter_id": counter_id, "questionnaire_version_id": version_id, "language": "vi"}


def _case(session: Session, name: str, counter: str, agency: Agency) -> FeedbackCase:
    response = _comment(session, counter)
    about = {"response_id": response, "code_digest": digest(f"case {name}"), "agency_id": agency.id, "sector": "health"}
    return FeedbackCase(**about, province_id=agency.province_id, opened_at=NOON, due_on=NOON.date())


def _comment(session: Session, counter: str) -> uuid.UUID:
    given = Submission(
        id=new_id(),
        questionnaire="health",
        version=1,
        counter=counter,
        answered_at=NOON,
        channel="qr",
        answers={"overall_health": 1},
        comment="Chờ lâu quá.",
    )
    (receipt,) = store(session, [given])
    assert receipt.status == "stored", receipt
    return given.id
