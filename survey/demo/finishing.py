"""What the demonstration gets after its answers, step by step; an interrupted start goes on where it stopped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import click
from flask_babel import LazyString

from survey.foundation.installation_flags import DEMO, Fact, read_fact
from survey.foundation.languages.language import for_terminal
from survey.foundation.storage.database import locked, writing


class Step(NamedTuple):
    """One thing to do; done again after half of it, it leaves what doing it once leaves."""

    key: str
    says: LazyString
    do: Callable[[], None]


def is_unfinished(steps: tuple[Step, ...]) -> bool:
    """Whether the database holds a demonstration that lacks a step."""
    return len(_done(steps)) < len(steps)


def finish(steps: tuple[Step, ...]) -> None:
    """Do what is not done yet, say each step in the reader's language, and keep that it is done."""
    for step in steps:
        done = _done(steps)
        if step.key in done:
            continue
        click.echo(for_terminal(step.says))
        step.do()
        with writing() as session:
            fact = locked(session, Fact, DEMO)
            fact.value = {**fact.value, "done": [*done, step.key]}


def _done(steps: tuple[Step, ...]) -> list[str]:
    # One filled by an earlier version says nothing of steps, and is complete as it is.
    known: Any = read_fact(DEMO)
    return list(known["done"]) if isinstance(known, dict) and "done" in known else [step.key for step in steps]
