"""All that a figure depends on, in a form that can be compared: what a figure is remembered under."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from hashlib import blake2b
from itertools import chain

from flask import current_app

from analysis.figures.query import FigureQuery
from analysis.figures.register import (
    UnitRegister,
    fetch_counters,
    fetch_province,
    fetch_register,
    register_stamp,
    while_registered,
)
from analysis.figures.store.change_stamps import caseload_state, province_stamps, rating_state
from analysis.figures.store.told_digest import told_digest
from analysis.figures.weighting.boundaries import in_boundaries, read_standings
from analysis.figures.weighting.prepare import rating_scope
from analysis.periods.closings import fetch_closing_instant, fetch_closing_instants
from survey.foundation.caching.transaction_cache import is_writing, read_once
from survey.foundation.caching.weighted_lru import State, WeightedLru
from survey.foundation.clock import today
from survey.foundation.periods import Period
from survey.foundation.vocabulary import MEAN_OF_SUBJECT
from survey.registry.models import Province

_TOLD: WeightedLru[bytes] = WeightedLru(20_000, lambda _digest: 1)  # some 20 MB at most


def state_behind(question: FigureQuery) -> Hashable | None:
    """All that the answer to a question depends on; None inside a transaction that writes.

    Raises UnknownProvince.
    """
    if is_writing():
        return None
    province = fetch_province(question.province)
    return (rating_state(province.id, question.period.months), *_beside_ratings(question, province))


def state_told(question: FigureQuery, parts: Sequence[Period] = ()) -> Hashable | None:
    """`state_behind`, but answers that may not be told yet leave it as it is where the question rests on sums.

    `parts`: periods that the question is asked for as well, each by itself. What was worked out while nothing in the
    province has changed is not looked at again.

    Raises UnknownProvince.
    """
    if is_writing():
        return None
    standing = None if question.boundaries == "then" else _standing_state(fetch_province(question.province).id)
    anything = State((question, tuple(parts)), (_province_state(question.province), standing))
    periods = (question.period, *parts)
    return _TOLD.get(anything, lambda: _told([replace(question, period=period) for period in periods]))


def _told(questions: Sequence[FigureQuery]) -> bytes:
    digest = blake2b(digest_size=16)
    for question in chain.from_iterable(map(_rated, questions)):
        province = fetch_province(question.province)
        told = _told_digest(question, province.id) if question.rests_on_sums else None
        ratings = rating_state(province.id, question.period.months) if told is None else told
        digest.update(repr((ratings, _beside_ratings(question, province))).encode())
    return digest.digest()


def _rated(question: FigureQuery) -> list[FigureQuery]:
    """The questions whose ratings answer a question."""
    subjects = MEAN_OF_SUBJECT.get(question.subject, (question.subject,))
    return [replace(question, subject=subject) for subject in subjects]


def _told_digest(question: FigureQuery, province_id: int) -> bytes | None:
    asked, _register = in_boundaries(question, province_id, fetch_register(province_id))
    return told_digest(rating_scope(asked, province_id))


@read_once
def _province_state(key: str) -> bytes:
    """Changes with anything that figures of the province depend on, but for its agencies' successions."""
    province = fetch_province(key)
    now = (today(), current_app.config["RELEASE_STEP"], province.id, province.name, register_stamp())
    closings = sorted(fetch_closing_instants(province.id).items())
    return blake2b(repr((now, closings, province_stamps(province.id))).encode(), digest_size=16).digest()


def _beside_ratings(question: FigureQuery, province: Province) -> tuple[Hashable, ...]:
    """Day, closing, caseloads, register and boundaries."""
    period = question.period
    return (
        (today(), current_app.config["RELEASE_STEP"]),
        (period.code, fetch_closing_instant(province.id, period.code)),
        caseload_state(province.id, period.months),
        (province.id, province.name, _register_state(province.id)),
        None if question.boundaries == "then" else _standing_state(province.id),
        _counter_state(province.id) if question.by == "counter" or question.counters else None,
    )


_REGISTER_STATES: WeightedLru[int] = WeightedLru(1000, lambda _: 1)


@read_once
def _register_state(province_id: int) -> int:
    return _REGISTER_STATES.get_in(while_registered(province_id), lambda: _read_register_state(province_id))


def _read_register_state(province_id: int) -> int:
    register: UnitRegister = fetch_register(province_id)
    return hash((tuple(register.agencies.items()), tuple(register.services.items())))


@read_once
def _counter_state(province_id: int) -> int:
    return hash(tuple(fetch_counters(province_id).items()))


@read_once
def _standing_state(province_id: int) -> int:
    return hash(tuple(read_standings(province_id, today()).items()))
