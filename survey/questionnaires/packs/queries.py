"""What the rooms of packs read and write: SQL only."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey.foundation.storage.database import db
from survey.questionnaires.models import Questionnaire, QuestionnaireVersion
from survey.questionnaires.packs.models import LanguagePack, LanguageSound


def fetch_packs(session: Session) -> list[LanguagePack]:
    """Every pack that was ever put in, by its code; those taken away too."""
    return list(session.scalars(select(LanguagePack).order_by(LanguagePack.code)))


def fetch_pack(session: Session, code: str) -> LanguagePack | None:
    """One pack, to be changed: nobody else changes it meanwhile."""
    pack: LanguagePack | None = session.scalar(select(LanguagePack).where(LanguagePack.code == code).with_for_update())
    return pack


def fetch_pack_names(codes: Collection[str]) -> dict[str, str]:
    """Names of languages by code, those taken away too."""
    packs = db.session.scalars(select(LanguagePack).where(LanguagePack.code.in_(codes)))
    return {pack.code: pack.manifest["name"] for pack in packs}


def fetch_sound(digest: str) -> tuple[str, bytes] | None:
    """A recording's media type and its bytes."""
    row = db.session.execute(
        select(LanguageSound.media_type, LanguageSound.content).where(LanguageSound.digest == digest)
    ).first()
    return (row.media_type, row.content) if row else None


def fetch_media_types(session: Session, digests: Collection[str]) -> dict[str, str]:
    """Media types of recordings by their digest."""
    query = select(LanguageSound.digest, LanguageSound.media_type).where(LanguageSound.digest.in_(digests))
    return {row.digest: row.media_type for row in session.execute(query)}


def known_digests(session: Session) -> set[str]:
    """Which recordings are there."""
    return set(session.scalars(select(LanguageSound.digest)))


def drop_sounds(session: Session, digests: Collection[str]) -> None:
    """Forget recordings."""
    session.execute(delete(LanguageSound).where(LanguageSound.digest.in_(digests)))


def fetch_asked_definitions(session: Session) -> dict[str, dict[str, object]]:
    """What each questionnaire asks now, by its key: the JSON of the version published last."""
    published = QuestionnaireVersion.published_at
    query = (
        select(Questionnaire.key, QuestionnaireVersion.definition)
        .join(QuestionnaireVersion)
        .where(published.is_not(None))
        .order_by(Questionnaire.key, published, QuestionnaireVersion.version)
    )
    return {row.key: row.definition for row in session.execute(query)}
