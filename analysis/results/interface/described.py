"""What an address of the interface answers, said once, at its view: the model of its answer and its parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel

from survey.foundation.parameters import whole_number

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
    """What `answers` declared."""

    answer: type[BaseModel]
    parameters: tuple[WholeNumber, ...]


def answers(answer: type[BaseModel], *parameters: WholeNumber) -> Callable[[View], View]:
    """Declare a view's answer; the view's docstring is its summary."""

    def declare(view: View) -> View:
        vars(view)["__operation__"] = Operation(answer, parameters)
        return view

    return declare


def operation_of(view: Callable[..., Any]) -> Operation | None:
    """What was declared for a view; None where nothing was."""
    operation: Operation | None = getattr(view, "__operation__", None)
    return operation
