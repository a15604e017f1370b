"""Two who change the same at the same moment: the second is answered from the beginning, and sees what the first did.

A page that looks first and writes afterwards may find that somebody else was faster in between: a code that was free is
taken, a row that was there is gone. The database refuses the second, and nothing of it is stored. Asked again, the page
says in its own words what now stands in the way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import g, request
from sqlalchemy.exc import DBAPIError, IntegrityError, NoResultFound
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError

from survey.foundation.storage.database import db

TRIES = 3  # as many as may reasonably be a second too late; what fails each time is a fault of the program
_MET = ("40001", "40P01")  # PostgreSQL: could not serialise, deadlock
_TAKEN_OR_GONE = ("23505", "23503")  # unique, foreign key
_OF_SQLITE = ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_FOREIGNKEY")
Answer = TypeVar("Answer")


def is_collision(error: BaseException) -> bool:
    """Whether an error may come of somebody else's change at the same moment."""
    if isinstance(error, DBAPIError):
        state, name = getattr(error.orig, "sqlstate", None), getattr(error.orig, "sqlite_errorname", None)
        return state in _MET or (isinstance(error, IntegrityError) and (state in _TAKEN_OR_GONE or name in _OF_SQLITE))
    return isinstance(error, NoResultFound | ObjectDeletedError | StaleDataError)


def begun_again(view: Callable[[], Answer]) -> Answer:
    """What a view answers; it runs again if it collided with somebody else's change before it stored anything."""
    for _try in range(TRIES - 1):
        g.has_stored = False  # what comes before a view (a session that is prolonged) may stand
        try:
            return view()
        except Exception as error:
            if g.has_stored or not is_collision(error):
                raise
            db.session.rollback()
            for file in request.files.values():
                file.stream.seek(0)
    return view()
