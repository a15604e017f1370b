"""What is given to the independent program, and what it gives back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

FEWEST = 5  # answers that a post-stratum needs to be weighed alone


@dataclass(frozen=True)
class Answer:
    """One person's rating. `kind`: individual, organisation or unknown; `service` None: none named."""

    agency: str
    service: str | None
    kind: str
    day: dt.date
    at_counter: bool
    channel: str
    satisfied: bool

    @property
    def month(self) -> str:
        return f"{self.day:%Y-%m}"


@dataclass(frozen=True)
class Dossiers:
    """A caseload row: a month's count. `kind` '': of all kinds together; `stock`: pupils, averaged over months."""

    agency: str
    service: str
    kind: str
    month: str
    count: int
    stock: bool = False


@dataclass
class Worked:
    """What this program says of a domain; None where it says nothing."""

    received: int = 0
    n: int = 0
    share: Fraction | None = None
    variance: float | None = None
    df: int | None = None
    df_effective: float | None = None
    kappa: float | None = None
    n_eff: float | None = None
    interval_90: tuple[float, float] | None = None
    clustered: bool = False
    caseload: Fraction | None = None
    left_out: dict[str, int] = field(default_factory=dict)
    uneven: Fraction = Fraction()
    uneven_months: tuple[str, ...] = ()


class Post(NamedTuple):
    """A post-stratum: `service` '*' is all of an agency's; `kind` and `quarter` '' where they are not told apart."""

    agency: str
    service: str
    kind: str
    quarter: str


Unit = tuple[str, str]  # an agency and its day or week, or an answer without one
Level = Callable[[Post], Hashable]  # post-strata may be pooled with others of which it says the same


@dataclass(frozen=True)
class Weighed:
    """An answer with the post-stratum it stands in, the pool that weighs it and its exact weight."""

    answer: Answer
    post: Post
    pool: int
    weight: Fraction
    unit: Unit
