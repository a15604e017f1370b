"""The archive of an invented country, written without a database: 34 provinces, 10,000 agencies, 36 months."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from analysis.archive.files import ArchiveFolder
from analysis.archive.manifest import FORMAT, MANIFEST, ArchivedFile, Manifest
from analysis.archive.parquet import put
from analysis.figures.codebook import codebook
from benchmarks.country_data import AREAS, CHANNELS, COUNTERS, SECTOR, SERVICES, SUBJECT, Columns, InventedProvince
from survey.foundation.commands.progress import progress
from survey.foundation.version import program_version

PROVINCES, AGENCIES = 34, 10_000
MONTHS = [f"{year}-{month:02d}" for year in (2023, 2024, 2025) for month in range(1, 13)]


def write_country(folder: ArchiveFolder, ratings: int, *, once: bool = False) -> None:
    """So many ratings, shared out evenly over provinces and months; in memory is one month of one province."""
    size = ratings // PROVINCES // len(MONTHS)
    for number in progress(range(PROVINCES), "Provinces", PROVINCES):
        key = f"tinh-{number:02d}"
        agencies = AGENCIES // PROVINCES + (number < AGENCIES % PROVINCES)
        province = InventedProvince(key, number, agencies, once)
        months = {month: _put(folder, key, f"ratings-{month}", _ratings(province, month, size)) for month in MONTHS}
        tables = {name: _put(folder, key, f"register-{name}", table) for name, table in _register(province, size)}
        manifest = Manifest(
            format=FORMAT, program=program_version(), codebook=codebook().version, province=key, name=f"Tỉnh {number}",
            made_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), until=MONTHS[-1], months=months, register_tables=tables,
            closings={},
        )  # fmt: skip
        folder.write(key, MANIFEST, manifest.model_dump_json().encode())


def _put(folder: ArchiveFolder, key: str, name: str, table: pa.Table) -> ArchivedFile:
    return put(folder, key, name, table, "")


def _ratings(province: InventedProvince, month: str, size: int) -> pa.Table:
    drawn = province.ratings(month, size)
    service = np.where(drawn.service > 0, drawn.service, 0)
    order = np.lexsort((drawn.value, drawn.channel, drawn.day, drawn.counter, service, drawn.agency))
    columns = Columns(*(getattr(drawn, name)[order] for name in Columns.__dataclass_fields__))
    first = np.datetime64(f"{month}-01") - 1
    day = first + columns.day.astype("timedelta64[D]")
    agencies = [province.agency(place) for place in range(province.agencies)]
    counters = [f"{code}-{place}" for code in agencies for place in range(COUNTERS)]
    none = np.zeros(size, dtype=np.int16)
    return pa.table(
        {
            "subject": _named(none, [SUBJECT]),
            "agency": _named(columns.agency, agencies),
            "service": _named(service[order], ["", *(f"kham-{place}" for place in range(SERVICES))]),
            "respondent_kind": _named(none, ["individual"]),
            "counter": _named(COUNTERS * columns.agency + columns.counter - 1, counters),
            "day": pa.array(day),
            "channel": _named(columns.channel, list(CHANNELS)),
            "value": pa.array(columns.value, pa.int8()),
            "month": _named(none, [month]),
            "language": _named(none, ["vi"]),
            "received_at": pa.array(day.astype("datetime64[s]").astype(np.int64) + 3600 * columns.hour),
            "items_answered": pa.array(none),
            "items_satisfied": pa.array(none),
            "by_file": pa.array(none.astype(bool)),
            "beyond_capacity": pa.array(none.astype(bool)),
        }
    )


def _register(province: InventedProvince, size: int) -> Iterator[tuple[str, pa.Table]]:
    codes = [province.agency(place) for place in range(province.agencies)]
    count, text, date = len(codes), pa.string(), pa.date32()
    yield (
        "agencies",
        pa.table(
            {"code": codes, "name": codes, "kind": ["public_service_unit"] * count, "level": ["commune"] * count}
            | {"area": [AREAS[place % len(AREAS)] for place in range(count)], "parent": pa.nulls(count, text)}
            | {
                name: pa.nulls(count, date)
                for name in ("valid_from", "valid_to", "one_stop_since", "method_defined_on")
            }
        ),
    )
    services = [f"kham-{place}" for place in range(SERVICES)]
    named = {"code": services, "name": services, "sector": [SECTOR] * SERVICES}
    yield "services", pa.table(named | {"field": [""] * SERVICES, "national_code": [""] * SERVICES})
    yield (
        "counters",
        pa.table(
            {
                "code": [f"{code}-{place}" for code in codes for place in range(COUNTERS)],
                "agency": np.repeat(codes, COUNTERS),
            }
        ),
    )
    usual = 3 * size / province.agencies
    rows = [(month, *row) for month in MONTHS for row in province.caseloads(month, usual)]
    months, agencies, of_services, visits = zip(*rows, strict=True)
    yield (
        "caseloads",
        pa.table(
            {
                "agency": [codes[place] for place in agencies],
                "service": [services[place] for place in of_services],
                "month": list(months),
                "respondent_kind": [""] * len(rows),
                "unit": ["visit"] * len(rows),
                "count": list(visits),
                "overdue": pa.nulls(len(rows), pa.int64()),
            }
        ),
    )
    none = {name: pa.nulls(0, text) for name in ("predecessor", "successor", "kind")}
    yield "successions", pa.table(none | {"effective_on": pa.nulls(0, date)})
    none = {name: pa.nulls(0, text) for name in ("period", "subject", "table", "domain")}
    none |= {name: pa.nulls(0, pa.int64()) for name in ("n", "received")}
    yield "published", pa.table(none | {"estimate": pa.nulls(0, pa.float64())})


def _named(places: np.ndarray, names: list[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(places.astype(np.int32)), pa.array(names))
