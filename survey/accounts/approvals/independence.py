"""Whether two accounts are two people: not where one person may know both passwords.

Who gave a password may have used it first, and so may who gave theirs. An account of the command line has nobody behind
it but its owner and the operator.
"""

from __future__ import annotations

from survey.accounts.models import User
from survey.foundation.storage.database import db


def are_two_people(first: User, second: User) -> bool:
    """Whether nobody stands behind both: neither gave the other's password, nor somebody both."""
    behind = [_people_behind(user) for user in (first, second)]
    return None not in behind and not set(behind[0] or ()) & set(behind[1] or ())


def _people_behind(user: User) -> list[int] | None:
    """The account, who gave its password, who gave theirs and so on.

    None where that leads round in a circle: whoever has two accounts gives each its password through the other.
    """
    people, giver = [user.id], user.password_given_by_id
    while giver is not None:
        if giver in people:
            return None
        people.append(giver)
        giver = db.session.get_one(User, giver).password_given_by_id
    return people
