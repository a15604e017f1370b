"""Where every answer that came for a domain went: into its figure, or left out, and why; and the months it misses.

Answers in = answers weighted + answers left out with a reason, for every domain.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from analysis.figures.breakdowns import OF_CELLS
from analysis.figures.rating_queries import RatingGroup
from analysis.figures.register import UnitRegister
from analysis.figures.weighting.blocks import Blocks
from analysis.figures.weighting.breakdown import domain_of_post_stratum
from analysis.figures.weighting.population import Amount, Population
from analysis.figures.weighting.post_strata import UNASSIGNED, PostStratum, why_unassigned
from analysis.figures.weighting.table import CellTable, RowKey
from analysis.statistics.cells.cells import Cells
from analysis.statistics.cells.grouping import Ints
from analysis.statistics.counts import exact_share

NOT_COVERED, KIND_UNKNOWN = "not_covered", "kind_unknown"  # beside those of `post_strata`
SEVERAL_REASONS = "several_reasons"  # of a mean of two sectors, where each reason holds too few in one of them
FEWEST_A_MONTH = 5
UNEVEN_TO_MENTION, UNEVEN_TO_JUDGE = 0.05, 0.20


@dataclass(frozen=True)
class Disposition:
    """One domain's answers: all that came, and how many were left out by reason (codes).

    `partial`: agencies (ids) of which something is missing in N: these months; (): a service altogether.
    `used`: how many are in the figure of each (agency, service), ids; 0: they name none; `unused`: how many are not,
    but for those `of_unknown_kind` where kinds are asked about.
    """

    received: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)
    partial: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    used: Mapping[tuple[int, int], int] = field(default_factory=dict)
    unused: Mapping[tuple[int, int], int] = field(default_factory=dict)
    of_unknown_kind: Mapping[tuple[int, int], int] = field(default_factory=dict)

    def with_unknown_kind(self, counts: Mapping[tuple[int, int], int]) -> Disposition:
        """The same with these answers more, which do not say the kind that is asked about."""
        n = sum(counts.values())
        if not n:
            return self
        left_out = {**self.left_out, KIND_UNKNOWN: n}
        return replace(self, received=self.received + n, left_out=left_out, of_unknown_kind=counts)


@dataclass(frozen=True)
class Unevenness:
    """`share` (0-1) of a domain's caseload lies in agency-months with fewer than 5 of its answers: in `months`."""

    share: float = 0.0
    months: tuple[str, ...] = ()

    @property
    def is_mentioned(self) -> bool:
        """5 % or more: a reader must know which months."""
        return self.share >= UNEVEN_TO_MENTION

    @property
    def forbids_judgement(self) -> bool:
        """Above 20 %: three months of twelve missing made 11-16 % false verdicts."""
        return self.share > UNEVEN_TO_JUDGE


def dispositions(
    blocks: Blocks,
    table: CellTable,
    cells: Cells,
    incomplete: Mapping[int, tuple[str, ...]],
    known: Container[tuple[int, int]],
) -> dict[str, Disposition]:
    """By domain, '' where there is only one.

    `cells`: the table's, pooled; `incomplete`: the months agencies lack; `known`: (agency, service) with a caseload.
    """
    covered = {
        post_stratum: group >= 0 for post_stratum, group in zip(table.post_strata, cells.groups.tolist(), strict=True)
    }
    received: Counter[str] = Counter()
    left_out: dict[str, Counter[str]] = defaultdict(Counter)
    partial: dict[str, dict[int, tuple[str, ...]]] = defaultdict(dict)
    used: dict[str, Counter[tuple[int, int]]] = defaultdict(Counter)
    unused: dict[str, Counter[tuple[int, int]]] = defaultdict(Counter)
    with_caseload = {post_stratum.agency_id for post_stratum in covered if post_stratum.service_id != UNASSIGNED}
    for group, key, count in _pairs(blocks, table.pairs):
        if key.domain is None:
            continue
        received[key.domain] += count
        reason = _why(group, key.post_stratum, covered)
        if reason:
            left_out[key.domain][reason] += count
        (unused if reason else used)[key.domain][group.agency_id, group.service_id or 0] += count
        unserved = bool(group.service_id) and (group.agency_id, group.service_id) not in known
        if unserved or group.agency_id not in with_caseload:
            partial[key.domain][group.agency_id] = ()
        elif group.agency_id in incomplete:
            partial[key.domain].setdefault(group.agency_id, incomplete[group.agency_id])
    return {
        name: Disposition(n, dict(left_out[name]), dict(partial[name]), dict(used[name]), dict(unused[name]))
        for name, n in received.items()
    }


def _pairs(blocks: Blocks, keys: Sequence[RowKey]) -> Iterator[tuple[RatingGroup, RowKey, int]]:
    place = 0
    for outline in blocks.outlines:
        counts = outline.by_month.sum(axis=1).tolist()
        for (group, _label), count in zip(outline.pairs, counts, strict=True):
            yield outline.groups[group], keys[place], count
            place += 1


def _why(group: RatingGroup, post_stratum: PostStratum, covered: Mapping[PostStratum, bool]) -> str:
    if post_stratum.service_id == UNASSIGNED:
        return why_unassigned(group)
    return "" if covered[post_stratum] else NOT_COVERED


def unevenness(
    blocks: Blocks,
    table: CellTable,
    populations: Mapping[tuple[int, int], Population],
    months: Sequence[str],
    by: str | None,
    register: UnitRegister,
    kinds: frozenset[str] | None = None,
) -> dict[str, Unevenness]:
    """By domain, in periods of more than one month; not for channels and the like, which have no caseload.

    `kinds`: the respondent kinds in question, None for all. Shares are exact: 20 % of the caseload is not above 20 %.
    """
    if len(months) == 1 or by in OF_CELLS:
        return {}
    answers = _answers_by_month(blocks, table.pairs)
    answering = {key for key, counts in answers.items() if counts.any()}
    everything: dict[str, Amount] = defaultdict(int)
    missing: dict[str, dict[str, Amount]] = defaultdict(lambda: defaultdict(int))
    place = {month: number for number, month in enumerate(months)}
    for (agency_id, service_id), population in populations.items():
        domain = domain_of_post_stratum(by, PostStratum(agency_id, service_id), register)
        if domain is None or (domain, agency_id) not in answering:
            continue
        counts = answers[domain, agency_id].tolist()
        for month, n in population.by_month(kinds).items():
            everything[domain] += n
            if counts[place[month]] < FEWEST_A_MONTH:
                missing[domain][month] += n
    return {
        domain: Unevenness(float(exact_share(sum(of.values()), everything[domain]) or 0), tuple(sorted(of)))
        for domain, of in missing.items()
    }


def _answers_by_month(blocks: Blocks, keys: Sequence[RowKey]) -> dict[tuple[str, int], Ints]:
    """The answers of each domain at each agency, month by month."""
    by_month: dict[tuple[str, int], Ints] = {}
    place = 0
    for outline in blocks.outlines:
        for (group, _label), counts in zip(outline.pairs, outline.by_month, strict=True):
            domain = keys[place].domain
            place += 1
            if domain is not None:
                at = (domain, outline.groups[group].agency_id)
                by_month[at] = by_month[at] + counts if at in by_month else counts
    return by_month
