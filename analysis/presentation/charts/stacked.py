"""How a question was answered: one bar a question, cut by the five levels, each part with its level and share."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from analysis.presentation.charts.canvas import GREY, INK, WHITE, Pen, text_width
from analysis.presentation.charts.model import Stack
from survey.foundation.formatting import percent

ROW, LINE, FOOT = 7.5, 3.6, 6.0  # mm
LABELS = 62.0  # mm left of the bars
THICK = 13.0  # pt
SIZE, SMALL = 10.0, 8.5  # pt
SHADES = ("#e4e8ea", "#c5ced2", "#9aa5aa", "#52626a", "#17242b")  # of levels 1-5: lighter or darker on any copier
DARK = 3  # the first level whose words are white
FOOT_WORDS = "Nhạt đến đậm: mức 1 (rất không hài lòng) đến mức 5 (rất hài lòng); đếm thẳng."
Wrap = Callable[[str, float, float], list[str]]


def height(stacks: Sequence[Stack], wrap: Wrap) -> float:
    """In mm."""
    return sum(_row(stack, wrap) for stack in stacks) + FOOT


def draw(pen: Pen, stacks: Sequence[Stack], width: float, wrap: Wrap) -> None:
    """Bars of equal length; a part says its share where there is room for it."""
    left, top = LABELS + 4, 0.0
    for stack in stacks:
        tall = _row(stack, wrap)
        _label(pen, wrap(stack.label, LABELS, SIZE), top + tall / 2)
        _bar(pen, stack.shares, left, width - left - 2, top + tall / 2)
        top += tall
    pen.text(width - 2, top + FOOT / 2, FOOT_WORDS, SMALL, GREY, "right")


def _row(stack: Stack, wrap: Wrap) -> float:
    return ROW + LINE * (len(wrap(stack.label, LABELS, SIZE)) - 1)


def _label(pen: Pen, lines: list[str], middle: float) -> None:
    for index, line in enumerate(lines):
        pen.text(LABELS, middle + LINE * (index - (len(lines) - 1) / 2), line, SIZE, INK, "right")


def _bar(pen: Pen, shares: Sequence[float], left: float, width: float, middle: float) -> None:
    for level, share in enumerate(shares):
        if share > 0:
            right = left + share * width
            pen.line(left, middle, right, middle, THICK, SHADES[level])
            words = f"{level + 1}: {percent(share, 0)}"
            if text_width(words, SMALL) + 1 < right - left:
                pen.text((left + right) / 2, middle, words, SMALL, WHITE if level >= DARK else INK, "center")
            left = right
