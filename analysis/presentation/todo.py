"""What waits for a user in a scope: a verb and the address where it is done; parts of the desk register theirs.

They register here because they stand beside one another in the order of imports and the first page shows them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

from analysis.presentation.scope import Scope
from survey.accounts.permissions import Action, Resource, allowed
from survey.foundation.registered import PerApp
from survey.foundation.vocabulary import SECTORS

MOST = 7  # lines of the first page: as many as are read at a glance


@dataclass(frozen=True)
class Todo:
    """One line. `urgency`: 0 is overdue, 1 is losing answers or nearing a day of the law, 2 may wait for a week."""

    urgency: int
    words: str
    url: str


TODOS: PerApp[Callable[[Scope], Iterable[Todo]]] = PerApp("list of what to do")


def todo_of(scope: Scope) -> tuple[Todo, ...]:
    """What the signed-in user has to do in a scope, the most urgent first, at most MOST."""
    lines = [line for of_part in TODOS.members().values() for line in of_part(scope)]
    return tuple(islice(sorted(lines, key=lambda line: line.urgency), MOST))


def sectors_to_do(scope: Scope, action: Action) -> tuple[str | None, ...]:
    """In which sectors of a scope the user may do something: (None,) the whole scope, else each of its sectors."""
    if allowed(action, scope.resource):
        return (scope.sector,)
    agency_id = scope.agency.id if scope.agency else None
    parts = () if scope.sector else tuple(SECTORS)
    return tuple(sector for sector in parts if allowed(action, Resource(scope.province.id, sector, agency_id)))
