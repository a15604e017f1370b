"""A chart as data: what is drawn the same on pages, in documents and as a download."""

from __future__ import annotations

from dataclasses import dataclass, field

from analysis.presentation.labels import TargetLabel

MAX_CHART_ROWS = 30


@dataclass(frozen=True)
class Mark:
    """One estimate on a chart: a share with its interval (all 0-1), its label, and the words beside the dot.

    `value` None draws no dot, only `text` (suppressed, no answers). `thin` draws a hollow dot (10-29 answers).
    """

    label: str
    under: str
    text: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    thin: bool = False


@dataclass(frozen=True)
class Stack:
    """How one question was answered: the shares (0-1) of levels 1-5, which add up to 1."""

    label: str
    shares: tuple[float, ...]


@dataclass(frozen=True)
class Chart:
    """Dots with whiskers: one row a unit (`rows`), or one column a month (`months`; `summary`: lower, with `counts`).

    `levels`: the target of each mark where it changes on the way, drawn as steps; `counts`: units by their standing,
    drawn as one bar below the months. `stacks`: one bar a question, cut by the five levels.
    """

    caption: str
    alt: str
    form: str  # rows | months | summary | levels
    marks: tuple[Mark, ...]
    target: float | None = None
    target_label: TargetLabel = field(default_factory=TargetLabel)
    levels: tuple[float | None, ...] = ()
    counts: tuple[tuple[str, int], ...] = ()
    stacks: tuple[Stack, ...] = ()
    type: str = field(default="chart", init=False)

    def __post_init__(self) -> None:
        rows = max(len(self.marks), len(self.stacks))
        if rows > MAX_CHART_ROWS:
            raise ValueError(f"{self.caption}: {rows} rows, at most {MAX_CHART_ROWS} fit a chart")
