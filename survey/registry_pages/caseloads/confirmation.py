"""Caseloads that the method's owner has confirmed, where the province asks for it: these figures, and no later ones.

A mark for people. Weights use the caseloads there are, confirmed or not, so that a figure stays one figure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from survey.accounts.approvals.province_rules import CASELOADS_CONFIRMED, is_on
from survey.accounts.models import User
from survey.foundation.changes import audit
from survey.foundation.clock import now
from survey.foundation.storage.database import db, writing
from survey.foundation.vocabulary import SECTORS
from survey.registry.models import Agency, Caseload, CaseloadConfirmation, Province
from survey.registry.queries import fetch_caseload_records
from survey.registry_pages.caseloads.audit_object import month_object
from survey.registry_pages.caseloads.service import seen_month
from survey.registry_pages.page_queries import fetch_caseloads, fetch_confirmations, fetch_month, fetch_service_sectors

Place = tuple[int, str]  # agency id, month


class NotConfirmed(ValueError):
    """Nothing was confirmed; the message says in words why."""


@dataclass(frozen=True)
class Confirmed:
    """Of an agency's month: the sectors with caseloads that are confirmed as they stand, and those that wait."""

    done: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()


def unconfirmed(province: Province, months: Sequence[str]) -> frozenset[Place]:
    """The agencies' months that wait; none where the province does not ask for it."""
    if not is_on(CASELOADS_CONFIRMED, province.key):
        return frozenset()
    standing = _compared(fetch_caseloads(province.id, months), fetch_confirmations(province.id, months))
    return frozenset(place for place, confirmed in standing.items() if confirmed.waiting)


def confirmed_month(agency: Agency, month: str) -> Confirmed | None:
    """How an agency's month stands; None where the province does not ask for it, or there are no caseloads."""
    if not is_on(CASELOADS_CONFIRMED, agency.province.key):
        return None
    confirmations = fetch_confirmations(agency.province_id, [month])
    return _compared(fetch_month(agency.id, month), confirmations).get((agency.id, month))


def confirm(agency: Agency, month: str, sectors: Collection[str], seen: str, user: User) -> None:
    """Confirm the caseloads of these sectors as they were seen, with a trace.

    Raises:
        NotConfirmed: somebody changed them meanwhile, or there are none.
    """
    code, agency_id, province_id, user_id = agency.code, agency.id, agency.province_id, user.id
    with writing() as session:
        stored = fetch_caseload_records(session, agency_id, month)
        if seen_month(stored) != seen:
            raise NotConfirmed(_("Người khác vừa sửa tháng này. Mở lại trang để xem số mới, rồi xác nhận."))
        marks = _marks(stored, fetch_service_sectors(session))
        hashes = {sector: mark for sector, mark in marks.items() if sector in sectors}
        if not hashes:
            raise NotConfirmed(_("Tháng này chưa có số hồ sơ nào để xác nhận."))
        for sector, mark in hashes.items():
            place = {"agency_id": agency_id, "month": month, "sector": sector}
            given = {"figures_hash": mark, "confirmed_at": now(), "confirmed_by_id": user_id}
            session.merge(CaseloadConfirmation(**place, **given))
            what = ("confirm_caseloads", "caseloads", month_object(code, month))
            audit.record(session, *what, province_id=province_id, after={"sector": sector})


def _compared(caseloads: Iterable[Caseload], confirmations: Iterable[CaseloadConfirmation]) -> dict[Place, Confirmed]:
    by_place: dict[Place, list[Caseload]] = defaultdict(list)
    for row in caseloads:
        by_place[row.agency_id, row.month].append(row)
    given = {(row.agency_id, row.month, row.sector): row.figures_hash for row in confirmations}
    sector_of = fetch_service_sectors(db.session())
    return {place: _standing(place, _marks(rows, sector_of), given) for place, rows in by_place.items()}


def _standing(place: Place, marks: Mapping[str, str], given: Mapping[tuple[int, str, str], str]) -> Confirmed:
    done = tuple(sector for sector in SECTORS if sector in marks and given.get((*place, sector)) == marks[sector])
    return Confirmed(done, tuple(sector for sector in SECTORS if sector in marks and sector not in done))


def _marks(rows: Iterable[Caseload], sector_of: Mapping[int, str]) -> dict[str, str]:
    by_sector: dict[str, list[Caseload]] = defaultdict(list)
    for row in rows:
        by_sector[sector_of[row.service_id]].append(row)
    return {sector: seen_month(some) for sector, some in by_sector.items()}
