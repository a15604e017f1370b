"""Cells as an engine counted them, in the place of a database's counts: figures ask them as they ask at home."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from analysis.archive.manifest import ArchiveProblem
from analysis.figures.codebook import VALUES
from analysis.figures.rating_queries import RatingCells, RatingScope
from analysis.figures.store.counts import Counts, cells_of, inside
from analysis.statistics.cells.grouping import Ints
from survey.foundation.caching.weighted_lru import State


@dataclass(frozen=True, eq=False)
class CountedProvince:
    """A province's cells of one subject, (K,) each: agencies and the codes in `columns` as places from 1, 0 for ''.

    `columns` as `RECORD` names them; `month`: places in `months`. It is the `CountStore` of the province's figures.
    """

    subject: str
    months: Sequence[str]
    month: Ints
    agency: Ints
    columns: Mapping[str, NDArray[Any]]

    def counts(self, scope: RatingScope) -> Sequence[Counts]:
        """All agencies of a scope at once: one province is asked once, so nothing of it is worth keeping."""
        if scope.subject != self.subject:
            return ()
        place = {month: number for number, month in enumerate(scope.months)}
        places = np.array([place.get(month, -1) for month in self.months], dtype=np.int64)
        month = places[self.month] if len(places) else self.month
        keep = (month >= 0) & inside(scope, month, self.columns)
        if scope.agency_ids is not None:
            keep &= np.isin(self.agency, sorted(scope.agency_ids))
        if not keep.any():
            return ()
        if keep.all():
            return (_Counted(scope.months, month, self.agency, self.columns),)
        columns = {name: column[keep] for name, column in self.columns.items()}
        return (_Counted(scope.months, month[keep], self.agency[keep], columns),)


@dataclass(frozen=True, eq=False)
class _Counted:
    """What is in a scope of them."""

    months: tuple[str, ...]
    month: Ints
    agency: Ints
    columns: Mapping[str, NDArray[Any]]

    @property
    def state(self) -> State | None:
        """Nothing of it is kept."""
        return None

    def cells(self, dimension: str | None, *, means: bool = False) -> RatingCells:
        """As cells, see `Counts`."""
        return cells_of(self.months, self.agency, self.month, self.columns, dimension, means=means)


def counted(subject: str, cells: pa.Table, register: Mapping[str, pa.Table]) -> CountedProvince:
    """The cells of a subject as an engine gives them (columns as `COLUMNS`)."""
    months = cells["month"].dictionary_encode().unify_dictionaries().combine_chunks()
    named = {
        "service": _places(cells["service_id"], register["services"]),
        "counter": _places(cells["counter_id"], register["counters"]),
    }
    whole = {name: _whole(cells[column]) for name, column in _WHOLE.items()}
    counts = np.stack([_whole(cells[f"rated_{value}"]) for value in VALUES], axis=1)
    return CountedProvince(
        subject,
        months.dictionary.to_pylist(),
        np.asarray(months.indices.to_numpy(zero_copy_only=False), dtype=np.int64),
        _places(cells["agency_id"], register["agencies"]),
        named | whole | {"counts": counts},
    )


_WHOLE = {"kind": "respondent_kind", "day": "day", "channel": "channel"}


def _whole(numbers: pa.ChunkedArray) -> Ints:
    return np.asarray(pc.cast(numbers, pa.int64()).to_numpy(), dtype=np.int64)


def _places(codes: pa.ChunkedArray, known: pa.Table) -> Ints:
    """1 and up; 0 for ''.

    Raises:
        ArchiveProblem: a code that the register lacks, though both are written from one state.
    """
    index = pc.index_in(codes, value_set=known["code"])
    strange = codes.filter(pc.and_(pc.is_null(index), pc.not_equal(codes, "")))
    if len(strange):
        raise ArchiveProblem(f"mã {strange[0]} không có trong danh mục của kho lưu trữ: hãy lập lại kho lưu trữ.")
    return np.asarray(pc.fill_null(index, -1).to_numpy(), dtype=np.int64) + 1
