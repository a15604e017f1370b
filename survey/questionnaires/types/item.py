"""What every type of item has. A type is a class of this one: its JSON, its check of an answer."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Literal, Self

from flask_babel import LazyString
from flask_babel import gettext as _
from pydantic import BaseModel, ConfigDict, Field, model_validator
from wtforms import Field as FormField

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


Value = int | str | list[int]
# Facts a questionnaire may ask for beside opinions; `analysis` finds them by these names, whatever form asks.
Fact = Literal["trips", "asked_back", "late", "extra_payment", "cost", "days"]
# How sure a wording is: read in the document itself; the same in independent transcriptions; known roughly; our own.
Confidence = Literal["document", "transcribed", "approximate", "own"]
NotBlank = Annotated[str, Field(pattern="\\S", max_length=1000)]


class AnswerProblem(ValueError):
    """Answers that do not fit the questionnaire.

    `item` is the code at fault, None when nothing was answered; `takes`: what it takes, in words.
    """

    def __init__(self, item: str | None, message: str, takes: str = "") -> None:
        super().__init__(message)
        self.item, self.takes = item, takes


class Labelled(BaseModel):
    """Something with a code and a text in each language. Never changed once it is read."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    code: Code
    text: Text

    def label(self, language: str) -> str:
        """Its text in a language; Vietnamese where there is no translation."""
        return self.text.get(language, self.text[DEFAULT_LANGUAGE])


class Condition(BaseModel):
    """An item is asked only of those who answered an earlier `item` with one of `values`."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    item: str
    values: Annotated[list[int], Field(min_length=1)]


class Item(Labelled):
    """One question. `subject` makes it the overall question of that subject; `factor` groups an optional item.

    A type says what it takes (`check`), how it stands on the form (`field`) and in a file (`read_cell`); the kiosk
    draws it in `static/kiosk/widgets/`, under the same name.
    """

    type: str
    subject: Annotated[
        Subject | None, Field(description="Makes it the overall question of this subject; its code is fixed.")
    ] = None
    factor: Annotated[str | None, Field(description="Code of the factor under which it stands.")] = None
    shown_if: Annotated[Condition | None, Field(description="Asked only after these answers to it.")] = None
    fact: Annotated[Fact | None, Field(description="Which fact it asks for, beside opinions.")] = None
    confidence: Annotated[Confidence | None, Field(description="How sure its wording is; else as the source says.")] = (
        None
    )
    note: NotBlank | None = None

    words: ClassVar[LazyString]
    """What the editor calls the type."""
    is_rated: ClassVar[bool] = False
    """Whether it is answered with 1-5 (or no opinion): only such items count into satisfaction."""
    is_detail: ClassVar[bool] = False
    """Whether it is rated and neither an overall question nor a factor's: such items are pooled."""
    opens: ClassVar[bool] = False
    """Whether its answers can make a follow-up appear."""
    is_written: ClassVar[bool] = False
    """Whether it is answered in words, which are kept with the comment."""

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

    def check(self, value: object) -> Value:
        """An answer to this item, as it is stored.

        Raises:
            AnswerProblem: it is none.
        """
        raise NotImplementedError

    def field(self, language: str) -> FormField:
        """Its field on the form; `data` is the answer as stored, None when left alone."""
        raise NotImplementedError

    def examples(self) -> list[Value]:
        """Answers of every kind it takes, at least one."""
        raise NotImplementedError

    def posted(self, value: Value) -> list[str]:
        """An answer as a browser posts it; also how it stands in a file, joined by spaces."""
        return [str(value)]

    def from_text(self, text: str) -> object:
        """What a text stands for, unchecked."""
        return whole_number(text)

    def read_cell(self, cell: str) -> Value:
        """The answer in a file's cell.

        Raises:
            AnswerProblem: there is none in it.
        """
        return self.check(self.from_text(cell))

    def as_json(self) -> dict[str, Any]:
        """The item in the form in which it is stored; what it does not say is left out."""
        return self.model_dump(exclude_defaults=True)

    def refused(self, takes: str, value: object) -> AnswerProblem:
        """That a value does not answer this item, and what does."""
        return AnswerProblem(self.code, not_taken(self.code, takes, repr(value)[:40]), takes)


def not_taken(item: str, takes: str, value: str) -> str:
    """Says what an item takes; `item` is its code where files and programs bring answers, its text for citizens."""
    said: str = _("Câu “%(item)s” chỉ nhận %(takes)s; đã nhận: %(value)s.", item=item, takes=takes, value=value)
    return said


def whole_number(text: str) -> object:
    """A whole number written plainly; otherwise the text itself, which no check of numbers takes."""
    return int(text) if text.isascii() and text.removeprefix("-").isdigit() and len(text) <= 9 else text


def counted(answers: Mapping[str, object]) -> list[tuple[str, int]]:
    """(item, value) of all that is counted of stored answers: numbers and choices; words and dates are not.

    Of several choices each is counted, and under 0 that the question was answered at all.
    """
    counts: list[tuple[str, int]] = []
    for code, value in answers.items():
        if isinstance(value, int):
            counts.append((code, value))
        elif isinstance(value, list):
            counts += [(code, 0), *((code, chosen) for chosen in value)]
    return counts
