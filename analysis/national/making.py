"""Editions are made here, from the archives: by a command every night, never while somebody waits for a page.

The archives' readers and the engine carry Arrow, so nothing that a server loads imports this module.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from analysis.archive.files import ArchiveFolder
from analysis.archive.manifest import ArchiveProblem, Manifest, made_here
from analysis.country.engines import Engine
from analysis.country.question import CountryQuery
from analysis.country.service import CountryFigure, CountryFigures, ReadArchives, figures_from, read_archives
from analysis.national.figures import BREAKDOWNS, FORMAT, IS_PUBLIC, SUBJECTS, Figures, targets_of
from analysis.national.service import keep
from analysis.results.publication.publication_builder import HIDDEN
from analysis.statistics import Interval
from analysis.statistics.verdicts.shifted import verdicts_at
from analysis.statistics.verdicts.verdict import Threshold, Verdict
from survey.foundation.clock import today
from survey.foundation.commands.progress import progress
from survey.foundation.identifiers import content_hash
from survey.foundation.periods import Period, shift_month
from survey.foundation.working_days import between

LENGTHS = (1, 3, 6, 12)  # months of the periods that are made by themselves: the last of each that is over


@dataclass(frozen=True)
class Country:
    """Which archives are asked and what for: `expected` provinces by key, `targets` by subject."""

    folder: ArchiveFolder
    expected: Sequence[str] = ()
    targets: Mapping[str, Threshold] | None = None

    @property
    def keys(self) -> list[str]:
        """The provinces of the country: those expected, and those archived."""
        return sorted({*self.folder.provinces(), *self.expected})


def make_editions(country: Country, engine: Engine, asked: Sequence[Period], known: Iterable[Period]) -> Iterator[str]:
    """Make the editions asked for, or the last of each length and those `known` already; gives the codes of new ones.

    What rests on the same archives as before is left as it is.

    Raises:
        ArchiveProblem: there is no archive.
    """
    manifests = dict(_manifests(country))
    if not manifests:
        raise ArchiveProblem(f"{country.folder.named}: chưa có tỉnh nào trong kho lưu trữ (flask analysis archive).")
    last = max((manifest.until for manifest in manifests.values() if manifest), default="")
    periods = asked or sorted({*known, *latest(last)})
    for period in progress(periods, "Lập số liệu cả nước", len(periods)):
        stamp = _stamp(country, manifests, period)
        if keep(period, stamp, partial(figures_of, country, engine, manifests, period)):
            yield period.code


def latest(last: str) -> Iterator[Period]:
    """The last month, quarter, half and year that end by a month (``YYYY-MM``)."""
    if not last:
        return
    for months in LENGTHS:
        ends = next(end for end in (shift_month(last, -back) for back in range(12)) if int(end[5:]) % months == 0)
        year, number = ends[:4], int(ends[5:]) // months
        yield Period.parse({1: ends, 3: f"{year}-Q{number}", 6: f"{year}-H{number}", 12: year}[months])


def figures_of(country: Country, engine: Engine, manifests: Mapping[str, Manifest | None], period: Period) -> Figures:
    """Everything that is kept of a period, held back as it would be published."""
    with read_archives(country.folder, period, country.expected) as archives:
        by_subject = {subject: _answers(country, archives, engine, subject, period) for subject in SUBJECTS}
    told = {subject: answers for subject, answers in by_subject.items() if _is_rated(answers["area"])}
    withheld = next((answers["area"].withheld for answers in by_subject.values()), ())
    return {
        "format": FORMAT,
        "program": made_here(),
        "provinces": {key: manifest.name for key, manifest in manifests.items() if manifest},
        "open": [key for key, manifest in manifests.items() if not manifest or period.code not in manifest.closings],
        "told_otherwise": sorted(frozenset().union(*(answers["area"].told_otherwise for answers in told.values()))),
        "withheld": [asdict_of(reason) for reason in withheld],
        "subjects": {subject: _subject(answers, country, period) for subject, answers in told.items()},
        "targets": [],
    }


def asdict_of(reason: Any) -> dict[str, Any]:
    """A province without a figure: which, of which month, and why."""
    return {"province": reason.province, "month": reason.month or None, "reason": reason.reason}


def _answers(
    country: Country, archives: ReadArchives, engine: Engine, subject: str, period: Period
) -> dict[str, CountryFigures]:
    """By breakdown."""
    threshold = (country.targets or {}).get(subject)
    questions = [CountryQuery(subject, period, by) for by in BREAKDOWNS]
    return dict(zip(BREAKDOWNS, figures_from(archives, questions, engine, threshold), strict=True))


def _is_rated(answer: CountryFigures) -> bool:
    return any(province.received != 0 for province in answer.provinces)  # none is told where it is hidden


def _subject(answers: Mapping[str, CountryFigures], country: Country, period: Period) -> dict[str, Any]:
    any_answer = answers["area"]
    threshold = (country.targets or {}).get(any_answer.question.subject)
    tables = {by: [_row(figure, period) for figure in answer.domains] for by, answer in answers.items()}
    return {
        "total": _row(any_answer.country, period) if any_answer.country else {**_nothing("", "Cả nước")},
        "by": {"province": [_row(figure, period) for figure in any_answer.provinces], **tables},
        "target": None if threshold is None else str(threshold),
        "notes": [
            {"province": province, "code": code, "message": message} for province, code, message in any_answer.notes
        ],
        "marked": {"queue_file": any_answer.marked[0], "beyond_capacity": any_answer.marked[1]},
    }


def _row(figure: CountryFigure, period: Period) -> dict[str, Any]:
    estimate = figure.estimate
    if estimate is None:
        return _nothing(figure.domain, figure.label) | {"suppressed": True}
    numbers = ("estimate", "n", "n_eff", "unweighted", "response_rate", "caseload", "coverage")
    return (
        _nothing(figure.domain, figure.label)
        | {name: getattr(estimate, name) for name in numbers}
        | {
            "received": figure.received,
            "interval_90": _interval(estimate.interval_90),
            "interval_95": _interval(estimate.interval),
            "verdict": _verdict(figure, figure.verdict, period),
            IS_PUBLIC: figure.is_public,
        }
    )


def _nothing(domain: str, label: str) -> dict[str, Any]:
    return {"domain": domain, "label": label, "suppressed": False, "verdict": None, **HIDDEN}


def _interval(interval: Interval | None) -> dict[str, float] | None:
    return None if interval is None else asdict(interval)


def _verdict(figure: CountryFigure, verdict: Verdict | None, period: Period) -> dict[str, Any] | None:
    """A verdict with what must stand beside it."""
    if verdict is None or figure.estimate is None:
        return None
    return {
        "point": str(verdict.point),
        "evidence": verdict.evidence and str(verdict.evidence),
        "overturn": verdict.overturn and asdict(verdict.overturn),
        "at": [
            {"points": shift.points, "point": str(shift.point), "evidence": shift.evidence and str(shift.evidence)}
            for shift in verdicts_at(figure.estimate, verdict)
        ],
        "working_days": between(period.first_day, min(period.last_day, today())),
    }


def _manifests(country: Country) -> Iterator[tuple[str, Manifest | None]]:
    for key in country.keys:
        try:
            yield key, country.folder.read_manifest(key)
        except ArchiveProblem:  # told as withheld
            yield key, None


def _stamp(country: Country, manifests: Mapping[str, Manifest | None], period: Period) -> str:
    """The same as long as the archives say the same of a period."""
    states = {key: manifest and _state(manifest, period) for key, manifest in manifests.items()}
    return content_hash({"format": FORMAT, "states": states, "targets": targets_of(country.targets)})


def _state(manifest: Manifest, period: Period) -> dict[str, Any]:
    files = {month: file.sha256 for month, file in manifest.months.items() if month in period.months}
    register = {name: file.sha256 for name, file in manifest.register_tables.items()}
    closed = manifest.closings.get(period.code)
    return {
        "made_by": manifest.made_by,
        "reaches": manifest.until >= period.last,
        "files": files,
        "register": register,
        "closed": closed and closed.isoformat(),
    }
