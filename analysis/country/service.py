"""The country's figures: read the archives, have an engine count, put the provinces' estimates together, hold back."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from analysis.archive.files import ArchiveFolder
from analysis.archive.manifest import ArchiveProblem
from analysis.archive.reading import ArchivedProvince, Withheld, read_province
from analysis.country.disclosure import (
    areas_beside_agencies,
    counts_of,
    gives_away,
    hidden_domains,
    hidden_provinces,
    is_thin,
    moved_provinces,
    moved_too_little,
)
from analysis.country.engines import Engine
from analysis.country.question import CountryQuery, ProvinceEstimates
from analysis.statistics.combine import combine
from analysis.statistics.domains import DomainEstimate
from analysis.statistics.verdicts.verdict import Threshold, Verdict, judge
from survey.foundation.commands.progress import progress
from survey.foundation.periods import Period


@dataclass(frozen=True)
class CountryFigure:
    """One row. `estimate` is None where it is hidden or nobody answered; `received`: all answers that came for it.

    `is_public`: whether it may be published: beside what provinces publish it gives no small group of answers away.
    """

    domain: str
    label: str
    estimate: DomainEstimate | None
    received: int | None
    verdict: Verdict | None = None
    is_public: bool = True


@dataclass(frozen=True)
class CountryFigures:
    """The answer: the country (None while a province is withheld), its domains and its provinces.

    Where the country minus what provinces publish would give one of them away, the country and its domains are hidden.

    `notes`: province, code and sentence of whatever must be told; `marked`: ratings from queue files, and beyond what
    their counters can serve; `told_otherwise`: provinces, by key, whose row here is not what they publish themselves.
    """

    question: CountryQuery
    country: CountryFigure | None
    domains: tuple[CountryFigure, ...]
    provinces: tuple[CountryFigure, ...]
    withheld: tuple[Withheld, ...]
    notes: tuple[tuple[str, str, str], ...]
    marked: tuple[int, int]
    told_otherwise: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ReadArchives:
    """The archives of a country's provinces as one period needs them, each checked once, and who has none."""

    provinces: tuple[ArchivedProvince, ...]
    withheld: tuple[Withheld, ...]


def country_figures(
    folder: ArchiveFolder,
    question: CountryQuery,
    engine: Engine,
    *,
    expected: Sequence[str] = (),
    threshold: Threshold | None = None,
) -> CountryFigures:
    """The figures of a country.

    Args:
        folder: where the archives lie.
        question: what is asked.
        engine: who counts.
        expected: the provinces of the country by key; none named: those of the archive.
        threshold: to be judged against.

    Raises:
        ArchiveProblem: there is no archive.
    """
    with read_archives(folder, question.period, expected) as archives:
        (figures,) = figures_from(archives, (question,), engine, threshold)
    return figures


@contextmanager
def read_archives(folder: ArchiveFolder, period: Period, expected: Sequence[str] = ()) -> Iterator[ReadArchives]:
    """Read the archives for a period; what lies on S3 is on this machine as long as the block lasts.

    Raises:
        ArchiveProblem: there is no archive.
    """
    keys = sorted({*folder.provinces(), *expected}) if expected else folder.provinces()
    if not keys:
        raise ArchiveProblem(f"{folder.named}: chưa có tỉnh nào trong kho lưu trữ (flask analysis archive).")
    with tempfile.TemporaryDirectory() as scratch:
        readable, withheld = [], []
        for key in progress(keys, "Đọc kho lưu trữ", len(keys)):
            try:
                into = Path(scratch) / Path(folder.path(key, "")).name
                into.mkdir()
                readable.append(read_province(folder, key, period.months, into))
            except Withheld as reason:
                withheld.append(reason)
            except ArchiveProblem as problem:
                withheld.append(Withheld(key, "", str(problem)))
        yield ReadArchives(tuple(readable), tuple(withheld))


def figures_from(
    archives: ReadArchives, questions: Sequence[CountryQuery], engine: Engine, threshold: Threshold | None = None
) -> list[CountryFigures]:
    """The figures of some questions of one subject and of the archives' period: their cells are counted once."""
    answers = list(progress(engine.answers(questions, archives.provinces), "Đếm các tỉnh", len(archives.provinces)))
    by_question = [[row[at] for row in answers] for at in range(len(questions))]
    return [
        _figures(question, [answer for answer in answered if answer is not None], archives.withheld, threshold)
        for question, answered in zip(questions, by_question, strict=True)
    ]


def _figures(
    question: CountryQuery,
    answered: Sequence[ProvinceEstimates],
    withheld: tuple[Withheld, ...],
    threshold: Threshold | None,
) -> CountryFigures:
    hidden, moved = hidden_provinces(answered), moved_provinces(answered)
    provinces = tuple(
        replace(
            _province(estimates, estimates.province in hidden, threshold), is_public=estimates.province not in moved
        )
        for estimates in answered
    )
    whole, domains = None, provinces if question.by == "province" else ()
    if answered and not withheld:
        whole = _whole(answered, threshold)
        if question.inside_provinces is not None:
            domains = tuple(_domains(question, answered, threshold))
        elif question.by is None:
            domains = (whole,)
    return CountryFigures(
        question,
        whole,
        domains,
        provinces,
        withheld,
        tuple((estimates.province, *note) for estimates in answered for note in estimates.notes),
        (sum(estimates.marked[0] for estimates in answered), sum(estimates.marked[1] for estimates in answered)),
        frozenset(estimates.province for estimates in answered if estimates.is_told_otherwise) - hidden - moved,
    )


def _province(estimates: ProvinceEstimates, is_hidden: bool, threshold: Threshold | None) -> CountryFigure:
    if is_hidden:
        return CountryFigure(estimates.province, estimates.name, None, None)
    verdict = judge(estimates.whole, threshold, provisional=estimates.provisional) if threshold else None
    return CountryFigure(estimates.province, estimates.name, estimates.whole, estimates.received[""], verdict)


def _whole(answered: Sequence[ProvinceEstimates], threshold: Threshold | None) -> CountryFigure:
    if gives_away(answered):
        return CountryFigure("", "Cả nước", None, None)
    estimate = combine([estimates.whole for estimates in answered], "")
    received = sum(estimates.received[""] for estimates in answered)
    shown = _shown("", "Cả nước", estimate, received, answered, threshold)
    return replace(shown, is_public=not moved_too_little(answered))


def _domains(
    question: CountryQuery, answered: Sequence[ProvinceEstimates], threshold: Threshold | None
) -> Iterator[CountryFigure]:
    codes = sorted({code for estimates in answered for code in estimates.domains})
    combined = {
        code: combine([estimates.domains[code] for estimates in answered if code in estimates.domains], code)
        for code in codes
    }
    received = {code: sum(estimates.received.get(code, 0) for estimates in answered) for code in ("", *codes)}
    whole = counts_of(combine([estimates.whole for estimates in answered], ""), received[""])
    rows = {code: counts_of(estimate, received[code]) for code, estimate in combined.items()}
    hidden = frozenset(codes) if gives_away(answered) else hidden_domains(whole, rows, answered)
    labels = {code: label for estimates in answered for code, label in estimates.labels.items()}
    untold = frozenset().union(*(estimates.untold for estimates in answered))
    if question.by != "service":  # these are told as provinces tell them, whatever came since
        untold |= rows.keys() if moved_too_little(answered) else areas_beside_agencies(whole, rows, answered)
    for code, estimate in combined.items():
        if code in hidden:
            yield CountryFigure(code, labels[code], None, None)
        else:
            figure = _shown(code, labels[code], estimate, received[code], answered, threshold)
            yield replace(figure, is_public=code not in untold)


def _shown(
    code: str,
    label: str,
    estimate: DomainEstimate,
    received: int,
    answered: Sequence[ProvinceEstimates],
    threshold: Threshold | None,
) -> CountryFigure:
    if is_thin(estimate):
        return CountryFigure(code, label, None, None)
    provisional = any(estimates.provisional for estimates in answered)
    verdict = judge(estimate, threshold, provisional=provisional) if threshold else None
    return CountryFigure(code, label, estimate, received, verdict)
