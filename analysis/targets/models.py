"""Legal targets as data: threshold, comparator, subject, respondents, due year, document, clause, verbatim quote."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.foundation.storage.database import Base, Json
from survey.foundation.vocabulary import UNKNOWN_KIND
from survey.registry.models import Agency, Province


class Target(Base):
    """A promise that can be judged. It stays with the legal entity that made it."""

    __tablename__ = "targets"
    __table_args__ = (UniqueConstraint("province_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20))
    province_id: Mapped[int] = mapped_column(ForeignKey("provinces.id"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"))
    kind: Mapped[str] = mapped_column(String(12))  # satisfaction | coverage
    subject: Mapped[str | None] = mapped_column(String(24))  # satisfaction: what is rated; None for coverage
    coverage_of: Mapped[str | None] = mapped_column(String(20))  # surveyed_units | method_defined | …
    sector: Mapped[str | None] = mapped_column(String(20))
    respondent_kinds: Mapped[list[str]] = mapped_column(Json)
    takes_unknown: Mapped[bool]  # whether answers that do not say their respondent kind count too
    comparator: Mapped[str] = mapped_column(String(2))  # > | >= | =
    threshold: Mapped[str] = mapped_column(String(10))  # a decimal fraction as text ("0.8"): judged exactly
    from_year: Mapped[int]  # first year of the programme's phase: the target is not shown before
    due_year: Mapped[int]
    last_year: Mapped[int | None]  # the last year in which it speaks; None: until a later target takes over
    ended_by: Mapped[str] = mapped_column(String(300), default="", server_default="")  # the document that ended it
    document: Mapped[str] = mapped_column(String(300))  # with its title, as quoted in full
    document_number: Mapped[str] = mapped_column(String(60), default="", server_default="")  # 323/QĐ-UBND
    document_short: Mapped[str] = mapped_column(String(300), default="", server_default="")  # without its title
    clause: Mapped[str] = mapped_column(String(60))
    quote: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, default="")

    province: Mapped[Province] = relationship()
    agency: Mapped[Agency | None] = relationship()

    @property
    def short_document(self) -> str:
        """The document as a sentence names it; in full where nobody gave a shorter name."""
        return self.document_short or self.document

    @property
    def counted_kinds(self) -> tuple[str, ...]:
        """The respondent kinds whose answers the clause is judged on, "unknown" among them where it takes those too."""
        return (*self.respondent_kinds, UNKNOWN_KIND) if self.takes_unknown else tuple(self.respondent_kinds)
