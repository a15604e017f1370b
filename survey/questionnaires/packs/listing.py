"""Every language with its state, as the desk and the command line list them."""

from __future__ import annotations

from typing import Any

from survey.foundation.storage.database import db
from survey.foundation.vocabulary import LANGUAGES
from survey.questionnaires.packs import queries, service
from survey.questionnaires.packs.known import known_languages
from survey.questionnaires.packs.models import LanguagePack

BUILT_IN, OFFERED, INCOMPLETE, REMOVED, NO_PACK = "built_in", "offered", "incomplete", "removed", "no_pack"


def listed_languages() -> list[dict[str, Any]]:
    """The program's languages, every pack, and the languages a pack is awaited for; `missing`: texts a pack lacks."""
    packs = {pack.code: pack for pack in queries.fetch_packs(db.session())}
    asked = service.asked_texts()
    rows = [
        {"code": code, "name": name, "state": BUILT_IN, "missing": [], "sounds": 0}
        for code, name in LANGUAGES.items()
        if code not in packs
    ]
    rows += [_of_pack(pack, asked) for pack in packs.values()]
    rows += [
        {"code": language.code, "name": language.vietnamese, "state": NO_PACK, "missing": [], "sounds": 0}
        for language in known_languages()
        if language.code not in packs
    ]
    return rows


def _of_pack(pack: LanguagePack, asked: dict[str, list[Any]]) -> dict[str, Any]:
    removed = pack.removed_at is not None
    missing = [] if removed else [text.vietnamese for text in service.lacks(pack)]
    speaks_for = (
        [] if removed else [key for key, texts in asked.items() if all(t.vietnamese in pack.texts for t in texts)]
    )
    return {
        "code": pack.code,
        "name": LANGUAGES.get(pack.code) or pack.manifest["name"],
        "state": REMOVED if removed else INCOMPLETE if missing else OFFERED,
        "missing": missing,
        "sounds": len(pack.sounds),
        "questionnaires": speaks_for,
        **{name: pack.manifest[name] for name in ("licence", "translators", "checkers", "checked_on", "script")},
    }
