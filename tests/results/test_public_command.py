"""What ``analysis estimates --audience=public`` prints may be passed on: no breakdown gives back a small group."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask

from analysis.statistics.disclosure.primary import FEWEST_PUBLIC

YEAR = "2020"
BREAKDOWNS = ("agency", "area", "service", "channel", "language")


def asked(app: Flask, subject: str, *more: str) -> list[dict[str, Any]]:
    words = ["analysis", "estimates", "--province=dak-lak", f"--period={YEAR}", f"--subject={subject}", *more]
    said = app.test_cli_runner().invoke(args=[*words, "--audience=public", "--format=json"])
    rows: list[dict[str, Any]] = json.loads(said.stdout)["domains"]
    return rows


def test_no_breakdown_gives_back_a_small_group_or_counts_one(demonstration: Flask) -> None:
    remainders = []
    for subject in ("procedures", "agency_service", "health_service", "education_service"):
        (total,) = asked(demonstration, subject)
        for by in BREAKDOWNS:
            rows = asked(demonstration, subject, f"--by={by}")
            assert [row for row in rows if row["suppressed"] and (row["n"] or row["received"])] == []
            for name in ("n", "received"):
                if total[name] is not None:
                    remainders.append(total[name] - sum(row[name] or 0 for row in rows))
    assert [left for left in remainders if 0 < left < FEWEST_PUBLIC] == []
    assert any(remainders), "nothing was held back, so nothing was tried"
