"""``manifest.json`` of a pack: which language it is, how it is written, and who vouches for it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal, Self

from flask_babel import gettext as _
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, WithJsonSchema, model_validator

from survey.foundation.languages.citizen_languages import LANGUAGE_CODE, is_language_code

SOUND_NAME = r"sounds/[A-Za-z0-9][A-Za-z0-9_.-]{0,80}\.(mp3|ogg)"


def _check_code(code: str) -> str:
    if not is_language_code(code):
        raise ValueError(_("phải là mã ngôn ngữ theo BCP 47, tối đa 10 ký tự, ví dụ rad hoặc km"))
    return code


def _check_sound(name: str) -> str:
    if not re.fullmatch(SOUND_NAME, name):
        raise ValueError(_("tên tệp âm thanh phải như sounds/cau-1.mp3"))
    return name


Line = Annotated[str, Field(pattern="\\S", max_length=200)]
Code = Annotated[str, AfterValidator(_check_code), WithJsonSchema({"type": "string", "pattern": f"^{LANGUAGE_CODE}$"})]
SoundName = Annotated[
    str, AfterValidator(_check_sound), WithJsonSchema({"type": "string", "pattern": f"^{SOUND_NAME}$"})
]


class Part(BaseModel):
    """A part of the manifest."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Sounds(Part):
    """The recordings: whose voices, under which licence, and which file says which text."""

    licence: Line
    speakers: Annotated[list[Line], Field(min_length=1, description="Whose voices; a machine by its name.")]
    files: Annotated[dict[Line, SoundName], Field(min_length=1, description="File by the Vietnamese text it says.")]


class Manifest(Part):
    """Who a pack is. A language of the program itself (vi, en) may get sounds by a pack, never texts."""

    format: Literal[1] = 1
    code: Annotated[Code, Field(description="BCP 47; stored with every answer given in the language.")]
    name: Annotated[str, Field(pattern="\\S", max_length=60, description="As its speakers call and write it.")]
    direction: Literal["ltr", "rtl"] = "ltr"
    script: Annotated[str, Field(pattern="^[A-Z][a-z]{3}$", description="ISO 15924: Latn, Khmr, Cham, Tavt.")] = "Latn"
    fonts: Annotated[list[Line], Field(description="Families it was looked at in.")] = []
    licence: Annotated[Line, Field(description="Of the texts, by its SPDX name where it has one.")]
    translators: Annotated[list[Line], Field(min_length=1)]
    checkers: Annotated[
        list[Line], Field(min_length=1, description="Who has read it against the Vietnamese; none of the translators.")
    ]
    checked_on: dt.date
    note: Annotated[str, Field(max_length=1000, description="Shown at the desk.")] = ""
    questionnaires: Annotated[list[Line], Field(description="Keys of the questionnaires it speaks for.")]
    sounds: Sounds | None = None

    @model_validator(mode="after")
    def _check_vouched(self) -> Self:
        if set(self.checkers) & set(self.translators):
            raise ValueError(_("người kiểm tra (“checkers”) phải khác người dịch (“translators”)"))
        return self


def manifest_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a pack's manifest."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **TypeAdapter(Manifest).json_schema()}
