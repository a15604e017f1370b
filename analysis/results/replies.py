"""What citizens said and what was replied and done, for everybody: only what a second person has let through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.measures.models import Measure
from analysis.measures.origin_queries import fetch_measures_because_of
from survey.feedback.models import FeedbackPublication
from survey.feedback.publication_queries import Sought, fetch_published

SIZE = 20  # replies a page
BESIDE = 3  # beside the results of an agency or a province


@dataclass(frozen=True)
class Reply:
    """A published reply with the measures taken because of it that have begun where they may be named."""

    publication: FeedbackPublication
    measures: Sequence[Measure]


def replies(sought: Sought, page: int = 1, size: int = SIZE) -> tuple[list[Reply], bool]:
    """One page of replies, and whether more follow. A measure names its place: it stands where the reply does, too."""
    published = fetch_published(sought, page, size)
    shown = published[:size]
    measures = fetch_measures_because_of([row.case_id for row in shown if row.agency_id is not None])
    return [Reply(row, measures.get(row.case_id, ())) for row in shown], len(published) > size
