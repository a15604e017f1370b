"""Answers that name no service come back from no row of the country's edition: they are none, or thirty and more."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from analysis.national.unused_answers import without_few_unused
from tests.national.conftest import QUARTER
from tests.national.test_editions import SUBJECT, run
from tests.national.test_pages import publish, published

UNUSED = st.lists(st.sampled_from([0, 1, 12, 29, 30, 41]), min_size=1, max_size=6)


def row(domain: str, unused: int) -> dict[str, Any]:
    return {"domain": domain, "n": 500, "received": 500 + unused, "unweighted": 0.8}


def untold(entry: dict[str, Any]) -> list[list[int]]:
    """Of each table how many unused answers each row tells, and what the total leaves beside them."""
    tables = []
    for rows in entry["by"].values():
        told = [row["received"] - row["n"] for row in rows if row["received"] is not None]
        total = entry["total"]
        rest = [] if total["received"] is None else [total["received"] - total["n"] - sum(told)]
        tables.append([*told, *rest])
    return tables


@given(UNUSED, st.sampled_from([0, 3, 35]))
def test_no_row_and_no_remainder_tells_of_few(unused: list[int], beyond: int) -> None:
    rows = [row(str(place), count) for place, count in enumerate(unused)]
    entry = {"total": row("", sum(unused) + beyond), "by": {"province": rows}}
    for counts in untold(without_few_unused(entry)):
        assert all(count == 0 or count >= 30 for count in counts)


def test_the_published_edition_tells_of_few_nowhere(ministry: Flask, owner: FlaskClient) -> None:
    run(ministry, "--period", QUARTER)
    kept = publish(owner)
    assert "Đã công bố" in kept
    entry = published(ministry)["subjects"][SUBJECT]
    assert all(row["n"] is not None for row in entry["by"]["province"])
    for counts in untold(entry):
        assert all(count == 0 or count >= 30 for count in counts)
