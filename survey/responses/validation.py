"""Turns a submission into rows ready to store, or says what is wrong with it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from survey.foundation.clock import local_day, month_of
from survey.foundation.text.vietnamese_text import normal
from survey.foundation.vocabulary import CHANNELS, PARTS_OF_SUBJECT, RESPONDENT_KINDS, SATISFIED, UNKNOWN_KIND
from survey.questionnaires.definition import COMMENT_LIMIT, AnswerProblem, Definition
from survey.questionnaires.types.item import Value, counted
from survey.responses.kept_times import hour_begins
from survey.responses.lookup import AnswerOrigin, Directory, PublishedVersion
from survey.responses.submission import Submission

JOINT = "procedures_and_service"
BOTH = frozenset(PARTS_OF_SUBJECT[JOINT])


class SubmissionRefused(ValueError):
    """The submission cannot be stored; the message says why, in the user's language."""


@dataclass(frozen=True)
class Checked:
    """One submission: its row of `responses`, what each of its `ratings` says itself, and items to count."""

    response: dict[str, Any]
    ratings: list[dict[str, Any]]
    items: list[tuple[str, int]]


def check(submission: Submission, directory: Directory, received_at: dt.datetime) -> Checked:
    """Everything the database cannot check for itself.

    Args:
        submission: what a channel received.
        directory: what it names.
        received_at: when, as it is kept: the end of its hour.

    Raises:
        SubmissionRefused: unknown counter, agency, service or questionnaire version, a service of another sector,
            an answer the definition does not allow, neither a rating nor a comment, a comment too long.
    """
    asked = _asked(submission, directory)
    place = _place(submission, directory)
    service_id = _service(submission, directory, asked)
    try:
        answers = asked.definition.check(submission.answers, commented=bool((submission.comment or "").strip()))
    except AnswerProblem as problem:
        raise SubmissionRefused(str(problem)) from problem
    response = _response(submission, place, asked, service_id, received_at)
    # Each is as long as its own field takes; together they may be longer than a comment alone.
    words = [*asked.definition.written(answers), _comment(submission.comment)]
    response["comment"] = "\n".join(filter(None, words)) or None
    response["answers"] = answers = asked.definition.without_words(answers)
    ratings = _ratings(response["id"], asked.definition.overall(answers), _details(asked.definition, answers))
    return Checked(response, ratings, counted(answers))


def _asked(submission: Submission, directory: Directory) -> PublishedVersion:
    asked = directory.versions.get((submission.questionnaire, submission.version))
    if asked is None:
        raise SubmissionRefused(
            _("Không có phiếu %(key)s phiên bản %(n)s.", key=submission.questionnaire, n=submission.version)
        )
    if submission.channel not in CHANNELS:
        raise SubmissionRefused(_("Không có kênh %(channel)s.", channel=submission.channel))
    return asked


def _place(submission: Submission, directory: Directory) -> AnswerOrigin:
    if submission.counter:
        place = directory.counters.get(submission.counter)
        if place is None:
            raise SubmissionRefused(_("Không có quầy %(code)s.", code=submission.counter))
        if submission.agency and _agency(submission, directory).agency_id != place.agency_id:
            raise SubmissionRefused(
                _("Quầy %(c)s không thuộc cơ quan %(a)s.", c=submission.counter, a=submission.agency)
            )
        return place
    return _agency(submission, directory)


def _agency(submission: Submission, directory: Directory) -> AnswerOrigin:
    agency = directory.agencies.get(submission.agency or "")
    if agency is None:
        raise SubmissionRefused(_("Không có cơ quan %(code)s.", code=submission.agency or "(trống)"))
    return agency


def _service(submission: Submission, directory: Directory, asked: PublishedVersion) -> int | None:
    if not submission.service:
        return None
    if submission.service not in directory.services:
        raise SubmissionRefused(_("Không có dịch vụ %(code)s.", code=submission.service))
    service_id, sector = directory.services[submission.service]
    if sector != asked.sector:
        raise SubmissionRefused(_("Dịch vụ %(code)s không thuộc ngành của phiếu.", code=submission.service))
    return service_id


def _response(
    submission: Submission,
    place: AnswerOrigin,
    asked: PublishedVersion,
    service_id: int | None,
    received_at: dt.datetime,
) -> dict[str, Any]:
    day, own_time = local_day(submission.answered_at), submission.device_answered_at
    return {
        "id": submission.id,
        "content_hash": submission.hash(),
        "province_id": place.province_id,
        "agency_id": place.agency_id,
        "counter_id": place.counter_id,
        "device_id": submission.device_id,
        "service_id": service_id,
        "sector": asked.sector,
        "questionnaire_version_id": asked.version_id,
        "channel": submission.channel,
        "respondent_kind": _kind(submission.respondent_kind, asked),
        "language": submission.language[:10],
        "answered_at": hour_begins(submission.answered_at),
        "device_answered_at": None if own_time is None else hour_begins(own_time),
        "date_uncertain": submission.date_uncertain,
        "received_at": received_at,
        "day": day,
        "month": month_of(day),
        "partial": submission.partial,
    }


def _kind(given: str | None, asked: PublishedVersion) -> str:
    if not given or given == UNKNOWN_KIND:
        # A form of health or education that does not ask is for patients, pupils and parents: individuals.
        is_asked = asked.sector == "administration" or asked.definition.asks_kind
        return UNKNOWN_KIND if is_asked else "individual"
    if given not in RESPONDENT_KINDS:
        raise SubmissionRefused(_("Không có đối tượng trả lời %(kind)s.", kind=given))
    return given


def _comment(text: str | None) -> str | None:
    kept = normal(text or "").replace("\r", "").strip()
    if len(kept) > COMMENT_LIMIT:
        raise SubmissionRefused(_("Ý kiến dài quá %(n)s ký tự; xin viết ngắn lại.", n=COMMENT_LIMIT))
    return kept or None


def _details(definition: Definition, answers: Mapping[str, Value]) -> dict[str, int]:
    """How many detailed items were rated, and how many of them 4 or 5."""
    given = [answers[code] for code in definition.detail_codes if code in answers]
    rated = [value for value in given if isinstance(value, int) and value > 0]
    return {"items_answered": len(rated), "items_satisfied": len([value for value in rated if value >= SATISFIED])}


def _ratings(response_id: uuid.UUID, overall: dict[str, int], details: Mapping[str, int]) -> list[dict[str, Any]]:
    if overall.keys() >= BOTH:
        overall = {**overall, JOINT: min(overall[subject] for subject in BOTH)}
    return [{"response_id": response_id, "subject": s, "value": v, **details} for s, v in overall.items()]
