"""A publication as files: JSON as stored, the same as one CSV, and their checksums."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from analysis.periods.models import Closing
from analysis.results.publication.publication_builder import HIDDEN
from analysis.results.publication.ranking import SUBJECT, coverage_of
from analysis.results.publication.services_of_agencies import TABLE, agency_and_service
from survey.foundation.tables.csv_output import csv_text

Json = dict[str, Any]

LICENCE = "CC BY 4.0"
METHOD = "top2"
FILES = ("data.json", "data.csv")
RANKING = "ranking.json"  # apart, for it is decided later and a published file never changes
COLUMNS = (
    "province",
    "period",
    "revision",
    "table",
    "subject",
    "domain",
    "label",
    "suppressed",
    "satisfied_share",
    "low_90",
    "high_90",
    "low_95",
    "high_95",
    "unweighted_share",
    "n",
    "received",
    "n_eff",
    "caseload",
    "response_rate",
    "partial",
    "coverage",
    "target",
    "due_year",
    "point_verdict",
    "evidence_verdict",
    "overturn_points",
    "overturn_of_point",
    "method",
    "marked",
)


def file_of(closing: Closing, province_key: str, name: str) -> bytes:
    """The bytes of one file; the same publication gives the same bytes for ever."""
    if name == "data.csv":
        return _csv(closing, province_key)
    return json_bytes(ranking_document(closing, province_key) if name == RANKING else document(closing, province_key))


def files_of(closing: Closing) -> tuple[str, ...]:
    """The names of the files of a publication."""
    return FILES if closing.ranking is None else (*FILES, RANKING)


def checksums(closing: Closing, province_key: str) -> dict[str, str]:
    """SHA-256 of each file, by name."""
    return {name: hashlib.sha256(file_of(closing, province_key, name)).hexdigest() for name in files_of(closing)}


def document(closing: Closing, province_key: str) -> Json:
    """A publication as one JSON value: what it is, then everything that was published."""
    return {"about": _about(closing, province_key), **(closing.figures or {})}


def ranking_document(closing: Closing, province_key: str) -> Json:
    """The ranking of a publication that has one, with its coverage, as one JSON value."""
    rows = {"ranking": closing.ranking, "coverage": coverage_of(closing)}
    return {"about": _about(closing, province_key), "subject": SUBJECT, **rows}


def _about(closing: Closing, province_key: str) -> Json:
    return {
        "province": province_key,
        "period": closing.period,
        "revision": closing.revision,
        "closed_at": closing.closed_at.isoformat(),
        "published_at": closing.published_at.isoformat() if closing.published_at else None,
        "licence": LICENCE,
        "method": METHOD,
    }


def json_bytes(body: Json) -> bytes:
    """A file of JSON, the same bytes for the same values."""
    # Sorted, because a database may give back the keys of stored JSON in another order.
    return (json.dumps(body, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _csv(closing: Closing, province_key: str) -> bytes:
    head = [province_key, closing.period, closing.revision]
    return "".join(csv_text(COLUMNS, (_line(head, row) for row in _rows(closing.figures or {})))).encode()


def agency_csv(closings: Iterable[Closing], province_key: str, code: str) -> bytes:
    """One agency's rows of several publications, and those of its services, as one CSV."""
    return rows_csv(closings, province_key, lambda _closing, row: _is_of_agency(row, code))


def rows_csv(
    closings: Iterable[Closing], province_key: str, is_wanted: Callable[[Closing, dict[str, object]], bool]
) -> bytes:
    """The wanted rows of several publications as one CSV."""
    rows = (
        _line([province_key, closing.period, closing.revision], row)
        for closing in closings
        for row in _rows(closing.figures or {})
        if is_wanted(closing, row)
    )
    return "".join(csv_text(COLUMNS, rows)).encode()


def _is_of_agency(row: Mapping[str, object], code: str) -> bool:
    of_row = {"agency": row["domain"], TABLE: agency_and_service(str(row["domain"]))[0]}
    return of_row.get(str(row["table"])) == code


def _line(head: list[object], row: Mapping[str, object]) -> list[object]:
    return [*head, *(row.get(name) for name in COLUMNS[len(head) :])]


def _marked(entry: Mapping[str, Any]) -> str:
    """In Vietnamese whoever asks: a file has one checksum."""
    return " ".join(note["message"] for note in entry.get("marked", ()))


def _rows(figures: dict[str, Any]) -> Iterator[dict[str, object]]:
    marked = {subject: _marked(entry) or None for subject, entry in figures["subjects"].items()}
    for target in figures["targets"]:
        if "figure" in target:
            verdict = target["verdict"] or {}
            yield {
                "table": "target",
                "subject": target["subject"],
                **numbers_of(target["figure"]),
                "domain": target["id"],
                "target": f"{target['comparator']}{target['threshold']}",
                "due_year": target["due_year"],
                "point_verdict": verdict.get("point"),
                "evidence_verdict": verdict.get("evidence"),
                "overturn_points": (verdict.get("overturn") or {}).get("points"),
                "overturn_of_point": (verdict.get("overturn") or {}).get("of_point"),
                "marked": marked.get(target["subject"]),
            }
    for subject, entry in sorted(figures["subjects"].items()):
        yield {"table": "total", "subject": subject, **numbers_of(entry["total"]), "marked": marked[subject]}
        for by, rows in sorted(entry["by"].items()):
            for row in rows:
                yield {"table": by, "subject": subject, **numbers_of(row), "marked": marked[subject]}

    for subject, rows in sorted(figures.get("questions", {}).items()):
        for row in rows:
            yield {"table": row["of"], "subject": subject, **numbers_of({**HIDDEN, "suppressed": False, **row})}


def numbers_of(row: dict[str, Any]) -> dict[str, object]:
    """A published row as the columns of a file."""
    narrow, wide = row["interval_90"] or {}, row["interval_95"] or {}
    same = ("domain", "label", "n", "n_eff", "caseload", "response_rate", "coverage")
    return {name: row[name] for name in same} | {
        "received": row.get("received"),  # published since 0.2
        "partial": None if row.get("partial") is None else "yes" if row["partial"] else "no",
        "method": row.get("method", METHOD),  # of a form two are published
        "suppressed": "yes" if row["suppressed"] else "no",
        "satisfied_share": row["estimate"],
        "low_90": narrow.get("low"),
        "high_90": narrow.get("high"),
        "low_95": wide.get("low"),
        "high_95": wide.get("high"),
        "unweighted_share": row["unweighted"],
    }
