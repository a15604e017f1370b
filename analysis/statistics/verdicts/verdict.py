"""Two answers to "is the target met?": what the decree's words say, and what the evidence supports. Always both."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

import numpy as np

from analysis.statistics.cells.grouping import Floats
from analysis.statistics.domains import DomainEstimate
from analysis.statistics.problems import StatisticsError
from analysis.statistics.variance import effective
from analysis.statistics.verdicts.overturn import Overturn, overturn
from analysis.statistics.verdicts.responses_needed import further_responses
from analysis.statistics.verdicts.sufficiency import FEWEST, sufficient

_RAKED_TOLERANCE = 1e-12
_TOO_CLOSE_FOR_FLOATS = 1e-9
_MOST_RESPONSES = 10**9


class Evidence(StrEnum):
    """Whether the answers settle it, at 5 % per side."""

    MET = "met"
    NOT_MET = "not_met"
    INCONCLUSIVE = "inconclusive"
    INSUFFICIENT = "insufficient"


class Point(StrEnum):
    """What the decree's words say about the estimate itself."""

    MET = "met"
    NOT_MET = "not_met"


@dataclass(frozen=True)
class Threshold:
    """A threshold in law: comparator ">", ">=" or "=", `threshold` an exact share 0-1."""

    comparator: str
    threshold: Fraction

    @classmethod
    def parse(cls, text: str) -> Threshold:
        """From ">60", ">=70", "=100" (per cent; decimal point or comma allowed). Raises StatisticsError `target`."""
        match = re.fullmatch(r"\s*(>=|>|=|≥)\s*(\d{1,3}(?:[.,]\d+)?)\s*%?\s*", text)
        share = Fraction(match[2].replace(",", ".")) / 100 if match else Fraction(2)
        if not match or share > 1:
            raise StatisticsError(
                "target", "Mốc “%(text)s” không đọc được; hãy viết như >60, >=70 hoặc =100 (phần trăm).", text=text
            )
        return cls(match[1].replace("≥", ">="), share)

    def __str__(self) -> str:
        percent = self.threshold * 100
        return f"{self.comparator}{percent if percent.denominator == 1 else float(percent)}"

    def holds(self, estimate: DomainEstimate) -> bool:
        """Whether the unrounded estimate satisfies the words; exact rational arithmetic wherever it could matter."""
        if estimate.estimate is None:
            raise StatisticsError("no_estimate", "Chưa có ước lượng để so với mốc.")
        return self.accepts(_compare(estimate, self.threshold, float(self.threshold)))

    def accepts(self, sign: int) -> bool:
        """Whether the comparator admits an estimate above (1), on (0) or below (-1) the threshold."""
        return sign > 0 if self.comparator == ">" else sign == 0 or (sign > 0 and self.comparator == ">=")


@dataclass(slots=True)
class Verdict:
    """`lower`, `upper`: the one-sided 95 % bounds (together the two-sided 90 % interval). `p_above`, `p_below`: how
    surprising an estimate at least this high (low) would be if the truth were the threshold. `evidence` is None only
    for provisional weights. `responses_needed`: how many FURTHER responses would probably settle an inconclusive one
    at the same estimate, spread over days as they are; `drawn_sample`: how many dossiers drawn at random, all answered,
    would settle it by themselves; each None where no number up to the caseload would. `overturn`: how wrong the
    volunteers would have to be, of the evidence where it settles, otherwise of the point verdict."""

    target: Threshold
    point: Point
    evidence: Evidence | None
    lower: float | None
    upper: float | None
    p_above: float | None
    p_below: float | None
    responses_needed: int | None
    overturn: Overturn | None = None
    drawn_sample: int | None = None


def judge(estimate: DomainEstimate, target: Threshold, *, provisional: bool = False) -> Verdict | None:
    """The verdict on one domain; None without a weighted estimate (no caseload: no verdict) or converged weights."""
    return judge_all([estimate], target, provisional=provisional)[0]


def judge_all(
    estimates: Sequence[DomainEstimate], target: Threshold, *, provisional: bool = False
) -> tuple[Verdict | None, ...]:
    """The same for many domains at once.

    Not `sufficient`: insufficient; L > t: met; U < t: not met; otherwise inconclusive, and nothing else: whoever reads
    the interval reads the verdict. `provisional` weights ("trọng số tạm tính") get a point verdict only.
    """
    threshold = float(target.threshold)
    p, n_eff = (_array([getattr(estimate, name) for estimate in estimates]) for name in ("estimate", "n_eff"))
    lower = [estimate.interval_90.low if estimate.interval_90 else None for estimate in estimates]
    upper = [estimate.interval_90.high if estimate.interval_90 else None for estimate in estimates]
    points = {sign: Point.MET if target.accepts(sign) else Point.NOT_MET for sign in (-1, 0, 1)}
    signs = _signs(estimates, p, target.threshold)
    settled = _evidence(estimates, lower, upper, threshold)
    evidence: list[Evidence | None] = [None] * len(estimates) if provisional else [*settled]
    unsettled = _unsettled(evidence, signs)
    bounds = {Evidence.MET: lower, Evidence.NOT_MET: upper}
    columns = (
        [target] * len(estimates),
        [points[sign] for sign in signs],
        evidence,
        lower,
        upper,
        _optional(effective.p_above(p, n_eff, threshold)),
        _optional(effective.p_below(p, n_eff, threshold)),
        _further(estimates, unsettled, threshold, drawn=False),
        [
            overturn(estimate, target.threshold, bounds[verdict_now][at] if verdict_now in bounds else None)
            for at, (estimate, verdict_now) in enumerate(zip(estimates, evidence, strict=True))
        ],
        _further(estimates, unsettled, threshold, drawn=True),
    )
    verdicts = map(Verdict, *columns)
    return tuple(
        None if estimate.estimate is None or not estimate.converged else verdict
        for estimate, verdict in zip(estimates, verdicts, strict=True)
    )


def _signs(estimates: Sequence[DomainEstimate], p: Floats, threshold: Fraction) -> list[int]:
    """`_compare` of each, at once where floats tell."""
    difference = p - float(threshold)
    signs = np.sign(np.nan_to_num(difference)).astype(np.int64)
    for position in np.flatnonzero(~(np.abs(difference) > _TOO_CLOSE_FOR_FLOATS)).tolist():
        signs[position] = _compare(estimates[position], threshold, float(threshold))
    return list(signs.tolist())


def _compare(estimate: DomainEstimate, threshold: Fraction, rounded: float) -> int:
    """Sign of estimate - threshold."""
    difference = (estimate.estimate or 0.0) - rounded
    if abs(difference) > _TOO_CLOSE_FOR_FLOATS:
        return 1 if difference > 0 else -1
    exact = estimate.exact_estimate
    if exact is not None:
        return (exact > threshold) - (exact < threshold)
    return 0 if abs(difference) <= _RAKED_TOLERANCE else (1 if difference > 0 else -1)


def _evidence(
    estimates: Sequence[DomainEstimate], lower: list[float | None], upper: list[float | None], threshold: float
) -> list[Evidence]:
    evidence = []
    for estimate, low, high in zip(estimates, lower, upper, strict=True):
        if low is None or high is None or not sufficient(estimate):
            evidence.append(Evidence.INSUFFICIENT)
        elif low > threshold:
            evidence.append(Evidence.MET)
        else:
            evidence.append(Evidence.NOT_MET if high < threshold else Evidence.INCONCLUSIVE)
    return evidence


def _unsettled(evidence: Sequence[Evidence | None], signs: Sequence[int]) -> list[int]:
    """Positions of inconclusive verdicts that more answers could settle: not those with p = t."""
    both = enumerate(zip(evidence, signs, strict=True))
    return [i for i, (settled, sign) in both if settled is Evidence.INCONCLUSIVE and sign]


def _further(
    estimates: Sequence[DomainEstimate], positions: Sequence[int], threshold: float, *, drawn: bool
) -> list[int | None]:
    """Of the domains at `positions`, n' - n of answers like those so far, or the size of a sample `drawn` at random.

    None where it takes more than N: the domain's caseload, or its estimate, the sum of weights, where it crosses
    post-strata.
    """
    needed: list[int | None] = [None] * len(estimates)
    chosen = [estimates[i] for i in positions]
    sizes = [
        min(estimate.caseload or estimate.sum_of_weights or _MOST_RESPONSES, _MOST_RESPONSES) for estimate in chosen
    ]
    n = np.array([FEWEST - 1 if drawn else estimate.n for estimate in chosen], dtype=np.int64)
    further = further_responses(
        p=_array([estimate.estimate for estimate in chosen]),
        n_eff=n.astype(np.float64) if drawn else _array([estimate.n_eff for estimate in chosen]),
        n=n,
        most=np.array(sizes, dtype=np.float64).astype(np.int64),
        threshold=threshold,
    )
    for position, count, already in zip(positions, further.tolist(), n.tolist(), strict=True):
        needed[position] = (count + already * drawn) if count else None
    return needed


def _array(values: Sequence[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _optional(values: Floats) -> list[float | None]:
    return [None if value != value else value for value in values.tolist()]
