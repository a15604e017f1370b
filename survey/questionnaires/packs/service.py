"""Packs put in, taken away, and as citizens' pages and kiosks are given them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey.foundation.caching.register import known_register
from survey.foundation.changes import audit
from survey.foundation.clock import now
from survey.foundation.identifiers import content_hash
from survey.foundation.languages.citizen_languages import NONE, CitizenLanguage, Packs
from survey.foundation.languages.citizen_texts import CitizenText, citizen_texts
from survey.foundation.storage.database import db, writing
from survey.foundation.storage.outage import in_outage, is_outage
from survey.foundation.vocabulary import LANGUAGES
from survey.questionnaires.definition import Definition
from survey.questionnaires.packs import queries
from survey.questionnaires.packs.checking import MEDIA_TYPES, CheckedPack, check_pack, lacking
from survey.questionnaires.packs.manifest import Manifest
from survey.questionnaires.packs.models import LanguagePack, LanguageSound
from survey.questionnaires.packs.texts import texts_of

_LISTED = "language packs"


def check(files: Mapping[str, bytes]) -> CheckedPack:
    """What is wrong with a pack and what it lacks, against what citizens meet now.

    Raises:
        PackProblem: it cannot be read at all.
    """
    return check_pack(files, citizen_texts(), asked_texts())


def asked_texts() -> dict[str, list[CitizenText]]:
    """All that each questionnaire says now, by its key."""
    definitions = queries.fetch_asked_definitions(db.session())
    return {key: list(texts_of(Definition.parse(data), key)) for key, data in definitions.items()}


def needed_texts(keys: Iterable[str]) -> list[CitizenText]:
    """All that a pack must say that speaks for these questionnaires, each text once."""
    every, asked = citizen_texts(), asked_texts()
    for key in keys:
        every |= {text.vietnamese: text for text in asked[key]}
    return list(every.values())


def install(pack: CheckedPack) -> bool:
    """Offer a complete pack to citizens from now on; False: it is there already, to the last sound.

    Raises:
        ValueError: it is not complete.
    """
    if not pack.is_complete:
        raise ValueError(_("Gói chưa đủ: xem danh sách."))
    manifest = pack.manifest.model_dump(mode="json")
    digests = {text: hashlib.sha256(pack.files[name]).hexdigest() for text, name in pack.sounds.items()}
    stamp = content_hash([manifest, dict(pack.texts), digests])[:16]
    with writing() as session:
        there = queries.fetch_pack(session, pack.manifest.code)
        if there is not None and there.removed_at is None and there.stamp == stamp:
            return False
        before = _told(there.manifest) if there is not None and there.removed_at is None else None
        stored = there or LanguagePack(code=pack.manifest.code)
        stored.manifest, stored.texts, stored.sounds = manifest, dict(pack.texts), digests
        stored.stamp, stored.installed_at, stored.removed_at = stamp, now(), None
        session.add(stored)
        _keep_sounds(session, {digests[text]: name for text, name in pack.sounds.items()}, pack.files)
        audit.record(
            session,
            "install_language",
            "language",
            pack.manifest.code,
            before=before,
            after=_told(manifest) | {"stamp": stamp},
        )
    return True


def remove(code: str) -> bool:
    """Offer a language no more; its name stays for the answers given in it. False: it is not there."""
    with writing() as session:
        pack = queries.fetch_pack(session, code)
        if pack is None or pack.removed_at is not None:
            return False
        audit.record(session, "remove_language", "language", code, before=_told(pack.manifest))
        pack.texts, pack.sounds, pack.removed_at = {}, {}, now()
        _keep_sounds(session, {}, {})
    return True


def installed() -> Packs:
    """Every pack that is complete today, by its code, remembered while the register stands.

    Without a database it is what was known last: a kiosk's shell must not change because a server cannot look. Where
    nothing is known either, the page of the outage, which asks nothing, has the program's own languages.
    """
    if in_outage():
        return _known_last() or NONE
    try:
        return known_register().one(_LISTED, "all", lambda: _read(db.session())) or NONE
    except Exception as error:
        known = _known_last()
        if known is None or not is_outage(error):
            raise
        return known


def language_names() -> dict[str, str]:
    """Every language that answers may be in, by its code: the program's, and packs' by their own names."""
    register = known_register()
    return register.one("language names", "all", lambda: _read_names(db.session())) or dict(LANGUAGES)


def lacks(pack: LanguagePack) -> list[CitizenText]:
    """What citizens' pages say by now that a pack does not: it is offered again when it has that too."""
    return [] if pack.code in LANGUAGES else lacking(pack.texts, _needed().values())


def ending_of(media_type: str) -> str:
    """How the names of such recordings end."""
    return next(ending for ending, known in MEDIA_TYPES.items() if known == media_type)


def _known_last() -> Packs | None:
    remembered = current_app.extensions["register"]
    return remembered.register.one(_LISTED, "all", lambda: None) if remembered else None


def _read_names(session: Session) -> dict[str, str]:
    packs = queries.fetch_packs(session)
    return dict(LANGUAGES) | {pack.code: pack.manifest["name"] for pack in packs if pack.code not in LANGUAGES}


def _read(session: Session) -> Packs:
    packs = [pack for pack in queries.fetch_packs(session) if pack.removed_at is None and not lacks(pack)]
    digests = {digest for pack in packs for digest in pack.sounds.values()}
    kinds = {digest: ending_of(media) for digest, media in queries.fetch_media_types(session, digests).items()}
    return MappingProxyType({pack.code: _spoken(pack, kinds) for pack in packs})


def _spoken(pack: LanguagePack, kinds: Mapping[str, str]) -> CitizenLanguage:
    manifest = Manifest.model_validate(pack.manifest)
    sounds = {text: f"/sounds/{digest}.{kinds[digest]}" for text, digest in pack.sounds.items() if digest in kinds}
    return CitizenLanguage(
        pack.code,
        manifest.name,
        manifest.direction,
        manifest.script,
        MappingProxyType(dict(pack.texts)),
        MappingProxyType(sounds),
        pack.stamp,
    )


def _needed() -> dict[str, CitizenText]:
    # The program's own texts do not change while it runs.
    needed: dict[str, CitizenText] | None = current_app.extensions.get("citizen_texts_needed")
    if needed is None:
        needed = current_app.extensions["citizen_texts_needed"] = citizen_texts()
    return needed


def _keep_sounds(session: Session, named: Mapping[str, str], files: Mapping[str, bytes]) -> None:
    """Store recordings that are new (`named`: file by digest) and forget those no pack has any more."""
    session.flush()
    there = queries.known_digests(session)
    for digest in named.keys() - there:
        name = named[digest]
        media_type = MEDIA_TYPES[name.rpartition(".")[2]]
        session.add(LanguageSound(digest=digest, media_type=media_type, content=files[name]))
    used = {digest for pack in queries.fetch_packs(session) for digest in pack.sounds.values()}
    queries.drop_sounds(session, there - used)


def _told(manifest: Mapping[str, object]) -> dict[str, object]:
    """What the log says of a pack."""
    said = ("name", "script", "licence", "translators", "checkers", "checked_on", "questionnaires")
    return {name: manifest[name] for name in said}
