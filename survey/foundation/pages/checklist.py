"""What a province does before its first rating: features register their steps here, one page shows them in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask
from flask_babel import LazyString

from survey.foundation.registered import PerApp


@dataclass(frozen=True)
class Step:
    """One thing to set up. `count(province id)`: how many there are; None: the program cannot know (printed sheets).

    `kind`: of the file it may come by, which has a template.
    """

    order: int
    label: LazyString
    advice: LazyString
    endpoint: str
    count: Callable[[int], int] | None
    kind: str = ""


STEPS: PerApp[Step] = PerApp("step of the checklist")


def register_step(app: Flask, step: Step) -> None:
    """Add a step."""
    STEPS.add(app, str(step.order), step)


def steps() -> list[Step]:
    """All steps in their order."""
    return sorted(STEPS.members().values(), key=lambda step: step.order)
