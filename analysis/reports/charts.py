"""The charts of documents, drawn with Matplotlib's objects: text stays text, in the document's own font family.

Ink and grey only, so that a black-and-white copy says the same; every mark carries its words, none needs a legend.
"""

from __future__ import annotations

import io
import re
from functools import cache
from pathlib import Path

import matplotlib
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font

from analysis.reports.document import Chart, Mark
from survey.foundation.formatting import percent
from survey.foundation.settings import ROOT

FONTS = ROOT / "static" / "fonts"
INK, GREY, RULE = "#17242b", "#52626a", "#c5ced2"
WIDTH = 160.0  # mm, the text width of an A4 page under Decree 30/2020/NĐ-CP
HEAD, FOOT = 6.0, 11.0  # mm above and below the rows
ROW, LINE = 8.5, 3.6  # mm: a row with a name of one line; each further line
LABELS, VALUES = 62.0, 26.0  # mm left and right of the scale
MONTHS_HEIGHT, MONTHS_FOOT, MONTHS_RIGHT = 64.0, 16.0, 19.0
SIZE, SMALL = 10.0, 8.5  # pt
DASHES = (0, (4, 2.5))
MM = 72 / 25.4  # points

for _file in sorted(FONTS.glob("Tinos-*.ttf")):
    font_manager.fontManager.addfont(str(_file))
# Process-wide and once: Matplotlib reads these while drawing, and switching them per chart is not safe under threads.
matplotlib.rcParams.update(
    {"font.family": "Tinos", "svg.fonttype": "none", "svg.hashsalt": "hai-long", "path.simplify": False}
)


def svg(chart: Chart) -> str:
    """The chart as SVG: the same chart gives the same bytes."""
    figure = _figure(chart)
    FigureCanvasSVG(figure)
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()


def png(chart: Chart, dpi: int = 200) -> bytes:
    """The chart as PNG, for Word."""
    figure = _figure(chart)
    FigureCanvasAgg(figure)
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=dpi, metadata={"Software": None})
    return out.getvalue()


def height(chart: Chart) -> float:
    """Height in mm at the full text width."""
    return MONTHS_HEIGHT if chart.form == "months" else HEAD + sum(_row_heights(chart)) + FOOT


def _row_heights(chart: Chart) -> list[float]:
    return [ROW + LINE * (len(wrap(mark.label, LABELS, SIZE)) - 1) for mark in chart.marks]


def scale(chart: Chart) -> tuple[float, float]:
    """The range of the axis, in whole tenths of the share, holding every whisker and the target."""
    shown = [x for mark in chart.marks for x in (mark.value, mark.low, mark.high) if x is not None]
    shown += [] if chart.target is None else [chart.target]
    low = int(min(shown, default=0.0) * 10 - 0.2) / 10
    return (max(0.0, min(low, 0.9)), 1.0)


def _figure(chart: Chart) -> Figure:
    tall = height(chart)
    figure = Figure(figsize=(WIDTH / 25.4, tall / 25.4))
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(tall, 0))
    axes.set_axis_off()
    (_draw_months if chart.form == "months" else _draw_rows)(axes, chart, tall)
    return figure


def _draw_rows(axes: Axes, chart: Chart, tall: float) -> None:
    low, high = scale(chart)
    left, right, bottom = LABELS + 4, WIDTH - VALUES, tall - FOOT

    def x(share: float) -> float:
        return left + (share - low) / (high - low) * (right - left)

    ticks = _ticks(low, high)
    axes.vlines([x(tick) for tick in ticks], HEAD, bottom, colors=RULE, linewidths=0.5)
    for tick in ticks:
        _text(axes, x(tick), bottom + 3, percent(tick, 0), ha="center", muted=True)
    _text(axes, WIDTH - 2, bottom + 7.5, _range_note(chart, low, high), ha="right", muted=True)
    if chart.target is not None:
        axes.vlines(x(chart.target), HEAD - 1, bottom, colors=INK, linewidths=1.1, linestyles=DASHES)
        _text(axes, x(chart.target), HEAD - 3, chart.target_label, ha="center")
    y, dots = HEAD, []
    for mark, row in zip(chart.marks, _row_heights(chart), strict=True):
        middle = y + row / 2
        y += row
        _row_label(axes, mark, middle)
        _text(axes, right + 3, middle, mark.text, size=SIZE, muted=mark.value is None)
        if mark.value is not None:
            dots.append((x(mark.value), middle, mark.thin))
        if mark.low is not None and mark.high is not None:
            axes.hlines(middle, x(mark.low), x(mark.high), colors=INK, linewidths=1.4)
    _dots(axes, dots)


def _row_label(axes: Axes, mark: Mark, middle: float) -> None:
    lines = [(line, SIZE) for line in wrap(mark.label, LABELS, SIZE)] + [(mark.under, SMALL)]
    for index, (line, size) in enumerate(lines):
        y = middle + LINE * (index - (len(lines) - 1) / 2)
        _text(axes, LABELS, y, line, size=size, ha="right", muted=size == SMALL)


def _draw_months(axes: Axes, chart: Chart, tall: float) -> None:
    low, high = scale(chart)
    left, right, top, bottom = 13.0, WIDTH - MONTHS_RIGHT, 5.0, tall - MONTHS_FOOT
    step = (right - left) / max(len(chart.marks), 1)

    def y(share: float) -> float:
        return bottom - (share - low) / (high - low) * (bottom - top)

    ticks = _ticks(low, high)
    axes.hlines([y(tick) for tick in ticks], left, right, colors=RULE, linewidths=0.5)
    for tick in ticks:
        _text(axes, left - 2, y(tick), percent(tick, 0), ha="right", muted=True)
    _text(axes, WIDTH - 2, bottom + 13, _range_note(chart, low, high), ha="right", muted=True)
    if chart.target is not None:
        axes.hlines(y(chart.target), left, right, colors=INK, linewidths=1.1, linestyles=DASHES)
        _text(axes, right + 1.5, y(chart.target), _before_sign(chart.target_label))
    dots = []
    for index, mark in enumerate(chart.marks):
        x = left + step * (index + 0.5)
        _text(axes, x, bottom + 3.5, mark.label, ha="center")
        _text(axes, x, bottom + 8, mark.under, ha="center", muted=True)
        if mark.value is None:
            _text(axes, x, (top + bottom) / 2, mark.text, ha="center", muted=True, rotation=90)
            continue
        dots.append((x, y(mark.value), mark.thin))
        _text(axes, x, y(mark.high if mark.high is not None else mark.value) - 2.4, mark.text, ha="center", clear=True)
        if mark.low is not None and mark.high is not None:
            axes.vlines(x, y(mark.low), y(mark.high), colors=INK, linewidths=1.4)
    _dots(axes, dots)


def _range_note(chart: Chart, low: float, high: float) -> str:
    notes = [f"Thang đo từ {percent(low, 0)} đến {percent(high, 0)}."] if low > 0 else []
    if any(mark.thin for mark in chart.marks):
        notes.append("Chấm rỗng: 10-29 phiếu, chỉ để tham khảo.")
    return " ".join(notes)


def _before_sign(label: str) -> str:
    return re.sub(r" (?=[>≥=])", "\n", label)


def _text(
    axes: Axes,
    x: float,
    y: float,
    words: str,
    *,
    size: float = SMALL,
    ha: str = "left",
    muted: bool = False,
    rotation: float = 0,
    clear: bool = False,
) -> None:
    """Words at a place in mm; `clear` keeps lines from running through them."""
    ground = {"facecolor": "white", "edgecolor": "none", "pad": 0.8} if clear else None
    color = GREY if muted else INK
    axes.text(x, y, words, size=size, color=color, ha=ha, va="center", rotation=rotation, bbox=ground)


def _dots(axes: Axes, places: list[tuple[float, float, bool]]) -> None:
    if places:
        xs, ys, thin = zip(*places, strict=True)
        faces = ["white" if hollow else INK for hollow in thin]
        axes.scatter(xs, ys, s=26, facecolors=faces, edgecolors=INK, linewidths=1.2, zorder=3)


def _ticks(low: float, high: float) -> list[float]:
    step = 0.1 if high - low <= 0.5 else 0.2
    count = round((high - low) / step)
    return [round(high - step * index, 2) for index in range(count, -1, -1)]


@cache
def _font() -> FT2Font:
    return FT2Font(str(Path(FONTS) / "Tinos-Regular.ttf"))


@cache
def _width(text: str, size: float) -> float:
    font = _font()
    font.set_size(size, 72)
    font.set_text(text)
    return font.get_width_height()[0] / 64 / MM


def wrap(text: str, width: float, size: float, lines: int = 2) -> list[str]:
    """Break a name into at most `lines` lines of `width` mm; what is too long ends in an ellipsis."""
    out: list[str] = [""]
    for word in text.split():
        longer = f"{out[-1]} {word}".strip()
        if _width(longer, size) <= width or not out[-1]:
            out[-1] = longer
        elif len(out) < lines:
            out.append(word)
        else:
            return [*out[:-1], _shorten(longer, width, size)]
    return out


def _shorten(text: str, width: float, size: float) -> str:
    while text and _width(f"{text}…", size) > width:
        text = text[:-1].rstrip()
    return f"{text}…"
