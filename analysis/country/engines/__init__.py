"""Who counts an archive: DuckDB inside the program, Spark on a cluster. Both are asked the same and give the same."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence

from analysis.archive.reading import ArchivedProvince
from analysis.country.question import CountryQuery, ProvinceEstimates

Answers = tuple[ProvinceEstimates | None, ...]


class Engine(ABC):
    """Counts the ratings of archives and has each province estimated by `country.province_job`."""

    @abstractmethod
    def answers(self, questions: Sequence[CountryQuery], provinces: Iterable[ArchivedProvince]) -> Iterator[Answers]:
        """What each province answers, in their order; each answers all `questions`, None of one that never asked.

        The questions are of one subject and period, and so of the same cells, which are counted once.

        Raises:
            ArchiveProblem: an archive cannot be counted; names the province.
        """

    def estimates(
        self, question: CountryQuery, provinces: Iterable[ArchivedProvince]
    ) -> Iterator[ProvinceEstimates | None]:
        """The answers to one question."""
        return (answer for (answer,) in self.answers((question,), provinces))
