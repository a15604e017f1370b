"""A question about a country, and what each province answers to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis.figures.query import BadQuery
from analysis.statistics.domains import DomainEstimate
from survey.foundation.formatting import as_printed
from survey.foundation.periods import Period
from survey.foundation.vocabulary import SECTOR_OF_SUBJECT

_POINT = 3  # decimals of a share, 0-1: a tenth of a percent, as it is published
BREAKDOWNS = ("province", "sector", "area", "channel", "service")


@dataclass(frozen=True)
class CountryQuery:
    """Which subject and period; `by` one of BREAKDOWNS or None for the country alone. Raises BadQuery."""

    subject: str
    period: Period
    by: str | None = None

    def __post_init__(self) -> None:
        subjects = [subject for subject, sector in SECTOR_OF_SUBJECT.items() if sector is not None]
        if self.subject not in subjects:
            raise BadQuery(f"--subject {self.subject}: chọn một trong {', '.join(subjects)}.")
        if self.by is not None and self.by not in BREAKDOWNS:
            raise BadQuery(f"--by {self.by}: chọn một trong {', '.join(BREAKDOWNS)}.")
        if self.period.by_day:
            raise BadQuery("Số liệu cả nước chỉ tính theo tháng, quý, nửa năm hoặc năm.")

    @property
    def inside_provinces(self) -> str | None:
        """The breakdown each province is asked for."""
        return None if self.by == "province" else self.by


@dataclass(frozen=True)
class ProvinceEstimates:
    """What one province answers, nothing held back yet: its whole, and the domains of the question's breakdown.

    `received`: all answers that came for each domain, the whole's under ''. `notes`: what must be told beside it, code
    and sentence. `marked`: ratings from queue files, and beyond what their counters can serve. `labels`: what officials
    call each domain.

    Beside its own publications of the period, or of its parts: `untold` are services that they do not tell as they
    stand here; `rests` of each area the answers (used, received) in agencies that they do not tell; `moved` by how many
    its total differs; `published` the share that it tells of exactly this period, rounded.
    """

    province: str
    name: str
    whole: DomainEstimate
    domains: Mapping[str, DomainEstimate]
    received: Mapping[str, int]
    provisional: bool
    notes: tuple[tuple[str, str], ...] = ()
    marked: tuple[int, int] = (0, 0)
    labels: Mapping[str, str] = field(default_factory=dict)
    untold: frozenset[str] = frozenset()
    rests: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    moved: tuple[int, int] = (0, 0)
    published: float | None = None

    @property
    def is_told_otherwise(self) -> bool:
        """Whether pages print another share of the province than its own: caseloads were corrected since, say."""
        if self.published is None or self.whole.estimate is None:
            return False
        return as_printed(self.whole.estimate, _POINT) != as_printed(self.published, _POINT)
