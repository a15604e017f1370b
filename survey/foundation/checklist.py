"""What a province does before its first rating: features register their steps here, one page shows them in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app
from flask_babel import LazyString


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


def register_step(app: Flask, step: Step) -> None:
    """Add a step."""
    app.extensions.setdefault("checklist", []).append(step)


def steps() -> list[Step]:
    """All steps in their order."""
    stored_steps: list[Step] = current_app.extensions.get("checklist", [])
    return sorted(stored_steps, key=lambda step: step.order)
