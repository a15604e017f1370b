"""Reading archives: a province's register and the files of the months asked for, each checked by its digest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from analysis.archive.files import ArchiveFolder
from analysis.archive.manifest import ArchivedFile, Manifest


class Withheld(ValueError):
    """A province has no figure: what is missing or damaged. `month` is '' where it is not a month that is."""

    def __init__(self, province: str, month: str, reason: str) -> None:
        super().__init__(f"{province}{month and ' '}{month}: {reason}")
        self.province, self.month, self.reason = province, month, reason


@dataclass(frozen=True)
class ArchivedProvince:
    """What a question needs of one archive: its manifest, its register, and the paths of its ratings."""

    manifest: Manifest
    register: Mapping[str, pa.Table]
    ratings: tuple[Path, ...]

    @property
    def key(self) -> str:
        """The province's key."""
        return self.manifest.province


def read_province(folder: ArchiveFolder, province: str, months: Sequence[str], into: Path) -> ArchivedProvince:
    """The archive of a province for some months; what lies on S3 is copied into the folder `into`.

    Raises:
        Withheld: a month is not archived yet, or a file is missing or not what the manifest names.
        ArchiveProblem: the manifest cannot be read.
    """
    manifest = folder.read_manifest(province)
    if manifest is None:
        raise Withheld(province, "", "chưa có trong kho lưu trữ")
    for month in months:
        if month > manifest.until:
            raise Withheld(province, month, f"kho lưu trữ mới có đến tháng {manifest.until}")
    tables = {
        name: pq.read_table(_checked(folder, manifest, "", file, into))
        for name, file in manifest.register_tables.items()
    }
    asked = [(month, manifest.months[month]) for month in months if month in manifest.months]
    ratings = tuple(_checked(folder, manifest, month, file, into) for month, file in asked)
    return ArchivedProvince(manifest, tables, ratings)


def _checked(folder: ArchiveFolder, manifest: Manifest, month: str, file: ArchivedFile, into: Path) -> Path:
    path = folder.path(manifest.province, file.name)
    digest = folder.digest(path)
    if digest is None:
        raise Withheld(manifest.province, month, f"thiếu tệp {file.name}")
    if digest != file.sha256:
        raise Withheld(manifest.province, month, f"tệp {file.name} bị hỏng")
    return folder.local_path(path, into)
