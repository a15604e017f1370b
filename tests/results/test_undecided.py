"""A published figure that bears no conclusion says why."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from analysis.results.publication.phrases import undecided

FIGURE = {"estimate": 0.87, "provisional": False}
OPEN = {"evidence": None}


@pytest.mark.parametrize(
    ("figure", "verdict", "said"),
    [
        (FIGURE, OPEN, "Chưa kết luận: nhiều tháng có quá ít phiếu"),
        (FIGURE | {"provisional": True}, OPEN, "Chưa kết luận: trọng số còn tạm tính"),
        (FIGURE, None, "Chưa kết luận: dưới 30 phiếu"),
        (FIGURE, {"evidence": "met"}, None),
        (FIGURE | {"estimate": None}, None, None),
        (None, None, None),
    ],
)
def test_why_no_conclusion_is_drawn(
    app: Flask, figure: dict[str, Any] | None, verdict: dict[str, Any] | None, said: str | None
) -> None:
    with app.test_request_context():
        assert undecided({"kind": "satisfaction", "figure": figure, "verdict": verdict}) == said
