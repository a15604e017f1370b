"""Writing a province's archive: what changed, then the manifest, then what is not named any more goes.

Killed at any step the archive is the old one or the new one: files bear the digest of their content in their names, so
none is written over, and the manifest is renamed into place when all it names are on disk.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import pyarrow as pa
import pyarrow.parquet as pq

from analysis.archive import queries
from analysis.archive.files import ArchiveFolder
from analysis.archive.manifest import FORMAT, MANIFEST, ArchivedFile, Manifest, made_here
from analysis.figures.codebook import codebook
from analysis.periods.closings import fetch_closing_instants
from survey.foundation.clock import month_of, now, today
from survey.foundation.periods import shift_month
from survey.foundation.progress import progress
from survey.foundation.version import program_version
from survey.registry.models import Province


def archive_province(folder: ArchiveFolder, province: Province, until: str | None = None) -> bool:
    """Bring a province's archive to the present state of its finished months (up to `until`, ``YYYY-MM``).

    Returns whether anything was written: what has the stamp it was archived with is left as it is.
    """
    earlier = folder.read_manifest(province.key)
    if earlier is not None and earlier.made_by != made_here():
        earlier = None  # of another program: every file is made again
    register = queries.fetch_register(province)
    last = shift_month(month_of(today()), -1)
    last = min(last, until or last)
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
            kept = _put(folder, province, f"ratings-{month}", table, stamps[month])
        files[month] = kept
    return files


def _put_table(
    folder: ArchiveFolder, province: Province, name: str, table: pa.Table, earlier: Manifest | None
) -> ArchivedFile:
    """A table of the register: its stamp is its content."""
    if "id" in table.column_names:
        table = table.drop_columns(["id"])
    content = _parquet(table)
    stamp = hashlib.sha256(content).hexdigest()[:32]
    kept = earlier.register_tables.get(name) if earlier else None
    if kept is not None and kept.stamp == stamp:
        return kept
    return _put(folder, province, f"register-{name}", table, stamp)


def _put(folder: ArchiveFolder, province: Province, name: str, table: pa.Table, stamp: str) -> ArchivedFile:
    content = _parquet(table)
    digest = hashlib.sha256(content).hexdigest()
    file = ArchivedFile(name=f"{name}-{digest[:16]}.parquet", rows=len(table), sha256=digest, stamp=stamp)
    folder.write(province.key, file.name, content)
    return file


def _parquet(table: pa.Table) -> bytes:
    """One zstd file, the same bytes for the same rows."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", store_schema=False)
    return bytes(sink.getvalue())
