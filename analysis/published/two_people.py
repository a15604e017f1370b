"""The rule of two people: where a province switches it on, who closed a period may not publish it."""

from __future__ import annotations

from analysis.published.models import Closing
from survey.foundation.database import writing
from survey.foundation.facts import Fact, read_fact
from survey.staff import audit
from survey.staff.models import User


def required(province_key: str) -> bool:
    """Whether the province asks for two people."""
    return bool(read_fact(_key(province_key)))


def may_publish(province_key: str, closing: Closing, user: User | None) -> bool:
    """Whether this user may publish this closing; commands, which have no user, may not while the rule is on."""
    if not required(province_key):
        return True
    return user is not None and closing.closed_by_id is not None and closing.closed_by_id != user.id


def switch(province_key: str, province_id: int) -> bool:
    """Turn the rule on or off, with its trace; returns how it stands now."""
    on = not required(province_key)
    with writing() as session:
        session.merge(Fact(key=_key(province_key), value=on))
        audit.record(
            session,
            "switch_two_people",
            "province",
            province_key,
            province_id=province_id,
            before={"two_people": not on},
            after={"two_people": on},
        )
    return on


def _key(province_key: str) -> str:
    return f"two_people:{province_key}"
