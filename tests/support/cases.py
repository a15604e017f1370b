"""Cases that leave the world as it was need not each have one of their own."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any

import pytest


def in_one_world(names: str | tuple[str, ...], cases: Iterable[Any]) -> Callable[[Callable[..., None]], Any]:
    """`pytest.mark.parametrize` for a test whose cases change nothing: one after the other in the same fixtures.

    A failing case is told by its values and stops no other. An application, a database and a sign-in are made once
    for all of them, which is most of what a short case costs.
    """
    named = (names,) if isinstance(names, str) else names
    told = [dict(zip(named, (case,) if isinstance(names, str) else case, strict=True)) for case in cases]

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(test)
        def run(subtests: pytest.Subtests, **fixtures: Any) -> None:
            for case in told:
                with subtests.test(**case):
                    test(**fixtures, **case)

        signature = inspect.signature(test)
        asked = [parameter for name, parameter in signature.parameters.items() if name not in named]
        subtests = inspect.Parameter("subtests", inspect.Parameter.KEYWORD_ONLY)
        run.__signature__ = signature.replace(parameters=[*asked, subtests])
        return run

    return decorate
