"""The four methods as one ratio: R = sum w z / sum w a."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.statistics.problems import StatisticsError


class Method(StrEnum):
    """What "satisfied" means; results of different methods are never averaged or ranked together."""

    TOP2 = "top2"
    ITEM_POOLED = "item_pooled"
    MEAN_RESCALED = "mean_rescaled"
    ALL_ITEMS = "all_items"


@dataclass(frozen=True, eq=False)
class Ratio:
    """Per cell, shape (K,), whole numbers over the n respondents of the cell.

    With z and a of one respondent: `numerator` = sum z, `denominator` = sum a, `numerator_squares` = sum z^2,
    `products` = sum z a, `denominator_squares` = sum a^2. `scale` divides z at the end: a mean of ratings over 5 then
    stays in whole numbers (scale 5). top2 and all_items need none of this: there z is 0 or 1 and a = 1.

    Raises StatisticsError `ratio` for sums that are no whole numbers, negative, of unequal lengths or above what the
    scale allows (sum z > scale x sum a).
    """

    numerator: NDArray[np.int64]
    denominator: NDArray[np.int64]
    numerator_squares: NDArray[np.int64]
    products: NDArray[np.int64]
    denominator_squares: NDArray[np.int64]
    scale: int = 1

    def __post_init__(self) -> None:
        names = ("numerator", "denominator", "numerator_squares", "products", "denominator_squares")
        for name in names:
            object.__setattr__(self, name, _counts(getattr(self, name)))
        if len({len(getattr(self, name)) for name in names}) != 1 or self.scale < 1:
            raise StatisticsError("ratio", "Các tổng của phương pháp tính phải cùng số ô và có thang đo dương.")
        if bool(np.any(self.numerator > self.denominator * self.scale)):
            raise StatisticsError("ratio", "Tổng điểm (hay số mục hài lòng) không được vượt mức cao nhất có thể có.")

    @classmethod
    def mean_rescaled(cls, responses: ArrayLike, ratings: ArrayLike, squares: ArrayLike, *, top: int = 5) -> Ratio:
        """Mean rating over `top`: `ratings` and `squares` are the sums of rating and rating^2 in each cell."""
        n, r = _counts(responses), _counts(ratings)
        return cls(
            numerator=r, denominator=n, numerator_squares=_counts(squares), products=r, denominator_squares=n, scale=top
        )

    @classmethod
    def item_pooled(
        cls, satisfied_items: ArrayLike, answered_items: ArrayLike, squares: tuple[ArrayLike, ArrayLike, ArrayLike]
    ) -> Ratio:
        """Items answered 4-5 over items answered (of all items or of one factor): sums over the cell's respondents.

        `squares` are the sums of satisfied^2, satisfied x answered and answered^2.
        """
        zz, za, aa = (_counts(square) for square in squares)
        return cls(_counts(satisfied_items), _counts(answered_items), zz, za, aa)

    def residual_squares(self, responses: NDArray[np.int64], ratio: NDArray[np.float64]) -> NDArray[np.float64]:
        """Within-cell sum of squares of z - R a about its cell mean, (K,), with each cell's own R.

        The three sums of squares are centred in whole numbers, so nothing cancels in floating point.
        """
        n = np.maximum(responses, 1)
        zz = (n * self.numerator_squares - self.numerator**2) / self.scale**2
        za = (n * self.products - self.numerator * self.denominator) / self.scale
        aa = n * self.denominator_squares - self.denominator**2
        return np.maximum((zz - 2 * ratio * za + ratio**2 * aa) / n, 0.0)


def _counts(values: Any) -> NDArray[np.int64]:
    array = np.asarray(values)
    if array.ndim != 1 or (array.size and (array.dtype.kind not in "iu" or array.min() < 0)):
        raise StatisticsError("ratio", "Các tổng của phương pháp tính phải là số nguyên không âm.")
    return array.astype(np.int64)
