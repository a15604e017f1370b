"""What an archive of a province says of itself: which files, of which state, made by which program.

    DIR/<province>/manifest.json            renamed into place last: the archive is what it names
    DIR/<province>/ratings-2026-09-<digest>.parquet
    DIR/<province>/register-<table>-<digest>.parquet

No answer's id and no comment is in it, agencies, services and counters are named by their codes, and the order of rows
is that of their content: neither tells who answered.
"""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel, ConfigDict, ValidationError

from analysis.figures.codebook import codebook
from survey.foundation.version import program_version

FORMAT = 1
MANIFEST = "manifest.json"


class ArchiveProblem(ValueError):
    """An archive cannot be read; the message says which and why."""


class ArchivedFile(BaseModel):
    """One file: its name beside the manifest, its rows, its digest, and the state of what it was made from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    rows: int
    sha256: str
    stamp: str


class Manifest(BaseModel):
    """The archive of one province: every month up to `until` (``YYYY-MM``), of which those with ratings have a file.

    `register_tables` by table; `closings`: when each period closed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int
    program: str
    codebook: str
    province: str
    name: str
    made_at: dt.datetime
    until: str
    months: dict[str, ArchivedFile]
    register_tables: dict[str, ArchivedFile]
    closings: dict[str, dt.datetime]

    @property
    def made_by(self) -> str:
        """What must be alike for figures to be put together: the format, the program's version and its codebook."""
        return f"{self.format}/{self.program}/{self.codebook}"

    @property
    def files(self) -> set[str]:
        """Every file that belongs to it."""
        return {file.name for file in (*self.months.values(), *self.register_tables.values())}

    def same_as(self, other: Manifest | None) -> bool:
        """Whether the other says the same but for when it was made."""
        return other is not None and other.model_copy(update={"made_at": self.made_at}) == self


def made_here() -> str:
    """`Manifest.made_by` of what this program writes."""
    return f"{FORMAT}/{program_version()}/{codebook().version}"


def parse_manifest(text: bytes, place: str) -> Manifest:
    """A manifest as it was written. Raises ArchiveProblem."""
    try:
        return Manifest.model_validate_json(text)
    except ValidationError as problem:
        fields = ", ".join(".".join(map(str, error["loc"])) or "JSON" for error in problem.errors()[:3])
        raise ArchiveProblem(f"{place}/{MANIFEST} không đọc được ({fields}): hãy lập lại kho lưu trữ.") from problem
