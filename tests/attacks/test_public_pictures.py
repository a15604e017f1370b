"""A stranger asks for the dearest public addresses again and again, each time under another address: pictures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from analysis.presentation.charts import drawing
from analysis.presentation.charts.model import Chart

PICTURES = "/results/dak-lak/pictures/health_service"


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The captions of what is drawn from now on."""
    from survey.foundation.caching.weighted_lru import forget_everything

    captions: list[str] = []

    def noting(draw: Callable[..., Any]) -> Callable[..., Any]:
        def noted(chart: Chart, *more: Any) -> Any:
            captions.append(chart.caption)
            return draw(chart, *more)

        return noted

    monkeypatch.setattr(drawing, "png", noting(drawing.png))
    monkeypatch.setattr(drawing, "svg", noting(drawing.svg))
    forget_everything()
    return captions


def test_a_published_picture_is_drawn_once_however_often_it_is_asked_for(
    demonstration: Flask, drawn: list[str]
) -> None:
    client = demonstration.test_client()
    answers = {
        (answer.status_code, answer.data)
        for query in ("", "?lang=en", "?a", "?again=2")
        for answer in [client.get(f"{PICTURES}.png{query}")]
    }
    assert [status for status, _content in answers] == [200]
    assert len(drawn) == 1
    assert client.get(f"{PICTURES}.svg").data.startswith(b"<?xml")
    assert len(drawn) == 2
