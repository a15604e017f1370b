"""Import of responses: through the one door, in one transaction that only writes."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.foundation.batched import batched
from survey.foundation.caching.register import RegisterChanged
from survey.foundation.changes.audit import record
from survey.foundation.clock import LOCAL, local_day, now, today
from survey.foundation.commands.progress import progress
from survey.foundation.storage.database import db, writing
from survey.foundation.vocabulary import CHANNELS, LANGUAGES, RESPONDENT_KINDS, UNKNOWN_KIND, VERIFIED_CHANNELS
from survey.questionnaires.definition import Definition
from survey.questionnaires.models import QuestionnaireVersion
from survey.questionnaires.packs.service import language_names
from survey.questionnaires.types.item import AnswerProblem, Item, Value
from survey.registry.files.columns import FileColumn, OneOf, code, identifier, one_of, whole_number
from survey.registry.files.dates import instant
from survey.registry.files.headings import Headings
from survey.registry.files.problems import CellError, Problems
from survey.registry.files.result import ImportOutcome
from survey.registry.files.rows import RecordRow, read_rows
from survey.registry.files.spelling import Spelling, spell
from survey.registry.files.tables import read_table
from survey.registry.files.words import value_of
from survey.registry.files.wrong_kind import refuse_other_kind
from survey.responses.answer_count_queries import Place
from survey.responses.ingest import Judged, Receipt, Submission, foresee, judge, prepare, store_judged
from survey.responses.overfull_caseloads import name_months_overfilled
from survey.responses.validation import Checked

BATCH = 2000


def _as_written(cell: str) -> str:
    return cell


class _ChannelOfFile(OneOf):
    """A channel that a file may name: none of those in which a code proves one answer for each dossier."""

    def __call__(self, cell: str) -> str:
        if cell.lower() in VERIFIED_CHANNELS or value_of(cell, VERIFIED_CHANNELS):
            raise CellError(
                _("Tệp không chứng minh được phiếu trả lời bằng mã một lần."),
                _("Ghi import hoặc bỏ trống: phiếu vẫn được nhận, nhưng không tính là mỗi hồ sơ một phiếu."),
            )
        return super().__call__(cell)


FIXED = (
    FileColumn("id", identifier, required=True),
    FileColumn("agency", code, names="agencies"),
    FileColumn("counter", code, names="counters"),
    FileColumn("service", code, names="services"),
    FileColumn("answered_at", instant, required=True),
    FileColumn(
        "channel",
        _ChannelOfFile(tuple(channel for channel in CHANNELS if channel not in VERIFIED_CHANNELS)),
        default="import",
    ),
    FileColumn("respondent_kind", one_of((*RESPONDENT_KINDS, UNKNOWN_KIND))),
    FileColumn("language", one_of(LANGUAGES), default="vi"),
    FileColumn("questionnaire", code, required=True),
    FileColumn("version", whole_number, required=True),
    FileColumn("comment", _as_written),
)
FIXED_NAMES = frozenset(column.name for column in FIXED)


def import_responses(file: str, content: bytes, *, dry_run: bool, sheet: str = "") -> ImportOutcome:
    """Store every response of a file, or none.

    Raises:
        ImportRefused: with every problem found; nothing was changed.
    """
    while True:
        with suppress(RegisterChanged):  # meanwhile the codes have changed that it was checked by
            return _import(file, content, dry_run=dry_run, sheet=sheet)


def _import(file: str, content: bytes, *, dry_run: bool, sheet: str) -> ImportOutcome:
    problems = Problems(file)
    known = one_of(language_names())  # packs' languages too
    fixed = (replace(column, parse=known) if column.name == "language" else column for column in FIXED)
    columns = (*fixed, *item_columns(db.session()))
    table = read_table(content, Headings.of("responses", columns), problems, sheet=sheet)
    refuse_other_kind("responses", columns, table, problems)
    spell(Spelling(db.session()), "responses", columns, (), table, problems)
    rows = progress(read_rows(table, columns, problems), _("Đọc các dòng"), len(table.rows))
    lines, judged = _judge_all(row for row in _begun(rows, problems) if row.sound)
    receipts = foresee(db.session(), judged)
    counts = _note_all(lines, receipts, problems)
    problems.refuse_if_any()
    name_months_overfilled(db.session(), _new_places(judged, receipts), problems)
    if not dry_run:
        counts = _store_all(file, lines, judged, problems)
    return ImportOutcome("responses", file, dry_run, counts["stored"], 0, counts["duplicate"], problems.all_notes())


def _new_places(judged: Judged, receipts: Sequence[Receipt]) -> Counter[Place]:
    """How many answers the file adds to each agency's service in a month."""
    return Counter(
        (outcome.response["agency_id"], outcome.response["service_id"], outcome.response["month"])
        for outcome, receipt in zip(judged.outcomes, receipts, strict=True)
        if isinstance(outcome, Checked) and receipt.status == "stored" and outcome.response["service_id"]
    )


def _begun(rows: Iterable[RecordRow], problems: Problems) -> Iterator[RecordRow]:
    """The rows; those of a day that has not come yet are noted."""
    for row in rows:
        moment = row.values.get("answered_at")
        if moment is not None and local_day(moment) > today():
            problems.add(
                _("Ngày này chưa đến."),
                _("Kiểm tra lại ngày, tháng và năm; ngày viết trước, tháng viết sau."),
                line=row.line,
                column="answered_at",
                value=f"{moment.astimezone(LOCAL):%d/%m/%Y}",
            )
        yield row


def item_columns(session: Session) -> list[FileColumn]:
    """One column for each item of any published questionnaire version."""
    definitions = session.scalars(
        select(QuestionnaireVersion.definition).where(QuestionnaireVersion.published_at.is_not(None))
    )
    items: dict[str, list[Item]] = defaultdict(list)
    for definition in definitions:
        for item in Definition.parse(definition).items:
            items[item.code].append(item)
    return [FileColumn(code, partial(_read, alike)) for code, alike in sorted(items.items())]


def _read(items: Sequence[Item], cell: str) -> Value:
    """The answer in a cell, as any version's item of this code takes it; the door then asks the row's own version."""
    problems = []
    for item in items:
        try:
            return item.read_cell(cell)
        except AnswerProblem as problem:
            problems.append(str(problem))
    if items[-1].is_rated:
        raise CellError(
            _("Không phải mức đánh giá."), _("Ghi số nguyên từ 1 đến 5, hoặc 0 (không có ý kiến), hoặc để trống.")
        )
    raise CellError(problems[-1], _("Sửa ô này, hoặc để trống nếu không trả lời."))


def _judge_all(rows: Iterator[RecordRow]) -> tuple[list[int | None], Judged]:
    """The lines, and what becomes of each: read in one transaction, so under one state of the register."""
    lines: list[int | None] = []
    parts: list[Judged] = []
    received_at = now()
    for batch in batched(rows, BATCH):
        lines += [row.line for row in batch]
        parts.append(judge(db.session(), [submission_of(row.values) for row in batch], received_at=received_at))
    return lines, Judged.of(parts)


def _store_all(file: str, lines: Sequence[int | None], judged: Judged, problems: Problems) -> Counter[str]:
    # All is made ready and only written here: on SQLite every citizen who sends meanwhile waits for it.
    prepared = [(part, prepare(db.session(), part)) for part in judged.parts(BATCH)]
    with writing(much=True) as session:
        receipts = [receipt for part, rows in prepared for receipt in store_judged(session, part, rows)]
        counts = _note_all(lines, receipts, problems)
        problems.refuse_if_any()  # the same id may have come in since
        if counts["stored"]:
            record(session, "import", "responses", file, after={"new": counts["stored"]})
    return counts


def _note_all(lines: Sequence[int | None], receipts: Sequence[Receipt], problems: Problems) -> Counter[str]:
    for line, receipt in zip(lines, receipts, strict=True):
        _note(line, receipt, problems)
    return Counter(receipt.status for receipt in receipts)


def submission_of(values: dict[str, Any]) -> Submission:
    """A line as the door takes it."""
    response_id: uuid.UUID = values["id"]
    answered_at: dt.datetime = values["answered_at"]
    answers = {name: value for name, value in values.items() if name not in FIXED_NAMES and value is not None}
    return Submission(
        id=response_id,
        questionnaire=values["questionnaire"],
        version=values["version"],
        counter=values.get("counter"),
        agency=values.get("agency"),
        service=values.get("service"),
        respondent_kind=values.get("respondent_kind"),
        language=values.get("language", "vi"),
        answered_at=answered_at,
        channel=values.get("channel", "import"),
        answers=answers,
        comment=values.get("comment"),
    )


def _note(line: int | None, receipt: Receipt, problems: Problems) -> None:
    if receipt.status == "conflict":
        problems.add(
            _("Mã này đã có với nội dung khác; bản đã lưu được giữ nguyên."),
            _("Đặt mã mới cho phiếu này, hoặc bỏ dòng nếu là bản sửa của phiếu cũ."),
            line=line,
            column="id",
            value=str(receipt.id),
        )
    elif receipt.status == "invalid":
        problems.add(receipt.problem or _("Phiếu không hợp lệ."), _("Sửa dòng này."), line=line)
