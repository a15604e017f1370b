"""Opens a workbook in a child process with limits of memory and time: whatever the file does, the server lives."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from survey.foundation.configuration.settings import ROOT
from survey.foundation.tables.cells import BrokenCell, DayCell, NumberCell, TableRefused, Unseen, Workbook, Worksheet

MEGABYTES, SECONDS = 1024, 40
PATIENCE = 90  # seconds on the clock, where other work keeps the processor


def read_workbook(kind: str, content: bytes) -> Workbook:
    """Every sheet of a workbook; hidden ones without their lines.

    Raises:
        TableRefused: damaged, protected by a password, too large, or too slow to open.
    """
    command = [sys.executable, "-m", "survey.foundation.tables.workbooks", kind, str(MEGABYTES), str(SECONDS)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, cwd=ROOT, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired as error:
        raise too_large() from error
    try:
        answer = json.loads(done.stdout)
    except ValueError as error:  # the limits ended it
        raise too_large() from error
    if "problem" in answer:
        raise _refusal(answer["problem"])
    texts, unseen, day_zero = answer["texts"], answer.get("unseen", {}), answer.get("day_zero", 0)
    notes = (_("Tệp có công thức: đã lấy kết quả lưu trong tệp, kết quả ấy có thể đã cũ."),)
    return Workbook(
        [_sheet(*sheet, texts=texts, hidden=unseen.get(sheet[0]), day_zero=day_zero) for sheet in answer["sheets"]],
        notes if answer.get("results") else (),
    )


def too_large() -> TableRefused:
    """The file needs more memory or time than any list of an office."""
    return TableRefused(
        _("Tệp bảng tính quá lớn hoặc quá phức tạp khi mở ra."),
        _("Chép các ô có dữ liệu sang một tệp mới (Paste Special, Values), hoặc chia thành nhiều tệp nhỏ hơn."),
    )


def _refusal(problem: str) -> TableRefused:
    if problem in ("large", "memory"):
        return too_large()
    if "assword" in problem:
        return TableRefused(
            _("Tệp Excel có mật khẩu."), _("Mở bằng Excel, bỏ mật khẩu (Tệp, Thông tin, Bảo vệ) rồi lưu lại .xlsx.")
        )
    return TableRefused(
        _("Không mở được tệp Excel (%(error)s).", error=problem[:120]),
        _("Mở bằng Excel và lưu lại dạng .xlsx, không đặt mật khẩu."),
    )


def _sheet(
    title: str,
    visible: bool,
    lines: list[tuple[int, list[Any]]],
    *,
    texts: Sequence[str],
    hidden: list[Any] | None,
    day_zero: int,
) -> Worksheet:
    rows, columns, merged = hidden or ([], [], [])
    unseen = Unseen(frozenset(rows), frozenset(columns), tuple(tuple(area) for area in merged))
    read = [
        (number, [texts[cell] if isinstance(cell, int) else _cell(cell, day_zero) for cell in cells])
        for number, cells in lines
    ]
    return Worksheet(title, visible, read, unseen=unseen)


def _cell(cell: list[Any], day_zero: int) -> str:
    kind, text, *more = cell
    if kind == "number":
        return NumberCell(text, fixed=more[0], day_zero=day_zero)
    if kind == "day":
        return DayCell(text)
    return BrokenCell(text, is_formula=kind == "formula")
