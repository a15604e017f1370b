"""Reads one answer as a kiosk sent it: every field checked, so that one bad answer cannot harm its batch."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from kiosk.device_clock import TOLERANCE, Dated, DeviceClock
from survey.devices.queries import Held
from survey.foundation.clock import parse_instant
from survey.foundation.formatting import moment as format_moment
from survey.foundation.identifiers import content_hash, parse_id
from survey.responses.submission import Submission

# Small differences between two clocks must not decide whether an answer counts.
GRACE = dt.timedelta(minutes=10)
_LANGUAGE = re.compile(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,6})?$")
_CODE_LIMIT = 40
_VERSION_LIMIT = 2**31


class BadAnswer(ValueError):
    """What is wrong with an answer, in Vietnamese for the desk."""


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


def read_answer(raw: Mapping[str, object], context: Context) -> Submission:
    """One answer, ready for the door.

    Raises:
        BadAnswer: a field is missing or of the wrong type, or the device did not hold that counter at that time.
    """
    id_ = read_id(raw)
    _check_text(raw)
    counter = _text(raw, "counter")
    own_time = _instant(raw)
    dated = context.clock.correct(str(id_), own_time, context.received_at)
    if context.clock.is_told:
        dated = _while_held(dated, own_time, context.held, counter)
    _check_held(context.held, counter, dated.at)
    _check_before_revocation(context.revoked_at, dated.at)
    return Submission(
        id=id_,
        questionnaire=_text(raw, "questionnaire"),
        version=_version(raw),
        counter=counter,
        service=_optional_text(raw, "service"),
        respondent_kind=_optional_text(raw, "respondent_kind"),
        language=_language(raw),
        answered_at=dated.at,
        device_answered_at=dated.device_at,
        date_uncertain=dated.is_uncertain,
        channel="kiosk",
        answers=_answers(raw),
        comment=_comment(raw),
        device_id=context.device_id,
        partial=raw.get("partial") is True,
        content=raw,
    )


def _check_text(raw: Mapping[str, object]) -> None:
    # JSON can carry half a surrogate pair, which no database stores.
    try:
        content_hash(raw)
    except (UnicodeEncodeError, RecursionError) as error:
        raise BadAnswer(_("Đánh giá chứa ký tự không hợp lệ.")) from error


def _text(raw: Mapping[str, object], name: str) -> str:
    value = raw.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= _CODE_LIMIT or not value.isprintable():
        raise BadAnswer(_("“%(name)s” phải là một mã (chuỗi từ 1 đến %(n)s ký tự).", name=name, n=_CODE_LIMIT))
    return value


def _optional_text(raw: Mapping[str, object], name: str) -> str | None:
    return None if raw.get(name) in (None, "") else _text(raw, name)


def _version(raw: Mapping[str, object]) -> int:
    value = raw.get("version")
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < _VERSION_LIMIT:
        raise BadAnswer(_("“version” phải là số nguyên dương."))
    return value


def _language(raw: Mapping[str, object]) -> str:
    value = raw.get("language", "vi")
    if not isinstance(value, str) or not _LANGUAGE.match(value):
        raise BadAnswer(_("“language” phải là mã ngôn ngữ, ví dụ vi."))
    return value


def _instant(raw: Mapping[str, object]) -> dt.datetime:
    try:
        return parse_instant(str(raw.get("answered_at")))
    except (ValueError, OverflowError) as error:
        raise BadAnswer(_("“answered_at” phải theo ISO 8601 có múi giờ, ví dụ 2026-11-20T09:00:00+07:00.")) from error


def _answers(raw: Mapping[str, object]) -> Mapping[str, object]:
    value = raw.get("answers")
    if not isinstance(value, dict):
        raise BadAnswer(_("“answers” phải là một đối tượng JSON."))
    return value


def _comment(raw: Mapping[str, object]) -> str | None:
    value = raw.get("comment")
    if value is not None and not isinstance(value, str):
        raise BadAnswer(_("“comment” phải là chuỗi hoặc null."))
    return value


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
    spans = [(one.since, one.until or max(at, one.since)) for one in held if one.counter == counter]
    return min((max(since, min(at, until)) for since, until in spans), key=lambda near: abs(near - at), default=at)


def _check_held(held: Iterable[Held], counter: str, at: dt.datetime) -> None:
    for one in held:
        if one.counter == counter and one.since - GRACE <= at and (one.until is None or at <= one.until + GRACE):
            return
    when = format_moment(at)
    raise BadAnswer(_("Máy không đứng ở quầy %(counter)s vào lúc %(when)s.", counter=counter, when=when))


def _check_before_revocation(revoked_at: dt.datetime | None, at: dt.datetime) -> None:
    if revoked_at is not None and at > revoked_at:
        raise BadAnswer(
            _("Máy đã bị thu hồi khóa lúc %(when)s: đánh giá sau đó không được nhận.", when=format_moment(revoked_at))
        )
