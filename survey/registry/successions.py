"""Who took over from whom: renames, merges and splits, derived from the successors that agencies name."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from survey.foundation.storage.database import rows_changed
from survey.registry.models import Agency, AgencySuccession

RENAME, MERGE, SPLIT = "rename", "merge", "split"


@dataclass(frozen=True)
class Link:
    """One agency taking over from another; the days are when the successor began and the predecessor ended."""

    predecessor: int
    successor: int
    ended: dt.date | None
    began: dt.date | None

    @property
    def effective_on(self) -> dt.date | None:
        """The first day on which the successor answers for the predecessor."""
        return self.ended + dt.timedelta(days=1) if self.ended else self.began


def kinds_of(links: Iterable[Link]) -> dict[tuple[int, int], str]:
    """The kind of each succession (predecessor, successor), given all successions of the agencies involved.

    Several successors: split. One successor that has other predecessors too, or that existed before it took over:
    merge. Otherwise rename.
    """
    links = list(links)
    successors = Counter(link.predecessor for link in links)
    predecessors = Counter(link.successor for link in links)
    kinds = {}
    for link in links:
        existed = link.began is not None and link.ended is not None and link.began <= link.ended
        if successors[link.predecessor] > 1:
            kind = SPLIT
        elif predecessors[link.successor] > 1 or existed:
            kind = MERGE
        else:
            kind = RENAME
        kinds[link.predecessor, link.successor] = kind
    return kinds


def set_successors(session: Session, successors: Mapping[int, Collection[int]]) -> None:
    """Make these the successors of each agency (a key of the mapping); documents of links that stay are kept."""
    stored: dict[int, set[int]] = defaultdict(set)
    query = select(AgencySuccession.predecessor_id, AgencySuccession.successor_id)
    for predecessor, successor in session.execute(query):
        stored[predecessor].add(successor)
    new = []
    for predecessor, wanted in successors.items():
        gone = stored[predecessor] - set(wanted)
        if gone:
            session.execute(
                delete(AgencySuccession).where(
                    AgencySuccession.predecessor_id == predecessor, AgencySuccession.successor_id.in_(gone)
                )
            )
        for successor in sorted(set(wanted) - stored[predecessor]):
            new.append({"predecessor_id": predecessor, "successor_id": successor, "kind": RENAME})
    if new:
        session.execute(insert(AgencySuccession), new)
    refresh(session)


def refresh(session: Session) -> None:
    """Derive kind and effective day of every succession anew; writes only what differs."""
    before, after = _ends(session)
    links = [
        Link(predecessor, successor, before.get(predecessor), after.get(successor))
        for predecessor, successor in session.execute(
            select(AgencySuccession.predecessor_id, AgencySuccession.successor_id)
        )
    ]
    kinds = kinds_of(links)
    for link in links:
        row = AgencySuccession
        kind, effective_on = kinds[link.predecessor, link.successor], link.effective_on
        session.execute(
            update(row)
            .where(
                row.predecessor_id == link.predecessor,
                row.successor_id == link.successor,
                or_(row.kind != kind, row.effective_on.is_distinct_from(effective_on)),
            )
            .values(kind=kind, effective_on=effective_on)
        )


def _ends(session: Session) -> tuple[dict[int, dt.date | None], dict[int, dt.date | None]]:
    rows = session.execute(select(Agency.id, Agency.valid_to, Agency.valid_from)).all()
    return {id_: valid_to for id_, valid_to, _began in rows}, {id_: began for id_, _ended, began in rows}


def fetch_documents(session: Session, agency_id: int | None = None) -> dict[int, str]:
    """The documents that renamed, merged, split or abolished agencies, by agency; of one agency or of all."""
    row = AgencySuccession
    own = select(Agency.id, Agency.abolished_by).where(Agency.abolished_by != "")
    of_links = select(row.predecessor_id, func.min(row.document)).where(row.document.is_not(None))
    if agency_id is not None:
        own, of_links = own.where(Agency.id == agency_id), of_links.where(row.predecessor_id == agency_id)
    document_of = {id_: document for id_, document in session.execute(own)}  # noqa: C416 - rows are no pairs
    return document_of | {
        id_: document or "" for id_, document in session.execute(of_links.group_by(row.predecessor_id))
    }


def set_document(session: Session, agency_id: int, document: str) -> None:
    """Keep the document with the successions of an agency, or with itself where nobody succeeded it."""
    succeeded = session.execute(
        update(AgencySuccession).where(AgencySuccession.predecessor_id == agency_id).values(document=document or None)
    )
    own = "" if rows_changed(succeeded) else document
    session.execute(update(Agency).where(Agency.id == agency_id).values(abolished_by=own))
