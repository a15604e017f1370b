"""What every type of item has. A type is a class of this one: its JSON, its check of an answer."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, ClassVar, Literal, Self

from flask_babel import gettext as _
from pydantic import BaseModel, ConfigDict, Field, model_validator

from survey.questionnaires.codes import DEFAULT_LANGUAGE, Code, Text

Subject = Literal["procedures", "agency_service", "health_service", "education_service"]
OVERALL_ITEMS: Mapping[Subject, str] = MappingProxyType(
    {
        "procedures": "overall_procedures",
        "agency_service": "overall_service",
        "health_service": "overall_health",
        "education_service": "overall_education",
    }
)


class AnswerProblem(ValueError):
    """Answers that do not fit the questionnaire. `item` is the code at fault, None when nothing was answered."""

    def __init__(self, item: str | None, message: str) -> None:
        super().__init__(message)
        self.item = item


class Labelled(BaseModel):
    """Something with a code and a text in each language. Never changed once it is read."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    code: Code
    text: Text

    def label(self, language: str) -> str:
        """Its text in a language; Vietnamese where there is no translation."""
        return self.text.get(language, self.text[DEFAULT_LANGUAGE])


class Item(Labelled):
    """One question. `subject` makes it the overall question of that subject; `factor` groups an optional item."""

    type: str
    subject: Annotated[
        Subject | None, Field(description="Makes it the overall question of this subject; its code is fixed.")
    ] = None
    factor: Annotated[str | None, Field(description="Code of the factor under which it stands.")] = None

    is_rated: ClassVar[bool] = False
    """Whether it is answered with 1-5 (or no opinion): only such items are counted, averaged and exported."""

    @model_validator(mode="after")
    def _check_subject(self) -> Self:
        expected = next((subject for subject, code in OVERALL_ITEMS.items() if code == self.code), None)
        if self.subject != expected:
            pairs = ", ".join(f"{code} - {subject}" for subject, code in OVERALL_ITEMS.items())
            raise ValueError(_("“code” và “subject” của câu hỏi chung phải đi đôi: %(pairs)s", pairs=pairs))
        if self.subject and not self.is_rated:
            raise ValueError(_("câu hỏi chung phải là câu chấm mức hài lòng"))
        if self.subject and self.factor:
            raise ValueError(_("câu hỏi chung không thuộc nhóm nào: bỏ “factor”"))
        return self

    def check(self, value: object) -> int | str:
        """An answer to this item, as it is stored.

        Raises:
            AnswerProblem: it is none.
        """
        raise NotImplementedError
