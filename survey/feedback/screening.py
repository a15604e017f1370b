"""What a clerk does with reports of a flood: let them among the others, or close them; each alone or all of an hour."""

from __future__ import annotations

from collections.abc import Collection

from survey.feedback.changing import CaseChange
from survey.feedback.models import CLOSED, FeedbackCase
from survey.foundation.clock import now
from survey.foundation.storage.database import locked, writing


def screen(case_ids: Collection[int], *, release: bool) -> int:
    """Release or close those of some cases that still wait apart, all or none; how many there were."""
    done = 0
    with writing() as session:
        for case_id in sorted(case_ids):
            change = CaseChange(session, locked(session, FeedbackCase, case_id))
            if change.case.waits_apart:
                _screen(change, release=release)
                done += 1
    return done


def _screen(change: CaseChange, *, release: bool) -> None:
    case, before = change.case, {"state": change.case.state, "set_apart": True}
    if release:
        case.set_apart = False
        change.step("released")
        change.record("release_feedback", before, {"state": case.state, "set_apart": False})
    else:
        case.state, case.closed_at = CLOSED, now()
        change.step("screened_out")
        change.record("close_feedback", before, {"state": CLOSED, "set_apart": True})
