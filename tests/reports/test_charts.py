"""Charts keep their words as text, in one family, at most thirty units, the same each time."""

from __future__ import annotations

import io
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from analysis.presentation.charts import drawing
from analysis.presentation.charts.model import Chart, Mark
from analysis.presentation.labels import TargetLabel
from tests.reports.samples import LONG_NAME, months_chart, rows_chart


def texts_of(svg: str) -> list[str]:
    return ["".join(node.itertext()) for node in ElementTree.fromstring(svg).iter() if node.tag.endswith("}text")]


def test_words_stay_text_in_the_documents_font() -> None:
    for chart in (rows_chart(), months_chart()):
        svg = drawing.svg(chart)
        shown = texts_of(svg)
        for mark in chart.marks:
            assert mark.text in shown
            assert mark.under in shown
        assert set(re.findall(r"font-family: '(\w+)'", svg)) == {"Tinos"}


def test_words_are_aligned_by_the_reader_whose_font_may_be_wider() -> None:
    anchors = re.findall(r"text-anchor: (\w+)[^>]*>([^<]*)<", drawing.svg(rows_chart()))
    assert ("end", "n = 20") in anchors
    assert ("middle", "Chỉ tiêu &gt; 80 %") in anchors
    assert ("start", rows_chart().marks[0].text) in anchors


def test_the_target_is_labelled_where_it_stands() -> None:
    assert "Chỉ tiêu > 80 %" in texts_of(drawing.svg(rows_chart()))
    assert {"Chỉ tiêu", "> 80 %"} <= set(texts_of(drawing.svg(months_chart())))


def test_the_range_is_said_when_the_scale_does_not_start_at_zero() -> None:
    assert "Thang đo từ 50 % đến 100 %. Chấm rỗng: 10-29 phiếu, chỉ để tham khảo." in texts_of(
        drawing.svg(rows_chart())
    )
    low = Chart("x", "x", "rows", (Mark("a", "n = 40", "4,0 %", 0.04, 0.0, 0.1),))
    assert not any("Thang đo" in text for text in texts_of(drawing.svg(low)))


def test_the_scale_holds_every_whisker_and_the_target() -> None:
    marks = (Mark("a", "n = 40", "52,0 %", 0.52, 0.38, 0.66), Mark("b", "n = 40", "99,0 %", 0.99, 0.95, 1.0))
    low, high = drawing.scale(Chart("x", "x", "rows", marks, 0.8, TargetLabel("t")))
    assert low <= 0.38
    assert high >= 1.0


def test_a_chart_is_the_same_every_time() -> None:
    assert drawing.svg(rows_chart()) == drawing.svg(rows_chart())


def test_more_than_thirty_units_do_not_fit_a_chart() -> None:
    with pytest.raises(ValueError, match="31 rows"):
        rows_chart(31)


def test_long_names_are_wrapped_and_cut_with_an_ellipsis() -> None:
    lines = drawing.wrap(LONG_NAME, 62.0, 10.0)
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert drawing.wrap("Trạm Y tế xã Ea Tul", 62.0, 10.0) == ["Trạm Y tế xã Ea Tul"]


def test_a_name_too_long_for_its_row_keeps_its_end_by_which_units_of_a_kind_are_told() -> None:
    kind = "Trung tâm Phục vụ hành chính công thuộc Ủy ban nhân dân xã Quảng Phú"
    names = [f"{kind}, điểm tiếp nhận số {n}" for n in (1, 2)]
    first, second = (drawing.wrap_name(name, 62.0, 10.0) for name in names)
    assert first[1].startswith("… ")
    assert first[1].endswith("điểm tiếp nhận số 1")
    assert first != second
    assert len(drawing.wrap_name("a" * 90, 62.0, 10.0)) == 1


@pytest.mark.parametrize("commune", ["xã Ea Tân", "xã Cư Yên", "phường Buôn Hòa", "xã Krông Sơn", "xã M'Đrang"])
def test_a_name_on_two_lines_keeps_the_commune_together(commune: str) -> None:
    lines = drawing.wrap_name(f"Trung tâm Phục vụ hành chính công {commune}", drawing.LABELS, drawing.SIZE)
    assert len(lines) == 2
    assert commune in lines[1]


def test_charts_use_no_colour_so_that_a_copier_keeps_them() -> None:
    for chart in (rows_chart(), months_chart()):
        pixels = np.asarray(Image.open(io.BytesIO(drawing.png(chart, dpi=60))).convert("RGB")).astype(int)
        assert np.abs(pixels.max(axis=2) - pixels.min(axis=2)).max() <= 30


def test_a_value_is_never_written_across_the_targets_line() -> None:
    marks = tuple(
        Mark(f"{place + 1}/2026", "n = 50", f"{place}", value=high - 0.05, low=high - 0.1, high=high)
        for place, high in enumerate((0.70, 0.74, 0.76, 0.78, 0.80, 0.90))
    )
    chart = Chart("Hình 1. Theo tháng.", "Theo tháng.", "months", marks, 0.8, TargetLabel("Mốc", "> 80 %"))
    svg = drawing.svg(chart)
    (line,) = re.findall(r'<path d="M [\d.]+ ([\d.]+) \s*L [\d.]+ \1[^"]*"[^>]*stroke-dasharray', svg)
    heights = [float(y) for y in re.findall(r'<text[^>]* y="([\d.]+)"[^>]*>\d</text>', svg)]
    assert len(heights) == len(marks)
    assert min(abs(y - float(line)) for y in heights) > 5  # points
