"""What an interviewer reads aloud besides the questions, in the language of the list; a pack must hold it all."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l

from survey.foundation.languages.citizen_texts import register_citizen_texts, said_by
from survey.foundation.languages.language import direction_of, said_in
from survey.foundation.vocabulary import SCALE
from survey.questionnaires.definition import Definition
from survey.questionnaires.types.rating import NO_OPINION

WHERE = "telephone interview"
WORDS = {
    "greeting": _l(
        "Cuộc gọi để hỏi Ông/Bà có hài lòng không, vài phút, tự nguyện, dừng lúc nào cũng được. "
        "Câu trả lời không gắn với tên, hồ sơ hay số điện thoại."
    ),
    "kind": _l("Ông/Bà đánh giá với tư cách"),
    "individual": _l("Cá nhân"),
    "organisation": _l("Đại diện tổ chức, doanh nghiệp"),
    "yes": _l("Có"),
    "no": _l("Không"),
    "no_opinion": _l("Không có ý kiến"),
    "comment": _l("Ông/Bà có góp ý gì thêm không?"),
    "thanks": _l("Cảm ơn Ông/Bà."),
}


def init_script(app: Flask) -> None:
    """Let every pack be asked for these texts."""
    register_citizen_texts(app, WHERE, lambda: said_by((*WORDS.values(), *SCALE.values()), WHERE))


def script(definition: Definition, language: str) -> dict[str, Any]:
    """What is said, in the language; of the definition (in that language too) what stands above, and its levels."""
    with said_in(language):
        said: dict[str, Any] = {name: str(words) for name, words in WORDS.items()}
        usual = {value: str(SCALE[value]) for value in sorted(SCALE, reverse=True)} | {NO_OPINION: said["no_opinion"]}
    said["levels"] = [(value, definition.level(value, language) or words) for value, words in usual.items()]
    said["intro"] = definition.intro and definition.intro.get(language, definition.intro["vi"])
    said["language"], said["direction"] = language.partition("-")[0], direction_of(language)
    return said
