"""Writing a province's archive: what changed, then the manifest, then what is not named any more goes.

Killed at any step the archive is the old one or the new one: files bear the digest of their content in their names, so
none is written over, and the manifest is renamed into place when all it names are on disk.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import pyarrow as pa

from analysis.archive import queries
from analysis.archive.files import ArchiveFolder
from analysis.archive.manifest import FORMAT, MANIFEST, ArchivedFile, ArchiveProblem, Manifest, made_here
from analysis.archive.parquet import packed, put
from analysis.figures.codebook import codebook
from analysis.periods.closings import fetch_closing_instants
from survey.foundation.clock import month_of, now, today
from survey.foundation.commands.progress import progress
from survey.foundation.periods import shift_month
from survey.foundation.storage.database import alone_at, db
from survey.foundation.version import program_version
from survey.registry.models import Province


def archive_province(folder: ArchiveFolder, province: Province, until: str | None = None) -> bool:
    """Bring a province's archive to the present state of its finished months (up to `until`, ``YYYY-MM``).

    One after the other where two begin at once. Returns whether anything was written: what has the stamp it was
    archived with is left as it is.

    Raises:
        ArchiveProblem: this machine's clock stands before the last month that is archived.
    """
    db.session.rollback()  # what is read from here on is the state after whoever wrote before
    with alone_at(f"archive {province.key}"):
        return _archive(folder, province, until)


def _archive(folder: ArchiveFolder, province: Province, until: str | None) -> bool:
    earlier = _earlier(folder, province)
    last = shift_month(month_of(today()), -1)
    if earlier is not None and until is None and earlier.until > last:
        raise ArchiveProblem(
            f"{province.key}: kho lưu trữ đã có đến tháng {earlier.until}, theo đồng hồ máy này thì tháng vừa qua mới "
            f"là {last}. Hãy xem lại ngày giờ; muốn bỏ các tháng sau thì ghi --until {last}."
        )
    last = min(last, until or last)
    if earlier is not None and earlier.made_by != made_here():
        earlier = None  # of another program: every file is made again
    register = queries.fetch_register(province)
    months = _months(folder, province, register, earlier, last)
    tables = {name: _put_table(folder, province, name, table, earlier) for name, table in register.items()}
    manifest = Manifest(
        format=FORMAT,
        program=program_version(),
        codebook=codebook().version,
        province=province.key,
        name=province.name,
        made_at=now(),
        until=last,
        months=months,
        register_tables=tables,
        closings=dict(fetch_closing_instants(province.id)),
    )
    changed = not manifest.same_as(earlier)
    if changed:
        folder.write(province.key, MANIFEST, manifest.model_dump_json(indent=1).encode())
    folder.drop_others(province.key, manifest.files)
    return changed


def _earlier(folder: ArchiveFolder, province: Province) -> Manifest | None:
    """What is archived already; what cannot be read is made again."""
    try:
        return folder.read_manifest(province.key)
    except ArchiveProblem:
        return None


def _months(
    folder: ArchiveFolder,
    province: Province,
    register: Mapping[str, pa.Table],
    earlier: Manifest | None,
    until: str,
) -> dict[str, ArchivedFile]:
    stamps = queries.fetch_stamps(province)
    finished = [month for month in sorted(stamps) if month <= until]
    before = earlier.months if earlier else {}
    files = {}
    for month in progress(finished, province.name, len(finished)):
        kept = before.get(month)
        if kept is None or kept.stamp != stamps[month]:
            table = queries.fetch_ratings(province, month, register)
            kept = put(folder, province.key, f"ratings-{month}", table, stamps[month])
        files[month] = kept
    return files


def _put_table(
    folder: ArchiveFolder, province: Province, name: str, table: pa.Table, earlier: Manifest | None
) -> ArchivedFile:
    """A table of the register: its stamp is its content."""
    if "id" in table.column_names:
        table = table.drop_columns(["id"])
    name = f"register-{name}"
    stamp = hashlib.sha256(packed(table, province.key, name)).hexdigest()[:32]
    kept = earlier.register_tables.get(name.removeprefix("register-")) if earlier else None
    return kept if kept is not None and kept.stamp == stamp else put(folder, province.key, name, table, stamp)
