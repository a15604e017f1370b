"""Reading archives: a province's register and the files of the months asked for, each checked by its digest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from analysis.archive.files import ArchiveFolder
from analysis.archive.manifest import ArchivedFile, Manifest, made_here
from analysis.archive.parquet import is_of

_CHANGES = 5  # times that an archive may be written anew while it is read


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
        Withheld: a month is not archived yet, a file is missing or not what the manifest names, or another version of
            the program wrote it.
        ArchiveProblem: the manifest cannot be read.
    """
    for _once_more in range(_CHANGES):
        manifest = folder.read_manifest(province)
        if manifest is None:
            raise Withheld(province, "", "chưa có trong kho lưu trữ")
        try:
            return _read(folder, manifest, months, into)
        except (Withheld, OSError) as problem:
            if folder.read_manifest(province) == manifest:  # not written anew meanwhile, which took files away
                raise _missing(manifest, problem) from problem
    raise Withheld(province, "", "kho lưu trữ thay đổi liên tục trong lúc đọc")


def _read(folder: ArchiveFolder, manifest: Manifest, months: Sequence[str], into: Path) -> ArchivedProvince:
    if manifest.made_by != made_here():
        raise Withheld(manifest.province, "", f"lưu bằng phiên bản {manifest.made_by}, đang chạy {made_here()}")
    for month in months:
        if month > manifest.until:
            raise Withheld(manifest.province, month, f"kho lưu trữ mới có đến tháng {manifest.until}")
    tables = {
        name: pq.read_table(_checked(folder, manifest, f"register-{name}", file, into))
        for name, file in manifest.register_tables.items()
    }
    asked = [(month, manifest.months[month]) for month in months if month in manifest.months]
    ratings = tuple(_checked(folder, manifest, f"ratings-{month}", file, into, month) for month, file in asked)
    return ArchivedProvince(manifest, tables, ratings)


def _checked(
    folder: ArchiveFolder, manifest: Manifest, name: str, file: ArchivedFile, into: Path, month: str = ""
) -> Path:
    fetched = folder.fetch(folder.path(manifest.province, file.name), into)
    if fetched is None:
        raise Withheld(manifest.province, month, f"thiếu tệp {file.name}")
    path, digest = fetched
    if digest != file.sha256:
        raise Withheld(manifest.province, month, f"tệp {file.name} bị hỏng")
    if not is_of(path, manifest.province, name, file):
        raise Withheld(manifest.province, month, f"tệp {file.name} không phải là {name} của tỉnh này")
    return path


def _missing(manifest: Manifest, problem: Withheld | OSError) -> Withheld:
    return problem if isinstance(problem, Withheld) else Withheld(manifest.province, "", f"không đọc được: {problem}")
