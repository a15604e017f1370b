"""Every figure of random provinces, worked out a second time from single answers by a program that shares no code."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask

from analysis.figures.figure import Figure
from analysis.figures.query import FigureQuery
from analysis.figures.service import answer
from analysis.figures.weighting.proportion import cut_shares
from analysis.statistics import DomainEstimate, Threshold
from analysis.statistics.variance.effective import Interval
from survey.foundation.periods import Period
from tests.figures.independently.program import Program
from tests.figures.independently.told import Answer, Level, Worked
from tests.figures.random_provinces import (
    NOW,
    PROVINCES,
    SUBJECTS,
    YEARS,
    make_random_provinces,
    parents_of_agencies,
    stored,
)
from tests.support.cases import in_one_world
from tests.support.worlds import stored_world

ASKED: tuple[tuple[str, tuple[str | None, ...]], ...] = (
    ("{year}", (None, "agency", "service", "respondent_kind", "channel")),
    ("{year}-H2", (None, "service", "channel")),
    ("{year}-Q3", (None, "agency", "respondent_kind")),
    ("{year}-08", (None, "service")),
)
SPANS = {  # the first months of the latter are week-ends and weigh nothing
    2025: ("2025-03-10..2025-04-15", "2025-08-31..2025-11-15"),
    2026: ("2026-02-10..2026-04-15", "2026-05-30..2026-08-15"),
}
TARGET = Threshold.parse(">75")

database_url = stored_world("random_provinces", make_random_provinces, "provinces", at=NOW)


@pytest.fixture
def provinces(app: Flask) -> Flask:
    return app


def part_of(by: str | None, given: Answer) -> str | None:
    return {
        None: "",
        "agency": given.agency,
        "service": given.service,
        "respondent_kind": given.kind,
        "channel": given.channel,
    }[by]


def above(by: str | None, parents: Mapping[str, str]) -> list[Level]:
    """Where thin post-strata are pooled beyond their agency x service x kind: never across the domain reported."""
    match by:
        case "service":
            return [lambda post: (post.service, parents[post.agency]), lambda post: post.service]
        case "respondent_kind":
            return [lambda post: (post.agency, post.kind)]
        case _:
            return [lambda post: post.agency]


def worked_out(program: Program, by: str | None, parents: Mapping[str, str], *, fpc: bool) -> dict[str, Worked]:
    """By domain, as the independent program has it."""
    _, handled = program.assigned()
    used, left_out = program.weighed(above(by, parents))
    result = {}
    domains = {part_of(by, given) for given in program.answers} - {None}
    if by in (None, "agency"):
        domains |= {post.agency if by else "" for post in handled}
    for domain in domains:

        def here(given: Answer, domain: str | None = domain) -> bool:
            return part_of(by, given) == domain

        worked = program.domain(used, [here(row.answer) for row in used], fpc=fpc)
        worked.received = sum(map(here, program.answers))
        worked.left_out = {reason: count for reason, answers in left_out.items() if (count := sum(map(here, answers)))}
        if by is None and program.unsaid:
            worked.received += program.unsaid
            worked.left_out["kind_unknown"] = program.unsaid
        if by in (None, "agency"):
            worked.caseload = sum(amount for post, amount in handled.items() if not by or post.agency == domain)
            mine = [given for given in program.answers if here(given)]
            worked.uneven, worked.uneven_months = program.uneven(mine, program.pairs())
        result[domain or ""] = worked
    return result


def evidence(worked: Worked, *, provisional: bool, threshold: Fraction) -> str | None:
    """The evidence verdict, as the bounds say it where the sample suffices."""
    if provisional or worked.uneven > Fraction(1, 5):
        return None
    if worked.n_eff is None or worked.interval_90 is None or worked.n < 30 or worked.n_eff < 30:
        return "insufficient"
    if worked.clustered:
        few = worked.df_effective is None or worked.df_effective < 4 or worked.kappa is None or worked.kappa > 2
    else:
        few = not worked.df
    low, high = worked.interval_90
    return "insufficient" if few else "met" if low > threshold else "not_met" if high < threshold else "inconclusive"


def differences(told: DomainEstimate, figure: Figure, worked: Worked, *, whole: bool) -> list[str]:
    """What the two programs say differently of one domain; `whole`: the domain is made of whole post-strata."""
    said: dict[str, tuple[Any, Any]] = {
        "share": (told.exact_estimate, worked.share),
        "share as a float": (told.estimate, worked.share),
        "received": (figure.received, worked.received if figure.received is not None else None),
        "left out": (*(Counter(of) for of in _told_of(figure.left_out, worked.left_out)),),
    }
    if worked.share is not None:
        bounds = told.interval_90 or Interval(0.9, math.nan, math.nan)
        low, high = worked.interval_90 or (math.nan, math.nan)
        said |= {
            "n": (told.n, worked.n),
            "variance": (told.variance, worked.variance),
            "df": (told.df, worked.df),
            "df_effective": (told.df_effective, worked.df_effective),
            "kappa": (told.kappa, worked.kappa),
            "n_eff": (told.n_eff, worked.n_eff),
            "low": (bounds.low, low),
            "high": (bounds.high, high),
        }
    if whole:
        said |= {
            "caseload": (told.caseload, worked.caseload or None),
            "unevenness": (figure.unevenness.share, worked.uneven),
            "uneven months": (figure.unevenness.months, worked.uneven_months),
        }
        if figure.verdict is not None:
            threshold = figure.verdict.target.threshold
            judged = figure.verdict.evidence and figure.verdict.evidence.value
            said["verdict"] = (judged, evidence(worked, provisional=figure.provisional, threshold=threshold))
    return [f"{name}: {ours} here, {theirs} there" for name, (ours, theirs) in said.items() if not same(ours, theirs)]


def _told_of(left_out: Mapping[str, int | None], worked: Mapping[str, int]) -> tuple[dict[str, int], dict[str, int]]:
    """Both without what a reader is not told."""
    hidden = {reason for reason, count in left_out.items() if count is None}
    told = {reason: count for reason, count in left_out.items() if count is not None}
    return told, {reason: count for reason, count in worked.items() if reason not in hidden}


def same(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, float) and isinstance(theirs, float | Fraction):
        return ours == pytest.approx(float(theirs), rel=1e-9, abs=1e-12, nan_ok=True)
    return bool(ours == theirs)


def questions(year: int) -> Iterator[tuple[str, str | None, tuple[str, ...] | None]]:
    """Period, breakdown and respondent kinds."""
    yield from ((span, by, None) for span in SPANS[year] for by in (None, "service"))
    for pattern, shown_by in ASKED:
        yield from ((pattern, by, None) for by in shown_by)
        yield pattern, None, ("individual",)


@in_one_world(
    ("province", "sector", "year"),
    [(province, sector, year) for province in PROVINCES for sector in SUBJECTS for year in YEARS],
)
def test_two_programs_give_one_figure(provinces: Flask, province: str, sector: str, year: int) -> None:
    with provinces.app_context():
        answers, dossiers = stored(province, sector, year)
        parents = parents_of_agencies()
        for pattern, by, kinds in questions(year):
            period = Period.parse(pattern.format(year=year), days=".." in pattern)
            program = Program(answers, dossiers, (period.first_day, period.last_day), kinds, cut_shares(period))
            question = FigureQuery(
                province=province, subject=SUBJECTS[sector], period=period, by=by, respondent_kinds=kinds
            )
            ours = answer(question, TARGET)
            if ours.estimation is None:
                assert not program.answers
                continue
            theirs = worked_out(program, by, parents, fpc=period.kind == "year" and by is None)
            for told in ours.estimation.domains:
                figure = ours[told.domain or province]
                worked = theirs.get(told.domain, Worked())
                wrong = differences(told, figure, worked, whole=by in (None, "agency"))
                assert not wrong, (period.code, by, kinds, told.domain, wrong)
