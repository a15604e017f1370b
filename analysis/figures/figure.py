"""Figures as an audience may see them: what `analysis.figures.service` answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from analysis.figures.breakdowns import OF_AGENCIES, OF_SERVICES
from analysis.figures.query import FigureQuery
from analysis.figures.weighting.disposition import Unevenness
from analysis.figures.weighting.names import PostStratumName
from analysis.statistics import RankInterval, Showing, rank, stand_together
from analysis.statistics.cells.cells import Cells
from analysis.statistics.domains import DomainEstimate
from analysis.statistics.estimation import Estimation
from analysis.statistics.verdicts.verdict import Threshold, Verdict


@dataclass(frozen=True)
class Note:
    """Something a reader must know; `code` is stable, `message` as the reader's pages speak.

    `english`: the same in English where everybody may read it, whatever their language; '' at the desk.
    """

    code: str
    message: str
    english: str = ""


RANKED = (*OF_AGENCIES, *OF_SERVICES)

AgencyService = tuple[int, int]  # ids; 0: no service is named


class PlainShare(NamedTuple):
    """Answers, those of them that are satisfied, and their share as the method counts it, 0-1."""

    n: int
    satisfied: int
    share: float


class Lacking(NamedTuple):
    """An agency (by name) whose answers are in a figure and whose caseload is not, or not of all months.

    `months` empty: of a service it has none at all.
    """

    agency: str
    months: tuple[str, ...]


@dataclass(frozen=True)
class Figure:
    """One domain's figure as this audience may see it.

    `estimate` is None when suppressed. `shown` says why; `reference_only`: 10-29 answers, "tham khảo", no verdict.
    `verdict.evidence` is None on provisional weights, and where `unevenness` forbids judging. `n`: the answers used in
    this figure; `received`: all that came for the domain, `left_out` of the figure by reason; `answers`: those of the
    domain that a share can be made of, weighted or not; what is fewer than 5 is None. `lacking`: what is missing in
    `caseload`. `key`: what it is about (`analysis.figures.figure_key`). `of_used`: the plain counts of the answers used
    where others came, too, those of `unused`; `kept_out`: these, where the plain figures are told without them.
    """

    domain: str
    label: str
    estimate: DomainEstimate | None
    verdict: Verdict | None
    caseload: float | None
    shown: Showing
    provisional: bool = False
    n: int | None = 0
    answers: int | None = 0
    received: int | None = 0
    left_out: Mapping[str, int | None] = field(default_factory=dict)
    unevenness: Unevenness = field(default_factory=Unevenness)
    lacking: tuple[Lacking, ...] = ()
    key: str = ""
    of_used: PlainShare | None = None
    unused: frozenset[AgencyService] = frozenset()
    kept_out: frozenset[AgencyService] = frozenset()

    @property
    def partial(self) -> bool:
        """The caseload is that of a part of the answering agencies, their services or their months."""
        return bool(self.lacking)

    @property
    def forbids_judgement(self) -> bool:
        """Provisional weights, or months with too few answers: no evidence is drawn from them."""
        return self.provisional or self.unevenness.forbids_judgement

    @property
    def suppressed(self) -> bool:
        """Too few answers for this audience: no number is given."""
        return self.shown is Showing.SUPPRESSED

    @property
    def reference_only(self) -> bool:
        """Few answers: shown as "tham khảo", without verdict or rank."""
        return self.shown is Showing.REFERENCE

    @property
    def unweighted_only(self) -> bool:
        """Answers came, but none can be weighted: the unweighted share is all there is."""
        return self.estimate is not None and self.estimate.estimate is None and self.estimate.responses > 0

    @property
    def only_thin_groups(self) -> bool:
        """Unweighted for want of answers in each weighting group, not of a caseload."""
        return self.unweighted_only and "not_covered" in self.left_out and "no_caseload" not in self.left_out


@dataclass(frozen=True)
class Figures:
    """The answer to a question. `cells` (without sampling units), `estimation` and `post_strata` explain it.

    `post_strata`: what the post-strata of `cells` are. See also `cells_by_sampling_unit`. `by_agency`: what agencies'
    own rows are held against, see `cells_by_place`; for no reader.
    """

    question: FigureQuery
    threshold: Threshold | None
    figures: tuple[Figure, ...]
    notes: tuple[Note, ...]
    cells: Cells | None = None
    estimation: Estimation | None = None
    post_strata: tuple[PostStratumName, ...] = ()
    by_agency: tuple[Mapping[tuple[str, str], int], ...] = ()

    def __getitem__(self, domain: str) -> Figure:
        for figure in self.figures:
            if figure.domain == domain:
                return figure
        raise KeyError(domain)

    @property
    def together(self) -> dict[str, bool]:
        """Of each part with a settled verdict, whether it stands also when all parts are judged at once."""
        stands = stand_together([figure.verdict for figure in self.figures])
        return {figure.domain: side for figure, side in zip(self.figures, stands, strict=True) if side is not None}

    @property
    def ranks(self) -> dict[str, RankInterval | None]:
        """Rank intervals by domain, of the rows that are told in full: what is held back leaves no gap among them.

        Over months or years, and across kinds and channels, ranks would say nothing: empty.
        """
        if self.estimation is None or self.question.by not in RANKED:
            return {}
        full = {figure.domain for figure in self.figures if figure.shown is Showing.FULL}
        chosen = [i for i, estimate in enumerate(self.estimation.domains) if estimate.domain in full]
        estimates = [self.estimation.domains[i] for i in chosen]
        intervals = rank(estimates, self.estimation.covariance[chosen][:, chosen])
        return {estimate.domain: interval for estimate, interval in zip(estimates, intervals, strict=True)}

    @property
    def total(self) -> Figure:
        """The only figure of a question without breakdown."""
        (figure,) = self.figures
        return figure


Ask = Callable[[FigureQuery], Figures]  # how the figures of another question are had
