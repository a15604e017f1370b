"""Whether a pack says everything citizens meet, and says it safely: what is missing and what is wrong, as lists."""

from __future__ import annotations

import io
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from babel.messages.pofile import PoFileError, read_po
from flask_babel import gettext as _
from pydantic import ValidationError

from survey.foundation.interface.schema_problems import schema_problems
from survey.foundation.languages.citizen_texts import CitizenText
from survey.foundation.typesetting.printable import OTHER_SCRIPTS, glyphs
from survey.foundation.vocabulary import LANGUAGES
from survey.questionnaires.packs.manifest import Manifest
from survey.questionnaires.packs.reading import PackProblem

FAMILIES = ("BeVietnamPro", *OTHER_SCRIPTS)  # vendored: static/fonts
LONGEST = 3  # times as long as the Vietnamese, and 80 signs more
MEDIA_TYPES = {"mp3": "audio/mpeg", "ogg": "audio/ogg"}
_PLACES = re.compile(r"%\(\w+\)[sd]|\{\w+\}|%%")
_UNSEEN_TAKEN = "\n\u200b\u200c\u200d\u2060"  # Khmer and others part their words with what nobody sees
_MARKUP = re.compile("[<>]|&[#a-zA-Z0-9]+;")


@dataclass(frozen=True)
class CheckedPack:
    """A pack as it was read: who it is, what it says, what is wrong with it and what it lacks.

    `texts` and `sounds` (file names) are by their Vietnamese; `files`: the sounds' bytes by name.
    """

    manifest: Manifest
    texts: Mapping[str, str]
    sounds: Mapping[str, str]
    files: Mapping[str, bytes]
    wrong: list[str] = field(default_factory=list)
    missing: list[CitizenText] = field(default_factory=list)
    unspoken: list[CitizenText] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        """Whether it may be offered to citizens."""
        return not (self.wrong or self.missing or self.unspoken)


def check_pack(
    files: Mapping[str, bytes], needed: Mapping[str, CitizenText], asked: Mapping[str, Iterable[CitizenText]]
) -> CheckedPack:
    """Look at a pack's files. `needed`: all that citizens' pages say; `asked`: texts of questionnaires, by key.

    Raises:
        PackProblem: its manifest or its texts cannot be read.
    """
    manifest = _manifest(files["manifest.json"])
    texts = _texts(files.get("texts.po"))
    sounds = dict(manifest.sounds.files) if manifest.sounds else {}
    every = dict(needed)
    wrong = [
        _("Không có phiếu hỏi nào mang mã “%(key)s”.", key=key) for key in manifest.questionnaires if key not in asked
    ]
    for key in manifest.questionnaires:
        every |= {text.vietnamese: text for text in asked.get(key, ())}
    checked = CheckedPack(manifest, texts, sounds, files, wrong)
    _check_texts(checked, every)
    _check_sounds(checked, every)
    return checked


def lacking(texts: Mapping[str, str], needed: Iterable[CitizenText]) -> list[CitizenText]:
    """What a language has no text for."""
    return [text for text in needed if text.vietnamese not in texts]


def _manifest(content: bytes) -> Manifest:
    try:
        return Manifest.model_validate(json.loads(content))
    except ValidationError as error:
        raise PackProblem(*(f"manifest.json: {problem}" for problem in schema_problems(error))) from error
    except (ValueError, RecursionError) as error:
        raise PackProblem(_("manifest.json: không phải JSON: %(why)s", why=str(error)[:200])) from error


def _texts(content: bytes | None) -> dict[str, str]:
    """The translations of a PO file by their Vietnamese; one marked fuzzy is none yet."""
    if content is None:
        return {}
    try:
        catalogue = read_po(io.BytesIO(content), abort_invalid=True)
    except (PoFileError, ValueError, LookupError) as error:
        raise PackProblem(_("texts.po: không đọc được: %(why)s", why=str(error)[:200])) from error
    return {
        str(message.id): unicodedata.normalize("NFC", message.string)
        for message in catalogue
        if isinstance(message.id, str) and isinstance(message.string, str) and message.string.strip()
        if message.id and not message.fuzzy
    }


def _check_texts(pack: CheckedPack, every: Mapping[str, CitizenText]) -> None:
    if pack.manifest.code in LANGUAGES:
        if pack.texts:
            pack.wrong.append(_("texts.po: lời của tiếng Việt và tiếng Anh đi cùng phần mềm, gói chỉ thêm âm thanh."))
        return
    pack.missing.extend(lacking(pack.texts, every.values()))
    have = frozenset().union(*(glyphs(family) for family in FAMILIES))
    for vietnamese, text in pack.texts.items():
        if problem := _problem(vietnamese, text, have):
            pack.wrong.append(f"texts.po: “{vietnamese[:60]}”: {problem}")


def _problem(vietnamese: str, text: str, have: frozenset[int]) -> str | None:
    """What is wrong with one text, and how to mend it."""
    places, most = _PLACES.findall(vietnamese), LONGEST * len(vietnamese) + 80
    control = [sign for sign in text if unicodedata.category(sign) in ("Cc", "Cf") and sign not in _UNSEEN_TAKEN]
    fontless = [sign for sign in text if not sign.isspace() and sign not in _UNSEEN_TAKEN and ord(sign) not in have]
    said: str | None = None
    loose = "%" in _PLACES.sub("", text) and "%" not in _PLACES.sub("", vietnamese)  # Python would look for a place
    if set(places) != set(_PLACES.findall(text)) or loose:
        said = _("phải giữ đúng các chỗ điền: %(places)s", places=" ".join(places) or "-")
    elif _MARKUP.search(text):
        said = _("không được có mã HTML (< > &…;)")
    elif control:
        said = _("có ký tự điều khiển U+%(code)s: bỏ đi", code=f"{ord(control[0]):04X}")
    elif fontless:
        sign = fontless[0]
        said = _("không phông nào của hệ thống có chữ “%(sign)s” (U+%(code)s)", sign=sign, code=f"{ord(sign):04X}")
    elif len(text) > most:
        said = _("dài quá: tối đa %(n)s ký tự", n=most)
    return said


def _check_sounds(pack: CheckedPack, every: Mapping[str, CitizenText]) -> None:
    """What a pack begins to say aloud, it says whole: whoever cannot read has nothing else."""
    for vietnamese, name in pack.sounds.items():
        content = pack.files.get(name)
        if content is None:
            pack.wrong.append(_("manifest.json: “%(text)s”: không có tệp %(name)s.", text=vietnamese[:60], name=name))
        elif not _is_sound(name, content):
            pack.wrong.append(_("%(name)s: không phải âm thanh MP3 hay Ogg.", name=name))
    if pack.sounds:
        pack.unspoken.extend(text for text in every.values() if text.spoken and text.vietnamese not in pack.sounds)
    elif pack.manifest.code in LANGUAGES:
        pack.wrong.append(_("manifest.json: gói của ngôn ngữ đã có phải có âm thanh (“sounds”)."))


def _is_sound(name: str, content: bytes) -> bool:
    if name.endswith(".ogg"):
        return content.startswith(b"OggS")
    return content.startswith(b"ID3") or (len(content) > 3 and content[0] == 0xFF and content[1] & 0xE6 == 0xE2)
