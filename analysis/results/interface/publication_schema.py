"""A publication as it is stored for ever and answered as stored: these models describe every format there was."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from analysis.results.interface.answer_schema import (
    Answer,
    Comparator,
    Count,
    CoverageOf,
    Instant,
    Quote,
    RespondentKind,
    Share,
    Status,
    SubjectCode,
    one_of,
)
from analysis.statistics.verdicts.verdict import Evidence, Point
from survey.foundation.vocabulary import RESPONDENT_KINDS, UNKNOWN_KIND

Absent = SkipJsonSchema[None]  # a key that publications of some formats do not have


class IntervalJson(Answer):
    """Model-based: respondents choose themselves."""

    level: float
    low: Share
    high: Share


class FigureJson(Answer):
    """One figure; every number is null where it is held back."""

    domain: str = Field(description="Code of the agency or service, or the key of the province.")
    label: str = Field(description="Its name in Vietnamese.")
    suppressed: bool = Field(description="true: answers came, but too few to publish; every number is null.")
    provisional: bool = Field(description="true: weights still rest on an earlier month's caseload.")
    estimate: Share | None = Field(
        description="Weighted share of dossiers handled whose owner would be satisfied (4 or 5 of 5)."
    )
    interval_90: IntervalJson | None = Field(description="Model-based, beside a verdict.")
    interval_95: IntervalJson | None
    n: Count | None = Field(
        description="Answers used in this figure. In publications before format 2: all that a share can be made of."
    )
    received: Count | None = Field(
        None, description="All answers that came for the domain, used or not. Since format 2."
    )
    n_eff: Annotated[float, Field(ge=0)] | None = Field(description="Effective sample size.")
    unweighted: Share | None = Field(description="Share of the answers themselves.")
    response_rate: Annotated[float, Field(ge=0)] | None = Field(description="n per dossier handled.")
    caseload: Annotated[float, Field(ge=0)] | None = Field(description="Dossiers, visits or pupils.")
    partial: bool | None = Field(
        None,
        description="true: caseload and response_rate are those of a part of the answering agencies, services or "
        "months. Since format 2.",
    )
    coverage: Share | None = Field(description="Share of the caseload in post-strata that have answers.")
    kept: Literal[True] | Absent = Field(
        None,
        description="Present where a revision keeps the earlier figure, because only a handful of answers changed.",
    )


class OverturnJson(Answer):
    """How wrong the volunteers would have to be."""

    points: float = Field(
        description="How much less satisfied (negative: more) the silent would have to be, as a share, for the "
        "evidence, where it settles, otherwise for the point verdict to turn."
    )
    rho: float | None = Field(
        description="The data defect correlation that does the same to the point verdict (Meng 2018)."
    )
    possible: bool = Field(description="false: no answer of the silent could turn it.")
    of_point: float = Field(description="The same as points, of the point verdict.")
    point_possible: bool


class ShiftedVerdict(Answer):
    """The verdicts, were the silent so much less satisfied."""

    points: float
    point: Annotated[str, one_of(*Point)]
    evidence: Annotated[str, one_of(*Evidence)] | None


class ChannelsApart(Answer):
    """The widest difference between two channels: `channel` minus `other`, with its 95 % interval."""

    channel: str
    other: str
    difference: float
    low: float | None
    high: float | None


class LateTold(Answer):
    """Shares (0-1) of those asked who call the result late, and of the register's dossiers that were overdue."""

    told: float
    registered: float


class CountersHeard(Answer):
    """How many counters gave answers."""

    answered: int
    serving: int


class Settles(Answer):
    """What would settle an open verdict."""

    what: Literal["few", "days", "thin", "answers", "drawn_sample", "nothing"]
    count: int | None


class PartOfMean(Answer):
    """What stands beside the verdict on a mean of two sectors, of one of them."""

    subject: SubjectCode
    channels: ChannelsApart | None
    late: LateTold | None
    counters: CountersHeard | None
    n: Count | None
    caseload: Annotated[float, Field(ge=0)] | None
    partial: bool


class VerdictJson(Answer):
    """What was concluded of a target."""

    point: Annotated[str, one_of(*Point)] | None
    evidence: Annotated[str, one_of(*Evidence)] | None
    overturn: OverturnJson | None = Field(
        None,
        description="How wrong the volunteers would have to be; null where the response rate is not known. Since "
        "format 2.",
    )
    at: list[ShiftedVerdict] | Absent = Field(
        None,
        description="The verdicts, were the silent so much less satisfied (negative: more) than those who answered. "
        "Since format 2.",
    )
    channels: ChannelsApart | None = Field(
        None, description="How differently the channels answer, where two have enough answers. Since format 2."
    )
    late: LateTold | None = Field(
        None, description="Lateness as told and as registered, where the forms ask for it. Since format 2."
    )
    counters: CountersHeard | None = Field(
        None, description="Counters that gave answers, of those that serve the sector. Since format 2."
    )
    parts: list[PartOfMean] | Absent = Field(
        None, description="Of a mean of two sectors, channels, late and counters of each. Since format 2."
    )
    working_days: int | Absent = Field(
        None,
        description="Working days of the period: n and caseload divided by it are answers and dossiers a day. Since "
        "format 2.",
    )
    settles: Settles | None = Field(
        None,
        description="What would settle an open verdict, and how many of it where that is known. Since format 2.",
    )


class _Judged(Answer):
    id: str
    subject: SubjectCode | None
    coverage_of: CoverageOf | None
    respondent_kinds: list[RespondentKind]
    counted_kinds: list[Annotated[str, one_of(*RESPONDENT_KINDS, UNKNOWN_KIND)]] | Absent = Field(
        None, description="Whose answers this figure counts. Since format 2."
    )
    comparator: Comparator
    due_year: int
    document: str
    clause: str
    quote: Quote
    threshold: str = Field(description="A decimal fraction as text, because it is compared exactly.")
    status: Status = Field(description="Before its due year, in it, or afterwards.")
    agency: str | None = Field(
        None,
        description="Code of the agency whose own promise it is; null: the province's. Absent in publications made "
        "before agencies had their own.",
    )
    agency_name: str | None = None
    agencies: list[str] | Absent = Field(
        None, description="Codes of the agency and those below it; empty for the province's."
    )


class JudgedSatisfaction(_Judged):
    """A target on satisfaction with its figure."""

    kind: Literal["satisfaction"]
    figure: FigureJson
    verdict: VerdictJson | None


class JudgedCoverage(_Judged):
    """A target on how many units do something."""

    kind: Literal["coverage"]
    units: int | None
    reached: int | None
    reached_well: int | None = Field(description="Units with 30 answers or more.")
    share: Share | None
    met: bool | None


class Breakdowns(Answer):
    """A subject's figures by agency, by service and by both."""

    agency: list[FigureJson] | Absent = None
    service: list[FigureJson] | Absent = None
    service_of_agency: list[FigureJson] | Absent = Field(
        None,
        description="Years only: each agency's services; domain is both codes with a slash between, label the "
        "service's name. In publications made since 0.2.",
    )


class PublicationWarning(Answer):
    """What a reader must know: in Vietnamese, and in English since 0.2."""

    code: str
    message: str
    message_en: str | Absent = None


class Subject(Answer):
    """A subject's figures."""

    sector: str | None
    total: FigureJson
    by: Breakdowns
    marked: list[PublicationWarning] | Absent = Field(
        None,
        description="How many of the answers came by file or beyond what a counter can serve, where any did. In "
        "publications made since 0.2.",
    )


class About(Answer):
    """Which publication this is."""

    province: str
    period: str
    revision: Count
    closed_at: Instant
    published_at: Instant
    licence: str
    method: Literal["top2"]


class Counts(Answer):
    """How often each rating was given."""

    rows: list[str]
    columns: list[str]
    counts: list[list[int | None]]


class OnTimeRow(Answer):
    """Dossiers handled whose caseload says how many were late."""

    domain: str = Field(description="Code of the agency or service, or the month.")
    label: str
    dossiers: Count
    overdue: Count
    share: Share | None = Field(description="Solved on time, by the register.")


class OnTimeTables(Answer):
    """Solved on time, by agency, service and month: counts, so without an interval."""

    agency: list[OnTimeRow]
    service: list[OnTimeRow]
    month: list[OnTimeRow]


class QuestionRow(Answer):
    """A form as a whole, one of its factors or questions: shares to a tenth of a percent, answers in tens."""

    form: str = Field(description="Key of the questionnaire.")
    of: Literal["form", "factor", "question"]
    domain: str = Field(description="Code of the factor or question, or the key of the form.")
    label: str = Field(description="Its words in Vietnamese.")
    method: Literal["top2", "item_pooled", "all_items"] = Field(
        description="top2: share of 4 and 5 at one question; item_pooled: at several, pooled; all_items: of those who "
        "rated every one 4 or 5. Never to be compared or averaged."
    )
    estimate: Share
    interval_90: IntervalJson | None
    n: Count = Field(description="Answers used, down to the ten.")
    kept: Literal[True] | Absent = None


class DossierBounds(Answer):
    """Hài lòng trong tiếp nhận, giải quyết TTHC by Quyết định 766/QĐ-TTg, between bounds in whole percents.

    Answers and reports name no dossier, so nobody knows which is unhappy, reported on and overdue at once.
    """

    dossiers: Count = Field(description="Dossiers handled, by the register.")
    unsaid: Count = Field(
        description="Dossiers of which no caseload says whether they were overdue: all may have been."
    )
    low: Share = Field(description="At least this share is neither unhappy, nor reported on, nor overdue.")
    high: Share = Field(description="At most this share is.")


class PublishedFigures(Answer):
    """All figures of one publication."""

    about: About
    format: Literal[1, 2] = Field(description="2 since 0.2: n and received apart.")
    targets: list[Annotated[JudgedSatisfaction | JudgedCoverage, Field(discriminator="kind")]]
    subjects: dict[SubjectCode, Subject]
    counts: Counts | None = Field(
        None, description="Years only: how often each rating was given, by sector; null where hidden."
    )
    on_time: OnTimeTables | Absent = Field(
        None, description="Where caseloads say how many dossiers were late. In publications made since 0.2."
    )
    dossiers: DossierBounds | Absent = Field(
        None, description="Where they can be told: of 1,000 dossiers or more. In publications made since 0.2."
    )
    questions: dict[SubjectCode, list[QuestionRow]] | Absent = Field(
        None, description="Years only: by form, factor and question, of the province. In publications made since 0.2."
    )
    warnings: list[PublicationWarning]


class RankedAgency(Answer):
    """An agency with the range of ranks that its published figure allows."""

    domain: str = Field(description="Code of the agency.")
    label: str
    estimate: Share = Field(description="Weighted share satisfied with the agency's service, as published.")
    interval_90: IntervalJson | None
    n: Count
    received: Count | None = Field(
        None,
        description="All answers that came for the agency, used or not; null where it would tell a few, and in "
        "rankings decided before 0.2.",
    )
    best: int | None = Field(description="null: not ranked.")
    worst: int | None


class RankingJson(Answer):
    """Agencies of a published year by ranges of ranks, and its coverage, once two people decided to publish it."""

    about: About
    subject: Literal["agency_service"]
    ranking: list[RankedAgency] = Field(
        description="Best first. Agencies whose ranges overlap cannot be told apart (pairwise, Holm, 5 %)."
    )
    coverage: list[JudgedCoverage]
