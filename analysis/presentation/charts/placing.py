"""Where words stand in a picture so that none lies on another, on a dot or on a line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LETTER, TALL, DEPTH = 0.6, 0.8, 0.25  # of the size of type: a letter's width, above and below its baseline; generous
GAP = 1.5


@dataclass(frozen=True)
class Box:
    """A rectangle of a picture; `top` < `bottom`."""

    left: float
    top: float
    right: float
    bottom: float

    def shared(self, other: Box) -> float:
        """The area that both cover."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0.0, across) * max(0.0, down)

    def outside(self, frame: Box) -> float:
        """The area of it that does not lie in the frame."""
        return (self.right - self.left) * (self.bottom - self.top) - self.shared(frame)


@dataclass(frozen=True)
class Words:
    """A text with its place: `x` is its start, middle or end as `anchor` says, `y` its baseline."""

    text: str
    x: float
    y: float
    anchor: str = "middle"
    size: float = 13.0

    @property
    def box(self) -> Box:
        """The room it takes, rather too much than too little."""
        width = len(self.text) * LETTER * self.size
        left = self.x - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor]
        return Box(left - GAP, self.y - TALL * self.size - GAP, left + width + GAP, self.y + DEPTH * self.size)


def placed(frame: Box, taken: Iterable[Box], labels: Iterable[Sequence[Words]]) -> list[Words | None]:
    """One place for each label, the first of its places that is free; None where none is: nothing is written over.

    `labels`: the places each may stand in, the best first; the labels that matter most first.
    """
    covered, spots = list(taken), list[Words | None]()
    for places in labels:
        free = next((words for words in places if _is_free(words.box, frame, covered)), None)
        spots.append(free)
        if free is not None:
            covered.append(free.box)
    return spots


def _is_free(box: Box, frame: Box, covered: Sequence[Box]) -> bool:
    return box.outside(frame) < 1e-6 and not any(box.shared(other) for other in covered)
