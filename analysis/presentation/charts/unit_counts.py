"""Units by their standing beside the target: one bar a standing, with its number and its words below."""

from __future__ import annotations

from analysis.presentation.charts.canvas import GREY, INK, Pen

TALL, BAR, WORDS = 10.0, 2.5, 7.0  # mm: all of it, and how far down bar and words lie
THICK, SMALL = 7.0, 8.5  # pt
GAP = 3.0  # mm between the columns


def height(counts: tuple[tuple[str, int], ...]) -> float:
    """In mm; nothing where there are no units to count."""
    return TALL if counts else 0.0


def draw(pen: Pen, counts: tuple[tuple[str, int], ...], width: float) -> None:
    """Bars in columns of equal width, each as long as its share of the most frequent standing."""
    if not counts:
        return
    column = width / len(counts)
    most = max(count for _name, count in counts) or 1
    for index, (name, count) in enumerate(counts):
        left = column * index + GAP / 2
        if count:
            pen.line(left, BAR, left + (column - GAP) * count / most, BAR, THICK, INK if index % 2 == 0 else GREY)
        pen.text(left, WORDS, f"{count} đơn vị {name}", SMALL, INK)
