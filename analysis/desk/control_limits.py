"""Laney p' control limits of the months' unweighted shares: has a month moved more than months usually do?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from analysis.figures.figure import Figure
from analysis.statistics import laney_p_prime
from analysis.statistics.detection.signals import FEWEST_MONTHS


@dataclass(frozen=True)
class Limits:
    """One month's unweighted share and its control limits, 0-1."""

    share: float
    lower: float
    upper: float

    @property
    def outside(self) -> bool:
        """Whether the month lies outside its limits."""
        return not self.lower <= self.share <= self.upper


def control_limits(months: Sequence[Figure]) -> tuple[Limits | None, ...]:
    """Limits of each month that has a figure; none at all under 8 such months, or where nothing varied.

    The chart asks about the answers as they came, so it takes counts and not the weighted shares, as the signals do.
    """
    counts = [(month.estimate.responses, month.estimate.satisfied) if month.estimate else (0, 0) for month in months]
    none: tuple[Limits | None, ...] = (None,) * len(months)
    if sum(n > 0 for n, _satisfied in counts) < FEWEST_MONTHS:
        return none
    chart = laney_p_prime([n for n, _satisfied in counts], [satisfied for _n, satisfied in counts])
    if chart is None or chart.sigma_z == 0:
        return none
    return tuple(
        Limits(float(share), float(lower), float(upper)) if n > 0 else None
        for (n, _satisfied), share, lower, upper in zip(counts, chart.share, chart.lower, chart.upper, strict=True)
    )


def control_sentence(months: Sequence[Figure], limits: Sequence[Limits | None]) -> str | None:
    """The months outside their limits by name; None where there are no limits."""
    if not any(limits):
        return None
    outside = [month.label for month, limit in zip(months, limits, strict=True) if limit is not None and limit.outside]
    if not outside:
        return str(_("Không tháng nào nằm ngoài giới hạn kiểm soát (Laney p′)."))
    return str(
        _(
            "Ngoài giới hạn kiểm soát (Laney p′), nên xem có gì khác thường: %(months)s.",
            months=", ".join(outside),
        )
    )
