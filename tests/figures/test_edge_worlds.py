"""At the edges too every answer is weighted or left out with a reason, and kept sums change no bit of a figure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update

from analysis.figures.query import FigureQuery
from analysis.figures.service import answer
from analysis.figures.store.commands import keep_sums
from analysis.figures.store.models import RatingSums
from analysis.figures.weighting.disposition import Disposition
from analysis.figures.weighting.prepare import prepare
from analysis.statistics import Threshold, estimate, judge
from survey.foundation.caching.weighted_lru import forget_everything
from survey.foundation.periods import Period
from survey.foundation.storage.database import db, writing
from survey.registry.models import Agency, Caseload, Service
from tests.desk import world

PLACES = tuple(world.ANSWERS)
SUBJECTS = ("health_service", "education_service", "agency_service", "procedures_and_service")
BY = (None, "agency", "service", "channel", "respondent_kind")
KINDS = ("individual", "organisation", None)
Step = Callable[[], None]


def of(agency: str) -> Any:
    return Caseload.agency_id == db.session.query(Agency).filter_by(code=agency).one().id


def given_on(place: tuple[str, str], days: list[int], size: int, value: int, kind: str | None, named: bool) -> Step:
    """Answers on few days, down to a single one; unanimous, or with no tick of who answers, or no service."""

    def step() -> None:
        agency, service = place
        kinds = {"respondent_kind": kind} if world.SERVICES[service][1] == "administration" else {}
        for day in days:
            world.answer(agency, service, f"2026-08-{day:02d}", size, value, named=named, **kinds)

    return step


def without_caseload(agency: str, month: str) -> Step:
    def step() -> None:
        with writing() as session:
            session.execute(delete(Caseload).where(of(agency), Caseload.month == month))

    return step


def with_dossiers(agency: str, count: int) -> Step:
    """All months of an agency with so many dossiers: none, one, or very many."""

    def step() -> None:
        with writing() as session:
            session.execute(update(Caseload).where(of(agency)).values(count=count))

    return step


def split_by_kind(individuals: int, organisations: int) -> Step:
    """The commune's caseload split, though hardly anyone ticks who he is."""

    def step() -> None:
        with writing() as session:
            agency = session.query(Agency).filter_by(code="ubnd-ea-tam").one().id
            service = session.query(Service).filter_by(code="ho-tich").one().id
            session.execute(delete(Caseload).where(Caseload.agency_id == agency))
            for month in ("2026-08", *world.MONTHS):
                for kind, count in (("individual", individuals), ("organisation", organisations)):
                    row = {"agency_id": agency, "service_id": service, "unit": "dossier", "count": count}
                    session.add(Caseload(**row, respondent_kind=kind, month=month))

    return step


STEPS = st.one_of(
    st.builds(
        given_on,
        st.sampled_from(PLACES),
        st.lists(st.integers(1, 28), min_size=1, max_size=3, unique=True),
        st.integers(1, 40),
        st.sampled_from([1, 3, 5]),
        st.sampled_from(KINDS),
        st.booleans(),
    ),
    st.builds(without_caseload, st.sampled_from([place[0] for place in PLACES]), st.sampled_from(world.MONTHS)),
    st.builds(with_dossiers, st.sampled_from([place[0] for place in PLACES]), st.sampled_from([0, 1, 10**6])),
    st.builds(split_by_kind, st.integers(0, 300), st.integers(0, 5)),
)


def questions() -> list[FigureQuery]:
    return [
        FigureQuery(province="dak-lak", subject=subject, period=Period.parse(period), by=by)
        for subject in SUBJECTS
        for period in ("2026", "2026-08", "2026-10")
        for by in BY
    ]


def every_answer_is_accounted_for(asked: FigureQuery) -> None:
    prepared = prepare(asked)
    if not prepared.cells.domain_labels:
        return
    for domain in estimate(prepared.cells).domains:
        went = prepared.dispositions[domain.domain] if domain.responses else Disposition()
        weighted = 0 if domain.estimate is None else domain.n
        assert went.received == weighted + sum(went.left_out.values()), (asked, domain.domain, went)
        if domain.estimate is not None:
            assert 0 <= domain.estimate <= 1
        if domain.interval_90 is not None:
            assert 0 <= domain.interval_90.low <= domain.interval_90.high <= 1
            verdict = judge(domain, Threshold.parse(">80"))
            if verdict is not None and verdict.evidence == "met":
                assert domain.interval_90.low > 0.8
            if verdict is not None and verdict.evidence == "not_met":
                assert domain.interval_90.high <= 0.8


def told() -> list[Any]:
    db.session.rollback()
    forget_everything()
    kept = [asked for asked in questions() if asked.by in (None, "agency") and asked.period.kind == "month"]
    return [
        [(figure.domain, figure.shown, figure.n, figure.estimate) for figure in answer(asked).figures] for asked in kept
    ]


@given(st.lists(STEPS, min_size=1, max_size=4))
@settings(
    max_examples=4,
    derandomize=True,
    deadline=None,
    phases=[Phase.generate],  # what one example did to the world stays for the next: nothing can be tried again
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_every_answer_is_accounted_for_and_kept_sums_change_no_bit(small_world: Flask, steps: list[Step]) -> None:
    with small_world.app_context():
        for step in steps:
            step()
            note(step.__qualname__)
        db.session.rollback()
        for asked in questions():
            every_answer_is_accounted_for(asked)
        keep_sums(running=True)
        from_sums = told()
        with writing() as session:
            session.execute(delete(RatingSums))
        assert told() == from_sums
