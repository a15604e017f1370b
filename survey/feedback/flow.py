"""What staff do with a case: decide its kind, hand it to who is to answer, answer, close, note."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from survey.feedback.changing import CaseChange, changing
from survey.feedback.deadlines import due_on
from survey.feedback.kinds import CONDUCT, ELSEWHERE, REGULATION, THANKS
from survey.feedback.models import ANSWERED, ASSIGNED, CLASSIFIED, CLOSED, WAITING, FeedbackCase
from survey.feedback.office_queries import those_of
from survey.feedback.publishing import withdraw_within
from survey.foundation.clock import local_day, now, today


@dataclass(frozen=True)
class Decision:
    """What a clerk decides about a case: its kind and, for a regulation, what it is about."""

    kind: str
    regulation: str = ""
    costs: str = ""
    proposal: str = ""


@dataclass(frozen=True)
class Holder:
    """Who is to answer: an agency, the Sở of a sector, or (neither) the level above the agency it is about."""

    agency_id: int | None = None
    sector: str | None = None


class AccusedError(Exception):
    """A case about how somebody behaved may not be handed to the agency it is about."""


def handle(case_id: int, decision: Decision, holder: Holder, seen: int | None = None, note: str = "") -> None:
    """Decide the kind and hand the case to who is to answer; what the law has handled elsewhere is closed instead.

    Raises:
        AccusedError: it is about the behaviour of those it would be handed to.
        ChangedMeanwhileError: somebody else was faster.
    """
    with changing(case_id) as change:
        case = change.case
        held = case.state == ASSIGNED and _holder(case) == holder
        if case.state not in WAITING or (held and _decided(case) == decision):
            return
        if decision.kind == CONDUCT and holder.agency_id in those_of(case.agency_id):
            raise AccusedError
        change.refuse_unless(seen)
        if _decided(case) != decision:
            _classify(change, decision)
        if not case.redirected and not (case.state == ASSIGNED and _holder(case) == holder):
            _assign(change, holder, note)


def _classify(change: CaseChange, decision: Decision) -> None:
    case = change.case
    before = {"kind": case.kind, "state": case.state, "due_on": case.due_on.isoformat()}
    _decide(case, decision)
    if decision.kind in ELSEWHERE:
        case.state, case.redirected, case.closed_at = CLOSED, True, now()
    change.step("redirected" if case.redirected else "classified", note=decision.kind)
    after = {"kind": case.kind, "state": case.state, "due_on": case.due_on.isoformat()}
    change.record("classify_feedback", before, after)


def _holder(case: FeedbackCase) -> Holder:
    return Holder(case.holder_id, case.holder_sector)


def _decided(case: FeedbackCase) -> Decision | None:
    if case.classified_at is None:
        return None
    return Decision(case.kind, case.regulation or "", case.costs or "", case.proposal or "")


def _decide(case: FeedbackCase, decision: Decision) -> None:
    about = decision if decision.kind == REGULATION else Decision(decision.kind)
    if case.classified_at is None or case.kind != decision.kind:
        since = local_day(case.reopened_at or case.opened_at)
        case.due_on, case.reminded_at, case.overdue_told_at = due_on(decision.kind, since), None, None
    case.kind, case.classified_at = decision.kind, case.classified_at or now()
    case.regulation, case.costs, case.proposal = about.regulation or None, about.costs or None, about.proposal or None
    case.state = ASSIGNED if case.state == ASSIGNED else CLASSIFIED
    case.set_apart = False


def _assign(change: CaseChange, holder: Holder, note: str) -> None:
    case = change.case
    before = {"state": case.state} | _named(case)
    case.state, case.holder_id, case.holder_sector = ASSIGNED, holder.agency_id, holder.sector
    change.step("assigned", to_agency_id=holder.agency_id, to_sector=holder.sector, note=note or None)
    change.session.flush()
    change.session.expire(case, ["holder"])
    change.record("assign_feedback", before, {"state": ASSIGNED} | _named(case))


def _named(case: FeedbackCase) -> dict[str, str | None]:
    return {"agency": case.holder.code if case.holder else None, "sector": case.holder_sector}


def answer_case(case_id: int, text: str, outcome: str = "", seen: int | None = None) -> None:
    """Answer a case, or change its answer until it is closed. `outcome`: what becomes of the regulation.

    Raises:
        ChangedMeanwhileError: somebody else was faster.
    """
    with changing(case_id) as change:
        case = change.case
        told = outcome or None if case.kind == REGULATION else None
        if case.state == CLOSED or (case.state, case.answer, case.outcome) == (ANSWERED, text, told):
            return
        change.refuse_unless(seen)
        withdraw_within(change)
        given = sum(step.step == "answered" for step in case.steps)
        before = _logged(case, given)
        if case.state != ANSWERED:
            case.answered_at, case.was_late = now(), case.was_late or case.is_overdue(today())
        case.state, case.answer, case.outcome, case.set_apart = ANSWERED, text, told, False
        case.classified_at = case.classified_at or now()
        change.step("answered", note=text)
        change.record("answer_feedback", before, _logged(case, given + 1))


def _logged(case: FeedbackCase, answers: int) -> dict[str, Any]:
    """What the log says of a case's answers: their words, which may have to be erased, stand in the steps alone."""
    return {"state": case.state, "answers": answers} | ({"outcome": case.outcome} if case.outcome else {})


def close_case(case_id: int) -> bool:
    """Close an answered case, or thanks that were handed on; False for one that still waits for its answer."""
    with changing(case_id) as change:
        case = change.case
        if case.state == ANSWERED or (case.kind == THANKS and case.state == ASSIGNED):
            _close(change)
        return bool(case.state == CLOSED)


def _close(change: CaseChange) -> None:
    before = {"state": change.case.state}
    change.case.state, change.case.closed_at = CLOSED, now()
    change.step("closed")
    change.record("close_feedback", before, {"state": CLOSED})


def add_note(case_id: int, text: str) -> None:
    """Note something for colleagues; citizens never see it."""
    with changing(case_id) as change:
        last = change.case.steps[-1] if change.case.steps else None
        if last is not None and (last.step, last.note) == ("note", text):
            return  # sent twice
        change.step("note", note=text)
        notes = sum(step.step == "note" for step in change.case.steps)
        change.record("note_feedback", {"notes": notes}, {"notes": notes + 1})
