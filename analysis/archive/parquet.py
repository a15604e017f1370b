"""One table as one Parquet file that names its province and table, so that a misplaced one is recognised."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from analysis.archive.files import ArchiveFolder
from analysis.archive.manifest import ArchivedFile

_OWNER = "hai-long"  # the key of a file's own metadata: province and table, as dak-lak/ratings-2026-09


def put(folder: ArchiveFolder, province: str, name: str, table: pa.Table, stamp: str) -> ArchivedFile:
    """Write a table of a province (`name`: ``ratings-2026-09``, ``register-agencies``), under its content's digest."""
    content = packed(table, province, name)
    digest = hashlib.sha256(content).hexdigest()
    file = ArchivedFile(name=f"{name}-{digest[:16]}.parquet", rows=len(table), sha256=digest, stamp=stamp)
    folder.write(province, file.name, content)
    return file


def packed(table: pa.Table, province: str, name: str) -> bytes:
    """One zstd file, the same bytes for the same rows."""
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(sink, table.schema, compression="zstd", store_schema=False) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({_OWNER: f"{province}/{name}"})
    return bytes(sink.getvalue())


def is_of(path: Path, province: str, name: str, file: ArchivedFile) -> bool:
    """Whether a file holds that table of that province, and as many rows as the manifest says."""
    said = pq.read_metadata(path)
    return said.num_rows == file.rows and (said.metadata or {}).get(_OWNER.encode()) == f"{province}/{name}".encode()
