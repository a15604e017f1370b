"""What a variance from a few unlike days is worth, under a working model that never looks at the answers.

The model: answers of one PSU correlate by rho = 0.10, those of different PSUs not at all. Under it the variance of a
figure is known, so the estimate V can be held against it: its degrees of freedom (Satterthwaite's approximation, after
Bell & McCaffrey, Survey Methodology 28, 2002) and its bias. For equal days of one agency df = m - 1 and no bias; for
one day of 300 answers among twenty of seven df is near 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from analysis.statistics.cells.grouping import Bools, Floats, Ints, divide, total_by
from analysis.statistics.cells.weights import Weighting
from analysis.statistics.variance.design import Design
from analysis.statistics.variance.sample import Sample

ALIKE = 0.10
_NOTHING = 1e-12


@dataclass(frozen=True, eq=False)
class WorkingModel:
    """Per domain, (D,), NaN without a known PSU: variances over p(1-p) under the working model.

    `total` (Gamma) is that of the estimate, design strata with one PSU as a single answer each; `seen` (A) its part
    from strata with several PSUs, and `expected` (E) what V is expected to show of A. `df` is the effective degrees of
    freedom of V, NaN where no stratum has two PSUs in the domain.
    """

    seen: Floats
    expected: Floats
    total: Floats
    df: Floats

    @property
    def bias(self) -> Floats:
        """kappa = max(1, A / E): how many times too small V is expected to be; see `bias_of`."""
        return bias_of(self.seen, self.expected)

    def only(self, clustered: Bools) -> WorkingModel:
        """The same for the domains `clustered` (D,) alone."""
        own = (np.where(clustered, values, np.nan) for values in (self.seen, self.expected, self.total, self.df))
        return WorkingModel(*own)


def bias_of(seen: Floats, expected: Floats) -> Floats:
    """max(1, A / E) element by element; infinite where V cannot show anything of A, 1 where A = 0."""
    shown = expected > _NOTHING * seen
    ratio = np.maximum(1.0, divide(seen, np.where(shown, expected, 0.0), otherwise=np.inf))
    return np.where(seen > 0, ratio, np.where(np.isnan(seen), np.nan, 1.0))


class _Units(NamedTuple):
    """The PSUs of the domains, all (U,): code of the (domain, stratum) pair, how many units the row stands for (the
    answers of a cell without PSU), and g = rho u^2 + (1-rho) sum (w/W)^2 n of each."""

    code: Ints
    size: Floats
    variance: Floats


def working_model(weighting: Weighting, design: Design, sample: Sample, weights: Floats) -> WorkingModel:
    """The model's variances of every domain; `weights` (D,) are their sums of weights W."""
    if not sample.has_psu:
        nothing = np.full(sample.domains, np.nan)
        return WorkingModel(nothing, nothing, nothing, nothing)
    each = divide(sample.weight, weights[sample.domain])
    code, pairs, first = sample.by_stratum
    domain, stratum = sample.domain[first], sample.stratum[first]
    units = _units(sample, each)
    present = total_by(units.code, units.size, pairs)
    several = present >= 2
    first_order = total_by(units.code, units.size * units.variance, pairs)
    second_order = total_by(units.code, units.size * units.variance**2, pairs)
    alone = np.where(several, 0.0, total_by(code, each * sample.responses, pairs) ** 2)

    def over(values: Floats) -> Floats:
        return total_by(domain, np.where(several, values, 0.0), sample.domains)

    seen = over(first_order)
    spread = over(_variance_of_v(present, first_order, second_order))
    expected = seen
    if not weighting.raked:
        expected = over(design.factor[stratum] * (first_order + _lost(weighting, sample, each)))
    total = seen + total_by(domain, alone, sample.domains)
    return WorkingModel(seen, expected, total, divide(seen**2, spread))


def _variance_of_v(present: Floats, first_order: Floats, second_order: Floats) -> Floats:
    """Half the model's variance of each stratum's part of V: (m/(m-1))^2 [(1 - 2/m) sum g^2 + (sum g)^2 / m^2]."""
    m = np.maximum(present, 2.0)
    return np.asarray((m / (m - 1)) ** 2 * ((1 - 2 / m) * second_order + (first_order / m) ** 2))


def _units(sample: Sample, each: Floats) -> _Units:
    code = sample.by_stratum.codes
    clustered, loose = sample.clustered, sample.loose
    key, days, first = sample.by_day
    share = each * sample.responses
    together = total_by(key, share[clustered], days)
    apart = total_by(key, (each * share)[clustered], days)
    return _Units(
        code=np.concatenate([code[clustered][first], code[loose]]),
        size=np.concatenate([np.ones(days), sample.responses[loose]]),
        variance=np.concatenate([ALIKE * together**2 + (1 - ALIKE) * apart, each[loose] ** 2]),
    )


def _lost(weighting: Weighting, sample: Sample, each: Floats) -> Floats:
    """What post-stratification takes off the expectation of V, per (domain, stratum) pair: sum H q^2 - 2 sum q theta.

    q_ch is the part of its weighting group h that PSU c holds, theta_ch the covariance of c's total with its part in h,
    H_h the variance of the domain's part in h.
    """
    (calibration,) = weighting.calibrations
    code, pairs, _ = sample.by_stratum
    group, groups, _ = sample.by_group
    base = sample.responses if weighting.base is None else weighting.base[sample.rows] * sample.responses
    held = base / calibration.counted[sample.group]
    share = each * sample.responses
    clustered, loose = sample.clustered, sample.loose
    part, parts, first = sample.by_day_and_group
    day, days, _ = sample.by_day
    together = total_by(day, share[clustered], days)[day[first]]
    own = total_by(part, share[clustered], parts)
    apart = (1 - ALIKE) * total_by(part, (each * share)[clustered], parts)
    q = total_by(part, held[clustered], parts)
    home, stratum_of = group[clustered][first], code[clustered][first]
    variance = total_by(home, ALIKE * own**2 + apart, groups)
    variance += total_by(group[loose], (each * share)[loose], groups)
    lost = total_by(stratum_of, q * (variance[home] * q - 2 * (ALIKE * own * together + apart)), pairs)
    n = sample.responses[loose]
    answer = held[loose] / n
    return lost + total_by(code[loose], n * answer * (variance[group[loose]] * answer - 2 * each[loose] ** 2), pairs)
