"""The form of a questionnaire's JSON, and the JSON Schema of a questionnaire's file, written from it."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self, Union

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from survey.foundation.interface.schema_problems import SchemaProblem, schema_problems
from survey.foundation.vocabulary import SECTORS
from survey.questionnaires.codes import Text
from survey.questionnaires.types import ITEM_TYPES
from survey.questionnaires.types.item import Confidence, Labelled, NotBlank

_AnyItem: Any = Annotated[Union[tuple(ITEM_TYPES.values())], Field(discriminator="type")]  # noqa: UP007 - of a list

Level = Literal["0", "1", "2", "3", "4", "5"]
_Sector: Any = Literal[tuple(SECTORS)]


class DefinitionError(ValueError):
    """A definition that cannot be used; the message names each place and its mend."""

    def __init__(self, *problems: SchemaProblem) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems

    @classmethod
    def at(cls, where: str, what: str) -> Self:
        """One thing wrong at one place."""
        return cls(SchemaProblem(where, what))


class Factor(Labelled):
    """A heading under which optional items stand (SIPAS: access, procedures, officials, result, feedback)."""


class Source(BaseModel):
    """Where a questionnaire comes from, and how sure its wording is."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    document: NotBlank
    clause: NotBlank | None = None
    confidence: Confidence
    note: Annotated[NotBlank | None, Field(description="What was not found, or differs: its owner is told.")] = None


class DefinitionSchema(BaseModel):
    """What one version asks, in order. At least one item is an overall question; no code stands twice."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, title="Definition")

    source: Source | None = None
    intro: Annotated[Text | None, Field(description="Who is asked; said above the questions.")] = None
    asks_kind: Annotated[bool, Field(description="Whether persons are told from organisations.")] = False
    scale: Annotated[dict[Level, Text], Field(description="Words of the levels, where it has its own.")] = {}
    factors: list[Factor] = []
    items: list[_AnyItem]


class QuestionnaireFile(BaseModel):
    """A questionnaire with one of its versions, as one file."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, title="Questionnaire")

    key: Annotated[str, Field(pattern="^[a-z][a-z0-9-]{0,39}$", description="Stands for it everywhere.")]
    sector: Annotated[_Sector, Field(description="Whose services it asks about.")]
    title: Annotated[str, Field(min_length=1, max_length=200)]
    version: Annotated[int, Field(gt=0, lt=2**31, description="Published versions never change.")]
    definition: DefinitionSchema


def read_definition(data: object) -> DefinitionSchema:
    """The parts of a definition, each checked by itself.

    Raises:
        DefinitionError: saying everything that is wrong, where, and how to mend it.
    """
    try:
        return DefinitionSchema.model_validate(data)
    except ValidationError as error:
        problems = schema_problems(error, tags=ITEM_TYPES)
        raise DefinitionError(*(problem._replace(where=_named(problem.where, data)) for problem in problems)) from error


def file_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a questionnaire's file."""
    schema = TypeAdapter(QuestionnaireFile).json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _named(where: str, data: object) -> str:
    """A place with the code of the item or factor it lies in: ``items[2].text (seats)``."""
    place, _bracket, rest = where.partition("[")
    number = rest.partition("]")[0]
    if not number:
        return where or "definition"
    entry = data[place][int(number)] if isinstance(data, dict) else None
    code = entry.get("code") if isinstance(entry, dict) else None
    return f"{where} ({code.encode(errors='replace').decode()})" if isinstance(code, str) else where
