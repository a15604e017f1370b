"""Who a case may be handed to: the level above, the Sở of a sector, or an agency of the province."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_login import current_user

from survey.accounts.agency_access import agencies_seen
from survey.feedback import queries
from survey.feedback.flow import Holder
from survey.feedback.kinds import CONDUCT
from survey.feedback.models import FeedbackCase
from survey.feedback.office_queries import departments_of, those_of
from survey.feedback.rules import proposed_agency
from survey.foundation.clock import today
from survey.foundation.vocabulary import SECTORS

ABOVE, SECTOR = "above", "sector:"


@dataclass(frozen=True)
class HolderChoices:
    """`words` and `holders` by choice; `accused`: choices barred for a case about behaviour."""

    words: dict[str, str]
    holders: dict[str, Holder]
    accused: frozenset[str]
    proposed: str

    def choice_of(self, holder: Holder) -> str:
        """The choice that stands for a holder."""
        return next((choice for choice, known in self.holders.items() if known == holder), ABOVE)


def holder_choices(case: FeedbackCase) -> HolderChoices:
    """Whom the signed-in user may hand a case to today, and whom the rules propose.

    Agencies they do not see are no choices: those are reached through the level above or the Sở of a sector.
    """
    seen = agencies_seen(current_user, case.province_id)
    agencies = {
        code: (id_, name)
        for code, (id_, name) in queries.fetch_agency_choices(case.province_id, today()).items()
        if seen is None or id_ in seen or id_ == case.holder_id
    }
    own = those_of(case.agency_id)
    words = {ABOVE: _("Cấp trên của đơn vị được phản ánh")}
    holders = {ABOVE: Holder()}
    for sector, name in SECTORS.items():
        words[SECTOR + sector] = _("Sở phụ trách: %(sector)s", sector=name)
        holders[SECTOR + sector] = Holder(sector=sector)
    for code, (id_, name) in agencies.items():
        words[code], holders[code] = name, Holder(agency_id=id_)
    accused = frozenset(code for code, (id_, _name) in agencies.items() if id_ in own)
    accused |= {SECTOR + sector for sector in SECTORS if departments_of(case.province_id, sector) & own}
    return HolderChoices(
        words, holders, accused, _proposed(case, {code: name for code, (_id, name) in agencies.items()})
    )


def _proposed(case: FeedbackCase, names: dict[str, str]) -> str:
    if case.kind == CONDUCT:
        return ABOVE
    service = queries.fetch_service(case.response.service_id) if case.response else None
    said = proposed_agency(case.words, service.code if service else None, names)
    return said or (case.agency.code if case.agency.code in names else ABOVE)
