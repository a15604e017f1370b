"""Rules a province switches on for itself.

Two people for what counts, a second factor for those who can do much, caseloads confirmed by the method's owner.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey.foundation.changes import audit
from survey.foundation.installation_flags import Fact, read_fact


@dataclass(frozen=True)
class Rule:
    """`name`: its field in the audit log and in the facts of the installation."""

    name: str

    @property
    def action(self) -> str:
        """What the audit log calls switching it."""
        return f"switch_{self.name}"

    def key(self, province_key: str) -> str:
        """The fact that says whether it is on."""
        return f"{self.name}:{province_key}"


TWO_PEOPLE = Rule("two_people")
SECOND_FACTOR = Rule("second_factor")
SECOND_FACTOR_OF_ALL = Rule("second_factor_of_all")
CASELOADS_CONFIRMED = Rule("caseloads_confirmed")


def is_on(rule: Rule, province_key: str) -> bool:
    """Whether a province has switched the rule on."""
    return bool(read_fact(rule.key(province_key)))


def switch(session: Session, rule: Rule, province_key: str, province_id: int, *, on: bool) -> None:
    """Switch it, with its trace; what somebody else has just switched leaves none."""
    stored = session.get(Fact, rule.key(province_key), populate_existing=True)
    if on == bool(stored and stored.value):
        return
    session.merge(Fact(key=rule.key(province_key), value=on))
    before, after = {rule.name: not on}, {rule.name: on}
    audit.record(session, rule.action, "province", province_key, province_id=province_id, before=before, after=after)
