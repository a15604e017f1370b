"""Figures worked out a second time, by another program: from single answers and caseload rows, one loop after another.

Nothing of `analysis` is used here. What is weighed, by what, pooled with what and how sure that makes a figure is
written down once more from docs/statistics.md: post-strata agency x service (x kind) (x quarter), exact ratios, one
weight an answer, linearised variances between an agency's days (weeks in long periods), the working model's degrees of
freedom and bias, the guarded effective sample size and its beta bounds.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from fractions import Fraction

from tests.figures.independently.certainty import add_worth
from tests.figures.independently.told import Unit, Weighed, Worked
from tests.figures.independently.weights import Weights

NOTHING = 1e-24  # what rounding leaves of a variance of 0


class Program(Weights):
    """All of it: the figure of any domain."""

    def domain(self, used: list[Weighed], inside: list[bool], *, fpc: bool) -> Worked:
        """The figure of the answers `inside`; the others share their weights and days."""
        own = [row for row, here in zip(used, inside, strict=True) if here]
        if not own:
            return Worked()
        total = sum(row.weight for row in own)
        share = sum(row.weight for row in own if row.answer.satisfied) / total
        result = Worked(n=len(own), share=share)
        p, w = float(share), float(total)
        linear = [
            float(row.weight) / w * (row.answer.satisfied - p) * here for row, here in zip(used, inside, strict=True)
        ]
        members: dict[int, list[int]] = defaultdict(list)
        for place, row in enumerate(used):
            members[row.pool].append(place)
        for places in members.values():
            mean = math.fsum(linear[place] for place in places) / len(places)
            for place in places:
                linear[place] -= mean
        sums: dict[str, dict[Unit, float]] = defaultdict(lambda: defaultdict(float))
        for row, value in zip(used, linear, strict=True):
            sums[row.unit[0]][row.unit] += value
        result.clustered = clustered = any(row.answer.at_counter for row in used)
        fraction = dict.fromkeys(sums, 0.0) if clustered or not fpc else self._fractions(used)
        result.variance = 0.0
        for agency, units in sums.items():
            m = len(units)
            if m > 1:
                mean = math.fsum(units.values()) / m
                squares = math.fsum((value - mean) ** 2 for value in units.values())
                result.variance += (1 - fraction[agency]) * m / (m - 1) * squares
        result.variance *= result.variance > NOTHING
        present = {row.unit for row in own}
        result.df = len(present) - len({agency for agency, _ in present})
        add_worth(result, used, own, fraction, clustered=clustered)
        return result

    def _fractions(self, used: list[Weighed]) -> dict[str, float]:
        _, handled = self.assigned()
        fractions = {}
        for agency in {row.post.agency for row in used}:
            known = sum(amount for post, amount in handled.items() if post.agency == agency)
            rows = [row for row in used if row.post.agency == agency]
            answered = Counter(row.post for row in rows)
            wrong = any(count > handled[post] for post, count in answered.items())
            fractions[agency] = 0.0 if wrong or len(rows) > known else float(Fraction(len(rows)) / known)
        return fractions
