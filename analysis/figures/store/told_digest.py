"""A digest of all that figures of a scope are made of: it stays while answers come that may not be told yet.

A stamp changes with every answer; what may be told changes once a day at most, in steps (the release gate).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from hashlib import blake2b

from flask import current_app

from analysis.figures.codebook import codebook
from analysis.figures.marked_queries import fetch_interviews, fetch_marked
from analysis.figures.rating_queries import RatingScope
from analysis.figures.store.aggregates import fetch_aggregates
from analysis.figures.store.change_stamps import subject_state
from analysis.figures.store.counts import STORE
from analysis.periods.released import EVERYTHING
from survey.foundation.caching.transaction_cache import is_writing
from survey.foundation.caching.weighted_lru import State, WeightedLru
from survey.foundation.vocabulary import PARTS_OF_SUBJECT

_DIGESTS: WeightedLru[bytes] = WeightedLru(20_000, lambda _digest: 1)


def told_digest(scope: RatingScope) -> bytes | None:
    """Sixteen bytes: the same while the counts of a scope, and the marked ones among them, are.

    Narrowed by months and agencies alone: a change beside what else a scope is narrowed to changes them, too. None
    where counts come from elsewhere than this application's database, and inside a transaction that writes.
    """
    if is_writing() or current_app.extensions.get(STORE) is not None:
        return None
    subjects = (scope.subject, *PARTS_OF_SUBJECT.get(scope.subject, ()))
    stamps = tuple(map(partial(subject_state, scope.province_id, scope.months), subjects))
    state = State(replace(scope, released=EVERYTHING), (stamps, scope.released))
    return _DIGESTS.get(state, lambda: _digest(scope, subjects))


def _digest(scope: RatingScope, subjects: Sequence[str]) -> bytes:
    digest = blake2b(codebook().version.encode(), digest_size=16)
    for part in (replace(scope, subject=subject) for subject in subjects):
        digest.update(repr((part.subject, fetch_marked(part), fetch_interviews(part))).encode())
        for agency_id, aggregates in fetch_aggregates(part).items():
            for month, records, _state in aggregates:
                if records:
                    digest.update(f"|{agency_id} {month} {len(records)}|".encode())
                    digest.update(records)
    return digest.digest()
