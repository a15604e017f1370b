"""What is asked several times of one object is worked out once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

Owner = TypeVar("Owner")
P = ParamSpec("P")
T = TypeVar("T")


def once_for_each(work_out: Callable[Concatenate[Owner, P], T]) -> Callable[Concatenate[Owner, P], T]:
    """`cached_property` for a function that stands above the class of its first argument.

    Kept in the object, as a cached property is: it goes with the object, and a changed copy of it works out its own.
    Further arguments must be hashable.
    """
    name = f"{work_out.__module__}.{work_out.__qualname__}"

    @wraps(work_out)
    def ask(of: Owner, /, *args: P.args, **kwargs: P.kwargs) -> T:
        answers: dict[Any, T] = vars(of).setdefault(name, {})
        key = (args, tuple(sorted(kwargs.items())) if kwargs else ())
        if key not in answers:
            answers[key] = work_out(of, *args, **kwargs)
        return answers[key]

    return ask
