"""How many further responses would probably settle an inconclusive verdict, at the same estimate and design."""

from __future__ import annotations

import numpy as np
import scipy

from analysis.statistics.cells.grouping import Bools, Floats, Ints
from analysis.statistics.variance.effective import ALPHA

_Z = 1.6448536269514722
_SECANT_STEPS = 2


def further_responses(p: Floats, n_eff: Floats, n: Ints, most: Ints, threshold: float) -> Ints:
    """n' - n, (D,), n' the smallest number above n at which n_eff n'/n settles it; 0 where that takes more than `most`.

    For verdicts that are not settled yet and p other than the threshold. The bound moves towards p as n' grows, and its
    normal deviate is nearly a straight line in sqrt(n'): a few secant steps usually land on n', which is checked
    against n' - 1; the rest is left to bisection.
    """
    per_response = n_eff / n
    beyond = np.maximum(most, n) + 1
    further = np.clip(_guess(p, per_response, threshold), n + 1, beyond).astype(np.int64)
    enough = _tail(p, per_response * further, threshold) < ALPHA
    fewer = (_tail(p, per_response * (further - 1), threshold) < ALPHA) & (further > n + 1)
    missed = np.flatnonzero(fewer | ~(enough | (further == beyond)))
    further[missed] = _bisect(p[missed], per_response[missed], n[missed], beyond[missed], threshold)
    return np.where(further <= most, further - n, 0)


def _guess(p: Floats, per_response: Floats, threshold: float) -> Floats:
    """Where the secant through two points near the normal approximation says the tail reaches 5 %, rounded up."""
    normal = _Z * np.sqrt(threshold * (1 - threshold) / per_response) / np.maximum(np.abs(p - threshold), 1e-9)
    last, root = normal, normal * 1.05 + 1.0
    before = _deviate(p, per_response * last**2, threshold)
    for _ in range(_SECANT_STEPS):
        now = _deviate(p, per_response * root**2, threshold)
        with np.errstate(divide="ignore", invalid="ignore"):
            step = now * (root - last) / (now - before)
        step = np.where(np.isfinite(step) & (np.abs(step) < root / 2), step, 0.0)
        last, before, root = root, now, root - step
    return np.ceil(root**2)


def _bisect(p: Floats, per_response: Floats, n: Ints, most: Ints, threshold: float) -> Ints:
    low, high = n.copy(), most.copy()
    while bool(np.any(high - low > 1)):
        middle = (low + high) // 2
        enough: Bools = _tail(p, per_response * middle, threshold) < ALPHA
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return high


def _deviate(p: Floats, n_eff: Floats, threshold: float) -> Floats:
    return np.asarray(scipy.special.ndtri(_tail(p, n_eff, threshold)) + _Z)


def _tail(p: Floats, n_eff: Floats, threshold: float) -> Floats:
    """p_above or p_below, on p's side of t; below 0.05 exactly when L > t or U < t, and cheaper than the bounds.

    Both sides at once by symmetry: p_below of (p, t) is p_above of (1-p, 1-t).
    """
    above = p > threshold
    q, t = np.where(above, p, 1 - p), np.where(above, threshold, 1 - threshold)
    return np.asarray(scipy.special.betainc(n_eff * q, n_eff * (1 - q) + 1, t))
