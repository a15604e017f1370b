"""What a route needs is said once, at the route: which action on what, or why nobody signs in for it.

The declaration hangs on the view function. Signing in is asked for wherever none says otherwise
(`survey/accounts/login_required.py`); that each role is let in and kept out as declared is tried by the guards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import Any, TypeVar

from flask import Flask

View = TypeVar("View", bound=Callable[..., Any])


class Of(Enum):
    """On what the action is needed."""

    OBJECT = "the object in the address: outside the scope 404, without the action 403"
    PROVINCE = "the whole province in the address: a role for one agency does not see it"
    COUNTRY = "the country's figures: who does not hold the country 404, without the action 403"
    ANYTHING = "anything at all: the address names no object, lists show what each may view"
    FORM = "the object in the form's body: the address names none"
    MAKER = "what the user made: for everybody else it is not there"


class Names(Enum):
    """What a field of a form's body names."""

    AGENCY = "an agency, by its code"
    COUNTER = "a counter, by its code"
    RECIPIENT = "whose report it is, by province and code"
    COMMENT = "an answer with a comment, sealed"
    QUEUE_FILE = "a kiosk, by the file that it made"


NOTHING: Mapping[str, Names] = MappingProxyType({})


@dataclass(frozen=True)
class Access:
    """A declaration. `action` and `of`: for staff; None: `public` says why nobody signs in.

    `names`: which fields of a form's body name an object besides the address; None where nothing is sent.
    `proof`: what a request without the session's CSRF token proves itself by. `printed`: where the address stands on
    paper or in other programs: it is answered for ever. `unaudited`: why sending it leaves no entry in the audit log.
    """

    action: StrEnum | None = None
    of: Of | None = None
    public: str | None = None
    names: Mapping[str, Names] | None = None
    proof: str | None = None
    printed: str | None = None
    unaudited: str | None = None


def needs(
    action: StrEnum,
    of: Of,
    *,
    names: Mapping[str, Names] | None = None,
    printed: str | None = None,
    unaudited: str | None = None,
) -> Callable[[View], View]:
    """Declare what staff need for a view."""
    return _declared(Access(action=action, of=of, names=names, printed=printed, unaudited=unaudited))


def public(why: str, *, proof: str | None = None, printed: str | None = None) -> Callable[[View], View]:
    """Declare that nobody signs in for a view, and why."""
    return _declared(Access(public=why, proof=proof, printed=printed))


def access_of(app: Flask, endpoint: str | None) -> Access | None:
    """What was declared for an endpoint; None where nothing was."""
    access: Access | None = getattr(app.view_functions.get(endpoint or ""), "__access__", None)
    return access


def _declared(access: Access) -> Callable[[View], View]:
    def declare(view: View) -> View:
        vars(view)["__access__"] = access
        return view

    return declare
