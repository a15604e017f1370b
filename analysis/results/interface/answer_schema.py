"""What each address of the interface answers, beside publications: written out of these models, described by them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from analysis.targets.importing import COVERAGE
from analysis.targets.service import SPEAKING
from survey.feedback.kinds import KIND_WORDS
from survey.foundation.vocabulary import RESPONDENT_KINDS, SUBJECTS


def one_of(*codes: str) -> Any:
    """In a schema: a text of a closed list."""
    return Field(json_schema_extra={"enum": [*codes]})


SubjectCode = Annotated[str, one_of(*SUBJECTS)]
CoverageOf = Annotated[str, one_of(*COVERAGE)]
RespondentKind = Annotated[str, one_of(*RESPONDENT_KINDS)]
Comparator = Literal[">", ">=", "="]
Status = Annotated[str, one_of(*SPEAKING)]
Count = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Instant = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
Quote = Annotated[str, Field(description="The clause, verbatim.")]


class Answer(BaseModel):
    """An object with these keys and no other."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class ProblemJson(Answer):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str | None


class ProvinceJson(Answer):
    """A province with the period it published last."""

    key: str
    name: str
    valid_from: str | None = Field(
        description="The first day it existed as a legal entity; null: no limit is recorded."
    )
    valid_to: str | None = Field(
        description="The last day it existed as a legal entity; null: no limit is recorded. Provinces keep their key "
        "across the mergers of 1/7/2025."
    )
    publications: Count = Field(description="Published periods.")
    latest: str | None


class Provinces(Answer):
    """Every province."""

    provinces: list[ProvinceJson]


class TargetJson(Answer):
    """A legal target."""

    id: str
    kind: Literal["satisfaction", "coverage"]
    subject: SubjectCode | None
    coverage_of: CoverageOf | None
    respondent_kinds: list[RespondentKind]
    comparator: Comparator
    due_year: int
    document: str
    clause: str
    quote: Quote
    province: str
    agency: str | None = Field(description="Code of the agency it binds; null: the province.")
    sector: str | None
    threshold: Share
    from_year: int
    note: str
    status: Status | None = Field(description="null unless a year was asked for.")


class TargetsJson(Answer):
    """Targets of a province."""

    targets: list[TargetJson]


class Revision(Answer):
    """A published revision of a period."""

    revision: Count
    closed_at: Instant = Field(description="Answers received later do not count.")
    published_at: Instant


class Publication(Answer):
    """A published period."""

    period: str
    label: str
    revision: Count = Field(description="The latest published one.")
    revisions: list[Revision]


class Publications(Answer):
    """Published periods, the latest first."""

    publications: list[Publication]


class OfficialJson(Answer):
    """An official figure of others."""

    name: str
    share: Share | None
    rank: int | None
    note: str
    source: str


class ReferenceYearJson(Answer):
    """An indicator in a year."""

    year: int
    province: OfficialJson | None
    merged: list[OfficialJson] = Field(description="Provinces since merged into it.")
    country: OfficialJson | None


class Indicator(Answer):
    """An indicator of others: another method, never to be mixed with the published results."""

    indicator: str
    label: str
    method: str
    method_changed_in: int = Field(description="Figures before and since this year cannot be compared.")
    years: list[ReferenceYearJson]


class ReferenceFiguresJson(Answer):
    """Official figures of others about a province."""

    indicators: list[Indicator]


class Description(BaseModel):
    """This interface in OpenAPI 3.1."""

    openapi: str
    info: dict[str, Any]
    paths: dict[str, Any]


class Handled(Answer):
    """How some of a year's reports were handled."""

    received: Count
    on_time: Share | None = Field(
        description="Handled by the promised day, of those within competence (Decision 766 of 2022)."
    )
    content: Share | None = Field(
        description="Neither late nor said not to have helped, of those within competence (Decision 766 of 2022); "
        "null: held back."
    )
    helped: Count | None = Field(description="Writers who said that the answer helped; null: held back.")
    reopened: Count | None = Field(description="Looked at once more; null: held back.")


class HandledJson(Handled):
    """One kind of citizens' reports in a year."""

    kind: Annotated[str, one_of(*KIND_WORDS)] | None = Field(description="null: all of them together.")


class HandledAt(Handled):
    """What citizens reported about one agency in a year."""

    agency: str = Field(description="The agency's code.")
    name: str


class FeedbackJson(Answer):
    """How citizens' reports were handled; a kind or agency with fewer than 5, and what would tell them, is left out.

    An agency's are without those about conduct and without denunciations.
    """

    province: str
    year: int
    rows: list[HandledJson]
    agencies: list[HandledAt]
