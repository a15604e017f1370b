"""Where in a file the table stands: the sheet and line whose header fits; what around and inside it is no data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from survey.foundation.formatting import with_count
from survey.foundation.identifiers import is_code
from survey.foundation.tables.cells import ALL_SEEN, BrokenCell, FileLine, TableRefused, Unseen, Workbook, Worksheet
from survey.foundation.tables.text_files import SEARCHED
from survey.foundation.text.vietnamese_text import normal
from survey.registry.files.headings import Headings
from survey.registry.files.problems import Problems, shortened
from survey.registry.files.sheets import likeliest_header, meant
from survey.registry.files.two_levels import header_at
from survey.registry.files.unseen_parts import each_with_its_own, note_hidden
from survey.registry.files.words import (
    begins_as_total,
    is_closing,
    is_example,
    is_group,
    is_heading_of_codes,
    is_note,
    is_ordinal,
    is_said_by_the_way,
    is_total,
    names_beside_codes,
    plain_words,
)

_NUMBERED = re.compile(r" \(\d+\)$")
_COLUMN_NUMBER = re.compile(r"^\(?(\d{1,2}|[A-Za-z])\)?(?:\s*=[\s\d()+-]+)?$")  # also (3)=(4)+(5)


@dataclass(frozen=True)
class HeadedTable:
    """A table in a file: its header, the header's line, the lines below, the titles above.

    Of headings that are the same, as the two "Quá hạn" of exports, the second is numbered: `Quá hạn (2)`.
    """

    header: list[str]
    line: int
    lines: list[FileLine]
    titles: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    strict: bool = False
    unseen: Unseen = ALL_SEEN


def find_table(sheets: Workbook, headings: Headings, sheet: str = "") -> HeadedTable:
    """The visible sheet and the line that name most of the columns; the first line of the first sheet if none does.

    `sheet`: the title of the sheet that is meant, where several hold such a table.

    Raises:
        TableRefused: no sheet that is seen holds anything.
        SeveralTables: none was named, and several sheets hold data under the same columns.
    """
    visible = [each for each in sheets.sheets if each.visible and each.lines]
    if not visible:
        raise TableRefused(_("Tệp không có nội dung."), _("Dòng đầu phải là tên các cột."))
    headers = [likeliest_header(each, headings) for each in visible]
    best = max(range(len(visible)), key=lambda place: (headers[place].fit, -place))
    if headers[best].fit > 1:
        best = meant(visible, headers, best, sheet)
        return _found(sheets, visible[best], headers[best].position, headings)
    # One name alone may be a cell of data: "Thủ tục" in a list of services.
    first = visible[best] if headers[best].fit else visible[0]
    texts = [_texts(cells) for _line, cells in first.lines[:SEARCHED]]
    return _found(sheets, first, texts.index(max(texts)), headings)


def _texts(cells: Sequence[str]) -> int:
    return sum(bool(cell.strip()) and not cell.strip().isdigit() for cell in cells)


def _found(sheets: Workbook, sheet: Worksheet, position: int, headings: Headings) -> HeadedTable:
    line = sheet.lines[position][0]
    cells, height = header_at(sheet.lines, position, headings)
    header = [cell.strip() for cell in cells]
    while header and not header[-1]:
        header.pop()
    titles = tuple(cell.strip() for _line, cells in sheet.lines[:position] for cell in cells if cell.strip())
    notes = [*sheets.notes, *_notes_of_sheets(sheets, sheet)]
    if titles:
        notes.append(
            _(
                "Dòng tiêu đề ở dòng %(n)s; bỏ qua phía trên: %(titles)s.",
                n=line,
                titles="; ".join(f"“{shortened(title)}”" for title in titles[:3]),
            )
        )
    elif line > 1 and not sheet.strict:
        notes.append(_("Dòng tiêu đề ở dòng %(n)s; bỏ qua các dòng trống phía trên.", n=line))
    last, below = sheet.lines[position + height - 1][0], sheet.lines[position + height :]
    if height > 1:
        notes.append(
            _("Tiêu đề hai tầng, ở dòng %(first)s và %(last)s.", first=line, last=last)
            if height == 2
            else _("Tiêu đề ba tầng, từ dòng %(first)s đến %(last)s.", first=line, last=last)
        )
        groups = sheet.lines[position : position + height - 1]
        titles += tuple(cell.strip() for _line, cells in groups for cell in cells if cell.strip())  # a year over months
    return HeadedTable(_told_apart(header), last, below, titles, tuple(notes), sheet.strict, sheet.unseen)


def _told_apart(header: Sequence[str]) -> list[str]:
    before: Counter[str] = Counter()
    names = []
    for name in header:
        same = " ".join(name.split()).casefold()  # no looser: a question's code may be "kenh" beside "Kênh"
        before[same] += 1
        number = before[same]
        names.append(f"{name} ({number})" if name and number > 1 else name)
    return names


def _notes_of_sheets(sheets: Workbook, read: Worksheet) -> list[str]:
    others = [sheet.title for sheet in sheets.sheets if sheet is not read and sheet.visible and sheet.lines]
    hidden = [sheet.title for sheet in sheets.sheets if not sheet.visible]
    notes = []
    if others:
        notes.append(
            _("Chỉ đọc trang tính “%(first)s”; không đọc: %(others)s.", first=read.title, others=", ".join(others))
        )
    if hidden:
        notes.append(_("Không đọc trang tính bị ẩn: %(names)s.", names=", ".join(hidden)))
    return notes


Names = dict[str, dict[int, str]]  # a column of codes -> what a column beside it calls them, by line


def leave_out(layout: HeadedTable, headings: Headings, problems: Problems) -> tuple[list[str], list[FileLine], Names]:
    """The header by columns' names, the lines of data, and the names that stand beside their codes.

    What is no data is noted, what is unsure a problem.
    """
    layout = replace(layout, lines=each_with_its_own(layout.lines, layout.header, layout.unseen, headings, problems))
    lines = _lines_of_data(layout, headings, problems)
    note_hidden(lines, layout.header, layout.unseen, headings, problems)
    beside = _beside_codes(layout.header, headings)
    if beside:
        shown = ", ".join(f"“{shortened(layout.header[place])}”" for place in beside)
        problems.note(_("Bỏ qua cột tên %(names)s: mã ở cột bên cạnh đã đủ.", names=shown))
    used = [
        place
        for place in range(len(layout.header))
        if place not in beside and _is_used(place, lines, layout, headings, problems)
    ]
    header = [headings.column(layout.header[place]) or layout.header[place] for place in used]
    width = len(layout.header)
    rows = []
    for number, cells in lines:
        _check_width(number, cells, width, layout, problems)
        texts = [cells[place] if place < len(cells) else "" for place in used]
        _refuse_broken(number, [*zip(header, texts, strict=True)], problems)
        rows.append((number, texts))
    names = {
        column: {number: cells[place].strip() for number, cells in lines if place < len(cells)}
        for place, column in beside.items()
    }
    return header, rows, names


def _beside_codes(header: Sequence[str], headings: Headings) -> dict[int, str]:
    """The places of columns that name what another column of the file gives the code of, with that column."""
    if headings.chosen:
        return {}
    named = [(place, name, headings.column(name)) for place, name in enumerate(header) if headings.holds_code(name)]
    beside = names_beside_codes(headings.kind)
    by_code = {column for _place, name, column in named if is_heading_of_codes(name)}
    either = {column for _place, name, column in named if plain_words(name) not in beside}
    return {
        place: column
        for place, name, column in named
        if column is not None
        and not is_heading_of_codes(name)
        and (column in by_code or (column in either and plain_words(name) in beside))
    }


def _is_used(
    place: int, lines: Sequence[FileLine], layout: HeadedTable, headings: Headings, problems: Problems
) -> bool:
    name = layout.header[place]
    if place in layout.unseen.columns and headings.column(name) is None:
        return False
    if is_ordinal(name):
        problems.note(_("Bỏ qua cột số thứ tự “%(name)s”.", name=name))
        return False
    if headings.chosen and headings.column(name) is None:
        return False
    if is_said_by_the_way(name) and headings.column(name) is None:
        problems.note(_("Bỏ qua cột “%(name)s”.", name=name))
        return False
    return bool(name) or any(place < len(cells) and cells[place].strip() for _number, cells in lines)


def _lines_of_data(layout: HeadedTable, headings: Headings, problems: Problems) -> list[FileLine]:
    required = [place for place, name in enumerate(layout.header) if headings.column(name) in headings.required]
    of_codes = {place for place, name in enumerate(layout.header) if headings.holds_code(name)}
    titled = of_codes | {place for place, name in enumerate(layout.header) if is_ordinal(name)}
    same_header = [_NUMBERED.sub("", name).strip().lower() for name in layout.header]
    kept, left, signed = [], [], False
    for number, cells in layout.lines:
        reason = _no_data(number == layout.line + 1, cells, required, same_header, signed=signed)
        reason = reason or _summed(cells, of_codes) or _group(cells, required, titled)
        signed = reason == _closing()
        if reason:
            left.append((number, reason, next(cell for cell in cells if cell.strip())))
        else:
            kept.append((number, cells))
    for number, reason, text in left[:5]:
        problems.note(_("Bỏ qua dòng %(n)s (%(why)s): “%(text)s”.", n=number, why=reason, text=shortened(text)))
    if len(left) > 5:
        problems.note(with_count("Bỏ qua thêm %(n)s dòng tổng, dòng ký tên hoặc dòng tiêu đề lặp lại.", len(left) - 5))
    _note_blank_lines(layout, kept, left, problems)
    return kept


def _closing() -> str:
    return str(_("phần ký tên, ghi chú"))


def _no_data(first: bool, cells: Sequence[str], required: Sequence[int], header: Sequence[str], *, signed: bool) -> str:
    """Why a line is no data; '' where it is. `signed`: the line above belongs to what closes the table."""
    texts = [cell.strip() for cell in cells]
    filled = [text for text in texts if text]
    lacking = [place for place in required if place >= len(texts) or not texts[place]]
    if any(is_total(text) for text in filled) and (lacking or is_total(filled[0])):
        return str(_("dòng tổng"))
    if len(lacking) > 1 and begins_as_total(filled[0]):
        return str(_("dòng tổng"))
    if is_example(filled[0]):
        return str(_("dòng ví dụ"))
    names_below = signed and len(lacking) > 1 and not any(letter.isdigit() for text in filled for letter in text)
    if len(lacking) > 1 and len(filled) == 1 and is_note(filled[0]):
        return _closing()
    if lacking and len(filled) <= 3 and (names_below or any(is_closing(text) for text in filled)):
        return _closing()
    if [_NUMBERED.sub("", text.lower()) for text in texts][: len(header)] == list(header):
        return str(_("tiêu đề lặp lại"))
    if first and len(filled) > 2 and all(_COLUMN_NUMBER.match(text) for text in filled) and len(set(filled)) > 2:
        numbered = [text for text in filled if any(letter.isdigit() for letter in text)]
        return str(_("số thứ tự của cột")) if numbered == sorted(numbered, key=_number) and numbered else ""
    return ""


def _summed(cells: Sequence[str], of_codes: Collection[int]) -> str:
    """Whether a line sums up others though nothing is lacking: merged cells gave it their agency and month."""
    texts = [cell.strip() for place, cell in enumerate(cells) if place in of_codes]
    return str(_("dòng tổng")) if any(is_total(text) and not is_code(normal(text)) for text in texts) else ""


def _group(cells: Sequence[str], required: Sequence[int], titled: Collection[int]) -> str:
    """Whether a line heads a group of lines: "I | Cấp tỉnh", or words alone where a number or a code would stand."""
    filled = [(place, cell.strip()) for place, cell in enumerate(cells) if cell.strip()]
    lacking = sum(place >= len(cells) or not cells[place].strip() for place in required)
    first, text = filled[0]
    words = len(filled) == 1 and first in titled and not is_code(normal(text))
    return str(_("tiêu đề nhóm")) if lacking > 1 and (words or (is_group(text) and len(filled) <= 3)) else ""


def _number(text: str) -> int:
    match = _COLUMN_NUMBER.match(text)
    return int(match[1]) if match and match[1].isdigit() else 0


def _note_blank_lines(
    layout: HeadedTable, kept: Sequence[FileLine], left: Sequence[tuple[int, str, str]], problems: Problems
) -> None:
    if layout.strict or not kept:  # in a text file a cell may hold several lines, so that gaps say nothing
        return
    last = kept[-1][0]
    blank = last - layout.line - len(kept) - sum(number < last for number, _why, _text in left)
    if blank > 0:
        problems.note(with_count("Bỏ qua %(n)s dòng trống giữa bảng.", blank))


def _check_width(number: int, cells: Sequence[str], width: int, layout: HeadedTable, problems: Problems) -> None:
    beyond = [cell for cell in cells[width:] if cell.strip()]
    if (layout.strict and len(cells) < width) or beyond:
        problems.add(
            _("Dòng có %(n)s ô, dòng tiêu đề có %(m)s cột.", n=len(cells), m=width),
            _("Ô chứa dấu phân cách phải đặt trong dấu nháy kép; ô trống vẫn cần dấu phân cách.")
            if layout.strict
            else _("Đặt tên cột ở dòng tiêu đề hoặc xóa ô nằm ngoài các cột có tên."),
            line=number,
            value=beyond[0] if beyond and not layout.strict else None,
        )


def _refuse_broken(number: int, cells: Sequence[tuple[str, str]], problems: Problems) -> None:
    for name, cell in cells:
        if isinstance(cell, BrokenCell):
            problem = (
                (_("Ô chứa công thức."), _("Chép và dán lại dạng giá trị (Paste Special, Values)."))
                if cell.is_formula
                else (_("Ô chứa lỗi của Excel."), _("Sửa công thức hoặc xóa ô rồi ghi giá trị."))
            )
            problems.add(*problem, line=number, column=name, value=cell)
