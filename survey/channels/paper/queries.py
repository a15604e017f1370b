"""Runs, batches and entries as stored: SQL only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, case, delete, func, select
from sqlalchemy.orm import Session

from survey.accounts.models import User
from survey.channels.paper.models import HANDED_IN, PaperBatch, PaperEntry, PaperNumber, PaperRun
from survey.questionnaires.models import Questionnaire, QuestionnaireVersion
from survey.registry.models import Agency, Counter, Service


@dataclass(frozen=True)
class AskedAt:
    """Which version of which questionnaire is asked at which counter, with the names that pages show."""

    questionnaire: str
    version: int
    title: str
    sector: str
    definition: dict[str, Any]
    counter: str
    counter_name: str
    agency_id: int
    agency: str
    agency_code: str
    province_id: int


@dataclass(frozen=True)
class RunRow(AskedAt):
    """A run of forms."""

    run: PaperRun


@dataclass(frozen=True)
class BatchRow:
    """A batch with how many of its forms are typed, and who opened it."""

    batch: PaperBatch
    run: RunRow
    typed: int
    opened_by: str


def fetch_run(session: Session, run_id: int) -> RunRow | None:
    """One run."""
    row = session.execute(_runs().where(PaperRun.id == run_id)).first()
    return RunRow(*row) if row else None


def fetch_runs(session: Session, provinces: Collection[int]) -> list[RunRow]:
    """The runs of some provinces, the newest first."""
    query = _runs().where(Agency.province_id.in_(provinces)).order_by(PaperRun.id.desc())
    return [RunRow(*row) for row in session.execute(query)]


def fetch_batches(session: Session, runs: Collection[RunRow]) -> list[BatchRow]:
    """The batches of some runs, the newest first."""
    by_id = {row.run.id: row for row in runs}
    waiting = select(func.count()).where(PaperEntry.batch_id == PaperBatch.id).scalar_subquery()
    typed = case((PaperBatch.state == HANDED_IN, PaperBatch.expected), else_=waiting)
    query = (
        select(PaperBatch, typed, User.name)
        .join(User, User.id == PaperBatch.opened_by_id)
        .where(PaperBatch.run_id.in_(by_id))
        .order_by(PaperBatch.id.desc())
    )
    return [BatchRow(batch, by_id[batch.run_id], count, name) for batch, count, name in session.execute(query)]


def fetch_batch(session: Session, batch_id: int) -> BatchRow | None:
    """One batch."""
    batch = session.get(PaperBatch, batch_id)
    run = fetch_run(session, batch.run_id) if batch else None
    return next((row for row in fetch_batches(session, [run]) if row.batch.id == batch_id), None) if run else None


def fetch_entries(session: Session, batch_id: int) -> list[PaperEntry]:
    """The forms of a batch, as they were typed."""
    query = select(PaperEntry).where(PaperEntry.batch_id == batch_id)
    return list(session.scalars(query.order_by(PaperEntry.id)))


def locked_batch(session: Session, batch_id: int) -> PaperBatch:
    """A batch for changing it, alone."""
    return session.execute(select(PaperBatch).where(PaperBatch.id == batch_id).with_for_update()).scalar_one()


def fetch_entry(session: Session, number: int) -> PaperEntry | None:
    """The entry of a form."""
    entry: PaperEntry | None = session.scalar(select(PaperEntry).where(PaperEntry.number == number))
    return entry


def last_entry(session: Session, batch_id: int, user_id: int) -> PaperEntry | None:
    """What a person typed last in a batch."""
    query = select(PaperEntry).where(PaperEntry.batch_id == batch_id, PaperEntry.typed_by_id == user_id)
    latest: PaperEntry | None = session.scalar(query.order_by(PaperEntry.id.desc()))
    return latest


def remove_entry(session: Session, number: int) -> None:
    """Take a typed form out of its batch."""
    session.execute(delete(PaperEntry).where(PaperEntry.number == number))


def keep_numbers(session: Session, entries: Collection[PaperEntry]) -> None:
    """Of forms that are handed in keep the numbers alone, in no order of typing."""
    numbers = sorted(entry.number for entry in entries)
    session.add_all([PaperNumber(number=number) for number in numbers])
    session.execute(delete(PaperEntry).where(PaperEntry.number.in_(numbers)))


def was_handed_in(session: Session, number: int) -> bool:
    """Whether a form was typed and handed in."""
    return session.get(PaperNumber, number) is not None


def fetch_service_ids(session: Session, codes: Collection[str]) -> dict[str, int]:
    """Ids of services by code."""
    return dict(session.execute(select(Service.code, Service.id).where(Service.code.in_(codes))).all())


def fetch_service_code(session: Session, service_id: int) -> str:
    """The code of a service."""
    return session.execute(select(Service.code).where(Service.id == service_id)).scalar_one()


def fetch_published(session: Session, sectors: Collection[str]) -> list[tuple[int, str, int, str]]:
    """Id, key, number and title of the published versions of some sectors' questionnaires, the newest of each first."""
    query = (
        select(QuestionnaireVersion.id, Questionnaire.key, QuestionnaireVersion.version, Questionnaire.title)
        .join(Questionnaire, Questionnaire.key == QuestionnaireVersion.questionnaire_key)
        .where(Questionnaire.sector.in_(sectors), QuestionnaireVersion.published_at.is_not(None))
        .order_by(Questionnaire.key, QuestionnaireVersion.version.desc())
    )
    return [(id_, key, number, title) for id_, key, number, title in session.execute(query)]


def fetch_definition(session: Session, version_id: int) -> dict[str, Any] | None:
    """What a version asks."""
    definition: dict[str, Any] | None = session.scalar(
        select(QuestionnaireVersion.definition).where(QuestionnaireVersion.id == version_id)
    )
    return definition


def drop_forgotten(session: Session, opened_before: dt.datetime) -> int:
    """Drop what was typed in batches that nobody handed in."""
    old = select(PaperBatch.id).where(PaperBatch.state != HANDED_IN, PaperBatch.opened_at < opened_before)
    return len(
        session.scalars(delete(PaperEntry).where(PaperEntry.batch_id.in_(old)).returning(PaperEntry.number)).all()
    )


def _runs() -> Select[Any]:
    return asked_at(PaperRun, PaperRun)


def asked_at(table: Any, *columns: Any) -> Select[Any]:
    """The fields of `AskedAt`, then `columns`, of a table whose rows name a counter and a version."""
    return (
        select(
            QuestionnaireVersion.questionnaire_key,
            QuestionnaireVersion.version,
            Questionnaire.title,
            Questionnaire.sector,
            QuestionnaireVersion.definition,
            Counter.code,
            Counter.name,
            Agency.id,
            Agency.name,
            Agency.code,
            Agency.province_id,
            *columns,
        )
        .join(QuestionnaireVersion, QuestionnaireVersion.id == table.questionnaire_version_id)
        .join(Questionnaire, Questionnaire.key == QuestionnaireVersion.questionnaire_key)
        .join(Counter, Counter.id == table.counter_id)
        .join(Agency, Agency.id == Counter.agency_id)
    )
