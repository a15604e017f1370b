"""Proposals as stored: SQL only."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, aliased

from survey.accounts.models import WAITING, Proposal, User
from survey.foundation.storage.database import db
from survey.registry.models import Province

# Every page of the desk asks this for its menu: to build it takes longer than to ask it.
_COUNT_WAITING = select(func.count()).where(
    Proposal.province_id.in_(bindparam("province_ids", expanding=True)), Proposal.status == WAITING
)


@dataclass(frozen=True)
class ProposalLine:
    """A proposal with the names of those who made and decided it."""

    proposal: Proposal
    proposed_by: str
    decided_by: str | None


def fetch_proposal(proposal_id: int) -> tuple[Proposal, Province] | None:
    """A proposal with its province."""
    query = select(Proposal, Province).join(Province, Province.id == Proposal.province_id)
    row = db.session.execute(query.where(Proposal.id == proposal_id)).one_or_none()
    return None if row is None else (row[0], row[1])


def lock_waiting(session: Session, proposal_id: int) -> Proposal | None:
    """The proposal if it still waits, held until the transaction ends: only one person decides it."""
    query = select(Proposal).where(Proposal.id == proposal_id, Proposal.status == WAITING)
    return session.scalar(query.with_for_update())


def fetch_proposals(province_id: int, *, waiting: bool, limit: int = 50) -> list[ProposalLine]:
    """Proposals of a province, the newest first: those that wait, or those decided."""
    maker, decider = aliased(User), aliased(User)
    waits = Proposal.status == WAITING
    query = (
        select(Proposal, maker.name, decider.name)
        .join(maker, maker.id == Proposal.proposed_by_id)
        .outerjoin(decider, decider.id == Proposal.decided_by_id)
        .where(Proposal.province_id == province_id, waits if waiting else ~waits)
        .order_by(Proposal.id.desc())
        .limit(limit)
    )
    return [ProposalLine(*row) for row in db.session.execute(query)]


def fetch_waiting(province_id: int, kinds: Sequence[str], object_id: str) -> list[ProposalLine]:
    """What waits about one object."""
    return [
        line
        for line in fetch_proposals(province_id, waiting=True, limit=1000)
        if line.proposal.kind in kinds and line.proposal.object_id == object_id
    ]


def count_waiting(province_ids: Collection[int]) -> int:
    """How many proposals wait in some provinces."""
    return db.session.scalar(_COUNT_WAITING, {"province_ids": list(province_ids)}) or 0
