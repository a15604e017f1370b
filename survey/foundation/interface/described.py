"""What an address of the interface takes and answers, said once, at its view: models and parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel

from survey.foundation.pages.parameters import whole_number

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class WholeNumber:
    """A parameter after the question mark, from `low` to `high`."""

    name: str
    low: int
    high: int
    description: str

    def read(self) -> int | None:
        """Its value in this request; None where it is not given. Anything else ends in 400."""
        return whole_number(self.name, self.low, self.high)


@dataclass(frozen=True)
class Operation:
    """What was declared. `takes`: the body of a POST with an access key; None: a GET that anybody may send."""

    answer: type[BaseModel]
    parameters: tuple[WholeNumber, ...] = ()
    takes: type[BaseModel] | None = None


def answers(answer: type[BaseModel], *parameters: WholeNumber) -> Callable[[View], View]:
    """Declare the answer to a GET; the view's docstring is its summary."""
    return _declared(Operation(answer, parameters))


def takes(body: type[BaseModel], answer: type[BaseModel]) -> Callable[[View], View]:
    """Declare body and answer of a POST that carries an access key; it answers 201."""
    return _declared(Operation(answer, takes=body))


def operation_of(view: Callable[..., Any]) -> Operation | None:
    """What was declared for a view; None where nothing was."""
    operation: Operation | None = getattr(view, "__operation__", None)
    return operation


def _declared(operation: Operation) -> Callable[[View], View]:
    def declare(view: View) -> View:
        vars(view)["__operation__"] = operation
        return view

    return declare
