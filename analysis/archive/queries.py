"""What an archive of a province is made from: SQL only. Ids are turned into codes before anything is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa
from sqlalchemy import BigInteger, case, cast, exists, extract, func, or_, select

from analysis.figures.codebook import codebook
from analysis.figures.rating_queries import day_of_month
from analysis.periods.queries import fetch_published
from analysis.periods.release_gate import fetch_released
from analysis.statistics.cells.grouping import Ints
from survey.devices.models import QueueFileAnswer
from survey.foundation.identifiers import content_hash
from survey.foundation.periods import Period
from survey.foundation.storage.database import db
from survey.foundation.vocabulary import SUBJECTS
from survey.questionnaires.packs.service import language_names
from survey.registry.models import Agency, AgencySuccession, Caseload, Counter, Province, Service
from survey.responses.models import AnswerBeyondCapacity, Rating, RatingMark

# The order of rows in a file, so of its columns; the rest are what a rating says.
SORTED_BY = ("subject", "agency", "service", "respondent_kind", "counter", "day", "channel", "value")
_NUMBERS = (*SORTED_BY, "language", "received_at", "items_answered", "items_satisfied", "by_file", "beyond_capacity")
# What the database puts into one number, the last lowest, with its bits: each number of a row costs as much again.
_PACKED = {"subject": 5, "respondent_kind": 3, "day": 5, "channel": 5, "value": 3, "language": 7}
_PACKED |= {"items_answered": 16, "items_satisfied": 16, "by_file": 1, "beyond_capacity": 1}
_ALONE = ("agency", "service", "counter", "received_at")
_AT_ONCE = 50_000  # rows


def has_agencies(province: Province) -> bool:
    """Whether this installation holds anything of a province."""
    return bool(db.session.scalar(select(exists().where(Agency.province_id == province.id))))


def fetch_stamps(province: Province) -> Mapping[str, str]:
    """The state of each month's ratings: the same as long as none of them changed, and the same may be told."""
    query = (
        select(RatingMark.month, RatingMark.subject, Agency.code, RatingMark.stamp)
        .join(Agency, Agency.id == RatingMark.agency_id)
        .where(RatingMark.province_id == province.id)
        .order_by(RatingMark.month, RatingMark.subject, Agency.code)
    )
    marks: dict[str, list[tuple[str, str, int]]] = {}
    for month, subject, code, stamp in db.session.execute(query):
        marks.setdefault(month, []).append((subject, code, stamp))
    return {
        month: content_hash({"marks": rows, "released": repr(_cuts(province, month))})[:32]
        for month, rows in marks.items()
    }


def _cuts(province: Province, month: str) -> tuple[Any, ...]:
    """What of a month may not be told yet; without the instant of asking, which is every day another."""
    released = fetch_released(province.id, (month,))
    return released.cuts, released.running


def fetch_ratings(province: Province, month: str, register: Mapping[str, pa.Table]) -> pa.Table:
    """One month's ratings that may be told, a row each, in the order of what they say."""
    column = _fetch_numbers(_ratings(province, month))
    order = np.lexsort([column[name] for name in reversed(_NUMBERS)])
    column = {name: numbers[order] for name, numbers in column.items()}
    first = (Period.parse(month).first_day - dt.date(1970, 1, 1)).days - 1
    codes = codebook()
    ids = {name: register[name].column("id").to_numpy() for name in ("agencies", "services", "counters")}
    return pa.table(
        {
            "subject": _coded(column["subject"], tuple(SUBJECTS)),
            "agency": _named(column["agency"], ids["agencies"], register["agencies"]),
            "service": _named(column["service"], ids["services"], register["services"]),
            "respondent_kind": _coded(column["respondent_kind"], codes.kinds),
            "counter": _named(column["counter"], ids["counters"], register["counters"]),
            "day": pa.array((first + column["day"]).astype("datetime64[D]")),
            "channel": _coded(column["channel"], codes.channels),
            "value": pa.array(column["value"], pa.int8()),
            "month": _coded(np.zeros_like(column["day"]), (month,)),
            "language": _coded(column["language"], _languages()),
            "received_at": pa.array(
                column["received_at"], pa.int64()
            ),  # seconds since 1970: no engine has a zone for it
            "items_answered": pa.array(column["items_answered"], pa.int16()),
            "items_satisfied": pa.array(column["items_satisfied"], pa.int16()),
            "by_file": pa.array(column["by_file"].astype(bool)),
            "beyond_capacity": pa.array(column["beyond_capacity"].astype(bool)),
        }
    )


def fetch_register(province: Province) -> dict[str, pa.Table]:
    """What stands beside the ratings, each table in the order of its rows; `id` is dropped before it is written."""
    of_province = Agency.province_id == province.id
    parent = select(Agency.id, Agency.code).subquery()
    counted = exists().where(Caseload.service_id == Service.id, Caseload.agency_id == Agency.id, of_province)
    rated = exists().where(Rating.service_id == Service.id, Rating.province_id == province.id)
    queries = {
        "agencies": select(
            *(getattr(Agency, name) for name in ("id", "code", "name", "kind", "level", "area")),
            parent.c.code.label("parent"),
            *(getattr(Agency, name) for name in ("valid_from", "valid_to", "one_stop_since", "method_defined_on")),
        )
        .outerjoin(parent, parent.c.id == Agency.parent_id)
        .where(of_province)
        .order_by(Agency.id),
        "services": select(
            *(getattr(Service, name) for name in ("id", "code", "name", "sector", "field", "national_code"))
        )
        .where(or_(counted, rated))
        .order_by(Service.id),
        "counters": select(Counter.id, Counter.code, Agency.code.label("agency"))
        .join(Agency)
        .where(of_province)
        .order_by(Counter.id),
        "caseloads": select(
            Agency.code.label("agency"),
            Service.code.label("service"),
            *(getattr(Caseload, name) for name in ("month", "respondent_kind", "unit", "count", "overdue")),
        )
        .join(Agency, Agency.id == Caseload.agency_id)
        .join(Service, Service.id == Caseload.service_id)
        .where(of_province)
        .order_by(Caseload.month, Agency.code, Service.code, Caseload.respondent_kind),
        "successions": _successions(province),
    }
    return {name: _table(query) for name, query in queries.items()} | {"published": _published(province)}


_TABLES = ("total", "agency", "service")  # what a country's figures are set beside
_TOLD = ("n", "received", "estimate")


def _published(province: Province) -> pa.Table:
    """Which totals, agencies and services the province's own publications tell, with how many answers and which share.

    Hidden rows are not here; `domain` of a total is '', `received` null where it is held back.
    """
    rows = [
        (closing.period, subject, table, "" if table == "total" else row["domain"], *(row.get(name) for name in _TOLD))
        for closing in fetch_published(province.id)
        for subject, entry in (closing.figures or {}).get("subjects", {}).items()
        for table, told in {**entry["by"], "total": [entry["total"]]}.items()
        for row in told
        if table in _TABLES and row.get("n") is not None
    ]
    names = ("period", "subject", "table", "domain", *_TOLD)
    columns = zip(*sorted(rows, key=lambda row: row[:4]), strict=True) if rows else [()] * len(names)
    return pa.table({name: pa.array(list(column), _TYPES[name]) for name, column in zip(names, columns, strict=True)})


def _successions(province: Province) -> Any:
    before, after = select(Agency).subquery(), select(Agency).subquery()
    return (
        select(
            before.c.code.label("predecessor"),
            after.c.code.label("successor"),
            *(getattr(AgencySuccession, name) for name in ("kind", "effective_on")),
        )
        .join(before, before.c.id == AgencySuccession.predecessor_id)
        .join(after, after.c.id == AgencySuccession.successor_id)
        .where(before.c.province_id == province.id)
        .order_by(before.c.code, after.c.code)
    )


def _ratings(province: Province, month: str) -> Any:
    codes = codebook()

    def place(column: Any, names: Sequence[str], other: int | None = None) -> Any:
        return case({name: at for at, name in enumerate(names)}, value=column, else_=other)

    by_file = exists().where(QueueFileAnswer.response_id == Rating.response_id)
    beyond = exists().where(AnswerBeyondCapacity.response_id == Rating.response_id)
    number: dict[str, Any] = {
        "subject": place(Rating.subject, tuple(SUBJECTS)),
        "respondent_kind": place(Rating.respondent_kind, codes.kinds),
        "day": day_of_month(Rating.day),
        "channel": place(Rating.channel, codes.channels),
        "value": Rating.value,
        "language": place(Rating.language, _languages(), len(_languages()) - 1),
        "items_answered": Rating.items_answered,
        "items_satisfied": Rating.items_satisfied,
        "by_file": case((by_file, 1), else_=0),
        "beyond_capacity": case((beyond, 1), else_=0),
    }
    packed: Any = cast(0, BigInteger)
    for name, bits in _PACKED.items():
        packed = packed * (1 << bits) + number[name]
    return select(
        Rating.agency_id,
        func.coalesce(Rating.service_id, 0),
        func.coalesce(Rating.counter_id, 0),
        cast(extract("epoch", Rating.received_at), BigInteger),
        packed,
    ).where(
        Rating.province_id == province.id,
        Rating.subject.in_(tuple(SUBJECTS)),  # every one: named so that the index leads to the month
        Rating.month == month,
        fetch_released(province.id, (month,)).told(Rating),
    )


def _fetch_numbers(query: Any) -> dict[str, Ints]:
    """The columns of _NUMBERS, (n,) each, of a query for _ALONE and what _PACKED says."""
    width, parts = len(_ALONE) + 1, [np.zeros((0, len(_ALONE) + 1), dtype=np.int64)]
    ratings = db.session.connection().execute(query.execution_options(yield_per=_AT_ONCE))
    for rows in ratings.partitions():
        parts.append(np.fromiter(chain.from_iterable(rows), np.int64, width * len(rows)).reshape(-1, width))
    table = np.concatenate(parts)
    column, packed = dict(zip(_ALONE, table.T, strict=False)), table[:, -1]
    for name, bits in reversed(_PACKED.items()):
        column[name] = packed & ((1 << bits) - 1)
        packed = packed >> bits
    return column


def _table(query: Any) -> pa.Table:
    result = db.session.execute(query)
    names = list(result.keys())
    columns = list(zip(*result.all(), strict=True)) or [()] * len(names)
    return pa.table(
        {name: pa.array(list(column), _TYPES.get(name)) for name, column in zip(names, columns, strict=True)}
    )


_DATES = ("valid_from", "valid_to", "one_stop_since", "method_defined_on", "effective_on")
_WHOLE = ("id", "count", "overdue", "n", "received")
_TEXTS = (
    *("code", "name", "kind", "level", "area", "parent", "sector", "field", "national_code"),
    *("agency", "service", "month", "respondent_kind", "unit", "predecessor", "successor", "period", "subject"),
    *("table", "domain"),
)
_TYPES = dict.fromkeys(_DATES, pa.date32()) | dict.fromkeys(_WHOLE, pa.int64()) | dict.fromkeys(_TEXTS, pa.string())
_TYPES |= {"estimate": pa.float64()}


def _languages() -> tuple[str, ...]:
    """Codes of languages, and last what stands for one that nobody here knows (from a kiosk or a file of elsewhere)."""
    return (*sorted(language_names()), "")


def _coded(places: Ints, names: Sequence[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(places, pa.int16()), pa.array(list(names), pa.string()))


def _named(ids: Ints, known: Ints, table: pa.Table) -> pa.Array:
    """Codes in place of ids; '' in place of 0."""
    names = pa.concat_arrays([pa.array([""]), *table.column("code").chunks])
    return pa.DictionaryArray.from_arrays(
        pa.array(np.searchsorted(known, ids) + (ids > 0) if len(known) else np.zeros_like(ids), pa.int32()), names
    )
