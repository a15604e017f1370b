"""The charts of documents: text stays text, in the document's own font family.

Ink and grey only, so that a black-and-white copy says the same; every mark carries its words, none needs a legend.
"""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib

from analysis.presentation.charts import stacked, unit_counts
from analysis.presentation.charts.canvas import GREY, INK, RULE, Pen, PngSheet, SvgSheet, text_width
from analysis.presentation.charts.model import Chart, Mark
from survey.foundation.formatting import percent

WIDTH = 160.0  # mm, the text width of an A4 page under Decree 30/2020/NĐ-CP
HEAD, FOOT = 6.0, 11.0  # mm above and below the rows
ROW, LINE = 8.5, 3.6  # mm: a row with a name of one line; each further line
LABELS, VALUES = 62.0, 26.0  # mm left and right of the scale
MONTHS_HEIGHT, MONTHS_FOOT, MONTHS_RIGHT = 64.0, 16.0, 19.0
SUMMARY_PLOT, SUMMARY_FOOT = 23.0, 12.0  # mm: with what stands above; months and n below, the scale in words beside
NOTE = 15.2  # mm: of these words beside: narrow enough that no number is parted from its sign
HEADING, MARGIN = 5.0, 2.0  # mm: a line of the heading; left of it, and more on the right where a screen rounds up
TITLE, SIZE, SMALL = 12.0, 10.0, 8.5  # pt
BESIDE = 2.4  # mm from the end of a whisker to the middle of its words


def svg(chart: Chart, heading: Sequence[str] = (), *, outlined: bool = False) -> str:
    """The chart as SVG: the same chart gives the same bytes. A drawing without a document around it needs a heading.

    `outlined`: letters as shapes, for readers whose machine lacks the font that the labels were measured with.
    """
    with matplotlib.rc_context({"svg.fonttype": "path" if outlined else "none"}):
        sheet = SvgSheet(WIDTH, _heading_height(heading) + height(chart))
        _draw(sheet.pen, chart, heading)
        return sheet.finished()


def png(chart: Chart, heading: Sequence[str] = (), dpi: int = 200) -> bytes:
    """The chart as PNG, for Word and to take along."""
    sheet = PngSheet(WIDTH, _heading_height(heading) + height(chart), dpi)
    _draw(sheet.pen, chart, heading)
    return sheet.finished()


def height(chart: Chart) -> float:
    """Height in mm at the full text width."""
    if chart.form == "rows":
        return HEAD + sum(_row_heights(chart)) + FOOT
    if chart.form == "levels":
        return stacked.height(chart.stacks, wrap)
    return _months_height(chart) + unit_counts.height(chart.counts)


def _months_height(chart: Chart) -> float:
    if chart.form == "months":
        return MONTHS_HEIGHT
    return SUMMARY_PLOT + _months_foot(chart) if len(chart.marks) > 1 else 0.0


def _months_foot(chart: Chart) -> float:
    """Below the months: a summary needs no line of its own for the scale, unless a hollow dot has to be explained."""
    return SUMMARY_FOOT if chart.form == "summary" and not _thin(chart) else MONTHS_FOOT


def _row_heights(chart: Chart) -> list[float]:
    return [ROW + LINE * (len(wrap_name(mark.label, LABELS, SIZE)) - 1) for mark in chart.marks]


def scale(chart: Chart) -> tuple[float, float]:
    """The range of the axis, in whole tenths of the share, holding every whisker and the target."""
    shown = [x for mark in chart.marks for x in (mark.value, mark.low, mark.high) if x is not None]
    shown += [level for level in (chart.target, *chart.levels) if level is not None]
    low = int(min(shown, default=0.0) * 10 - 0.2) / 10
    return (max(0.0, min(low, 0.9)), 1.0)


def _draw(pen: Pen, chart: Chart, heading: Sequence[str]) -> None:
    for index, (line, size) in enumerate(_heading_lines(heading)):
        pen.text(MARGIN, HEADING * (index + 0.7), line, size, GREY if size == SMALL else INK)
    below = pen.below(_heading_height(heading))
    if chart.form == "rows":
        _draw_rows(below, chart, height(chart))
        return
    if chart.form == "levels":
        stacked.draw(below, chart.stacks, WIDTH, wrap)
        return
    months = _months_height(chart)
    if months:
        _draw_months(below, chart, months)
    unit_counts.draw(below.below(months), chart.counts, WIDTH)


def _heading_lines(heading: Sequence[str]) -> list[tuple[str, float]]:
    """The first text as large as a document's words, what follows small; each of at most two lines."""
    sized = [(text, SMALL if index else TITLE) for index, text in enumerate(heading)]
    return [(line, size) for text, size in sized for line in wrap(text, WIDTH - 5 * MARGIN, size)]


def _heading_height(heading: Sequence[str]) -> float:
    lines = len(_heading_lines(heading))
    return HEADING * (lines + 1) if lines else 0.0


def _draw_rows(pen: Pen, chart: Chart, tall: float) -> None:
    low, high = scale(chart)
    left, right, bottom = LABELS + 4, WIDTH - VALUES, tall - FOOT

    def x(share: float) -> float:
        return left + (share - low) / (high - low) * (right - left)

    for tick in _ticks(low, high):
        pen.line(x(tick), HEAD, x(tick), bottom, 0.5, RULE)
        pen.text(x(tick), bottom + 3, percent(tick, 0), SMALL, GREY, "center")
    pen.text(WIDTH - 2, bottom + 7.5, _range_note(chart, low, high), SMALL, GREY, "right")
    if chart.target is not None:
        pen.line(x(chart.target), HEAD - 1, x(chart.target), bottom, 1.1, INK, dashed=True)
        pen.text(x(chart.target), HEAD - 3, str(chart.target_label), SMALL, INK, "center")
    y = HEAD
    for mark, row in zip(chart.marks, _row_heights(chart), strict=True):
        middle = y + row / 2
        y += row
        _row_label(pen, mark, middle)
        pen.text(right + 3, middle, mark.text, SIZE, GREY if mark.value is None else INK)
        if mark.low is not None and mark.high is not None:
            pen.line(x(mark.low), middle, x(mark.high), middle, 1.4, INK)
        if mark.value is not None:
            pen.dot(x(mark.value), middle, hollow=mark.thin)


def _row_label(pen: Pen, mark: Mark, middle: float) -> None:
    lines = [(line, SIZE) for line in wrap_name(mark.label, LABELS, SIZE)] + [(mark.under, SMALL)]
    for index, (line, size) in enumerate(lines):
        y = middle + LINE * (index - (len(lines) - 1) / 2)
        pen.text(LABELS, y, line, size, GREY if size == SMALL else INK, "right")


def _draw_months(pen: Pen, chart: Chart, tall: float) -> None:
    low, high = scale(chart)
    left, right, top, bottom = 13.0, WIDTH - MONTHS_RIGHT, 5.0, tall - _months_foot(chart)
    step = (right - left) / max(len(chart.marks), 1)

    def y(share: float) -> float:
        return bottom - (share - low) / (high - low) * (bottom - top)

    for tick in _ticks(low, high):
        pen.line(left, y(tick), right, y(tick), 0.5, RULE)
        pen.text(left - 2, y(tick), percent(tick, 0), SMALL, GREY, "right")
    _months_note(pen, chart, bottom, _range_note(chart, low, high))
    if chart.target is not None:
        for start, end, level in _steps(chart):
            pen.line(left + step * start, y(level), left + step * end, y(level), 1.1, INK, dashed=True)
        for index, line in enumerate((chart.target_label.name, chart.target_label.level)):
            pen.text(right + 1.5, y(chart.target) + LINE * (index - 0.5), line, SMALL, INK)
    for index, mark in enumerate(chart.marks):
        x = left + step * (index + 0.5)
        pen.text(x, bottom + 3.5, mark.label, SMALL, INK, "center")
        _under(pen, mark, x, bottom + 7, step)
        if mark.value is None:
            pen.upright(x, (top + bottom) / 2, mark.text, SMALL, GREY)
            continue
        if mark.low is not None and mark.high is not None:
            pen.line(x, y(mark.low), x, y(mark.high), 1.4, INK)
        place = y(mark.high if mark.high is not None else mark.value) - BESIDE
        if chart.target is not None and abs(place - y(chart.target)) < BESIDE:  # not across the target's line
            place = y(mark.low if mark.low is not None else mark.value) + BESIDE
        pen.text(x, place, mark.text, SMALL, INK, "center", clear=True)
        pen.dot(x, y(mark.value), hollow=mark.thin)


def _months_note(pen: Pen, chart: Chart, bottom: float, note: str) -> None:
    """The scale in words: right of the months where a summary leaves room, otherwise on a line below them."""
    if _months_foot(chart) > SUMMARY_FOOT:
        pen.text(WIDTH - 2, bottom + 13.5, note, SMALL, GREY, "right")
        return
    for row, line in enumerate(wrap(note, NOTE, SMALL, lines=3)):
        pen.text(WIDTH - MONTHS_RIGHT + 1.5, bottom + 3.5 + 3.2 * row, line, SMALL, GREY)


def _under(pen: Pen, mark: Mark, x: float, y: float, width: float) -> None:
    """n below a month; "n =" above its number where columns are narrow."""
    for row, line in enumerate(wrap(mark.under, width, SMALL)):
        pen.text(x, y + 3 * row, line, SMALL, GREY, "center")


def _steps(chart: Chart) -> list[tuple[int, int, float]]:
    """(first mark, mark after the last, level) of each run of marks that are held to the same level."""
    levels = chart.levels or (chart.target,) * len(chart.marks)
    runs: list[tuple[int, int, float]] = []
    for index, level in enumerate(levels):
        if level is None:
            continue
        if runs and runs[-1][1] == index and runs[-1][2] == level:
            runs[-1] = (runs[-1][0], index + 1, level)
        else:
            runs.append((index, index + 1, level))
    return runs


def _range_note(chart: Chart, low: float, high: float) -> str:
    notes = [f"Thang đo từ {percent(low, 0)} đến {percent(high, 0)}."] if low > 0 else []
    if _thin(chart):
        notes.append("Chấm rỗng: 10-29 phiếu, chỉ để tham khảo.")
    return " ".join(notes)


def _thin(chart: Chart) -> bool:
    return any(mark.thin for mark in chart.marks)


def _ticks(low: float, high: float) -> list[float]:
    step = 0.1 if high - low <= 0.5 else 0.2
    count = round((high - low) / step)
    return [round(high - step * index, 2) for index in range(count, -1, -1)]


def wrap(text: str, width: float, size: float, lines: int = 2) -> list[str]:
    """Break a name into at most `lines` lines of `width` mm; what is too long ends in an ellipsis."""
    out: list[str] = [""]
    for word in text.split():
        longer = f"{out[-1]} {word}".strip()
        if text_width(longer, size) <= width or not out[-1]:
            out[-1] = longer
        elif len(out) < lines:
            out.append(word)
        else:
            return [*out[:-1], _shorten(longer, width, size)]
    return out


def wrap_name(text: str, width: float, size: float) -> list[str]:
    """A name in two lines as alike as can be, or "Tân" of "xã Ea Tân" would stand alone on the second.

    Of one that is too long its beginning and its end, by which units of a kind are told.
    """
    lines = wrap(text, width, size)
    if len(lines) == 2 and not lines[1].endswith("…"):
        words = text.split()
        splits = [[" ".join(words[:at]), " ".join(words[at:])] for at in range(1, len(words))]
        return min(splits, key=lambda split: max(text_width(line, size) for line in split))
    words = text.split()[len(lines[0].split()) :]
    while words and len(lines) > 1 and text_width("… " + " ".join(words), size) > width:
        words.pop(0)
    return [lines[0], f"… {' '.join(words)}"] if words and lines[-1].endswith("…") else lines


def _shorten(text: str, width: float, size: float) -> str:
    while text and text_width(f"{text}…", size) > width:
        text = text[:-1].rstrip()
    return f"{text}…"
