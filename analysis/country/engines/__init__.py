"""Who counts an archive: DuckDB inside the program, Spark on a cluster. Both are asked the same and give the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from analysis.archive.reading import ArchivedProvince
from analysis.country.question import CountryQuery, ProvinceEstimates


class Engine(Protocol):
    """Counts the ratings of archives and has each province estimated by `country.province_job`."""

    def estimates(
        self, question: CountryQuery, provinces: Iterable[ArchivedProvince]
    ) -> Iterator[ProvinceEstimates | None]:
        """The answers of the provinces, in their order; None of one that never asked."""
        ...
