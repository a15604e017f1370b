"""From a printed run to stored answers: type a batch, have a sample typed again, hand the batch to the door.

What is typed lies in `paper_entries` until then, so it can be undone and mended; the door stores a batch whole or not
at all. A form's number is a key of the database: it is typed once, and one answer comes of it.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from survey.channels.paper.models import CHECKING, HANDED_IN, TYPING, PaperBatch, PaperEntry, PaperRun
from survey.channels.paper.numbers import printed, read_number, run_of, serials_of
from survey.channels.paper.queries import (
    BatchRow,
    RunRow,
    fetch_entries,
    fetch_entry,
    fetch_service_code,
    keep_numbers,
    last_entry,
    locked_batch,
    remove_entry,
    was_handed_in,
)
from survey.channels.paper.typed import NUMBER, TypedForm, read_form
from survey.foundation.changes import audit
from survey.foundation.clock import LOCAL, now
from survey.foundation.formatting import with_count
from survey.foundation.identifiers import new_id
from survey.foundation.storage.database import writing
from survey.questionnaires.definition import Definition
from survey.responses.counting import count_answers
from survey.responses.ingest import Submission, store

SAMPLE_SHARE, SAMPLE_LEAST = 0.1, 2  # of each batch a second person types again


class PaperRefused(ValueError):
    """It cannot be done; the message says why and how to mend it."""


def make_run(
    counter_id: int, version_id: int, language: str, count: int, user_id: int, about: Mapping[str, Any]
) -> int:
    """A new run of forms; its id. `about`: province_id, counter and questionnaire, for the audit log."""
    with writing() as session:
        run = PaperRun(
            counter_id=counter_id,
            questionnaire_version_id=version_id,
            language=language,
            count=count,
            made_at=now(),
            made_by_id=user_id,
        )
        session.add(run)
        session.flush()
        after = {"counter": about["counter"], "count": count, "questionnaire": about["questionnaire"]}
        audit.record(
            session, "print_forms", "counters", about["counter"], province_id=about["province_id"], after=after
        )
        return run.id


def open_batch(run_id: int, answered_on: dt.date, expected: int, service_id: int | None, user_id: int) -> int:
    """A new batch of a run; its id."""
    with writing() as session:
        batch = PaperBatch(
            run_id=run_id,
            service_id=service_id,
            answered_on=answered_on,
            expected=expected,
            state=TYPING,
            opened_at=now(),
            opened_by_id=user_id,
        )
        session.add(batch)
        session.flush()
        return batch.id


def number_in(run: RunRow, text: str) -> int:
    """The serial of a number as typed, if it was printed in this run.

    Raises:
        PaperRefused: it is no number of a form, or another run's.
    """
    serial = read_number(text)
    if serial is None:
        raise PaperRefused(_("Mã số phiếu sai: xem lại từng chữ số trên phiếu."))
    if run_of(serial) != run.run.id or serial not in serials_of(run.run.id, run.run.count):
        raise PaperRefused(
            _("Mã số phiếu này thuộc đợt in khác (đợt %(n)s); lô này của đợt %(m)s.", n=run_of(serial), m=run.run.id)
        )
    return serial


def read_fields(run: RunRow, fields: Mapping[str, str]) -> tuple[int | None, TypedForm]:
    """The serial and the form that were typed, with what is wrong by box."""
    form = read_form(Definition.parse(run.definition), fields)
    try:
        return number_in(run, fields.get(NUMBER, "")), form
    except PaperRefused as refusal:
        form.errors[NUMBER] = str(refusal)
        return None, form


def keep(row: BatchRow, number: int, content: dict[str, Any], user_id: int) -> None:
    """Keep a typed form.

    Raises:
        PaperRefused: the form was typed before, or the batch is full or no longer typed.
    """
    try:
        with writing() as session:
            batch = locked_batch(session, row.batch.id)
            if batch.state != TYPING:
                raise PaperRefused(_("Lô này đã nhập xong."))
            session.add(
                PaperEntry(
                    number=number,
                    batch_id=batch.id,
                    response_id=new_id(),
                    content=content,
                    typed_at=now(),
                    typed_by_id=user_id,
                )
            )
            session.flush()  # two who type it at once meet here; only then is it sure who handed it in
            if was_handed_in(session, number):
                raise _typed_before(number)
    except IntegrityError as error:
        raise _typed_before(number) from error


def _typed_before(number: int) -> PaperRefused:
    return PaperRefused(_("Phiếu %(n)s đã được nhập rồi: bỏ phiếu này ra, nhập phiếu sau.", n=printed(number)))


def undo(row: BatchRow, user_id: int) -> tuple[int, dict[str, Any]]:
    """Take back what the user typed last in a batch; its number and content.

    Raises:
        PaperRefused: there is nothing to take back.
    """
    with writing() as session:
        batch = locked_batch(session, row.batch.id)
        entry = last_entry(session, batch.id, user_id)
        if batch.state != TYPING or entry is None or entry.content is None:
            raise PaperRefused(_("Không còn phiếu nào để hoàn tác."))
        taken = entry.number, dict(entry.content)
        remove_entry(session, entry.number)
    return taken


def finish(row: BatchRow) -> None:
    """End the typing of a batch and draw the sample that a second person types again.

    Raises:
        PaperRefused: the number of typed forms is not the one that was counted.
    """
    with writing() as session:
        batch = locked_batch(session, row.batch.id)
        entries = fetch_entries(session, batch.id)
        if batch.state != TYPING or len(entries) != batch.expected:
            said = {"typed": len(entries), "expected": batch.expected}
            raise PaperRefused(
                _("Đã nhập %(typed)s phiếu, tệp phiếu đếm được %(expected)s: tìm phiếu thiếu hoặc thừa.", **said)
            )
        size = min(len(entries), max(SAMPLE_LEAST, round(SAMPLE_SHARE * len(entries))))
        for entry in random.SystemRandom().sample(entries, size):
            entry.in_sample = True
        batch.state = CHECKING


def recount(row: BatchRow, expected: int) -> None:
    """Say anew how many forms the pile has."""
    with writing() as session:
        batch = locked_batch(session, row.batch.id)
        batch.expected = batch.expected if batch.state == HANDED_IN else expected


def waiting_entry(row: BatchRow, number: int, user_id: int) -> PaperEntry:
    """The entry that a second person is about to type again.

    Raises:
        PaperRefused: it is not in the sample, was checked, or was typed by the same person.
    """
    with writing() as session:
        entry = fetch_entry(session, number)
        if entry is None or entry.batch_id != row.batch.id or not entry.in_sample or entry.differences is not None:
            raise PaperRefused(_("Phiếu này không nằm trong số phiếu chờ nhập lại của lô."))
        if entry.typed_by_id == user_id:
            raise PaperRefused(_("Người nhập lại phải là người khác với người đã nhập phiếu này."))
        session.expunge(entry)
        return entry


def check(row: BatchRow, number: int, content: dict[str, Any], user_id: int, *, keep_second: bool) -> None:
    """Note that a form was typed again, and keep the first or the second reading of it."""
    waiting_entry(row, number, user_id)
    with writing() as session:
        locked_batch(session, row.batch.id)
        entry = fetch_entry(session, number)
        if entry is None or entry.content is None or entry.differences is not None:
            return
        entry.differences = len(differences(entry.content, content))
        entry.checked_by_id = user_id
        if keep_second:
            entry.content = content


def differences(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[str]:
    """The boxes that two people read differently."""
    codes = [*dict.fromkeys([*first["answers"], *second["answers"]])]
    differing = [code for code in codes if first["answers"].get(code) != second["answers"].get(code)]
    return differing + [name for name in ("respondent_kind", "comment") if first[name] != second[name]]


def hand_in(row: BatchRow, unchecked_reason: str = "") -> int:
    """Give a batch to the door; how many answers it stored. From then on no number leads to an answer.

    Raises:
        PaperRefused: the sample is not typed again yet (and no reason is given), or the door refuses a form.
    """
    with writing() as session:
        batch = locked_batch(session, row.batch.id)
        entries = fetch_entries(session, batch.id)
        waiting = [entry for entry in entries if entry.in_sample and entry.differences is None]
        if batch.state != CHECKING or (waiting and not unchecked_reason):
            raise PaperRefused(with_count("Còn %(n)s phiếu chờ người khác nhập lại.", len(waiting)))
        service = fetch_service_code(session, batch.service_id) if batch.service_id else None
        submissions = [_submission(row, entry, service) for entry in entries if entry.content is not None]
        receipts = store(session, submissions)
        for entry, receipt in zip(entries, receipts, strict=True):
            if receipt.status != "stored":
                raise PaperRefused(
                    _("Phiếu %(n)s: %(why)s", n=printed(entry.number), why=receipt.problem or receipt.status)
                )
        batch.state, batch.handed_in_at = HANDED_IN, now()
        after = {
            "counter": row.run.counter,
            "count": len(entries),
            "differing": sum(bool(entry.differences) for entry in entries),
            "typed_by": sorted({entry.typed_by_id for entry in entries}),
            "checked_by": sorted({entry.checked_by_id for entry in entries if entry.checked_by_id}),
            "note": unchecked_reason,
        }
        keep_numbers(session, entries)
        audit.record(
            session, "hand_in_forms", "counters", row.run.counter, province_id=row.run.province_id, after=after
        )
    count_answers(submissions, receipts)
    return len(entries)


def _submission(row: BatchRow, entry: PaperEntry, service: str | None) -> Submission:
    content = entry.content or {}
    assert entry.response_id is not None, "only a batch that was handed in has none"
    return Submission(
        id=entry.response_id,
        questionnaire=row.run.questionnaire,
        version=row.run.version,
        counter=row.run.counter,
        service=service,
        respondent_kind=content["respondent_kind"],
        language=row.run.run.language,
        answered_at=min(dt.datetime.combine(row.batch.answered_on, dt.time(12), LOCAL), now()),
        channel="paper",
        answers=content["answers"],
        comment=content["comment"],
    )
