"""What an archive of a province says of itself: which files, of which state, made by which program.

    DIR/<province>/manifest.json            renamed into place last: the archive is what it names
    DIR/<province>/ratings-2026-09-<digest>.parquet
    DIR/<province>/register-<table>-<digest>.parquet

No answer's id and no comment is in it, agencies, services and counters are named by their codes, and the order of rows
is that of their content: neither tells who answered.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from analysis.figures.codebook import codebook
from survey.foundation.version import program_version

FORMAT = 4
MANIFEST = "manifest.json"
REGISTER = ("agencies", "services", "counters", "caseloads", "successions", "published")
PROVINCE_KEY = r"^[a-z0-9][a-z0-9_-]*$"  # is a folder's name: it leads nowhere else
FILE_NAME = r"^(ratings-\d{4}-\d{2}|register-[a-z]+)-[0-9a-f]{16}\.parquet$"
Month = Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]


class ArchiveProblem(ValueError):
    """An archive cannot be read; the message says which and why."""


class ArchivedFile(BaseModel):
    """One file: its name beside the manifest, its rows, its digest, and the state of what it was made from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=FILE_NAME)
    rows: int = Field(ge=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    stamp: str


class Manifest(BaseModel):
    """The archive of one province: every month up to `until` (``YYYY-MM``), of which those with ratings have a file.

    `register_tables` by table; `closings`: when each period closed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int
    program: str
    codebook: str
    province: str = Field(pattern=PROVINCE_KEY)
    name: str
    made_at: dt.datetime
    until: Month
    months: dict[Month, ArchivedFile]
    register_tables: dict[str, ArchivedFile]
    closings: dict[str, dt.datetime]

    @model_validator(mode="after")
    def _names_its_own(self) -> Self:
        """Each file under the name of what it stands for, and every table of the register."""
        tables = {f"ratings-{month}": file for month, file in self.months.items()}
        tables |= {f"register-{table}": file for table, file in self.register_tables.items()}
        if wrong := [name for name, file in tables.items() if not file.name.startswith(f"{name}-")]:
            raise ValueError(f"{wrong[0]} names another file")
        if self.register_tables.keys() != set(REGISTER):
            raise ValueError("not the tables of a register")
        return self

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


def parse_manifest(text: bytes, place: str, province: str) -> Manifest:
    """The manifest of a province as it was written. Raises ArchiveProblem."""
    try:
        manifest = Manifest.model_validate_json(text)
    except ValidationError as problem:
        if (other := _format(text)) not in (None, FORMAT):
            words = (
                f"{place}/{MANIFEST} theo khuôn dạng {other}, chương trình này đọc {FORMAT}: hãy lập lại kho lưu trữ."
            )
            raise ArchiveProblem(words) from problem
        fields = ", ".join(".".join(map(str, error["loc"])) or "JSON" for error in problem.errors()[:3])
        raise ArchiveProblem(f"{place}/{MANIFEST} không đọc được ({fields}): hãy lập lại kho lưu trữ.") from problem
    if manifest.province != province:
        raise ArchiveProblem(f"{place}/{MANIFEST} là của tỉnh {manifest.province}: hãy lập lại kho lưu trữ.")
    return manifest


def _format(text: bytes) -> object:
    """Which format a manifest that cannot be read says it has."""
    try:
        said = json.loads(text)
    except ValueError:
        return None
    return said.get("format") if isinstance(said, dict) else None
