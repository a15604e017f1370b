"""Why there is no figure: too few answered, or another place's few would follow. Neither is told as the other."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import force_locale

from analysis.figures.figure import Figure
from analysis.figures.suppression.complement import held_back
from analysis.presentation.phrases import sentence, why_hidden
from analysis.statistics import Showing

FEW = Figure("", "", None, None, 400, Showing.SUPPRESSED, n=7, answers=7, received=7)


@pytest.mark.parametrize(
    ("figure", "language", "said"),
    [
        (FEW, "vi", "quá ít phiếu nên không hiển thị"),
        (held_back(FEW), "vi", "không nêu, vì quá ít phiếu hoặc để không lộ nơi có quá ít phiếu"),
        (FEW, "en", "too few answers to show"),
        (held_back(FEW), "en", "not told, for too few answers or so as not to give away a place with too few"),
    ],
)
def test_what_is_held_back_for_others_is_not_called_few_answers(
    app: Flask, figure: Figure, language: str, said: str
) -> None:
    with app.test_request_context(), force_locale(language):
        assert why_hidden(figure) == said
        assert sentence("Y tế", figure) == f"Y tế: {said}."
