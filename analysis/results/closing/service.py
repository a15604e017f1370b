"""Closing a period freezes what counts; publishing shows it as a numbered revision that stays retrievable."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from copy import deepcopy
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from analysis.figures.register import fetch_province
from analysis.figures.states import state_behind
from analysis.periods.models import Closing
from analysis.periods.queries import (
    fetch_latest,
    fetch_published_ids,
    fetch_published_revisions,
    fetch_revisions,
    lock_closing,
)
from analysis.results.publication.count_table import rating_counts
from analysis.results.publication.differencing import carry_small_changes
from analysis.results.publication.dossiers import dossiers_json
from analysis.results.publication.joint_hiding import hide_jointly
from analysis.results.publication.publication_builder import PublicationBasis, build, question_of
from analysis.results.publication.questions import questions_json
from analysis.results.publication.ranking import FiguresChanged, ranking_of
from analysis.results.publication.told_counts import Figures, Publication
from survey.accounts.approvals.approvals import NotPossible as NotPossible
from survey.foundation.caching.weighted_lru import WeightedLru
from survey.foundation.changes import audit
from survey.foundation.clock import now
from survey.foundation.formatting import sentence_case
from survey.foundation.identifiers import content_hash
from survey.foundation.languages.language import written_in
from survey.foundation.periods import Period
from survey.foundation.storage.database import locked, writing
from survey.registry.models import Province
from survey.responses.kept_times import hour_begins
from survey.responses.late_queries import keep_before


def close_period(province_key: str, period: Period) -> Closing:
    """Freeze a period: only answers received up to now count. Closing again makes the next revision.

    Raises:
        NotPossible: the period is not over.
        UnknownProvince: there is no such province.
    """
    province_id = fetch_province(province_key).id
    refuse_unfinished(period)
    with writing() as session:
        return close(session, province_id, period, None)


def close(session: Session, province_id: int, period: Period, user_id: int | None) -> Closing:
    """Store and trace the next closing of a period that is over, inside the caller's transaction."""
    latest = fetch_latest(session, province_id, period.code)
    closing = Closing(
        province_id=province_id,
        period=period.code,
        revision=next_revision(latest),
        closed_at=now(),
        closed_by_id=user_id,
    )
    keep_before(session, province_id, period.months, closing.closed_at)
    session.add(closing)
    session.flush()
    _trace(session, "close_period", closing, user_id)
    return closing


def next_revision(latest: Closing | None) -> int:
    """The number the next closing of a period gets."""
    return 1 if latest is None else latest.revision + 1


def refuse_unfinished(period: Period) -> None:
    """Raises NotPossible while the period is not over."""
    if period.ends_at > now():
        raise NotPossible(_("%(period)s chưa kết thúc nên chưa chốt được.", period=sentence_case(period.label())))


def publish_period(province_key: str, period: Period) -> Closing:
    """Publish the latest closing of a period: its figures are computed, made safe, stored and shown from now on.

    Raises:
        NotPossible: the period is not closed, or its latest revision is published already.
        UnknownProvince: there is no such province.
    """
    province = fetch_province(province_key)
    closing = to_publish(province, period)
    closing_id, prepared = closing.id, draft(province, period, closing)
    with writing() as session:
        return publish(session, closing_id, prepared, None)


class Draft(NamedTuple):
    """What would be published, and the publications (ids) of the province it was held against."""

    figures: Figures
    beside: tuple[int, ...]


def publish(session: Session, closing_id: int, prepared: Draft, user_id: int | None) -> Closing:
    """Store and trace a publication inside the caller's transaction.

    Raises:
        NotPossible: somebody published it, or another period of the province, meanwhile.
    """
    closing = lock_closing(session, closing_id)
    if closing.published_at is not None:
        raise NotPossible(_already(Period.parse(closing.period), closing.revision))
    locked(session, Province, closing.province_id)  # of two publications at once the second sees the first
    if fetch_published_ids(session, closing.province_id) != prepared.beside:
        raise NotPossible(_("Một kỳ khác vừa được công bố trong lúc chuẩn bị; hãy xem lại rồi công bố."))
    closing.published_at = now()
    closing.published_by_id = user_id
    closing.figures = prepared.figures
    _trace(session, "publish_period", closing, user_id)
    return closing


def preview(province: Province, period: Period, closing: Closing) -> Figures:
    """What publishing this closing would show, but for its rows by question: they take too long for every look."""
    return draft(province, period, closing, by_question=False).figures


def draft(province: Province, period: Period, closing: Closing, *, by_question: bool = True) -> Draft:
    """What publishing this closing would show, held against all that was published before it.

    Its words are Vietnamese, whatever the desk of whoever publishes speaks.
    """
    with written_in("vi"):
        return _draft(province, period, closing, by_question=by_question)


def _draft(province: Province, period: Period, closing: Closing, *, by_question: bool) -> Draft:
    published = fetch_published_revisions(province.id)
    earlier = next((closed for closed in reversed(published) if closed.period == period.code), None)
    basis = _basis(province, closing)
    figures = carry_small_changes(build(basis), earlier.figures if earlier else None)
    figures["counts"] = rating_counts(closing, earlier)
    if dossiers := dossiers_json(basis):
        figures["dossiers"] = dossiers
    before = [Publication(_basis(province, closed), closed.figures) for closed in published if closed.figures]
    new = Publication(basis, figures)
    beside = tuple(sorted(closed.id for closed in published))
    hidden = _hidden_jointly(new, before, (closing.revision, beside))
    if by_question and (rows := questions_json(basis, hidden, earlier.figures if earlier else None)):
        hidden["questions"] = rows
    return Draft(hidden, beside)


_HIDDEN: WeightedLru[Figures] = WeightedLru(40, lambda _: 1)


def _hidden_jointly(new: Publication, before: Sequence[Publication], among: Hashable) -> Figures:
    """`hide_jointly`, not worked out again while nothing behind it has changed: the page asks at every look."""
    basis = new.basis
    until = hour_begins(basis.received_before)  # what comes within an hour was received at its end
    states = [
        state_behind(question_of(publication.basis, subject))
        for publication in (new, *before)
        for subject in new.figures["subjects"]
    ]
    told = content_hash(new.figures)
    key = None if None in states else (basis.province.id, basis.period.code, until, told, among, tuple(states))
    return deepcopy(_HIDDEN.get_in(key, lambda: hide_jointly(new, before)))


def _basis(province: Province, closing: Closing) -> PublicationBasis:
    return PublicationBasis(province, Period.parse(closing.period), closing.closed_at)


def to_publish(province: Province, period: Period) -> Closing:
    """The closing that waits to be published.

    Raises:
        NotPossible: the period is not closed, or its latest revision is published already.
    """
    revisions = fetch_revisions(province.id, period.code)
    if not revisions:
        raise NotPossible(
            _("%(period)s chưa được chốt; hãy chốt kỳ trước khi công bố.", period=sentence_case(period.label()))
        )
    if revisions[0].published_at is not None:
        raise NotPossible(_already(period, revisions[0].revision))
    return revisions[0]


def ranking_to_publish(province: Province, period: Period, revision: int) -> tuple[int, list[dict[str, Any]]]:
    """The closing whose ranking would be published, and its rows.

    Raises:
        NotPossible: it cannot be published; the message says why.
    """
    if period.kind != "year":
        raise NotPossible(_("Xếp hạng chỉ công bố cho cả năm."))
    latest = next(iter(fetch_revisions(province.id, period.code)), None)
    if latest is None or latest.published_at is None or latest.revision != revision:
        raise NotPossible(_("Kỳ này chưa công bố số liệu; hãy công bố số liệu trước khi công bố xếp hạng."))
    if latest.ranking is not None:
        raise NotPossible(_("Xếp hạng của bản này đã công bố."))
    try:
        rows = ranking_of(_basis(province, latest), latest.figures or {})
    except FiguresChanged as problem:
        raise NotPossible(
            _("Số liệu đã đổi từ khi công bố; hãy chốt và công bố lại kỳ trước khi công bố xếp hạng.")
        ) from problem
    return latest.id, rows


def publish_ranking(session: Session, closing_id: int, rows: list[dict[str, Any]], user_id: int | None) -> Closing:
    """Store and trace a ranking inside the caller's transaction.

    Raises:
        NotPossible: somebody published it meanwhile.
    """
    closing = lock_closing(session, closing_id)
    if closing.ranking is not None:
        raise NotPossible(_("Xếp hạng của bản này đã công bố."))
    closing.ranking = rows
    _trace(session, "publish_ranking", closing, user_id)
    return closing


def _already(period: Period, revision: int) -> str:
    return str(
        _(
            "%(period)s đã công bố bản %(revision)s; muốn công bố bản mới thì chốt lại kỳ trước.",
            period=sentence_case(period.label()),
            revision=revision,
        )
    )


def _trace(session: Session, action: str, closing: Closing, user_id: int | None) -> None:
    states = {
        "close_period": ("open", "closed"),
        "publish_period": ("closed", "published"),
        "publish_ranking": ("published", "ranked"),
    }
    about = {"period": closing.period, "revision": closing.revision}
    before, after = ({**about, "state": state} for state in states[action])
    audit.record(
        session,
        action,
        "closing",
        closing.id,
        province_id=closing.province_id,
        before=before,
        after=after,
        user_id=user_id,
    )
