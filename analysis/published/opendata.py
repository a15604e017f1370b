"""A publication as files: JSON as stored, the same as one CSV, and their checksums."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from analysis.published.models import Closing
from survey.foundation.spreadsheets import csv_text

LICENCE = "CC BY 4.0"
METHOD = "top2"
FILES = ("data.json", "data.csv")
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
    "n_eff",
    "caseload",
    "response_rate",
    "coverage",
    "target",
    "due_year",
    "point_verdict",
    "evidence_verdict",
)


def file_of(closing: Closing, province_key: str, name: str) -> bytes:
    """The bytes of one file; the same publication gives the same bytes for ever."""
    return _json(closing, province_key) if name == "data.json" else _csv(closing, province_key)


def checksums(closing: Closing, province_key: str) -> dict[str, str]:
    """SHA-256 of each file, by name."""
    return {name: hashlib.sha256(file_of(closing, province_key, name)).hexdigest() for name in FILES}


def document(closing: Closing, province_key: str) -> dict[str, Any]:
    """A publication as one JSON value: what it is, then everything that was published."""
    head = {
        "province": province_key,
        "period": closing.period,
        "revision": closing.revision,
        "closed_at": closing.closed_at.isoformat(),
        "published_at": closing.published_at.isoformat() if closing.published_at else None,
        "licence": LICENCE,
        "method": METHOD,
    }
    return {"about": head, **(closing.figures or {})}


def _json(closing: Closing, province_key: str) -> bytes:
    # Sorted, because a database may give back the keys of stored JSON in another order.
    body = document(closing, province_key)
    return (json.dumps(body, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _csv(closing: Closing, province_key: str) -> bytes:
    head = [province_key, closing.period, closing.revision]
    return "".join(csv_text(COLUMNS, ([*head, *row] for row in _rows(closing.figures or {})))).encode()


def agency_csv(closings: Iterable[Closing], province_key: str, code: str) -> bytes:
    """One agency's rows of several publications as one CSV."""
    rows = (
        [province_key, closing.period, closing.revision, *row]
        for closing in closings
        for row in _rows(closing.figures or {})
        if row[0] == "agency" and row[2] == code
    )
    return "".join(csv_text(COLUMNS, rows)).encode()


def _rows(figures: dict[str, Any]) -> Iterator[list[object]]:
    for target in figures["targets"]:
        if "figure" in target:
            verdict = target["verdict"] or {}
            words = [
                f"{target['comparator']}{target['threshold']}",
                target["due_year"],
                verdict.get("point"),
                verdict.get("evidence"),
            ]
            yield ["target", target["subject"], target["id"], *_numbers(target["figure"])[1:], *words]
    for subject, entry in sorted(figures["subjects"].items()):
        yield ["total", subject, *_numbers(entry["total"]), None, None, None, None]
        for by, rows in sorted(entry["by"].items()):
            for row in rows:
                yield [by, subject, *_numbers(row), None, None, None, None]


def _numbers(row: dict[str, Any]) -> list[object]:
    narrow, wide = row["interval_90"] or {}, row["interval_95"] or {}
    return [
        row["domain"],
        row["label"],
        "yes" if row["suppressed"] else "no",
        row["estimate"],
        narrow.get("low"),
        narrow.get("high"),
        wide.get("low"),
        wide.get("high"),
        row["unweighted"],
        row["n"],
        row["n_eff"],
        row["caseload"],
        row["response_rate"],
        row["coverage"],
    ]
