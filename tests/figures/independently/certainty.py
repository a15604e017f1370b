"""How sure a figure is: the working model's degrees of freedom and bias, the effective size, the beta bounds."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

from scipy.stats import beta, t

from tests.figures.independently.told import Unit, Weighed, Worked

RHO = 0.10


def add_worth(
    result: Worked, used: list[Weighed], own: list[Weighed], fraction: dict[str, float], *, clustered: bool
) -> None:
    """Degrees of freedom, bias, effective size and bounds."""
    n, p, v = len(own), float(result.share or 0), result.variance or 0.0
    w = float(sum(row.weight for row in own))
    share_of = {id(row): float(row.weight) / w for row in own}
    s2 = n / (n - 1) * p * (1 - p) if n > 1 else math.nan

    def together(agency: str) -> float:
        return math.fsum(share_of[id(row)] for row in own if row.unit[0] == agency) ** 2

    agencies = {row.unit[0] for row in own}
    present = {agency: {row.unit for row in own if row.unit[0] == agency} for agency in agencies}
    several = {agency for agency in agencies if len(present[agency]) > 1}
    alone = math.fsum(together(agency) for agency in agencies - several)
    everywhere = Counter(agency for agency, _ in {row.unit for row in used})
    lonely = {agency for agency in agencies if everywhere[agency] == 1}
    third = math.fsum((1 - fraction[row.unit[0]]) * share_of[id(row)] ** 2 for row in own if row.unit[0] not in lonely)
    third = 1 / (third + math.fsum((1 - fraction[agency]) * together(agency) for agency in lonely))
    if not clustered:
        if n > 1:
            result.n_eff = min(n, s2 / v if v > 0 else math.inf, third)
    else:
        _clustered(result, used, own, share_of, several, alone, third, s2)
    if result.n_eff is not None:
        size = result.n_eff
        low = 0.0 if p == 0 else float(beta.ppf(0.05, size * p, size * (1 - p) + 1))
        high = 1.0 if p == 1 else float(beta.ppf(0.95, size * p + 1, size * (1 - p)))
        result.interval_90 = (low, high)


def _clustered(
    result: Worked,
    used: list[Weighed],
    own: list[Weighed],
    share_of: dict[int, float],
    several: set[str],
    alone: float,
    third: float,
    s2: float,
) -> None:
    n, p, v = len(own), float(result.share or 0), result.variance or 0.0
    units: dict[Unit, list[Weighed]] = defaultdict(list)
    for row in own:
        units[row.unit].append(row)

    def model(some: Sequence[Weighed], others: Sequence[Weighed]) -> float:
        """Covariance of two sums of answers of one unit, the second's among the first's or the other way round."""
        both = {id(row) for row in some} & {id(row) for row in others}
        first, second = (math.fsum(share_of[id(row)] for row in rows) for rows in (some, others))
        return RHO * first * second + (1 - RHO) * math.fsum(share_of[place] ** 2 for place in both)

    g = {unit: model(rows, rows) for unit, rows in units.items()}
    a = math.fsum(g[unit] for unit in units if unit[0] in several)
    gamma = a + alone
    spread = 0.0
    for agency in several:
        of = [g[unit] for unit in units if unit[0] == agency]
        m = len(of)
        spread += (m / (m - 1)) ** 2 * ((1 - 2 / m) * math.fsum(value**2 for value in of) + math.fsum(of) ** 2 / m**2)
    result.df_effective = a**2 / spread if several else None
    result.kappa = _bias(used, units, g, several, a, model)
    if n == 1:
        return
    if v == 0:
        result.n_eff = min(n, 1 / gamma, third)
        return
    if result.df_effective is None or result.kappa is None:
        return
    tau = (t.ppf(0.975, n - 1) / t.ppf(0.975, result.df_effective)) ** 2
    r = result.kappa * v / s2
    drawn = (1 - 2 * p) ** 2 / ((1 - 2 * p) ** 2 + 2 * p * (1 - p) * result.df_effective)
    result.n_eff = min(n, tau / (r + drawn * max(0.0, gamma - r)), third)


def _bias(
    used: list[Weighed],
    units: dict[Unit, list[Weighed]],
    g: dict[Unit, float],
    several: set[str],
    a: float,
    model: Callable[[Sequence[Weighed], Sequence[Weighed]], float],
) -> float | None:
    """max(1, A / E); None where V can show nothing."""
    if not several:
        return None
    n_pool = Counter(row.pool for row in used)
    held = Counter((row.unit, row.pool) for rows in units.values() for row in rows)
    pools = sorted({row.pool for rows in units.values() for row in rows})
    h = {
        pool: math.fsum(
            model([row for row in rows if row.pool == pool], [row for row in rows if row.pool == pool])
            for rows in units.values()
        )
        for pool in pools
    }
    expected = 0.0
    for agency in several:
        m = len({row.unit for row in used if row.unit[0] == agency})
        inner = 0.0
        for unit, rows in units.items():
            if unit[0] != agency:
                continue
            inner += g[unit]
            for pool in pools:
                q = held[unit, pool] / n_pool[pool]
                theta = model([row for row in rows if row.pool == pool], rows)
                inner += -2 * q * theta + h[pool] * q**2
        expected += m / (m - 1) * inner
    return max(1.0, a / expected) if expected > 1e-12 * a else None
