"""A published edition as files: JSON as stored, the same as one CSV."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analysis.national.models import CountryEdition
from analysis.results.open_data import LICENCE, METHOD, json_bytes, numbers_of
from survey.foundation.tables.csv_output import csv_text

HEAD = ("period", "revision", "table", "subject")
NUMBERS = (
    *("domain", "label", "suppressed", "satisfied_share", "low_90", "high_90", "low_95", "high_95", "unweighted_share"),
    *("n", "received", "n_eff", "caseload", "response_rate", "coverage"),
)
VERDICT = ("target", "point_verdict", "evidence_verdict", "overturn_points", "overturn_of_point")


def json_file(edition: CountryEdition) -> bytes:
    """The bytes of data.json."""
    about = {
        "period": edition.period,
        "revision": edition.revision,
        "published_at": edition.published_at and edition.published_at.isoformat(),
        "licence": LICENCE,
        "method": METHOD,
    }
    return json_bytes({"about": about, **edition.figures})


def csv_file(edition: CountryEdition) -> bytes:
    """The bytes of data.csv."""
    return "".join(csv_text((*HEAD, *NUMBERS, *VERDICT), _lines(edition))).encode()


def _lines(edition: CountryEdition) -> Iterator[list[object]]:
    for subject, entry in sorted(edition.figures["subjects"].items()):
        for table, rows in (("total", [entry["total"]]), *sorted(entry["by"].items())):
            for row in rows:
                values = numbers_of(row) | _verdict(entry, row)
                head = [edition.period, edition.revision, table, subject]
                yield [*head, *(values.get(name) for name in (*NUMBERS, *VERDICT))]


def _verdict(entry: dict[str, Any], row: dict[str, Any]) -> dict[str, object]:
    verdict = row["verdict"] or {}
    overturn = verdict.get("overturn") or {}
    return {
        "target": entry["target"],
        "point_verdict": verdict.get("point"),
        "evidence_verdict": verdict.get("evidence"),
        "overturn_points": overturn.get("points"),
        "overturn_of_point": overturn.get("of_point"),
    }
