"""Draws lines, dots and words in millimetres from the top left, straight onto Matplotlib's SVG and PNG renderers.

Figures, axes and artists know far more than a document's charts need: without them a chart takes a tenth of the time.
Text stays text, in the document's own font family.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import matplotlib
import numpy as np
from matplotlib import font_manager
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.path import Path as Outline
from matplotlib.transforms import Affine2D, IdentityTransform

from survey.foundation.configuration.settings import ROOT
from survey.foundation.typesetting.printable import printable

FONTS = ROOT / "static" / "fonts"
INK, GREY, RULE, WHITE = "#17242b", "#52626a", "#c5ced2", "#ffffff"
MM = 72 / 25.4  # points
MIDDLE = 0.23  # em from the middle of a line of words down to its baseline
DOT = 2.55  # pt, its radius
MEASURED = 100.0  # pt
PAD = 0.8  # pt around words that keep lines from running through them
BEFORE = {"left": 0.0, "center": 0.5, "right": 1.0}  # how much of the words stands before their place
DASHES = (0.0, [4.4, 2.75])

for _file in sorted(FONTS.glob("Tinos-*.ttf")):
    font_manager.fontManager.addfont(str(_file))
# Process-wide and once: Matplotlib reads these while drawing, and switching them per chart is not safe under threads.
matplotlib.rcParams.update({"font.family": "Tinos", "svg.fonttype": "none", "svg.hashsalt": "hai-long"})

_STRAIGHT = IdentityTransform()
_CIRCLE = Outline.unit_circle()


@dataclass(frozen=True)
class Anchor:
    """What Matplotlib's SVG renderer asks of words to align them: where they are held, and by which end."""

    place: tuple[float, float]
    ha: str

    def get_transform(self) -> IdentityTransform:
        """The place is one of the page already."""
        return _STRAIGHT

    def get_unitless_position(self) -> tuple[float, float]:
        """From the bottom left."""
        return self.place

    def get_rotation_mode(self) -> str:
        """Turned about the place."""
        return "anchor"

    def get_ha(self) -> str:
        """left, center or right."""
        return self.ha


class Pen:
    """One drawing of `width` x `height` mm at `dpi`; `words` of `size` pt, lines `thick` pt."""

    def __init__(self, renderer: RendererBase, height: float, dpi: float = 72.0, top: float = 0.0) -> None:
        self._renderer, self._height, self._dpi, self._top = renderer, height, dpi, top

    def below(self, top: float) -> Pen:
        """A pen whose y counts from `top` mm below the top of the drawing."""
        return Pen(self._renderer, self._height, self._dpi, top)

    def line(
        self, x1: float, y1: float, x2: float, y2: float, thick: float, color: str, *, dashed: bool = False
    ) -> None:
        """A straight line."""
        ends = [self._place(x1, y1), self._place(x2, y2)]
        self._renderer.draw_path(self._ink(color, thick, dashed=dashed), Outline(ends), _STRAIGHT)

    def dot(self, x: float, y: float, *, hollow: bool) -> None:
        """A filled dot, or a ring."""
        place = Affine2D().scale(DOT * self._dpi / 72).translate(*self._place(x, y))
        self._renderer.draw_path(self._ink(INK, 1.2), _CIRCLE, place, (1.0, 1.0, 1.0) if hollow else _rgb(INK))

    def text(
        self, x: float, y: float, words: str, size: float, color: str, ha: str = "left", *, clear: bool = False
    ) -> None:
        """Words beside, before or around a place, their middle on it; `clear` keeps lines from running through them."""
        if clear:
            left, half = x - BEFORE[ha] * text_width(words, size), size / 2 / MM
            self._blank(left, y - half, left + text_width(words, size), y + half, aside=PAD / MM)
        self._write(x, y + MIDDLE * size / MM, words, size, color, ha)

    def upright(self, x: float, y: float, words: str, size: float, color: str) -> None:
        """Words that run upwards, their middle on the place; no line runs through them."""
        half, along = size / 2 / MM, text_width(words, size) / 2
        self._blank(x - half, y - along, x + half, y + along)
        self._write(x + MIDDLE * size / MM, y, words, size, color, "center", upright=True)

    def _write(
        self, x: float, y: float, words: str, size: float, color: str, ha: str, *, upright: bool = False
    ) -> None:
        """`x`, `y`: of the baseline. Text in SVG keeps how it is aligned, for readers whose font is not as wide."""
        words = printable(words).value
        scale, angle, down = self._dpi / 25.4, 90 if upright else 0, y + self._top
        ink, font = self._ink(color), _font_of(size)
        renderer: Any = self._renderer
        if isinstance(self._renderer, RendererSVG) and matplotlib.rcParams["svg.fonttype"] == "none":
            anchor: Any = Anchor(self._place(x, y), ha)
            renderer.draw_text(ink, x * scale, down * scale, words, font, angle, mtext=anchor)
            return
        back = BEFORE[ha] * text_width(words, size)
        left, low = (x, down + back) if upright else (x - back, down)
        renderer.draw_text(ink, left * scale, low * scale, words, font, angle)

    def _blank(self, left: float, top: float, right: float, bottom: float, *, aside: float = 0.0) -> None:
        x1, y1 = self._place(left - aside, top)
        x2, y2 = self._place(right + aside, bottom)
        ground = Outline([(x1, y1), (x2, y1), (x2, y2), (x1, y2), (x1, y1)], closed=True)
        self._renderer.draw_path(self._ink(WHITE, 0.0), ground, _STRAIGHT, (1.0, 1.0, 1.0))

    def _place(self, x: float, y: float) -> tuple[float, float]:
        scale = self._dpi / 72
        return x * MM * scale, (self._height - self._top - y) * MM * scale

    def _ink(self, color: str, thick: float = 1.0, *, dashed: bool = False) -> GraphicsContextBase:
        ink = self._renderer.new_gc()
        ink.set_foreground(color)
        ink.set_linewidth(thick)
        if dashed:
            ink.set_dashes(*DASHES)
        return ink


class SvgSheet:
    """A drawing that becomes SVG: the same strokes give the same bytes."""

    def __init__(self, width: float, height: float) -> None:
        self._out = io.StringIO()
        self._renderer = RendererSVG(width * MM, height * MM, self._out, metadata={"Date": None, "Creator": None})
        self.pen = Pen(self._renderer, height)

    def finished(self) -> str:
        """The SVG."""
        self._renderer.finalize()
        return self._out.getvalue()


class PngSheet:
    """A drawing on white that becomes PNG."""

    def __init__(self, width: float, height: float, dpi: int) -> None:
        from matplotlib.backends.backend_agg import RendererAgg  # only Word needs it

        scale = dpi / 25.4
        self._renderer: Any = RendererAgg(round(width * scale), round(height * scale), dpi)
        self._dpi = dpi
        self._pixels().fill(255)
        self.pen = Pen(self._renderer, height, dpi)

    def finished(self) -> bytes:
        """The PNG."""
        from matplotlib import image

        out = io.BytesIO()
        nobody: Any = {"Software": None}
        image.imsave(out, self._pixels(), format="png", dpi=self._dpi, metadata=nobody)
        return out.getvalue()

    def _pixels(self) -> np.ndarray[Any, np.dtype[np.uint8]]:
        return np.asarray(self._renderer.buffer_rgba())


@lru_cache(maxsize=20_000)
def text_width(text: str, size: float) -> float:
    """How wide words of `size` pt are when printed, in mm."""
    font = _measuring()
    font.set_text(printable(text).value, 0.0, flags=LoadFlags.NO_HINTING)
    return font.get_width_height()[0] / 64 / MEASURED * size / MM


@lru_cache(maxsize=1)
def _measuring() -> FT2Font:
    font = FT2Font(str(FONTS / "Tinos-Regular.ttf"))
    font.set_size(MEASURED, 72)  # large, so that no width is rounded to whole pixels
    return font


@lru_cache(maxsize=16)
def _font_of(size: float) -> FontProperties:
    return FontProperties(family="Tinos", size=size)


@lru_cache(maxsize=16)
def _rgb(color: str) -> tuple[float, float, float]:
    red, green, blue = (int(color[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue
