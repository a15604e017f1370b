"""Reads one answer as a kiosk sent it: every field checked, so that one bad answer cannot harm its batch."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from kiosk.api.answer_schema import BadAnswer, sent_answer
from kiosk.device_clock import TOLERANCE, Dated, DeviceClock
from survey.devices.queries import Held
from survey.foundation.formatting import moment as format_moment
from survey.foundation.identifiers import content_hash, parse_id
from survey.responses.submission import Submission

# Small differences between two clocks must not decide whether an answer counts.
GRACE = dt.timedelta(minutes=10)


@dataclass(frozen=True)
class Context:
    """What every answer of a batch is judged by. `revoked_at`: from then on the device's answers are refused."""

    device_id: uuid.UUID
    held: tuple[Held, ...]
    clock: DeviceClock
    received_at: dt.datetime
    revoked_at: dt.datetime | None = None


def read_id(raw: object) -> uuid.UUID:
    """The answer's id.

    Raises:
        BadAnswer: not an object, or its `id` is no UUID.
    """
    if not isinstance(raw, dict):
        raise BadAnswer(_("Mỗi đánh giá phải là một đối tượng JSON."))
    try:
        return parse_id(raw.get("id"))
    except ValueError as error:
        raise BadAnswer(_("“id” phải là một UUID.")) from error


def read_answer(raw: object, context: Context) -> Submission:
    """One answer, ready for the door.

    Raises:
        BadAnswer: a field is missing or of the wrong type, or the device did not hold that counter at that time.
    """
    id_ = read_id(raw)
    assert isinstance(raw, dict), "it has an id"
    sent_hash = hash_of(raw)
    sent = sent_answer({**raw, "id": id_})
    counter, own_time = sent.counter, sent.answered_at
    dated = context.clock.correct(str(id_), own_time, context.received_at)
    if context.clock.is_told:
        dated = _while_held(dated, own_time, context.held, counter)
    _check_held(context.held, counter, dated.at)
    _check_before_revocation(context.revoked_at, dated.at)
    return Submission(
        id=id_,
        questionnaire=sent.questionnaire,
        version=sent.version,
        counter=counter,
        service=sent.service,
        respondent_kind=sent.respondent_kind,
        language=sent.language,
        answered_at=dated.at,
        device_answered_at=dated.device_at,
        date_uncertain=dated.is_uncertain,
        channel="kiosk",
        answers=sent.answers,
        comment=sent.comment,
        device_id=context.device_id,
        partial=raw.get("partial") is True,
        sent_hash=sent_hash,
    )


def hash_of(raw: Mapping[str, object]) -> str:
    """The hash of an answer: without its second, which a copy of the database could be tried out for, and without the
    mark of a code, which would tell whose answer a code belongs to.

    Raises:
        BadAnswer: half a surrogate pair stands in it, which JSON can carry and no database stores.
    """
    kept = dict(raw)
    kept.pop("answered_at", None)
    kept.pop("reply", None)
    try:
        return content_hash(kept)
    except (UnicodeEncodeError, RecursionError) as error:
        raise BadAnswer(_("Đánh giá chứa ký tự không hợp lệ.")) from error


def _while_held(dated: Dated, own_time: dt.datetime, held: Iterable[Held], counter: str) -> Dated:
    """The date moved to the nearest instant at which the device held the counter.

    A kiosk names only counters it was given, so a date outside is its clock's mistake, not a reason to lose an answer.
    """
    at = _when_held(held, counter, dated.at)
    return Dated(
        at,
        own_time if abs(at - own_time) > TOLERANCE else dated.device_at,
        dated.is_uncertain or abs(at - dated.at) > GRACE,
    )


def _when_held(held: Iterable[Held], counter: str, at: dt.datetime) -> dt.datetime:
    """The instant nearest to `at` at which the device held the counter."""
    spans = [
        (assignment.since, assignment.until or max(at, assignment.since))
        for assignment in held
        if assignment.counter == counter
    ]
    return min((max(since, min(at, until)) for since, until in spans), key=lambda near: abs(near - at), default=at)


def _check_held(held: Iterable[Held], counter: str, at: dt.datetime) -> None:
    for assignment in held:
        if (
            assignment.counter == counter
            and assignment.since - GRACE <= at
            and (assignment.until is None or at <= assignment.until + GRACE)
        ):
            return
    when = format_moment(at)
    raise BadAnswer(_("Máy không đứng ở quầy %(counter)s vào lúc %(when)s.", counter=counter, when=when))


def _check_before_revocation(revoked_at: dt.datetime | None, at: dt.datetime) -> None:
    if revoked_at is not None and at > revoked_at:
        raise BadAnswer(
            _("Máy đã bị thu hồi khóa lúc %(when)s: đánh giá sau đó không được nhận.", when=format_moment(revoked_at))
        )
