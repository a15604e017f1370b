"""The one input of every estimate: counts of responses by stratum, post-stratum, primary sampling unit and domain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.statistics.cells.coding import caseload_ratio, coded, coded_psu, one_caseload_each
from analysis.statistics.cells.grouping import Bools, Floats, Ints, divide, total_by
from analysis.statistics.cells.ratio import Ratio
from analysis.statistics.problems import StatisticsError


@dataclass(frozen=True, eq=False)
class Cells:
    """K cells of equal weight in G post-strata, A design strata and D domains.

    Per cell, shape (K,): `stratum` 0..A-1; `post_stratum` 0..G-1; `psu` a code unique within its stratum, or -1 when no
    counter is known (each response is then its own PSU); `domain` 0..D-1, or -1 for a cell that is reported nowhere but
    still takes part in the weighting; `responses` n >= 0; `satisfied` 0 <= s <= n. A silent post-stratum is a row
    with n = 0.

    Per post-stratum, shape (G,): `caseload` N >= 0 (0 = unknown); `weighting_group` the post-stratum it is pooled into
    (codes 0..G-1, -1 = not covered; None = each stands alone), see `collapse`; `coverage_unit` what it is a part of
    where coverage is measured (codes 0..G-1, as the quarters of one service; None = each stands alone).

    Optional: `caseload_ratio`, whole numerators and denominators >= 1, (G,) each, where some N are ratios (`caseload`
    is then what they divide to, and shares stay exact); `ratio`, the sums for a method other than top2; `base_weight`
    > 0 per cell (None = 1); `stratum_population` (A,), needed for a finite population correction only where post-strata
    cross design strata; `margins`, for raking: name -> (category of each cell, labels).

    Raises StatisticsError on anything no number may be computed from.
    """

    stratum: Ints
    post_stratum: Ints
    psu: Ints
    domain: Ints
    responses: Ints
    satisfied: Ints
    caseload: Floats
    stratum_labels: tuple[str, ...]
    post_stratum_labels: tuple[str, ...]
    domain_labels: tuple[str, ...]
    weighting_group: Ints | None = None
    caseload_ratio: tuple[Ints, Ints] | None = None
    coverage_unit: Ints | None = None
    ratio: Ratio | None = None
    base_weight: Floats | None = None
    stratum_population: Floats | None = None
    margins: dict[str, tuple[Ints, tuple[str, ...]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("stratum", "post_stratum", "psu", "domain", "responses", "satisfied"):
            object.__setattr__(self, name, _whole_numbers(getattr(self, name), name))
        if self.caseload_ratio is not None:
            object.__setattr__(self, "caseload", divide(*self.caseload_ratio))
        object.__setattr__(self, "caseload", _amounts(self.caseload, "caseload"))
        for name in ("base_weight", "stratum_population"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, _amounts(getattr(self, name), name))
        if self.weighting_group is not None:
            object.__setattr__(self, "weighting_group", _whole_numbers(self.weighting_group, "weighting_group"))
        _check(self)

    def __len__(self) -> int:
        return len(self.responses)

    @classmethod
    def from_columns(
        cls,
        *,
        stratum: Sequence[str],
        post_stratum: Sequence[str],
        caseload: Sequence[float | Fraction | None],
        responses: ArrayLike,
        satisfied: ArrayLike,
        psu: Sequence[str | None] | None = None,
        domain: Sequence[str | None] | None = None,
        ratio: Ratio | None = None,
        base_weight: ArrayLike | None = None,
        margins: Mapping[str, Sequence[str]] | None = None,
    ) -> Cells:
        """Cells from columns of labels, one entry a cell; labels are coded in sorted order.

        `caseload` is the N of the cell's post-stratum, repeated on its rows (None or 0: unknown; a Fraction is kept as
        one). A PSU of None or "" is "no counter"; a domain of None belongs to no domain. `domain=None` puts every cell
        in one domain named "".
        Raises StatisticsError `caseload_differs` when the rows of one post-stratum disagree.
        """
        rows = len(stratum)
        columns = {"post_stratum": post_stratum, "caseload": caseload, "psu": psu, "domain": domain}
        for name, column in columns.items():
            if column is not None and len(column) != rows:
                raise StatisticsError("length", "Cột %(name)s không dài bằng cột stratum.", name=name)
        stratum_codes, strata = coded(stratum)
        post_codes, posts = coded(post_stratum)
        domain_codes, domains = coded(domain if domain is not None else [""] * rows)
        return cls(
            stratum=stratum_codes,
            post_stratum=post_codes,
            psu=coded_psu(stratum, psu),
            domain=domain_codes,
            responses=np.asarray(responses),
            satisfied=np.asarray(satisfied),
            caseload=one_caseload_each(post_codes, posts, caseload),
            stratum_labels=strata,
            post_stratum_labels=posts,
            domain_labels=domains,
            caseload_ratio=caseload_ratio(post_codes, posts, caseload),
            ratio=ratio,
            base_weight=None if base_weight is None else np.asarray(base_weight, dtype=np.float64),
            margins={name: coded(column) for name, column in (margins or {}).items()},
        )

    def pooled(self, weighting_group: ArrayLike) -> Cells:
        """The same cells weighted in pooled post-strata (codes (G,), -1 = not covered); see `collapse`."""
        return replace(self, weighting_group=np.asarray(weighting_group))

    @property
    def groups(self) -> Ints:
        """Weighting group of each post-stratum, (G,)."""
        return np.arange(len(self.caseload)) if self.weighting_group is None else self.weighting_group

    @cached_property
    def answered(self) -> Floats:
        """Responses of each post-stratum, (G,)."""
        return total_by(self.post_stratum, self.counts, len(self.caseload))

    @cached_property
    def counts(self) -> Floats:
        """`responses` as floating point, (K,), made once for all that multiplies with weights."""
        return self.responses.astype(np.float64)

    @property
    def over_response(self) -> Bools:
        """Post-strata with a caseload and more responses than dossiers, (G,)."""
        return (self.caseload > 0) & (self.answered > self.caseload)

    @cached_property
    def reported(self) -> Bools:
        """Cells that belong to a domain, (K,)."""
        return self.domain >= 0

    @cached_property
    def has_psu(self) -> bool:
        """Whether any answer comes from a known PSU."""
        return bool(np.any(self.responses[self.psu >= 0] > 0))


def _whole_numbers(values: Any, name: str) -> Ints:
    array = np.asarray(values)
    if array.ndim != 1:
        raise StatisticsError("shape", "Cột %(name)s phải là một dãy số.", name=name)
    if array.dtype.kind in "iu":
        return array.astype(np.int64, copy=False)
    if array.size and (array.dtype.kind != "f" or not bool(np.all(np.isfinite(array) & (array == np.floor(array))))):
        raise StatisticsError("not_whole", "Cột %(name)s phải gồm toàn số nguyên.", name=name)
    return array.astype(np.int64)


def _amounts(values: Any, name: str) -> Floats:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1 or not bool(np.all(np.isfinite(array) & (array >= 0))):
        raise StatisticsError("not_amount", "Cột %(name)s phải gồm toàn số hữu hạn, không âm.", name=name)
    return array


def _check(cells: Cells) -> None:
    rows = len(cells.responses)
    per_cell: list[NDArray[Any]] = [cells.stratum, cells.post_stratum, cells.psu, cells.domain, cells.satisfied]
    per_cell += [] if cells.base_weight is None else [cells.base_weight]
    per_cell += [] if cells.ratio is None else [cells.ratio.numerator]
    if any(len(column) != rows for column in per_cell):
        raise StatisticsError("length", "Các cột của bảng ô số liệu không dài bằng nhau.")
    if bool(np.any(cells.responses < 0)) or bool(np.any(cells.satisfied < 0)):
        raise StatisticsError("negative", "Số lượt đánh giá và số lượt hài lòng không được âm.")
    if bool(np.any(cells.satisfied > cells.responses)):
        raise StatisticsError("satisfied_exceeds", "Số lượt hài lòng không được lớn hơn số lượt đánh giá.")
    if cells.base_weight is not None and bool(np.any(cells.base_weight <= 0)):
        raise StatisticsError("base_weight", "Trọng số ban đầu phải dương.")
    _check_codes(cells)


def _check_codes(cells: Cells) -> None:
    sizes = {
        "stratum": (cells.stratum, 0, len(cells.stratum_labels)),
        "post_stratum": (cells.post_stratum, 0, len(cells.post_stratum_labels)),
        "domain": (cells.domain, -1, len(cells.domain_labels)),
        "weighting_group": (cells.groups, -1, len(cells.caseload)),
    }
    if len(cells.post_stratum_labels) != len(cells.caseload) or len(cells.groups) != len(cells.caseload):
        raise StatisticsError("length", "Mỗi nhóm gia quyền phải có đúng một số hồ sơ.")
    if cells.stratum_population is not None and len(cells.stratum_population) != len(cells.stratum_labels):
        raise StatisticsError("length", "Mỗi tầng phải có đúng một tổng số hồ sơ.")
    for name, (codes, labels) in cells.margins.items():
        if len(codes) != len(cells):
            raise StatisticsError("length", "Cột %(name)s không dài bằng cột stratum.", name=name)
        sizes[name] = (codes, 0, len(labels))
    if len(set(cells.domain_labels)) < len(cells.domain_labels):
        raise StatisticsError("domain_twice", "Mỗi phạm vi báo cáo phải có một tên riêng.")
    for name, (codes, low, high) in sizes.items():
        if codes.size and (codes.min() < low or codes.max() >= high):
            raise StatisticsError("code_out_of_range", "Mã trong cột %(name)s nằm ngoài phạm vi.", name=name)
    if cells.psu.size and cells.psu.min() < -1:
        raise StatisticsError("code_out_of_range", "Mã trong cột %(name)s nằm ngoài phạm vi.", name="psu")
